"""A calibrated camera as an immutable value: intrinsics in pixels, extrinsics in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.document.camera import Camera
from studio.flame.model import HeadModel
from studio.render.camera import NEAREST_PLANE, view_matrix
from studio.render.framing import frame_head
from studio.render.shot import LARGEST

Array = NDArray[np.float64]
Convention = Literal["opencv", "opengl"]
Vector = tuple[float, float, float]
Rows = tuple[Vector, Vector, Vector]

CONVENTIONS: tuple[Convention, ...] = ("opencv", "opengl")
FLIP = np.diag([1.0, -1.0, -1.0])  # from one convention's camera axes to the other's, and back
NOT_A_ROTATION = 1e-3  # how far from orthonormal rounded numbers in a file may be
UPRIGHT: Rows = ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0))


@dataclass(frozen=True)
class PinholeCamera:
    """A camera without distortion.

    A world point X (metres) is at ``R X + t`` in the camera's axes, which by ``convention`` are

    - "opencv": x right, y down, z forward;
    - "opengl": x right, y up, z backward.

    A point at distance d along the viewing axis, x to the right and y down, falls on the picture at
    ``(fx x / d + cx, fy y / d + cy)``, in pixels from the top left corner of the top left pixel, whose
    centre is at (0.5, 0.5). Both conventions show the same picture.
    """

    fx: float  # pixels
    fy: float
    cx: float
    cy: float
    width: int  # pixels
    height: int
    rotation: Rows = UPRIGHT  # R, world to camera
    translation: Vector = (0.0, 0.0, 0.0)  # t, metres
    convention: Convention = "opencv"
    near: float = NEAREST_PLANE  # metres along the axis; nothing nearer is seen
    name: str = ""

    def __post_init__(self) -> None:
        """Turn the numbers into plain tuples, and a nearly orthonormal rotation into an exact one.

        Raises:
            ValueError: a number is not finite, a focal length or ``near`` is not above 0, a side is not
                within 1..8192, ``convention`` is not known, or ``rotation`` is no rotation. The message
                begins with the field's name.
        """
        for field in ("fx", "fy", "cx", "cy", "near"):
            value = _number(field, getattr(self, field))
            if field not in ("cx", "cy") and value <= 0.0:
                raise ValueError(f"{field} is {value:g}, but must be above 0")
            object.__setattr__(self, field, value)
        for field in ("width", "height"):
            object.__setattr__(self, field, _side(field, getattr(self, field)))
        if self.convention not in CONVENTIONS:
            raise ValueError(f"convention is {self.convention!r}, but must be opencv or opengl")
        object.__setattr__(self, "rotation", _rows(_nearest_rotation(self.rotation)))
        object.__setattr__(self, "translation", _vector("translation", self.translation))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def intrinsics(self) -> Array:
        """K (3, 3), from right, down and forward to pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def world_to_camera(self) -> Array:
        """(4, 4), to camera axes of the camera's own convention."""
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = self.rotation, self.translation
        return matrix

    @property
    def camera_to_world(self) -> Array:
        """(4, 4), the inverse; "transform_matrix" of NeRF files, where the convention is opengl."""
        turn = np.array(self.rotation)
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = turn.T, -turn.T @ self.translation
        return matrix

    @property
    def eye(self) -> Array:
        """Where the camera stands (3,), metres."""
        return self.camera_to_world[:3, 3]

    def replace(self, **changes: object) -> PinholeCamera:
        """The same camera with some fields changed.

        Raises:
            ValueError: as for a new one.
        """
        return replace(self, **changes)  # type: ignore[arg-type]

    def in_convention(self, convention: Convention) -> PinholeCamera:
        """The same camera by the other convention's axes."""
        if convention == self.convention:
            return self
        turn, shift = FLIP @ self.rotation, FLIP @ self.translation
        return self.replace(rotation=_rows(turn), translation=_triple(shift), convention=convention)

    def resized(self, width: int, height: int) -> PinholeCamera:
        """The same view on a picture of another size; with other proportions it is stretched.

        Raises:
            ValueError: a side is not within 1..8192.
        """
        across, down = _side("width", width) / self.width, _side("height", height) / self.height
        return self.replace(
            fx=self.fx * across,
            cx=self.cx * across,
            fy=self.fy * down,
            cy=self.cy * down,
            width=width,
            height=height,
        )

    def clip(self, points: ArrayLike) -> Array:
        """Clip-space positions (N, 4) of world points (N, 3), for :mod:`studio.render.rasterizer`.

        w is the distance along the axis in metres and z the constant ``-near``, so that z < -w before
        the near plane, and z / w rises from -1 there to 0 at infinity: with the precision of a float
        where it is small, far away.
        """
        right, down, forward = self._seen(points)
        across = (2.0 * self.fx * right + (2.0 * self.cx - self.width) * forward) / self.width
        up = ((self.height - 2.0 * self.cy) * forward - 2.0 * self.fy * down) / self.height
        return np.column_stack([across, up, np.full(len(right), -self.near), forward])

    def project(self, points: ArrayLike) -> Array:
        """Picture points (N, 3) of world points (N, 3): x and y in pixels, metres along the axis."""
        right, down, forward = self._seen(points)
        with np.errstate(divide="ignore", invalid="ignore"):
            x, y = self.fx * right / forward + self.cx, self.fy * down / forward + self.cy
        return np.column_stack([x, y, forward])

    def rays(self) -> Array:
        """Directions (H, W, 3) through the pixels' centres in the world, one metre long along the axis."""
        columns = (np.arange(self.width) + 0.5 - self.cx) / self.fx
        rows = (np.arange(self.height) + 0.5 - self.cy) / self.fy
        seen = np.ones((self.height, self.width, 3))
        seen[..., 0], seen[..., 1] = columns[None, :], rows[:, None]
        return seen @ np.array(self.in_convention("opencv").rotation)

    def view_axes(self) -> Array:
        """World to view (3, 3) as pictures of normals have it: rows right, up and towards the camera."""
        return np.array(self.in_convention("opengl").rotation)

    def _seen(self, points: ArrayLike) -> Array:
        """Points (N, 3) of the world as rows right, down, forward (3, N)."""
        camera = self.in_convention("opencv")
        world = np.asarray(points, dtype=np.float64).reshape(-1, 3)
        return np.array(camera.rotation) @ world.T + np.array(camera.translation)[:, None]

    @classmethod
    def front(
        cls, head: HeadModel | ArrayLike, size: tuple[int, int] = (1024, 1024), field_of_view: float = 0.35
    ) -> PinholeCamera:
        """A camera before the face, upright, that the head fills.

        Args:
            head: a model, whose neutral head is framed, or vertices (V, 3) in metres.
            size: width and height in pixels.
            field_of_view: vertical, radians.

        Raises:
            ValueError: a side is not within 1..8192.
        """
        for name, side in zip(("width", "height"), size, strict=True):
            _side(name, side)
        orbit = frame_head(head, Camera(field_of_view=field_of_view), size[0] / size[1])
        return cls.from_orbit(orbit, size)

    @classmethod
    def from_orbit(cls, camera: Camera, size: tuple[int, int]) -> PinholeCamera:
        """The studio's own camera, for a picture of ``size``.

        Raises:
            ValueError: it is orthographic, or a side is not within 1..8192.
        """
        if camera.orthographic:
            raise ValueError("an orthographic camera has no focal length")
        width, height = size
        focal = height / (2.0 * math.tan(camera.field_of_view / 2.0))
        view = view_matrix(camera)
        opengl = cls(
            focal,
            focal,
            width / 2.0,
            height / 2.0,
            width,
            height,
            _rows(view[:3, :3]),
            _triple(view[:3, 3]),
            "opengl",
        )
        return opengl.in_convention("opencv")


def _number(field: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise ValueError(f"{field} is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{field} is not a finite number")
    return number


def _side(field: str, value: object) -> int:
    number = _number(field, value)
    if number != int(number) or not 1 <= number <= LARGEST:
        raise ValueError(f"{field} is {number:g}, but must be a whole number of 1 to {LARGEST} pixels")
    return int(number)


def _vector(field: str, values: ArrayLike) -> Vector:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{field} does not hold three numbers") from None
    if array.size != 3:
        raise ValueError(f"{field} does not hold three numbers")
    if not np.isfinite(array).all():
        raise ValueError(f"{field} holds a number that is not finite")
    return _triple(array.reshape(3))


def _nearest_rotation(values: ArrayLike) -> Array:
    """The rotation (3, 3) nearest to ``values``, which may be off by rounding."""
    try:
        matrix = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("rotation is not a matrix of 3 rows of 3 numbers") from None
    if matrix.shape != (3, 3):
        raise ValueError("rotation is not a matrix of 3 rows of 3 numbers")
    if not np.isfinite(matrix).all():
        raise ValueError("rotation holds a number that is not finite")
    if np.abs(matrix).max() > 2.0 or np.abs(matrix @ matrix.T - np.eye(3)).max() > NOT_A_ROTATION:
        raise ValueError("rotation is no rotation: its rows are not of length 1 and at right angles")
    if np.linalg.det(matrix) < 0.0:
        raise ValueError("rotation is no rotation but a reflection: one of its axes points the wrong way")
    if np.abs(matrix @ matrix.T - np.eye(3)).max() < 1e-14:
        return matrix
    left, _, right = np.linalg.svd(matrix)
    return left @ right


def _triple(values: Array) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _rows(matrix: Array) -> Rows:
    a, b, c = (_triple(row) for row in matrix)
    return a, b, c
