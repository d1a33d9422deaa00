"""Landmarks carried from one view of the face to the next by what the pixels around them do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.fitting.observation import Landmarks2D
from studio.fitting.video.view import View, same_window

WINDOW, LEVELS = 21, 4  # pixels, and halvings of the picture
CERTAIN, LOST = 0.5, 2.0  # pixels between where a point was and where it comes back to
MOST = 0.7  # confidence of carried points beside given ones
CONTOUR = 17  # of iBUG's 68: they slide along the skin as the head turns and are no points of it


def carried(points: NDArray[np.float64], before: View, after: View) -> Landmarks2D:
    """Landmarks (68, 2) of the frame ``before`` is from, in the frame that ``after`` is from.

    Lucas and Kanade's flow in a pyramid (Bouguet, "Pyramidal implementation of the affine Lucas Kanade
    feature tracker", 2001), there and back again; points that do not come back where they were, and the
    contour, have no confidence.
    """
    import cv2

    here = cv2.cvtColor(before.pixels, cv2.COLOR_RGB2GRAY)
    there = cv2.cvtColor(same_window(after, before), cv2.COLOR_RGB2GRAY)
    started = (before.points(points) - 0.5).astype(np.float32)[:, None]
    found, seen = _flow(here, there, started)
    again, seen_again = _flow(there, here, found)
    off = np.sqrt(((again - started) ** 2).sum(axis=2))[:, 0]
    kept = seen & seen_again & np.isfinite(off)
    confidence = np.where(kept, MOST * np.clip((LOST - off) / (LOST - CERTAIN), 0.0, 1.0), 0.0)
    confidence[:CONTOUR] = 0.0
    places = before.back(found[:, 0].astype(np.float64) + 0.5)
    inside = np.asarray(np.isfinite(places).all(axis=1))
    return Landmarks2D(np.where(inside[:, None], places, 0.0), np.where(inside, confidence, 0.0))


def _flow(here: NDArray, there: NDArray, points: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray]:
    """Where ``points`` (N, 1, 2) of one grey picture are in the other, and which were found (N,)."""
    import cv2

    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01)
    found, seen, _ = cv2.calcOpticalFlowPyrLK(
        here, there, points, np.empty_like(points), None, None, (WINDOW, WINDOW), LEVELS, until
    )
    return found, seen[:, 0] > 0
