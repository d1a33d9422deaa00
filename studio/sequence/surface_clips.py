"""Clips that are surfaces and no parameters, on a model: its neutral head, moved vertex by vertex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.offsets import fits
from studio.flame.param_ranges import LARGEST_OFFSET
from studio.flame.params import FloatArray
from studio.sequence.clip import Clip
from studio.sequence.joints import GapsError
from studio.sequence.vertex_rows import VertexRows
from studio.storage.errors import StudioError


@dataclass(frozen=True, eq=False)
class Surfaces:
    """The vertices of every frame, and the neutral head of whom they are, where the file says it."""

    rows: VertexRows  # (T, V, 3) metres
    template: FloatArray | None = None  # (V, 3) metres
    differences: bool = False  # whether rows are differences from the neutral head
    gaps: bool = False  # whether frames that are not finite are made from those around them

    def part(self, start: int, stop: int) -> Surfaces:
        """Frames ``start`` to ``stop`` - 1."""
        return replace(self, rows=self.rows.part(start, stop))


def surface_clip(
    surfaces: Surfaces, pose: Mapping[str, FloatArray], model: HeadModel, label: str, fps: float
) -> Clip:
    """The clip of ``model`` whose vertices are those of ``surfaces``, in every frame.

    The components are 0: the neutral head of the file, where it has one, is the static offset from the
    model's, the rest the dynamic one. The model's teeth, which such files have not, stay.

    Args:
        surfaces: of T frames.
        pose: the fields of a pose (T, 2|3|6), which are 0 where the surfaces are to come out as they are.
        model: the head with these vertices.
        label: what the file is called.
        fps: frames per second.

    Raises:
        StudioError: the model has another number of vertices, or they are nowhere near it.

    """
    rows, count = surfaces.rows, surfaces.rows.shape[1]
    if not fits(count, model):
        raise StudioError(
            f"{label} has {count} vertices and {model.name} {model.original.vertex_count}; open the head "
            "model that it was made for, then open it again."
        )
    bare, total = model.v_template, model.vertex_count
    known = min(count, total)
    template = bare[:known] if surfaces.template is None else surfaces.template[:known]
    static = None
    if surfaces.template is not None:
        static = np.zeros((total, 3), np.float32)
        static[:known] = template - bare[:known]
        _check(static, label, "the neutral head")
    moving = rows.against(None if surfaces.differences else _padded(template, count), total)
    return Clip(
        shape=np.zeros(model.shape_count, np.float32),
        expr=np.zeros((len(rows), model.expression_count), np.float32),
        static_offset=static,
        dynamic_offset=_moving(moving, surfaces.gaps, label),
        fps=fps,
        model_name=model.name,
        model_digest=model.digest,
        **pose,
    )


def _moving(rows: VertexRows, gaps: bool, label: str) -> FloatArray:
    """``rows`` as an array where they are few; with frames that are not finite mended or refused."""
    if rows.stays_in_file:
        _check(rows[0], label, "its first frame")
        return rows.as_array()
    loaded = rows.rows(0, len(rows))
    whole = np.asarray(np.isfinite(loaded).all(axis=(1, 2)))
    if not whole.all():
        if not gaps or not whole.any():
            raise GapsError(
                f"The vertices in {label} are not finite in frame {int((~whole).argmax())}; repair that clip "
                "or leave the frame out."
            )
        loaded = _between(loaded, whole)
    _check(loaded, label, "some frame")
    loaded.setflags(write=False)
    return loaded


def _between(rows: FloatArray, whole: NDArray[np.bool_]) -> FloatArray:
    """``rows`` whose frames that are not ``whole`` are on the way between those around them."""
    known = np.flatnonzero(whole)
    mended = rows.copy()
    for frame in np.flatnonzero(~whole):
        after = int(np.searchsorted(known, frame))
        low, high = known[max(after - 1, 0)], known[min(after, len(known) - 1)]
        share = np.float32(0.0 if high <= low else (frame - low) / (high - low))
        mended[frame] = (1 - share) * rows[low] + share * rows[high]
    return mended


def _padded(template: FloatArray, count: int) -> FloatArray:
    if len(template) == count:
        return template
    whole = np.zeros((count, 3), np.float32)
    whole[: len(template)] = template
    return whole


def _check(offset: FloatArray, label: str, which: str) -> None:
    farthest = float(np.abs(offset).max(initial=0.0))
    if not farthest <= LARGEST_OFFSET:
        raise StudioError(
            f"{label} has vertices {farthest:g} m from where the model has them in {which}; move the head to "
            "the origin, in metres, and save it again."
        )
