"""A dense clip as keys: as few as keep every point of the mesh within a tolerance at every frame."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import FRAMES_AT_A_TIME, Backend
from studio.flame.model import HeadModel
from studio.flame.reach import reaches
from studio.flame.skeleton import skeleton
from studio.sequence.channel_names import (
    JOINTS,
    LIDS,
    TRANSLATION,
    channels_of_field,
    component_of,
    turns,
)
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve, Interpolation
from studio.sequence.key_fitting import fitted
from studio.sequence.layers import VARYING, Layer, Rows, fields_of, part_of
from studio.storage.errors import StudioError

Array = NDArray[np.float64]
Group = Literal["face", "jaw", "eyes", "head"]
GROUPS: tuple[Group, ...] = get_args(Group)
FIELDS_OF: Mapping[Group, tuple[str, ...]] = MappingProxyType(
    {
        "face": ("expr",),
        "jaw": ("jaw_pose",),
        "eyes": ("eyes_pose", "eyelids"),
        "head": ("rotation", "neck_pose", "translation"),
    }
)
LEAST_TOLERANCE, MOST_TOLERANCE = 1e-5, 0.02  # metres

_SHARE = 0.9  # of the tolerance that a channel may use at first: those of several channels add up
_ROUNDS = 12  # of tightening where the mesh is too far off, before every frame there gets a key
_TIGHTER = 0.85  # times what would be just enough, were the error that of one channel
_NEIGHBOURS = 4  # frames around one that is too far off that are tightened with it
_LEAST_LEVER = 1e-9  # metres; what moves nothing is fitted to nothing
_ROUNDING = 1e-7  # metres by which two passes over the same numbers may differ

Check = Callable[[float], None]  # told how much is done, 0..1; raises where it is to stop


@dataclass(frozen=True)
class Wish:
    """What is to become keys, and how near they are to keep."""

    tolerance: float = 0.0005  # metres, of any vertex at any frame
    interpolation: Interpolation = "smooth"
    groups: tuple[Group, ...] = GROUPS


@dataclass(frozen=True, eq=False)
class Reduced:
    """The curves of a clip, and how far the mesh is from that of the clip."""

    curves: Mapping[str, Curve]  # by channel
    rest: Clip  # the clip without what the curves say: of one frame where they say all that moves
    error: float  # metres: the farthest of any vertex at any frame, measured
    key_count: int


def reduce(clip: Clip, model: HeadModel, backend: Backend, wish: Wish, check: Check) -> Reduced:
    """``clip`` on ``model`` as keys, within the tolerance of ``wish``.

    Each channel is fitted to what it may move the mesh by; then the mesh is measured at every frame by the
    forward pass, and where it is too far off all channels are fitted tighter, until it is not.

    Raises:
        StudioError: the clip has one frame, none of the chosen groups moves, a number is none, or the
            tolerance is out of range.

    """
    _refuse(clip, wish)
    channels = moving_channels(clip, wish.groups)
    if not channels:
        raise StudioError("Nothing of what is chosen moves in this take; choose other parts to reduce.")
    if not all(np.isfinite(values).all() for values in channels.values()):
        raise StudioError("Some frames of this take are not numbers; despike it first.")
    expression = reaches(model, "expr")
    levers = {name: max(_lever(model, name, expression), _LEAST_LEVER) for name in channels}
    allowed = np.full(len(clip), _SHARE * wish.tolerance)
    for number in itertools.count():
        told = partial(check, 1.0 - 0.75**number)
        curves = {}
        for name, values in channels.items():
            told()
            exact = np.flatnonzero(allowed == 0.0)
            curves[name] = fitted(values, allowed / levers[name], wish.interpolation, turns(name), exact)
        errors = farthest(backend, clip, Layer(curves=curves).over_clip(clip), told)
        over = errors > wish.tolerance + _ROUNDING
        if not over.any():
            break
        enough = _TIGHTER * wish.tolerance / np.maximum(errors, _ROUNDING)
        allowed *= _spread(np.where(over, enough, 1.0))
        if number >= _ROUNDS:
            allowed[over] = 0.0
    keys = sum(len(curve) for curve in curves.values())
    return Reduced(curves, _rest(clip, curves), float(errors.max()), keys)


def moving_channels(clip: Clip, groups: Collection[Group] = GROUPS) -> dict[str, Array]:
    """The values (T, W) of the channels in ``groups`` that are not the same in every frame of ``clip``."""
    found, rows = {}, _rows(clip)
    for field in (field for group in groups for field in FIELDS_OF[group]):
        for name in channels_of_field(field, count=clip.expr.shape[1]):
            values = part_of(rows, name)
            if values is not None and np.ptp(values, axis=0).any():
                found[name] = values
    return found


def farthest(backend: Backend, first: Clip, second: Clip, check: Callable[[], None]) -> Array:
    """How far any vertex of two clips of one length is from itself (T,), metres, by the forward pass."""
    found = []
    for start in range(0, len(first), FRAMES_AT_A_TIME):
        check()
        stop = min(start + FRAMES_AT_A_TIME, len(first))
        here = backend.forward_batch(first.batch().part(start, stop)).vertices
        there = backend.forward_batch(second.batch().part(start, stop)).vertices
        moved = np.subtract(here, there, out=here)
        found.append(np.sqrt(np.einsum("tvk,tvk->tv", moved, moved).max(axis=1)))
    return np.concatenate(found).astype(np.float64)


def _refuse(clip: Clip, wish: Wish) -> None:
    if len(clip) < 2:
        raise StudioError("A still has nothing to reduce; choose a take that moves.")
    if not LEAST_TOLERANCE <= wish.tolerance <= MOST_TOLERANCE:
        raise StudioError(
            f"The tolerance must be {1000 * LEAST_TOLERANCE:g} to {1000 * MOST_TOLERANCE:g} mm, "
            f"not {1000 * wish.tolerance:g}."
        )


def _rest(clip: Clip, curves: Mapping[str, Curve]) -> Clip:
    """``clip`` with the channels of ``curves`` held; its first frame alone where nothing else moves."""
    rows = _rows(clip)
    for channel in curves:
        part = part_of(rows, channel)
        assert part is not None
        part[:] = part[:1].copy()
    still = clip.replace(**fields_of(rows))
    moves = still.dynamic_offset is not None or bool(moving_channels(still))
    return still if moves else still.part(0, 1)


def _rows(clip: Clip) -> Rows:
    return {name: np.array(getattr(clip, name), np.float64) for name in VARYING}


def _lever(model: HeadModel, channel: str, expression: NDArray[np.float32]) -> float:
    """How far a unit of ``channel`` moves the mesh at most, in metres; near its rest for rotations.

    ``expression`` (E,) says it of each component.
    """
    if channel == TRANSLATION:
        return 1.0
    if channel in LIDS:
        moved = model.eyelids
        return 0.0 if moved is None else float(np.linalg.norm(moved[..., LIDS.index(channel)], axis=1).max())
    if channel in JOINTS:
        joint = JOINTS.index(channel)
        carried = {0: slice(0, 5), 1: slice(1, 5)}.get(joint, slice(joint, joint + 1))
        arms = np.linalg.norm(model.v_template - skeleton(model).template[joint], axis=1)
        return float((arms * model.lbs_weights[:, carried].sum(axis=1)).max())
    place = component_of(channel)
    return float(expression[place]) if place < len(expression) else 0.0


def _spread(factors: Array) -> Array:
    """Each of ``factors`` (T,) as small as the smallest within a few frames of it."""
    padded = np.pad(factors, _NEIGHBOURS, constant_values=1.0)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1).min(axis=1)
