"""The parameters of many heads at once, as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.flame.params import FloatArray, Params


@dataclass(frozen=True, eq=False)
class Batch:
    """T heads of one model, units as in :class:`studio.flame.params.Params`; arrays are not copied."""

    shape: FloatArray  # (1, S) for one identity, or (T, S)
    expr: FloatArray  # (T, E)
    pose: FloatArray  # (T, 15) root, neck, jaw, left eye, right eye
    translation: FloatArray  # (T, 3)
    eyelids: FloatArray  # (T, 2)
    static_offset: FloatArray | None = None  # (V, 3) for all heads
    dynamic_offset: FloatArray | None = None  # (T, V, 3) on top of it

    def __post_init__(self) -> None:
        """Check that the arrays belong together.

        Raises:
            ValueError: they do not, or there is no head.

        """
        count = len(self.pose)
        if count == 0:
            raise ValueError("A batch needs at least one head.")
        widths = {"shape": None, "expr": None, "pose": 15, "translation": 3, "eyelids": 2}
        for name, width in widths.items():
            values = getattr(self, name)
            rows = (1, count) if name == "shape" else (count,)
            if values.ndim != 2 or len(values) not in rows or width not in (None, values.shape[1]):
                raise ValueError(f"{name} must be ({count}, {width or 'n'}), not {values.shape}.")

    @classmethod
    def of(cls, heads: Sequence[Params]) -> Batch:
        """The parameters of several heads in one batch; one identity is kept once.

        Raises:
            ValueError: there is no head, or they differ in the number of their components or vertices.

        """
        if not heads:
            raise ValueError("A batch needs at least one head.")
        first = heads[0]
        is_one_identity = all(
            head.shape is first.shape or np.array_equal(head.shape, first.shape) for head in heads
        )
        return cls(
            shape=first.shape[None] if is_one_identity else np.stack([head.shape for head in heads]),
            expr=np.stack([head.expr for head in heads]),
            pose=np.stack([head.pose for head in heads]),
            translation=np.stack([head.translation for head in heads]),
            eyelids=np.stack([head.eyelids for head in heads]),
            **_offsets(heads),
        )

    def __len__(self) -> int:
        """T."""
        return len(self.pose)

    def part(self, first: int, last: int) -> Batch:
        """The heads ``first`` up to ``last``, without a copy."""
        moving = self.dynamic_offset
        return Batch(
            shape=self.shape if len(self.shape) == 1 else self.shape[first:last],
            expr=self.expr[first:last],
            pose=self.pose[first:last],
            translation=self.translation[first:last],
            eyelids=self.eyelids[first:last],
            static_offset=self.static_offset,
            dynamic_offset=None if moving is None else moving[first:last],
        )


def _offsets(heads: Sequence[Params]) -> dict[str, FloatArray]:
    offsets = [head.vertex_offset for head in heads]
    given = next((offset for offset in offsets if offset is not None), None)
    if given is None:
        return {}
    if all(offset is given for offset in offsets):
        return {"static_offset": given}
    still = np.zeros_like(given)
    return {"dynamic_offset": np.stack([still if offset is None else offset for offset in offsets])}
