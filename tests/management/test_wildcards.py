"""`shoot --wildcards`: every combination of a prompt from the command line, as real processes."""

import pytest

from tests.management.commandline import Folder

QUICK = ("--duration", "1", "--resolution", "720p")


@pytest.fixture
def folder(ready_folder):
    return Folder(ready_folder)


def prompts(folder):
    sql = "SELECT json_extract(\"order\", '$.prompt') FROM studio_job ORDER BY position"
    return [prompt for (prompt,) in folder.rows(sql)]


def test_makes_one_job_for_each_and_tells_of_all(folder):
    told = folder.json("shoot", "A {red|blue} door", *QUICK, "--wildcards")
    assert [one["status"] for one in told] == ["succeeded", "succeeded"]
    assert prompts(folder) == ["A red door", "A blue door"]
    assert folder.rows("SELECT DISTINCT written FROM studio_job") == [("A {red|blue} door",)]


def test_without_it_braces_are_text(folder):
    told = folder.json("shoot", "A {red|blue} door", *QUICK, "--no-wait")
    assert told["status"] == "queued"
    assert prompts(folder) == ["A {red|blue} door"]


def test_some_at_random(folder):
    asked = ("shoot", "{a|b|c|d}{1|2|3|4}", *QUICK, "--no-wait", "--wildcards", "--random", "3")
    assert len(folder.json(*asked, "--random-seed", "5")) == 3


# What is asked for, and the sentence on stderr.
REFUSED = [
    (("{a|b", "--wildcards"), "Prompt: the { at character 1 is not closed"),
    (("in {{fog}}", "--wildcards"), "there is no list “fog” (at character 4); the team has none yet."),
    (("{a|b|c|d|e|f|g|h|i|j}" * 4, "--wildcards"), "would make 10,000 jobs; one press makes at most 200"),
    (("x", "--random", "3"), "--random: It chooses among the combinations"),
    (("{a|b}", "--wildcards", "--random", "0"), "must be a whole number from 1 to 200, not “0”"),
    (("{a|" + "b" * 2501 + "}", "--wildcards"), "Prompt is 2,501 characters long"),
]  # fmt: skip


def test_bad_input_is_one_sentence_and_stores_nothing(folder):
    for asked, sentence in REFUSED:
        code, _, err = folder.run("shoot", *asked)
        assert code == 2, asked
        assert sentence in err
        assert len(err.strip().splitlines()) == 1
    assert prompts(folder) == []
