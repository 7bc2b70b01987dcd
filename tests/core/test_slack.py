"""Messages for Slack: what people wrote is text, and calls nobody."""

import pytest

from studio.core import slack


def told(**changes):
    words = {"subject": "Red door", "said": "Ben wrote a note", "text": "", "url": "", **changes}
    return slack.message(**words)


def test_says_it_as_text_and_as_a_block():
    made = told(text="More snow.\n\nAnd wind.", url="https://studio.example/clips/1/")
    assert made["text"] == "Red door: Ben wrote a note"
    (block,) = made["blocks"]
    assert block["text"] == {
        "type": "mrkdwn", "verbatim": True,
        "text": "<https://studio.example/clips/1/|Red door>: Ben wrote a note\n>More snow.\n>And wind.",
    }  # fmt: skip


@pytest.mark.parametrize("where", ["subject", "said", "text"])
@pytest.mark.parametrize(
    "evil",
    [
        "<!channel>", "<!here|here>", "<!everyone>", "<@U12345>", "<!subteam^S1>", "@channel",
        "@here", "@Everyone", "<https://evil.example|Sign in>", "x|y>z", "&lt;!channel&gt;",
    ],
)  # fmt: skip
def test_nobody_is_called_and_no_link_is_made(where, evil):
    made = told(**{where: evil}, url="https://studio.example/clips/1/")
    for said in (made["text"], made["blocks"][0]["text"]["text"]):
        ours = said.replace("<https://studio.example/clips/1/|", "", 1)
        assert "<" not in ours
        assert not any(word in said.lower() for word in ("@channel", "@here", "@everyone"))


def test_a_long_text_fits_into_a_block():
    made = told(subject="&" * 9000, said="<" * 9000, text=">" * 9000)
    assert len(made["blocks"][0]["text"]["text"]) < 3000
