"""The threads that draw, encode and keep stills of a clip at the same time."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import cv2

STEP_BACK = 10  # in units of nice: a ninth of the processor time that the encoder may have


def worker(*, steps_back: bool = False) -> ThreadPoolExecutor:
    """One thread; if it steps back, the encoder gets a core at once whenever it can go on."""
    return ThreadPoolExecutor(1, "animatic", initializer=_step_back if steps_back else None)


def renew_opencv() -> None:
    """Let OpenCV's own threads end; the new ones step back if the thread that needs them first does.

    Only safe while no other thread of this process uses OpenCV.
    """
    cv2.setNumThreads(1)
    cv2.setNumThreads(-1)


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere the whole process would step back, and for good
        os.nice(STEP_BACK)
