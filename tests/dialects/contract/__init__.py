"""What every dialect must hold, in both directions; a subclass says which dialect."""

from tests.dialects.contract.asking import AskingContract
from tests.dialects.contract.both import BothContract
from tests.dialects.contract.material import answer, arrived, examples, received
from tests.dialects.contract.reading import ReadingContract
from tests.dialects.contract.serving import ServingContract

__all__ = ["DialectContract", "answer", "arrived", "examples", "received"]


class DialectContract(AskingContract, ReadingContract, ServingContract, BothContract):
    """A subclass sets what `Material` has no value for, and what else is different there."""
