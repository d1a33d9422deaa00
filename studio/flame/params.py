"""The parameters of one head in one frame, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.param_ranges import DRAWN, draw_field, problems_of
from studio.flame.rotations import slerp

if TYPE_CHECKING:
    from collections.abc import Collection

    from studio.flame.model import HeadModel

FloatArray = NDArray[np.float32]

ROTATIONS = ("rotation", "neck_pose", "jaw_pose", "eyes_pose")  # in the order of a full pose
FIELD_WIDTHS = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3, "eyelids": 2}

VECTORS = ("shape", "expr", *FIELD_WIDTHS)
STRAIGHT = ("shape", "expr", "translation", "eyelids")  # interpolated as numbers, not as rotations
NO_EYELIDS = np.zeros(2, dtype=np.float32)
NO_EYELIDS.setflags(write=False)


def full_pose(fields: object) -> FloatArray:
    """The rotations (..., 15) of parameters or a clip: root, neck, jaw, left eye, right eye."""
    return np.concatenate([getattr(fields, name) for name in ROTATIONS], axis=-1)


def pose_fields(pose: NDArray) -> dict[str, NDArray]:
    """The rotation fields of a full pose (..., 15) by name."""
    edges = np.cumsum([FIELD_WIDTHS[name] for name in ROTATIONS])[:-1]
    return dict(zip(ROTATIONS, np.split(pose, edges, axis=-1), strict=True))


def frozen(values: ArrayLike) -> FloatArray:
    """A read-only float32 C-contiguous copy of ``values``, or ``values`` itself where it is one."""
    if isinstance(values, np.ndarray) and _is_frozen(values):
        return values
    copy = np.array(values, dtype=np.float32, order="C")
    copy.setflags(write=False)
    return copy


def same_array(first: NDArray | None, second: NDArray | None) -> bool:
    """Whether two arrays, or their absence, are equal; quick where they are one array."""
    if first is second:
        return True
    return first is not None and second is not None and np.array_equal(first, second)


def checked_offset(values: ArrayLike) -> FloatArray:
    """Vertex offsets as a frozen (V, 3) array.

    Raises:
        ValueError: they are not (V, 3).

    """
    offset = frozen(values)
    if offset.ndim != 2 or offset.shape[1] != 3:
        raise ValueError(f"vertex_offset must be (V, 3), not of shape {offset.shape}.")
    return offset


def _is_frozen(values: NDArray) -> bool:
    """Whether nobody can write to ``values``, not even through the array that it is a view of."""
    root = values
    while isinstance(root.base, np.ndarray):
        root = root.base
    flags = values.flags
    sealed = root.base is None and not root.flags.writeable and not flags.writeable
    return sealed and flags.c_contiguous and values.dtype == np.float32


@dataclass(frozen=True, eq=False)
class Params:
    """Everything that places one head: identity, expression, pose.

    Rotations are axis-angle in radians, translation in metres, in the model's frame
    (+Y up, +Z out of the face, +X to the subject's left). Arrays are copied in, float32 and
    read-only; two values are equal when all their numbers are. Vertex offsets belong to the faces of
    one model: the static and the dynamic ones of a clip, added up.
    """

    shape: FloatArray  # (S,) in sigma
    expr: FloatArray  # (E,) units of the model's expression basis
    rotation: FloatArray  # (3,) root
    neck_pose: FloatArray  # (3,)
    jaw_pose: FloatArray  # (3,)
    eyes_pose: FloatArray  # (6,) left, then right
    translation: FloatArray  # (3,)
    eyelids: FloatArray = field(default_factory=lambda: NO_EYELIDS)  # (2,) left, then right; 0 open, 1 closed
    vertex_offset: FloatArray | None = None  # (V, 3) metres, added to the unposed head; moves its joints too

    def __post_init__(self) -> None:
        """Copy the arrays in.

        Raises:
            ValueError: a field has the wrong width, shape or expr is not a vector, or vertex_offset is
                not (V, 3).

        """
        if self.vertex_offset is not None:
            object.__setattr__(self, "vertex_offset", checked_offset(self.vertex_offset))
        for name in VECTORS:
            values = frozen(getattr(self, name))
            width = FIELD_WIDTHS.get(name)
            if values.ndim != 1 or (width is not None and values.shape != (width,)):
                wanted = f"({width},)" if width else "a vector"
                raise ValueError(f"{name} must be {wanted}, not of shape {values.shape}.")
            object.__setattr__(self, name, values)

    def __eq__(self, other: object) -> bool:
        """Equal when every array is equal."""
        if not isinstance(other, Params):
            return NotImplemented
        return self is other or all(
            same_array(getattr(self, entry.name), getattr(other, entry.name)) for entry in fields(self)
        )

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def neutral(cls, model: HeadModel) -> Params:
        """All zeros, in the sizes of ``model``."""
        return cls.zeros(model.shape_count, model.expression_count)

    @classmethod
    def zeros(cls, shape_count: int, expression_count: int) -> Params:
        """All zeros, with ``shape_count`` shape and ``expression_count`` expression components."""
        widths = {"shape": shape_count, "expr": expression_count, **FIELD_WIDTHS}
        return cls(**{name: np.zeros(width, dtype=np.float32) for name, width in widths.items()})

    @classmethod
    def random(
        cls,
        model: HeadModel,
        seed: int | np.random.Generator,
        strength: float = 1.0,
        fields: Collection[str] = DRAWN,
    ) -> Params:
        """A random head of ``model``, within its ranges and those of neck, jaw and eyes.

        Components are normal around neutral; at ``strength`` 1 three standard deviations reach the end
        of a range, and whatever lies beyond is taken to the end. Both eyes look the same way. What is
        not among ``fields`` is zero: root and translation place the head and are never drawn.

        Args:
            model: whose sizes and ranges are used.
            seed: a number gives the same head every time; a generator goes on from where it is.
            strength: 0 is neutral.
            fields: of shape, expr, neck_pose, jaw_pose, eyes_pose and eyelids.

        Raises:
            ValueError: ``strength`` is negative or not finite, or a field is not drawn.

        """
        if not (np.isfinite(strength) and strength >= 0.0):
            raise ValueError(f"strength must be 0 or more, not {strength}.")
        rng = np.random.default_rng(seed)
        drawn = {field: draw_field(field, model, strength, rng) for field in fields}
        return cls.neutral(model).replace(**drawn)

    def lerp(self, other: Params, amount: float) -> Params:
        """The parameters at ``amount`` of the way to ``other``: 0 is this value, 1 the other, exactly.

        Every joint turns along the shorter arc on the sphere (:func:`studio.flame.rotations.slerp`);
        everything else is linear, a missing vertex offset counts as none. A joint that does not turn
        keeps its numbers, also beyond half a turn.

        Raises:
            ValueError: a field differs in its number of components, or ``amount`` is not finite.

        """
        if not np.isfinite(amount):
            raise ValueError(f"amount must be finite, not {amount}.")
        for name in STRAIGHT:
            counts = len(getattr(self, name)), len(getattr(other, name))
            if counts[0] != counts[1]:
                raise ValueError(f"{name} has {counts[0]} components here and {counts[1]} there.")
        offset = _offset_between(self.vertex_offset, other.vertex_offset, amount)
        if amount in (0.0, 1.0):
            return other if amount else self
        here, there = self.pose.reshape(-1, 3), other.pose.reshape(-1, 3)
        pose, turning = here.copy(), (here != there).any(axis=-1)
        pose[turning] = slerp(here[turning], there[turning], amount)
        return Params(
            vertex_offset=offset,
            **{name: _between(getattr(self, name), getattr(other, name), amount) for name in STRAIGHT},
            **pose_fields(pose.reshape(-1)),
        )

    def validate(self, model: HeadModel) -> list[str]:
        """What is wrong with these parameters on ``model``, one entry for each number at fault.

        An entry names the component, by name where the model has one, its value and its range:
        "expr[12] (jawOpen) is 5.2, beyond 0..1". Shape and expression have the model's ranges, neck, jaw
        and eyes those of anatomy (in radians), the lids 0..1; root and translation may be anything near.
        Numbers that are none, too many components, and offsets for another mesh are told, too.
        """
        return problems_of(self, model)

    def replace(self, **changes: ArrayLike | None) -> Params:
        """The same parameters with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def pose(self) -> FloatArray:
        """The full pose (15,): root, neck, jaw, left eye, right eye."""
        return full_pose(self)


def _between(start: FloatArray, end: FloatArray, amount: float) -> FloatArray:
    """Linear interpolation; what both share stays the array that it is."""
    return start if start is end else (1.0 - amount) * start + amount * end


def _offset_between(start: FloatArray | None, end: FloatArray | None, amount: float) -> FloatArray | None:
    given = [offset for offset in (start, end) if offset is not None]
    if len(given) == 2 and len(given[0]) != len(given[1]):
        raise ValueError(f"vertex_offset has {len(given[0])} vertices here and {len(given[1])} there.")
    if start is end:
        return start
    nothing = np.zeros_like(given[0])
    return _between(nothing if start is None else start, nothing if end is None else end, amount)
