import pytest

from studio.core.cells import safe


class TestSafe:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "  =1", "\uff1d1"])
    def test_a_formula_is_a_text(self, text):
        assert safe(text) == f"'{text}"

    @pytest.mark.parametrize("value", ["a=1", "door", 12, -3, 1.5, ""])
    def test_anything_else_is_itself(self, value):
        assert safe(value) == value

    def test_nothing_is_empty(self):
        assert safe(None) == ""
