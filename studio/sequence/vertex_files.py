"""Sequences of vertices, as speech models have them: what they are, and how to bring them to metres."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FloatArray
from studio.flame.versions import FLAME_VERTICES
from studio.storage.errors import StudioError

FPS = 30.0  # of speech models; VOCASET is recorded at 60 and often halved
RATE = "assumed; speech models have 30, VOCASET itself 60"
FEWEST = 4  # vertices of a mesh
MILLIMETRES, LARGEST_HEAD, SMALLEST_HEAD = 10.0, 2.0, 0.06  # sizes of a head in its file, in metres
TEMPLATES = "templates.pkl"


def vertex_shape(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """T and V of an array of vertices of ``shape``: (T, V, 3), (V, 3) or (T, 3 V); None for others."""
    if len(shape) == 3 and shape[2] == 3 and shape[1] >= FEWEST:
        return shape[0], shape[1]
    if len(shape) == 2 and shape[1] == 3 and shape[0] >= FEWEST:
        return 1, shape[0]
    if len(shape) == 2 and shape[1] % 3 == 0 and shape[1] >= 1000:
        return shape[0], shape[1] // 3
    if len(shape) == 1 and shape[0] == 3 * FLAME_VERTICES:
        return 1, FLAME_VERTICES
    return None


@dataclass(frozen=True)
class Scale:
    """How the numbers of a file become vertices: ``factor`` to metres, and whether they are differences."""

    factor: float
    differences: bool
    note: str

    @classmethod
    def of(cls, frame: NDArray, label: str) -> Scale:
        """What the first ``frame`` (V, 3) looks like.

        Raises:
            StudioError: it holds a number that is not finite, or is no head of any size.

        """
        values = np.asarray(frame, np.float64)
        if not np.isfinite(values).all():
            raise StudioError(f"The vertices in {label} are not finite in frame 0; repair that clip.")
        size = float(np.ptp(values, axis=0).max())
        if size <= SMALLEST_HEAD:
            return cls(
                1.0, True, "The numbers are too small for a head: taken as differences from a neutral one."
            )
        if size <= LARGEST_HEAD:
            return cls(1.0, False, "")
        if size >= MILLIMETRES and size <= 1000.0 * LARGEST_HEAD:
            return cls(1e-3, False, "The vertices are in millimetres and were made metres.")
        raise StudioError(
            f"The vertices in {label} span {size:g} units, which is no head in metres or millimetres; scale "
            "them."
        )


def subject_of(path: Path, subjects: Mapping[str, Any]) -> str | None:
    """Which of ``subjects`` the name of the file at ``path`` says; the longest one that fits."""
    name = path.stem.lower()
    fitting = [subject for subject in subjects if _says(name, subject.lower())]
    return max(fitting, key=len, default=None)


def _says(name: str, subject: str) -> bool:
    return re.search(rf"(?:^|[^a-z0-9]){re.escape(subject)}(?:$|[^a-z0-9])", name) is not None


def templates_in(value: Any) -> dict[str, FloatArray]:
    """The heads (V, 3) by subject in the content of a file; empty where it is something else."""
    if not isinstance(value, Mapping) or not value:
        return {}
    heads: dict[str, FloatArray] = {}
    for name, entry in value.items():
        if not isinstance(entry, np.ndarray) or entry.dtype.kind not in "iuf":
            return {}
        shape = vertex_shape(entry.shape)
        if shape is None or shape[0] != 1 or not np.isfinite(entry).all():
            return {}
        heads[name.decode("latin1") if isinstance(name, bytes) else str(name)] = np.asarray(
            entry, np.float32
        ).reshape(-1, 3)
    return heads if len({len(head) for head in heads.values()}) == 1 else {}
