"""Moving, scaling, copying, pasting and deleting keys of many curves at once, as pure functions.

What an edit gives are the curves that it changes (None: the channel has no key left) and the keys that are
chosen afterwards. A key that comes to where another one is takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.sequence.bending import bent
from studio.sequence.curves import CODES, SAME_FRAME, Curve, Interpolation
from studio.sequence.key_selection import Curves, KeySelection

ARRAYS = ("frames", "values", "interpolation", "handles")  # of a curve, with a row for each key
_LEAST_SCALE = 1e-3


@dataclass(frozen=True)
class KeyEdit:
    """The curves that are others now, and the keys that are chosen."""

    changes: Mapping[str, Curve | None]
    chosen: KeySelection


def moved(curves: Curves, chosen: KeySelection, by: float) -> KeyEdit:
    """The chosen keys ``by`` frames later; none goes before frame 0, so that they keep their distances."""
    chosen = chosen.among(curves)
    by = max(by, -chosen.span[0]) if chosen.span else by
    return _retimed(curves, chosen, {name: frames + by for name, frames in chosen.frames.items()})


def scaled(curves: Curves, chosen: KeySelection, factor: float, about: float, whole: bool = True) -> KeyEdit:
    """The chosen keys ``factor`` times as far from frame ``about``, with their handles.

    None goes before frame 0. With ``whole`` they come to whole frames; of several that meet the last stays.
    """
    chosen = chosen.among(curves)
    factor = max(factor, _LEAST_SCALE)
    times = {}
    for name, frames in chosen.frames.items():
        there = about + factor * (frames - about)
        times[name] = np.maximum(np.round(there) if whole else there, 0.0)
    return _retimed(curves, chosen, times, factor)


def deleted(curves: Curves, chosen: KeySelection) -> KeyEdit:
    """Without the chosen keys."""
    changes = {
        name: curves[name].taken(~chosen.mask(name, curves[name].frames))
        for name in chosen.among(curves).frames
    }
    return KeyEdit(changes, KeySelection())


def copied(curves: Curves, chosen: KeySelection) -> dict[str, Curve]:
    """The chosen keys as curves of their own, the first of them at frame 0."""
    chosen = chosen.among(curves)
    first = chosen.span[0] if chosen.span else 0.0
    parts = {}
    for name in chosen.frames:
        part = curves[name].taken(chosen.mask(name, curves[name].frames))
        if part is not None:
            parts[name] = part.replace(frames=part.frames - first)
    return parts


def pasted(curves: Curves, keys: Curves, at: float) -> KeyEdit:
    """With ``keys``, whose frame 0 comes to ``at``; they are what is chosen."""
    changes: dict[str, Curve | None] = {}
    for name, part in keys.items():
        placed = part.replace(frames=part.frames + at)
        changes[name] = _joined(curves[name], placed) if name in curves else placed
    return KeyEdit(changes, KeySelection({name: part.frames + at for name, part in keys.items()}))


def duplicated(curves: Curves, chosen: KeySelection, by: float) -> KeyEdit:
    """With copies of the chosen keys ``by`` frames later, which are chosen then."""
    span = chosen.among(curves).span
    return pasted(curves, copied(curves, chosen), max(span[0] + by, 0.0) if span else 0.0)


def interpolated(curves: Curves, chosen: KeySelection, interpolation: Interpolation) -> KeyEdit:
    """The chosen keys followed by another kind of segment; one made a Bézier curve keeps its shape."""
    changes: dict[str, Curve | None] = {}
    for name in chosen.among(curves).frames:
        if interpolation == "bezier":
            changes[name] = bent(curves[name], chosen.mask(name, curves[name].frames))
            continue
        codes = curves[name].interpolation.copy()
        codes[chosen.mask(name, curves[name].frames)] = CODES[interpolation]
        changes[name] = curves[name].replace(interpolation=codes)
    return KeyEdit(changes, chosen)


def next_key(curves: Curves, frame: float, direction: int) -> float | None:
    """The nearest frame with a key after (1) or before (-1) ``frame``; None where there is none."""
    found = []
    for curve in curves.values():
        if direction > 0:
            place = int(np.searchsorted(curve.frames, frame + SAME_FRAME, "right"))
        else:
            place = int(np.searchsorted(curve.frames, frame - SAME_FRAME)) - 1
        if 0 <= place < len(curve):
            found.append(float(curve.frames[place]))
    return (min(found) if direction > 0 else max(found)) if found else None


def _retimed(
    curves: Curves, chosen: KeySelection, times: Mapping[str, NDArray[np.float64]], factor: float = 1.0
) -> KeyEdit:
    """The chosen keys at other ``times``, ascending, by channel; handles ``factor`` times as long in time."""
    changes = {
        name: _at_times(curves[name], chosen.frames[name], there, factor) for name, there in times.items()
    }
    return KeyEdit(changes, KeySelection(times))


def _at_times(curve: Curve, here: NDArray[np.float64], there: NDArray[np.float64], factor: float) -> Curve:
    """``curve`` with its keys at the frames ``here`` brought to ``there``, both ascending."""
    first = int(np.searchsorted(curve.frames, here[0] - SAME_FRAME))
    stop = first + len(here)
    neighbours = stop <= len(curve) and abs(curve.frames[stop - 1] - here[-1]) <= SAME_FRAME
    if factor == 1.0 and neighbours and _fits(curve.frames, first, stop, there):
        frames = curve.frames.copy()
        frames[first:stop] = there
        return _with(curve, {"frames": frames})
    ends = np.array([min(here[0], there[0]) - SAME_FRAME, max(here[-1], there[-1]) + SAME_FRAME])
    low, high = np.searchsorted(curve.frames, ends)  # nothing changes outside
    window = _window(curve, low, high)
    mask = KeySelection({"": here}).mask("", window.frames)
    part = window.taken(mask)
    assert part is not None
    if factor != 1.0:
        part = part.replace(handles=part.handles * np.append(factor, np.ones(part.width)))
    last = np.append(np.diff(there) > SAME_FRAME, True)  # of several at one frame
    arrays = {key: getattr(part, key)[last] for key in ("values", "interpolation", "handles")}
    part = part.replace(frames=there[last], **arrays)
    rest = window.taken(~mask)
    made = part if rest is None else _joined(rest, part)
    whole = {
        name: np.concatenate([getattr(curve, name)[:low], getattr(made, name), getattr(curve, name)[high:]])
        for name in ARRAYS
    }
    return _with(curve, whole)


def _with(curve: Curve, arrays: Mapping[str, NDArray]) -> Curve:
    """``curve`` with new ``arrays``, which nobody else has and which need no copy."""
    for array in arrays.values():
        array.setflags(write=False)
    return curve.replace(**arrays)


def _window(curve: Curve, low: int, high: int) -> Curve:
    """The keys ``low`` to ``high``."""
    return curve.replace(**{name: getattr(curve, name)[low:high] for name in ARRAYS})


def _fits(frames: NDArray[np.float64], first: int, stop: int, there: NDArray[np.float64]) -> bool:
    """Whether the keys ``first`` to ``stop`` stay between their neighbours, and apart, at ``there``."""
    after = first == 0 or there[0] - frames[first - 1] > SAME_FRAME
    before = stop == len(frames) or frames[stop] - there[-1] > SAME_FRAME
    return bool(after and before and (np.diff(there) > SAME_FRAME).all())


def _joined(curve: Curve, over: Curve) -> Curve:
    """The keys of both; where both have one it is that of ``over``."""
    meets = KeySelection({"": over.frames}).mask("", curve.frames)
    kept = curve.taken(~meets) if meets.any() else curve
    if kept is None:
        return over
    places = np.searchsorted(kept.frames, over.frames) + np.arange(len(over))
    new = np.zeros(len(kept) + len(over), bool)
    new[places] = True
    arrays = {}
    for name in ARRAYS:
        first, second = getattr(kept, name), getattr(over, name)
        arrays[name] = np.empty((len(new), *first.shape[1:]), first.dtype)
        arrays[name][~new], arrays[name][places] = first, second
    return _with(curve, arrays)
