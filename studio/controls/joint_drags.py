"""Jaw, head, neck and eyes under a hand: the pose for which what was taken hold of is at the pointer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studio.controls.following import Freedom, follow
from studio.controls.gaze import FORWARD, gaze_target, look_at
from studio.controls.head_turns import AXES, head_range, head_value, with_head_value
from studio.controls.mirror_surface import TURN
from studio.flame.carried_points import CarriedPoints, joint_frames, world_turns
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params
from studio.flame.rotations import to_matrices
from studio.flame.skeleton import rest_joints

Array = NDArray[np.float64]

HEAD = ("headTurn", "headNod", "headTilt")
HEAD_COST = (1.0, 1.0, 2.0)  # a head tilts only where turning and nodding would get nowhere
JAW_COST = (1.0, 1.5)  # opening before swinging
NECK, JAW, EYES = 1, 2, (3, 4)
LEVER = 0.08  # metres above the neck's joint; held lower, the head would swing the other way
CLOSEST_GAZE = 0.15  # metres; nearer, the eyes would cross


@dataclass(frozen=True, eq=False)
class Hold:
    """Where a hand took hold of the surface, and how the picture shows it.

    ``project`` gives picture points (N, 2 or more) in pixels of world points (N, 3) in metres; ``sight``
    the line of sight through a picture point as origin (3,) and direction (3,).
    """

    corners: NDArray[np.int32]  # (3,) vertices of the face
    weights: tuple[float, float, float]
    place: tuple[float, float]  # of the press, pixels
    project: Callable[[Array], Array]
    sight: Callable[[tuple[float, float]], tuple[Array, Array]]


class JointDrag(Protocol):
    """One drag from press to release."""

    def to(self, place: tuple[float, float]) -> Params:
        """The parameters with the pointer at ``place``."""


class _TurningDrag(ABC):
    """A drag of angles that move one point."""

    def __init__(self, hold: Hold, start: Array, freedom: Freedom) -> None:
        self._hold, self._start, self._freedom = hold, start, freedom
        self._offset = self._seen(start) - hold.place

    def to(self, place: tuple[float, float]) -> Params:
        """The parameters with the pointer at ``place``."""
        target = np.asarray(place, np.float64) + self._offset
        return self._params(follow(self._seen, self._start, target, self._freedom))

    def _seen(self, angles: Array) -> Array:
        return np.asarray(self._hold.project(self._point(self._params(angles))[None])[0, :2])

    @abstractmethod
    def _point(self, params: Params) -> Array:
        """The point (3,) that is held, metres."""

    @abstractmethod
    def _params(self, angles: Array) -> Params:
        """The parameters with ``angles`` (N,), radians."""


class JawDrag(_TurningDrag):
    """The jaw opens and swings under the hand; with ``symmetric`` it only opens."""

    def __init__(self, model: HeadModel, params: Params, hold: Hold, symmetric: bool = False) -> None:
        self._before, self._count = params, 1 if symmetric else 2
        self._points = CarriedPoints(model, params, hold.corners, hold.weights)
        start = params.jaw_pose[: self._count].astype(np.float64)
        ranges = FIELD_RANGES["jaw_pose"][: self._count]
        super().__init__(hold, start, Freedom.of(ranges, JAW_COST[: self._count], start))

    def _point(self, params: Params) -> Array:
        return np.asarray(self._points.at(params)[0])

    def _params(self, angles: Array) -> Params:
        pose = self._before.jaw_pose.astype(np.float64)
        pose[: self._count] = angles
        return self._before.replace(jaw_pose=pose)


class HeadDrag(_TurningDrag):
    """The head turns, nods and tilts under the hand; neck and root share it."""

    def __init__(self, model: HeadModel, params: Params, hold: Hold) -> None:
        self._before = params
        self._points = CarriedPoints(model, params, hold.corners, hold.weights)
        start = np.array([head_value(params, name) for name in HEAD])
        ranges = np.array([head_range(name) for name in HEAD])
        super().__init__(hold, start, Freedom.of(ranges, HEAD_COST, start))

    def _point(self, params: Params) -> Array:
        return np.asarray(self._points.at(params)[0])

    def _params(self, angles: Array) -> Params:
        params = self._before
        for name, angle in zip(HEAD, angles, strict=True):
            params = with_head_value(params, name, float(angle))
        return params


class NeckDrag(_TurningDrag):
    """The neck bends under the hand, which holds it by a lever above its joint."""

    def __init__(self, model: HeadModel, params: Params, hold: Hold) -> None:
        self._before, self._parents = params, model.parents
        self._joints = rest_joints(model, params)
        self._axes = [AXES[name] for name in HEAD]
        (held,) = CarriedPoints(model, params, hold.corners, hold.weights).at(params)
        frame, place = self._neck(params)
        self._lever = frame.T @ (held - place)
        self._lever[1] = max(self._lever[1], LEVER)
        start = params.neck_pose[self._axes].astype(np.float64)
        super().__init__(hold, start, Freedom.of(FIELD_RANGES["neck_pose"][self._axes], HEAD_COST, start))

    def _neck(self, params: Params) -> tuple[Array, Array]:
        turns = to_matrices(params.pose.reshape(-1, 3))
        frames, places = joint_frames(turns, self._joints, self._parents)
        return frames[NECK], places[NECK] + params.translation

    def _point(self, params: Params) -> Array:
        frame, place = self._neck(params)
        return np.asarray(place + frame @ self._lever)

    def _params(self, angles: Array) -> Params:
        pose = self._before.neck_pose.astype(np.float64)
        pose[self._axes] = angles
        return self._before.replace(neck_pose=pose)


class EyeDrag:
    """An eyeball rolls under the hand, and the other eye looks at the same point.

    With ``alone`` the other eye stays; with ``mirrored`` it does the same on its side of the face.
    """

    def __init__(
        self,
        model: HeadModel,
        params: Params,
        hold: Hold,
        eye: int,
        alone: bool = False,
        mirrored: bool = False,
    ) -> None:
        """Take hold of ``eye``, 0 the left and 1 the right one."""
        self._model, self._before, self._hold = model, params, hold
        self._eye, self._alone, self._mirrored = eye, alone, mirrored
        joint = EYES[eye]
        turns = to_matrices(params.pose.reshape(-1, 3))
        _, places = joint_frames(turns, rest_joints(model, params), model.parents)
        self._middle = places[joint] + params.translation
        (held,) = CarriedPoints(model, params, hold.corners, hold.weights).at(params)
        self._radius = float(np.linalg.norm(held - self._middle))
        self._gaze = world_turns(params, model.parents)[joint] @ FORWARD
        distance = float(np.linalg.norm(gaze_target(model, params) - self._middle))
        self._distance = max(distance, CLOSEST_GAZE)
        self._held = self._towards(hold.place)

    def to(self, place: tuple[float, float]) -> Params:
        """The parameters with the pointer at ``place``."""
        gaze = _between(self._held, self._towards(place)) @ self._gaze
        before, mine = self._before, slice(3 * self._eye, 3 * self._eye + 3)
        looking = look_at(self._model, before, self._middle + self._distance * gaze)
        if not (self._alone or self._mirrored):
            return looking
        other = slice(3 - 3 * self._eye, 6 - 3 * self._eye)
        eyes, lids = before.eyes_pose.copy(), before.eyelids.copy()
        eyes[mine], lids[self._eye] = looking.eyes_pose[mine], looking.eyelids[self._eye]
        if self._mirrored:
            eyes[other], lids[1 - self._eye] = eyes[mine] * TURN, lids[self._eye]
        return before.replace(eyes_pose=eyes, eyelids=lids)

    def _towards(self, place: tuple[float, float]) -> Array:
        """From the eye's middle to where the line of sight meets its ball, or passes nearest to it."""
        origin, direction = self._hold.sight(place)
        along = direction / np.linalg.norm(direction)
        nearest = origin + along * ((self._middle - origin) @ along) - self._middle
        inside = self._radius**2 - float(nearest @ nearest)
        met = nearest - along * np.sqrt(max(inside, 0.0))
        return np.asarray(met / max(float(np.linalg.norm(met)), 1e-12))


def _between(first: Array, second: Array) -> Array:
    """The shortest rotation (3, 3) from one unit vector to another."""
    axis = np.cross(first, second)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-12:
        return np.eye(3)
    angle = np.arctan2(sine, float(np.dot(first, second)))
    return to_matrices(axis * (angle / sine))
