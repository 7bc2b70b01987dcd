"""Threads that step back behind the encoder."""

import os
import sys
import threading

import pytest

from studio.engine.animatic.worker import STEP_BACK, worker


def _priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
class TestWorker:
    @pytest.mark.parametrize(("steps_back", "further"), [(False, 0), (True, STEP_BACK)])
    def test_only_who_steps_back_is_behind_the_caller(
        self, *, steps_back: bool, further: int
    ) -> None:
        here = _priority()
        with worker(steps_back=steps_back) as thread:
            assert thread.submit(_priority).result() == min(19, here + further)
        assert _priority() == here
