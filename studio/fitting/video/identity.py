"""One identity and one texture for a film, from several frames that are far apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.fitting.video.frame import Frame, read_frame, write_frame
from studio.fitting.video.store import Store
from studio.fitting.video.tracking import Tracker
from studio.storage.errors import StudioError

FRAMES = 4


def shared_identity(store: Store, tracker: Tracker, frames: Sequence[Frame]) -> Frame:
    """A frame whose shape and texture are the film's; kept in ``store`` once it is found."""
    path = store.folder / "identity.npz"
    if path.exists():
        try:
            return read_frame(path)
        except StudioError:
            pass
    chosen = [frames[index] for index in far_apart(frames)]
    found = tracker.identify(chosen)[0] if len(chosen) > 1 else frames[0]
    write_frame(path, found)
    return found


def with_identity(frame: Frame, identity: Frame) -> Frame:
    """``frame`` with shape and texture of ``identity``."""
    state, known = frame.state, identity.state
    params = state.params.replace(shape=known.params.shape)
    changed = state.replace(params=params, texture_key=known.texture_key, texture=known.texture)
    return frame.replace(state=changed)


def far_apart(frames: Sequence[Frame], count: int = FRAMES) -> list[int]:
    """The numbers of up to ``count`` frames in which head and face are as different as can be, in order.

    The first, then each time the one that is farthest from all before it; those that fit badly are left out.
    """
    errors = np.array([frame.error if np.isfinite(frame.error) else 0.0 for frame in frames])
    usable = errors <= max(2.0 * float(np.median(errors)), 3.0)
    usable[0] = True
    places = np.array(
        [
            np.concatenate([2.0 * frame.state.params.rotation, 0.2 * frame.state.params.expr])
            for frame in frames
        ]
    )
    chosen = [0]
    while len(chosen) < min(count, len(frames)):
        nearest = np.linalg.norm(places[:, None] - places[chosen], axis=2).min(axis=1)
        nearest[~usable] = -1.0
        nearest[chosen] = -1.0
        farthest = int(nearest.argmax())
        if nearest[farthest] <= 0.0:
            break
        chosen.append(farthest)
    return sorted(chosen)
