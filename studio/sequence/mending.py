"""Recordings with holes in them or of an uneven rate, made whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import ROTATIONS, FloatArray
from studio.flame.rotations import slerp
from studio.sequence.layout import HIGHEST_FPS, LOWEST_FPS, Recording
from studio.sequence.offsets import Offsets
from studio.storage.errors import StudioError

Times = NDArray[np.float64]

UNEVEN = 0.02  # of a frame: times that are off by less are those of an even rate
SECONDS, MILLISECONDS = (
    5.0,
    5_000.0,
)  # a usual distance from frame to frame is below the first; in parts below
_ONE_STEP = 1.5  # of a short step: what is longer leaves frames out
_LATE = 0.25  # of a frame: how much too early the last frame may be to count as one
MOST_FRAMES = 10_000_000
_COMMON = (23.976, 24000 / 1001, 24.0, 25.0, 29.97, 30000 / 1001, 30.0, 48.0, 50.0, 59.94, 60000 / 1001, 60.0)
_COMMON_WITHIN = 2e-4  # of a rate


def filled(recording: Recording, label: str) -> tuple[Recording, str]:
    """``recording`` with numbers that are not finite made from the frames around them, and a sentence on it.

    Rotations go along the shorter arc, everything else straight; before the first and after the last whole
    frame that one is held.

    Raises:
        StudioError: a parameter has no whole frame at all.

    """
    positions = np.arange(len(recording), dtype=np.float64)
    mended: set[int] = set()
    channels = {}
    for name, rows in recording.channels.items():
        whole = np.asarray(np.isfinite(rows).all(axis=1))
        channels[name] = rows
        if not whole.all():
            mended |= set(np.flatnonzero(~whole).tolist())
            channels[name] = _at(name, rows[_some(whole, name, label)], positions[whole], positions)
    units = recording.units
    if units is not None:
        whole = np.asarray(np.isfinite(units.values).all(axis=1))
        if not whole.all():
            mended |= set(np.flatnonzero(~whole).tolist())
            values = units.values[_some(whole, "the units", label)]
            units = replace(units, values=_straight(values, positions[whole], positions))
    shape = np.where(np.isfinite(recording.shape), recording.shape, np.float32(0.0))
    told = f"{label} has gaps in {len(mended)} frames, which were filled from the frames around them."
    if not mended and np.array_equal(shape, recording.shape):
        return recording, ""
    return replace(recording, channels=channels, units=units, shape=shape), told


def _some(whole: NDArray[np.bool_], name: str, label: str) -> NDArray[np.bool_]:
    if not whole.any():
        raise StudioError(f"{name} in {label} holds no finite number at all; choose another file.")
    return whole


def even(recording: Recording, label: str) -> Recording:
    """``recording`` at an even rate, as its times tell it: resampled where its frames are not evenly apart.

    The rate is the one its frames have most often; times may be seconds, milliseconds or microseconds.

    Raises:
        StudioError: its times do not go forwards.

    """
    if recording.times is None:
        return recording
    times = _in_seconds(recording.times, label)
    steps = np.diff(times)
    usual = float(np.median(steps[steps <= _ONE_STEP * np.percentile(steps, 25)]))
    rate = _rounded((len(times) - 1) / float(times[-1] - times[0]))
    ideal = np.arange(len(times)) / rate
    drift = np.abs(times - times[0] - ideal).max() * rate
    if drift <= max(UNEVEN, 0.5 / max(len(times), 1)):
        return _at_rate(recording, rate, "from the times of its frames")
    rate = _rounded(1.0 / usual)
    if not LOWEST_FPS <= rate <= HIGHEST_FPS:
        raise StudioError(f"{label} has times that no clip has ({rate:g} frames a second); save it again.")
    count = int(np.floor((times[-1] - times[0]) * rate + _LATE)) + 1
    if count > min(MOST_FRAMES, 100 * len(times)):
        raise StudioError(
            f"{label} has times from {times[0]:g} to {times[-1]:g} seconds, which would be {count} frames; "
            "cut the part that is meant out of it."
        )
    wanted = times[0] + np.arange(count) / rate
    note = (
        f"Its {len(times)} frames are not evenly apart ({steps.min():.3g} to {steps.max():.3g} s) and were "
        f"resampled to {count} at {rate:g} a second."
    )
    made = _resampled(recording, times, wanted)
    made = replace(made, notices=[*made.notices, f"{label}: {note}"])
    made = _at_rate(made, rate, "of most of its frames, by their times")
    return replace(made, report=replace(made.report, frames=count, notes=(*made.report.notes, note)))


def _at_rate(recording: Recording, rate: float, why: str) -> Recording:
    if recording.stated_fps:
        return replace(recording, times=None)
    report = replace(recording.report, fps=rate, rate=why)
    return replace(recording, fps=rate, stated_fps=True, report=report, times=None)


def _in_seconds(times: Times, label: str) -> Times:
    if not np.isfinite(times).all():
        raise StudioError(f"{label} has times that are no numbers; repair them or leave them out.")
    steps = np.diff(times)
    if not (steps > 0.0).all():
        frame = int((steps <= 0.0).argmax()) + 1
        raise StudioError(f"{label} goes back in time at frame {frame}; sort its frames or leave times out.")
    usual = float(np.median(steps))
    return times * (1.0 if usual < SECONDS else 1e-3 if usual < MILLISECONDS else 1e-6)


def _rounded(rate: float) -> float:
    """``rate``, or the usual one that it is up to the digits of its times."""
    nearest = min(_COMMON, key=lambda common: abs(common - rate))
    return nearest if abs(nearest - rate) < _COMMON_WITHIN * rate else rate


def _resampled(recording: Recording, times: Times, wanted: Times) -> Recording:
    channels = {name: _at(name, rows, times, wanted) for name, rows in recording.channels.items()}
    units = recording.units
    if units is not None:
        units = replace(units, values=_straight(units.values, times, wanted))
    offsets = recording.offsets
    if offsets.dynamic is not None:
        nearest = np.abs(times[:, None] - wanted).argmin(axis=0)
        offsets = Offsets(offsets.static, offsets.dynamic[nearest])
    return replace(recording, channels=channels, units=units, offsets=offsets)


def _at(name: str, rows: FloatArray, times: Times, wanted: Times) -> FloatArray:
    """``rows`` (T, D) of the field ``name`` at other times."""
    if name not in ROTATIONS:
        return _straight(rows, times, wanted)
    before = np.clip(np.searchsorted(times, wanted, side="right") - 1, 0, max(len(times) - 2, 0))
    after = np.minimum(before + 1, len(times) - 1)
    length = np.maximum(times[after] - times[before], 1e-12)
    amount = np.clip((wanted - times[before]) / length, 0.0, 1.0)
    joints = rows.reshape(len(rows), -1, 3)
    turned = slerp(joints[before], joints[after], amount[:, None])
    exact = amount == 0.0  # numbers beyond half a turn stay as they are
    turned[exact] = joints[before[exact]]
    return turned.reshape(len(wanted), -1).astype(np.float32)


def _straight(rows: FloatArray, times: Times, wanted: Times) -> FloatArray:
    if rows.shape[1] == 0:
        return np.zeros((len(wanted), 0), np.float32)
    return np.stack([np.interp(wanted, times, column) for column in rows.T], axis=1).astype(np.float32)


def part_of(recording: Recording, start: int, stop: int) -> Recording:
    """Frames ``start`` to ``stop`` - 1 of a recording."""
    channels: Mapping[str, FloatArray] = {name: rows[start:stop] for name, rows in recording.channels.items()}
    offsets, units = recording.offsets, recording.units
    if offsets.dynamic is not None:
        offsets = Offsets(offsets.static, offsets.dynamic[start:stop])
    if units is not None:
        units = replace(units, values=units.values[start:stop])
    surfaces = None if recording.surfaces is None else recording.surfaces.part(start, stop)
    return replace(recording, channels=channels, offsets=offsets, units=units, surfaces=surfaces)
