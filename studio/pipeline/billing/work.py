"""What a worker does with a bill: reads it or takes it away, again from the start after a crash."""

import logging

from studio.core.errors import StudioError
from studio.models import Bill
from studio.models.jobs import fitting
from studio.pipeline.billing import files, reading, rows
from studio.pipeline.billing.turn import ShouldStop, Stopped, Turn

logger = logging.getLogger(__name__)

MOST_TRIES = 3
GIVEN_UP = "Reading was broken off three times. Read it again when the machine has room."


def due() -> list[int]:
    """The bills that nobody is busy with, though there is something to do; the oldest first."""
    waiting = Bill.objects.unfinished().free().order_by("wanted_at", "pk")
    return list(waiting.values_list("pk", flat=True))


def work(bill_id: int, *, should_stop: ShouldStop = lambda: False) -> bool:
    """Do what there is to do, unless another worker does; say whether others may go on now.

    When this process is to end, the next worker begins again. What can not be read has a problem
    that a person reads, and no line.
    """
    bill = Bill.objects.select_related("team").filter(pk=bill_id).first()
    turn = Turn(bill, should_stop) if bill else None
    if not bill or not turn or not turn.begin():
        return False
    try:
        _take_away(turn) if bill.removed_at else _read_and_tidy(turn)
    except Stopped:
        turn.leave(tries=0)
        return not should_stop()
    except StudioError as error:
        logger.warning("The file of bill %s can not be deleted yet: %s", bill_id, error)
        turn.leave()
        return False
    except BaseException:
        turn.leave()
        raise
    return True


def _read_and_tidy(turn: Turn) -> None:
    """The file goes when the bill is read for sure: a crash between both leaves no file behind."""
    if not turn.bill.read_at and not _read(turn):
        return
    files.drop(turn.bill)
    turn.finish()


def _read(turn: Turn) -> bool:
    """Whether it is read; else there is no line of it, and a problem that a person reads."""
    with turn.writing(done=0, line_count=0):
        pass
    rows.clear(turn)  # what a try that was broken off has left
    try:
        if turn.bill.tries > MOST_TRIES:
            raise StudioError(GIVEN_UP)
        reading.read(turn)
    except StudioError as error:
        rows.clear(turn)
        turn.finish(**fitting({"problem": error.message, "done": 0, "line_count": 0}))
    return bool(turn.bill.read_at)


def _take_away(turn: Turn) -> None:
    """The file before the row that knows of it."""
    rows.clear(turn)
    files.drop(turn.bill)
    with turn.writing():
        Bill.objects.filter(pk=turn.bill.pk).delete()
