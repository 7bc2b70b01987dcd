"""Which clips somebody chose."""

import pytest

from studio.core import selection
from studio.core.errors import InvalidSelection


class TestKeys:
    @pytest.mark.parametrize(
        ("texts", "found"),
        [(["1", "2"], [1, 2]), (["1,2, 3"], [1, 2, 3]), (["2", "1,2"], [2, 1]), (["7,,"], [7])],
    )
    def test_several_values_or_one_with_commas(self, texts, found):
        assert selection.keys(texts) == found

    @pytest.mark.parametrize("texts", [[], [""], [" , "]])
    def test_none_says_what_to_do(self, texts):
        with pytest.raises(InvalidSelection, match="select one or more"):
            selection.keys(texts)

    @pytest.mark.parametrize("word", ["x", "-1", "1.5", "\u0661", "9" * 19, "<b>"])
    def test_nonsense_is_named(self, word):
        with pytest.raises(InvalidSelection, match="numbers of clips"):
            selection.keys(["1", word])

    def test_more_than_go_at_once_are_counted(self):
        assert len(selection.keys([",".join(map(str, range(1, 5001)))])) == 5000
        with pytest.raises(InvalidSelection, match=r"At most 5,000 clips go at once; 5,001"):
            selection.keys([",".join(map(str, range(1, 5002)))])
