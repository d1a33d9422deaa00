"""The parameters of one head in one frame, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

FloatArray = NDArray[np.float32]

ROTATIONS = ("rotation", "neck_pose", "jaw_pose", "eyes_pose")  # in the order of a full pose
POSE_WIDTHS = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}


def full_pose(fields: object) -> FloatArray:
    """The rotations (..., 15) of parameters or a clip: root, neck, jaw, left eye, right eye."""
    return np.concatenate([getattr(fields, name) for name in ROTATIONS], axis=-1)


def pose_fields(pose: NDArray) -> dict[str, NDArray]:
    """The rotation fields of a full pose (..., 15) by name."""
    edges = np.cumsum([POSE_WIDTHS[name] for name in ROTATIONS])[:-1]
    return dict(zip(ROTATIONS, np.split(pose, edges, axis=-1), strict=True))


def frozen(values: ArrayLike) -> FloatArray:
    """A read-only float32 C-contiguous copy of ``values``."""
    copy = np.array(values, dtype=np.float32, order="C")
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, eq=False)
class Params:
    """Everything that places one head: identity, expression, pose.

    Rotations are axis-angle in radians, translation in metres, in the model's frame
    (+Y up, +Z out of the face, +X to the subject's left). Arrays are copied in, float32 and
    read-only; two values are equal when all their numbers are.
    """

    shape: FloatArray  # (S,) in sigma
    expr: FloatArray  # (E,) units of the model's expression basis
    rotation: FloatArray  # (3,) root
    neck_pose: FloatArray  # (3,)
    jaw_pose: FloatArray  # (3,)
    eyes_pose: FloatArray  # (6,) left, then right
    translation: FloatArray  # (3,)

    def __post_init__(self) -> None:
        """Copy the arrays in.

        Raises:
            ValueError: a pose field has the wrong width, or shape or expr is not a vector.

        """
        for entry in fields(self):
            values = frozen(getattr(self, entry.name))
            width = POSE_WIDTHS.get(entry.name)
            if values.ndim != 1 or (width is not None and values.shape != (width,)):
                wanted = f"({width},)" if width else "a vector"
                raise ValueError(f"{entry.name} must be {wanted}, not of shape {values.shape}.")
            object.__setattr__(self, entry.name, values)

    def __eq__(self, other: object) -> bool:
        """Equal when every array is equal."""
        if not isinstance(other, Params):
            return NotImplemented
        return self is other or all(
            np.array_equal(getattr(self, entry.name), getattr(other, entry.name)) for entry in fields(self)
        )

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def neutral(cls, model: HeadModel) -> Params:
        """All zeros, in the sizes of ``model``."""
        return cls.zeros(model.shape_count, model.expression_count)

    @classmethod
    def zeros(cls, shape_count: int, expression_count: int) -> Params:
        """All zeros, with ``shape_count`` shape and ``expression_count`` expression components."""
        widths = {"shape": shape_count, "expr": expression_count, **POSE_WIDTHS}
        return cls(**{name: np.zeros(width, dtype=np.float32) for name, width in widths.items()})

    def replace(self, **changes: ArrayLike) -> Params:
        """The same parameters with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def pose(self) -> FloatArray:
        """The full pose (15,): root, neck, jaw, left eye, right eye."""
        return full_pose(self)

    def is_finite(self) -> bool:
        """Whether no number is NaN or infinite."""
        return all(bool(np.isfinite(getattr(self, entry.name)).all()) for entry in fields(self))
