"""Parts of curves that show what the whole curve shows at every whole frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.sequence.bending import bent
from studio.sequence.curve_segments import parameter_at
from studio.sequence.curves import AFTER, BEFORE, BEZIER, LINEAR, SMOOTH, Curve

_REACH = 4  # keys around a cut that have a say in the segments beside it


def cut(curve: Curve, low: float, high: float) -> Curve:
    """``curve`` from frame ``low`` to ``high``; a key there where keys fall away, at least one in all.

    A Bezier segment that is cut keeps its shape (de Casteljau), and a smooth one becomes such. A curved
    segment of rotations that is cut has keys at its whole frames: no shorter curve on the sphere follows it.
    """
    first, last = curve.frames[0], curve.frames[-1]
    if first > high or last < low:
        end = low if np.isfinite(low) else high
        return Curve.of([end], curve.at([end]), curve.interpolation[:1], curve.turns)
    start = int(np.searchsorted(curve.frames, low)) - _REACH
    stop = int(np.searchsorted(curve.frames, high, side="right")) + _REACH
    curve = _window(curve, slice(max(start, 0), stop))
    for end in (low, high):
        if first < end < last:
            curve = _with_end(curve, end)
    inside = curve.taken((curve.frames >= low) & (curve.frames <= high))
    assert inside is not None
    return inside


def one_after_another(pieces: Sequence[Curve]) -> Curve:
    """One curve of ``pieces``, each before the next; from one to the next it goes straight."""
    codes = [piece.interpolation.copy() for piece in pieces]
    for code in codes[:-1]:
        code[-1] = LINEAR
    return pieces[0].replace(
        frames=np.concatenate([piece.frames for piece in pieces]),
        values=np.concatenate([piece.values for piece in pieces]),
        interpolation=np.concatenate(codes),
        handles=np.concatenate([piece.handles for piece in pieces]),
    )


def _window(curve: Curve, keys: slice) -> Curve:
    """The curve of ``keys`` alone."""
    if keys.start == 0 and keys.stop >= len(curve):
        return curve
    arrays = ("frames", "values", "interpolation", "handles")
    return curve.replace(**{name: getattr(curve, name)[keys] for name in arrays})


def _with_end(curve: Curve, frame: float) -> Curve:
    """``curve`` with a key at ``frame`` that changes nothing, and whose other side may fall away."""
    place = int(np.searchsorted(curve.frames, frame, side="right")) - 1
    near = np.zeros(len(curve), bool)
    near[max(place - 1, 0) : place + 2] = True  # the slopes of smooth keys are those of their neighbours
    near &= curve.interpolation == SMOOTH
    near[place] |= curve.interpolation[place] > LINEAR
    curve = bent(curve, near)
    if curve.index_at(frame) is not None:
        return curve
    if curve.interpolation[place] <= LINEAR:
        return curve.with_key(frame, curve.at(frame))
    return _dense(curve, place, frame) if curve.turns else _split(curve, place, frame)


def _dense(curve: Curve, place: int, frame: float) -> Curve:
    start, end = curve.frames[place], curve.frames[place + 1]
    times = np.append(np.arange(np.floor(start) + 1.0, end), frame)
    times = np.unique(times[(times > start) & (times < end)])
    codes = curve.interpolation.copy()
    codes[place] = LINEAR
    return curve.replace(
        frames=np.insert(curve.frames, place + 1, times),
        values=np.insert(curve.values, place + 1, curve.at(times), axis=0),
        interpolation=np.insert(codes, place + 1, np.full(len(times), LINEAR)),
        handles=np.insert(curve.handles, place + 1, np.zeros((len(times), *curve.handles.shape[1:])), axis=0),
    )


def _split(curve: Curve, place: int, frame: float) -> Curve:
    parts = curve.segments
    start, end = curve.frames[place], curve.frames[place + 1]
    inner = np.array([start, parts.first_frame[place], parts.second_frame[place], end])
    share = (np.array([frame]) - start) / (end - start)
    t = float(parameter_at(share, *((inner[1:3, None] - start) / (end - start)))[0])
    values = (curve.values[place], parts.first[place], parts.second[place], curve.values[place + 1])
    points = np.column_stack([inner, np.stack(values)])
    thirds = points[:-1] + t * np.diff(points, axis=0)
    halves = thirds[:-1] + t * np.diff(thirds, axis=0)
    middle = halves[0] + t * (halves[1] - halves[0])
    handles = np.insert(curve.handles, place + 1, 0.0, axis=0)
    handles[place, AFTER] = thirds[0] - points[0]
    handles[place + 1] = halves - middle
    handles[place + 2, BEFORE] = thirds[2] - points[3]
    return curve.replace(
        frames=np.insert(curve.frames, place + 1, frame),
        values=np.insert(curve.values, place + 1, middle[1:], axis=0),
        interpolation=np.insert(curve.interpolation, place + 1, BEZIER),
        handles=handles,
    )
