"""Gaze: both eyes on a point in space, each by its own angle, within what eyes can; and back."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params
from studio.flame.rotations import to_matrices
from studio.flame.skeleton import rest_joints

Array = NDArray[np.float64]

NECK, EYES = 1, slice(3, 5)
FORWARD = np.array((0.0, 0.0, 1.0))  # where an eye at rest looks
FAR = 5.0  # metres; where eyes look that do not meet before
NEAREST = 1e-3  # metres from an eye's middle, within which there is no direction
LID_SHARE = 0.45  # of the opening that an upper lid closes while its eye looks all the way down
PROBE, FOLLOWING = 0.3, 3e-4  # radians; metres of lid by then from which lids follow of themselves


@dataclass(frozen=True)
class Gaze:
    """Where both eyes look, from the middle between them and as the head is turned."""

    sideways: float = 0.0  # radians, + to the subject's left
    up: float = 0.0  # radians, + upwards
    distance: float = FAR  # metres; from FAR on the eyes look in parallel


def _eye_range(axis: int) -> tuple[float, float]:
    low, high = FIELD_RANGES["eyes_pose"][axis]
    return float(low), float(high)


SIDEWAYS_RANGE = _eye_range(1)  # radians that an eye can look sideways
UP_RANGE = (-_eye_range(0)[1], -_eye_range(0)[0])  # radians, and upwards


_lids: WeakKeyDictionary[HeadModel, bool] = WeakKeyDictionary()


def look_at(model: HeadModel, params: Params, target: ArrayLike) -> Params:
    """``params`` with both eyes on ``target`` (3,), metres in the space in which the head stands.

    Each eye turns about its own joint by the shortest way from straight ahead (Listing's law: no torsion),
    so that near targets bring the eyes together. An eye that cannot go so far goes the same way up to its
    limit. Where the model's own lids do not follow its eyes, looking down closes the eyelids a little and
    looking up again opens them by as much.

    Raises:
        ValueError: ``target`` is not three finite numbers.

    """
    point = np.asarray(target, np.float64)
    if point.shape != (3,) or not np.isfinite(point).all():
        raise ValueError(f"target must be three finite numbers, not {target!r}.")
    centres, turn = _eyes(model, params)
    return _looking(model, params, (point - centres) @ turn)


def _looking(model: HeadModel, params: Params, directions: Array) -> Params:
    """``params`` with each eye looking along one of ``directions`` (2, 3), in the head's frame."""
    before = params.eyes_pose.astype(np.float64).reshape(2, 3)
    after = np.stack([_turned(old, way) for old, way in zip(before, directions, strict=True)])
    lids: ArrayLike = params.eyelids
    if model.eyelids is not None and not _lids_follow(model):
        lids = _following(params.eyelids.astype(np.float64), before[:, 0], after[:, 0])
    return params.replace(eyes_pose=after.reshape(6), eyelids=lids)


def gaze_target(model: HeadModel, params: Params) -> Array:
    """The point (3,) that the eyes look at, metres: where their lines of sight come nearest to each other.

    Eyes that look past each other, or meet farther away than ``FAR``, look at a point that far ahead.
    """
    return _meeting(params, *_eyes(model, params))


def _meeting(params: Params, centres: Array, turn: Array) -> Array:
    """:func:`gaze_target` of eyes at ``centres`` (2, 3) in a head turned by ``turn`` (3, 3)."""
    lines = turn @ to_matrices(params.eyes_pose.reshape(2, 3)) @ FORWARD
    between = centres[1] - centres[0]
    cosine = float(lines[0] @ lines[1])
    apart = 1.0 - cosine * cosine
    middle, ahead = centres.mean(axis=0), lines.sum(axis=0)
    if apart > 1e-12:
        first = (between @ lines[0] - cosine * (between @ lines[1])) / apart
        second = (cosine * (between @ lines[0]) - between @ lines[1]) / apart
        if 0.0 < first < FAR and 0.0 < second < FAR:
            return np.asarray(0.5 * (centres[0] + first * lines[0] + centres[1] + second * lines[1]))
    return np.asarray(middle + FAR * ahead / max(float(np.linalg.norm(ahead)), 1e-12))


def gaze_of(model: HeadModel, params: Params) -> Gaze:
    """Where the eyes look (:func:`gaze_target`), as directions and distance from the middle between them."""
    centres, turn = _eyes(model, params)
    x, y, z = turn.T @ (_meeting(params, centres, turn) - centres.mean(axis=0))
    ahead = float(np.hypot(x, z))
    return Gaze(float(np.arctan2(x, z)), float(np.arctan2(y, ahead)), float(np.hypot(ahead, y)))


def with_gaze(model: HeadModel, params: Params, gaze: Gaze) -> Params:
    """``params`` with both eyes on the point that ``gaze`` says, as :func:`look_at` turns them."""
    ahead = np.cos(gaze.up)
    way = np.array((np.sin(gaze.sideways) * ahead, np.sin(gaze.up), np.cos(gaze.sideways) * ahead))
    if gaze.distance >= FAR:
        return _looking(model, params, np.stack([way, way]))
    centres, turn = _eyes(model, params)
    return look_at(model, params, centres.mean(axis=0) + turn @ way * max(gaze.distance, NEAREST))


def _eyes(model: HeadModel, params: Params) -> tuple[Array, Array]:
    """The middles of the eyes (2, 3) and the rotation (3, 3) of the head that carries them."""
    joints = rest_joints(model, params)
    root, neck = to_matrices(np.stack([params.rotation, params.neck_pose]))
    turn = root @ neck
    place = joints[0] + root @ (joints[NECK] - joints[0]) + params.translation
    return place + (joints[EYES] - joints[NECK]) @ turn.T, turn


def _turned(before: Array, direction: Array) -> Array:
    """The rotation (3,) of an eye that looks along ``direction``, in the head's frame, as far as it can."""
    distance = float(np.linalg.norm(direction))
    if distance < NEAREST:
        return before
    axis = np.array((-direction[1], direction[0], 0.0))
    sine = float(np.linalg.norm(axis))
    angle = np.arctan2(sine, direction[2])
    wanted = axis * (angle / sine) if sine > 1e-12 * distance else np.array((0.0, angle, 0.0))
    low, high = FIELD_RANGES["eyes_pose"][:3].astype(np.float64).T
    limits = np.where(wanted > 0.0, high, low)
    beyond = float(np.max(wanted / limits))
    return np.asarray(wanted / max(beyond, 1.0))


def _following(lids: Array, before: Array, after: Array) -> Array:
    """Eyelids (2,) that go along as eyes turn from ``before`` to ``after`` (2,) radians downwards."""
    lowest = float(FIELD_RANGES["eyes_pose"][0, 1])
    was, will = (1.0 - LID_SHARE * np.clip(down / lowest, 0.0, 1.0) for down in (before, after))
    followed = 1.0 - (1.0 - lids) * will / was
    return np.asarray(np.maximum(followed, np.minimum(lids, 0.0)))


def _lids_follow(model: HeadModel) -> bool:
    """Whether the skin moves with an eye that looks down; kept."""
    if model not in _lids:
        _lids[model] = _skin_moves(model)
    return _lids[model]


def _skin_moves(model: HeadModel) -> bool:
    feature = (to_matrices((PROBE, 0.0, 0.0)) - np.eye(3)).reshape(9)
    skin = (model.lbs_weights[:, EYES] < 0.5).all(axis=1)
    moved = model.posedirs[skin][:, :, 18:27] @ feature
    return bool(np.linalg.norm(moved, axis=1).max(initial=0.0) > FOLLOWING)
