import pytest

from studio.core import errors
from studio.core.errors import InvalidOrder, Problem, StudioError
from studio.core.words import short


def family(cls):
    return {cls, *(member for child in cls.__subclasses__() for member in family(child))}


class TestTree:
    def test_the_drawing_names_every_error(self):
        """Those of the core; a room above may have narrower ones of its own."""
        own = (cls.__name__ for cls in family(StudioError) if cls.__module__ == errors.__name__)
        assert [name for name in own if name not in errors.__doc__] == []

    @pytest.mark.parametrize("cls", sorted(family(StudioError), key=lambda cls: cls.__name__))
    def test_each_says_how_a_page_answers(self, cls):
        assert 400 <= cls.http_status < 600

    def test_trying_again_helps_only_these(self):
        passing = {cls.__name__ for cls in family(StudioError) if not cls.permanent}
        blocked = {"ProviderBlocked", "KeyRejected", "OutOfMoney"}
        assert passing == {"StorageFull", "ProviderUnavailable", "ProviderBusy"} | blocked

    def test_invalid_order_carries_every_problem(self):
        error = InvalidOrder([Problem("a", "A is bad."), Problem("b", "B is bad.")])
        assert error.message == str(error) == "A is bad. B is bad."
        assert [problem.field for problem in error.problems] == ["a", "b"]


class TestShort:
    def test_long_values_are_cut(self):
        assert short("x" * 41) == "x" * 39 + "…"
        assert short("x" * 40) == "x" * 40
