"""Every move of a job, allowed or not, as a table."""

import pytest

from studio.core.status import ACTIVE, IN_FLIGHT, MOVES, OCCUPIES_A_SLOT, TERMINAL, JobStatus

# Rows: from; columns: to; an x is an allowed move.
TABLE = """
            waiting queued sending running saving succeeded failed cancelled uncertain
waiting     .       x      .       .       .      .         .      x         .
queued      .       .      x       .       .      .         x      x         .
sending     .       x      .       x       .      .         x      .         x
running     .       .      .       .       x      .         x      x         x
saving      .       .      .       .       .      x         x      .         .
succeeded   .       .      .       .       .      .         .      .         .
failed      .       .      .       .       .      .         .      .         .
cancelled   .       .      .       .       .      .         .      .         .
uncertain   .       x      .       x       x      .         x      x         .
"""


def moves():
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    for source, *marks in rows:
        for target, mark in zip(head, marks, strict=True):
            yield pytest.param(source, target, mark == "x", id=f"{source}-{target}")


class TestMoves:
    @pytest.mark.parametrize(("source", "target", "allowed"), list(moves()))
    def test_the_table_is_what_is_allowed(self, source, target, allowed):
        assert (JobStatus(target) in MOVES[JobStatus(source)]) is allowed

    def test_every_state_has_a_row(self):
        assert set(MOVES) == set(JobStatus)

    def test_every_active_state_can_reach_an_end(self):
        for status in ACTIVE:
            reached, grown = set(), {status}
            while grown - reached:
                reached |= grown
                grown = {target for source in reached for target in MOVES[source]}
            assert reached & TERMINAL, status

    def test_groups(self):
        assert {"succeeded", "failed", "cancelled"} == TERMINAL
        assert {"sending", "running", "saving", "uncertain"} == IN_FLIGHT
        assert OCCUPIES_A_SLOT < IN_FLIGHT < ACTIVE
        assert set(JobStatus) == ACTIVE | TERMINAL
