import zipfile

import opentimelineio as otio
import pytest
from django.core.files.storage import default_storage

from studio.management.commands.export import Command
from studio.services import setup
from tests.downloads import filed_take


@pytest.fixture
def admin(db):
    return setup.prepare()


@pytest.fixture
def export(admin, capsys):
    """Run export; exit code, stdout, stderr."""

    def run(*arguments):
        capsys.readouterr()
        code = 0
        try:
            Command().run_from_argv(["manage.py", "export", *map(str, arguments)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


class TestExport:
    def test_approved_takes_as_an_edl(self, export, admin, tmp_path):
        filed_take(author=admin, title="Left out")
        filed_take(author=admin, title="Door", review="approved")
        target = tmp_path / "cut.edl"
        code, said, _ = export(
            "--project", "First project", "--format", "edl", "--approved", "-o", target
        )
        assert code == 0
        assert said == f"{target}: 1 take.\n"
        (clip,) = otio.adapters.read_from_file(str(target), "cmx_3600").find_clips()
        assert clip.name == "Door, take 1.mp4"

    def test_files_with_a_timeline_as_a_zip(self, export, admin, tmp_path):
        take = filed_take(author=admin)
        filed_take(take.job)
        target = tmp_path / "all.zip"
        code, said, _ = export("--zip", "--all", "--posters", "--format", "otio", "-o", target)
        assert code == 0
        assert "2 takes" in said
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            assert "First project.otio" in archive.namelist()
        assert [one.name for one in tmp_path.glob("*.zip")] == ["all.zip"]

    def test_a_missing_file_is_told(self, export, admin, tmp_path):
        default_storage.delete(filed_take(author=admin).video.path)
        code, _, told = export("--zip", "-o", tmp_path / "a.zip")
        assert code == 0
        assert told == "Missing: A red door in the snow, take 1.mp4; the manifest says why.\n"

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--format", "aaf", "-o", "x"], ["--format must be otio, edl or fcpxml", "aaf"]),
            (["--order", "luck", "-o", "x"], ["--order must be given, board"]),
            (["--project", "None such", "-o", "x"], ["--project must be First project"]),
            (["--as", "nobody@example.org", "-o", "x"], ["--as must be admin@localhost"]),
            ([], ["-o is needed"]),
            (["-o", "/nowhere/cut.otio"], ["-o must be a file in a folder"]),
            (["--clean", "-o", "x"], ["--clean", "add --zip"]),
            (["--zip", "--all", "--approved", "-o", "x"], ["--all and --approved"]),
            (["--nonsense"], ["--nonsense"]),
            (["-o", "x"], ["Choose at least one clip"]),
        ],
    )
    def test_bad_input_is_one_sentence_and_exit_2(self, export, arguments, words):
        code, said, told = export(*arguments)
        assert code == 2
        assert said == ""
        assert len(told.splitlines()) == 1
        assert all(word in told for word in words)

    def test_nothing_approved_writes_nothing(self, export, admin, tmp_path):
        filed_take(author=admin)
        code, _, told = export("--approved", "-o", tmp_path / "cut.otio")
        assert (code, list(tmp_path.glob("cut*"))) == (2, [])
        assert "None of these clips has an approved take" in told
