"""Blinks and small motion of eyes and head laid over a clip, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import compose
from studio.sequence.clip import Clip
from studio.sequence.operations.blinking import closure, drawn_blinks
from studio.sequence.operations.wandering import drawn_gaze, drawn_sway
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

LIMITS = {"blinks": 60.0, "saccades": 240.0, "eye_degrees": 15.0, "head_degrees": 15.0}


@dataclass(frozen=True)
class Liveliness:
    """What is laid over a clip."""

    seed: int = 0
    blinks: float = 17.0  # a minute
    saccades: float = 40.0  # a minute
    eye_degrees: float = 1.5  # mean size of a saccade
    head_degrees: float = 0.8  # root mean square of nod and turn


def enlivened(
    clip: Clip,
    settings: Liveliness,
    blinks: NDArray[np.floating] | None = None,
    own: Sequence[int | None] = (None, None),
) -> Clip:
    """``clip`` with blinks, small eye and head motion on top.

    A lid is closed as far as the blink or the clip closes it, whichever is more. Each kind of motion is
    drawn by itself, so that leaving one out does not alter the others, and by time, so that another frame
    rate shows the same motion.

    Args:
        clip: of T frames.
        settings: rates, sizes, seed.
        blinks: (2, E) what closes the left and the right eye in the expression, for models without
            eyelids; None: the eyelids do.
        own: the expression components, left and right, that close an eye in ``clip`` itself.

    Raises:
        StudioError: a setting is out of its range.

    """
    for name, most in LIMITS.items():
        value = getattr(settings, name)
        if not 0.0 <= value <= most:
            raise StudioError(f"{name.replace('_', ' ').capitalize()} go from 0 to {most:g}, not {value:g}.")
    if settings.seed < 0:
        raise StudioError(f"A seed is a whole number from 0, not {settings.seed}.")
    times = np.arange(len(clip)) / clip.fps
    draws = [np.random.default_rng([settings.seed, kind]) for kind in range(3)]
    closed = closure(drawn_blinks(clip.duration, settings.blinks, draws[0]), times)
    gaze = drawn_gaze(times, settings.saccades, settings.eye_degrees, draws[1])
    sway = drawn_sway(times, settings.head_degrees, draws[2])
    turns = np.stack([-gaze[:, 0], gaze[:, 1], np.zeros(len(clip))], axis=1)
    eyes = compose(clip.eyes_pose.reshape(-1, 2, 3), turns[:, None])
    return clip.replace(
        **_closed(clip, closed, blinks, own),
        eyes_pose=eyes.reshape(-1, 6) if gaze.any() else clip.eyes_pose,
        neck_pose=compose(clip.neck_pose, sway) if sway.any() else clip.neck_pose,
    )


def _closed(
    clip: Clip, closed: Array, blinks: NDArray[np.floating] | None, own: Sequence[int | None]
) -> dict[str, NDArray]:
    """The fields that close the eyes as far as ``closed`` (T,) on top of ``clip``."""
    shut: Array = np.stack(
        [
            np.clip(clip.expr[:, place].astype(np.float64), 0.0, 1.0)
            if place is not None
            else np.zeros(len(clip))
            for place in own
        ],
        axis=1,
    )
    if blinks is None:
        rest = np.clip(closed[:, None] - shut, 0.0, 1.0)
        return {"eyelids": np.maximum(clip.eyelids, rest)}
    lids = np.clip(clip.eyelids, 0.0, 1.0)
    rest = np.clip(closed[:, None] - np.maximum(shut, lids), 0.0, 1.0)
    return {"expr": clip.expr + rest @ np.asarray(blinks)}
