import pytest

from studio.core.status import JobStatus
from studio.models import Clip
from studio.reports import lineage
from tests.factories import make_member, make_project
from tests.takes import make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(tmp_path):
    """Clips of which each continues the one before, after frames of their own."""
    author = make_member()
    make_project(author.team)
    takes = [make_take(tmp_path, author=author, frames=4)]
    for number in range(lineage.MOST_LINKS):
        take = make_take(tmp_path, author=author, frames=4)
        Clip.objects.filter(pk=take.clip_id).update(
            came_from=takes[-1], came_from_frame=number or None
        )
        takes.append(take)
    return list(Clip.objects.order_by("pk"))


class TestBack:
    def test_each_step_says_after_which_frame(self, chain):
        steps = [(step.clip, step.frame) for step in lineage.back(chain[3]) if step.clip]
        assert steps == [(chain[0], None), (chain[1], 1), (chain[2], 2)]


class TestDrifts:
    def test_only_after_four_links(self, chain, django_assert_num_queries):
        assert [lineage.drifts(clip) for clip in chain] == [False] * 4 + [True]
        with django_assert_num_queries(1):
            lineage.drifts(chain[-1])

    def test_a_clip_of_its_own_has_no_chain(self, chain):
        clip = Clip.objects.create(
            team=chain[0].team, project=chain[0].project, author=chain[0].author, title="New",
            state=JobStatus.QUEUED,
        )  # fmt: skip
        assert not lineage.drifts(clip)
