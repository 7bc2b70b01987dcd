"""What one press would order, as far as the form can be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from studio.core import matrix, wildcards
from studio.core.errors import InvalidOrder
from studio.core.matrix import MODEL, Axis, Variant
from studio.core.orders import Order
from studio.forms.matrix import Matrix

UNPRICED = {MODEL, "camera", "seed"}  # what no price list has a condition on


@dataclass(frozen=True, kw_only=True)
class Batch:
    """`kinds` are the orders that may differ in price at any one model, each of them `each` times;
    `prompts` is how many there are, `longest` the characters of the longest of them. `problem` says
    why nobody can tell.
    """

    variants: tuple[Variant, ...]
    kinds: tuple[Order, ...]
    each: int = 1
    axes: tuple[Axis, ...] = ()
    prompts: int = 1
    longest: int = 0
    written: str = ""
    problem: str = ""

    @property
    def jobs(self) -> int:
        return len(self.variants)

    @property
    def is_many(self) -> bool:
        return self.jobs > 1

    @property
    def has_wildcards(self) -> bool:
        return not wildcards.is_plain(self.written)

    @property
    def varies_model(self) -> bool:
        return any(axis.name == MODEL for axis in self.axes)

    @property
    def rows(self) -> Iterator[tuple[str, int, str]]:
        """What varies: its name, how many values, and these in words."""
        if self.prompts > 1:
            yield "Prompt", self.prompts, f"the longest has {self.longest:,} characters"
        for axis in self.axes:
            yield axis.label, len(axis.values), _said(axis)


def _said(axis: Axis) -> str:
    """“5 s, 10 s”; three new seeds are said once."""
    said = [value.said for value in axis.values if value.value is not None]
    new = len(axis.values) - len(said)
    return ", ".join([*said, *(["new ones" if new > 1 else "a new one"] if new else [])])


def batch_of(form: Matrix, order: Order) -> Batch:
    """Whatever can not be read makes it the one order that can."""
    try:
        variants = tuple(form.variants(order))
    except InvalidOrder as error:
        alone = Variant(order=order, prompt=(wildcards.Piece(order.prompt, varies=False),))
        return Batch(variants=(alone,), kinds=(order,), written=order.prompt, problem=error.message)
    axes = tuple(form.axes())
    models = [axis for axis in axes if axis.name == MODEL]
    priced = [axis for axis in axes if axis.name not in UNPRICED]
    kinds = tuple(one.order for one in matrix.variants(order, form.able, priced))
    return Batch(
        variants=variants, kinds=kinds, axes=axes, written=order.prompt,
        each=len(variants) // (len(kinds) * matrix.count(models)),
        prompts=len(variants) // matrix.count(axes),
        longest=max(len(one.order.prompt.strip()) for one in variants),
    )  # fmt: skip
