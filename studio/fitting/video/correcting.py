"""A frame set right by hand, and what follows from it for the frames beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.fitting.marks import OUTER_EYES
from studio.fitting.observation import Landmarks2D
from studio.fitting.video.frame import Frame
from studio.fitting.video.tracking import Tracker

REACH = 24  # frames to each side, at most
SETTLED = 0.5  # percent of the outer-eye distance: a smaller change is carried no further


def corrected(tracker: Tracker, frames: Sequence[Frame], number: int, landmarks: Landmarks2D) -> list[Frame]:
    """``frames`` with frame ``number`` fitted to ``landmarks``, and what that changes beside it.

    It is carried to both sides until a frame stays as it was, or until one whose own landmarks were given.
    What is changed is not refined yet.

    Args:
        tracker: of the film.
        frames: all that are finished, of one identity.
        number: of the frame.
        landmarks: set right, pixels of the frame.

    """
    changed = list(frames)
    set_right = changed[number].replace(landmarks=landmarks, given=True, refined=False)
    changed[number] = tracker.alone(set_right)
    for direction in (1, -1):
        before = changed[number]
        for away in range(1, REACH + 1):
            beside = number + direction * away
            if not 0 <= beside < len(frames) or frames[beside].given:
                break
            old = frames[beside]
            new = tracker.follow(before, old.view, beside, None)
            if _moved(tracker, old, new) < SETTLED:
                break
            changed[beside] = before = new
    return changed


def _moved(tracker: Tracker, old: Frame, new: Frame) -> float:
    """How far the landmarks are apart on average, percent of the outer-eye distance."""
    here, there = tracker.points(old.state), tracker.points(new.state)
    unit = np.linalg.norm(there[OUTER_EYES[0]] - there[OUTER_EYES[1]])
    return float(100.0 * np.linalg.norm(here - there, axis=1).mean() / max(unit, 1e-6))
