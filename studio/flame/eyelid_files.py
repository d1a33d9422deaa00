"""The published pair of eyelid files: how the left and the right lid of FLAME's mesh move when they close."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import FloatArray
from studio.storage.arrays import npy_header, read_npy
from studio.storage.errors import StudioError
from studio.storage.npy import Header

_NAME = re.compile(r"(?:^|[_\-.])(l|left|r|right)[_\-]?eyelids?$", re.IGNORECASE)
LARGEST_MOVE = 0.05  # metres; the published lids move by less than 10 mm


@dataclass(frozen=True, eq=False)
class FoundEyelids:
    """The eyelids (V, 3, 2), left then right, and sentences on what was done about odd files."""

    directions: FloatArray | None = None
    problems: tuple[str, ...] = ()


def side_of(path: Path) -> str:
    """The side, "left" or "right", in a name such as ``l_eyelid.npy``; else empty."""
    found = _NAME.search(path.stem)
    return {"l": "left", "r": "right"}[found[1][0].lower()] if found else ""


def is_eyelid(path: Path, header: Header) -> bool:
    """Whether the npy at ``path`` holds displacements of an eyelid, by its name, type and shape."""
    return bool(side_of(path)) and header.dtype.kind == "f" and header.shape[1:] == (3,)


def gather_eyelids(paths: Sequence[Path], vertices: FloatArray) -> FoundEyelids:
    """The pair of eyelids among ``paths`` for the neutral head ``vertices`` (V, 3).

    Which side a file moves is told by where its vertices lie: the left is +X.
    """
    sides: dict[str, tuple[Path, NDArray]] = {}
    problems = []
    for path in paths:
        try:
            moved = _checked(path, vertices)
        except StudioError as error:
            problems.append(str(error))
            continue
        side = _moved_side(moved, vertices)
        if side != side_of(path) and side not in sides:
            problems.append(f"{path.name} moves the {side} eyelid and is used for that side.")
        sides.setdefault(side, (path, moved))
    if len(sides) == 1:
        (side,) = sides
        other = "right" if side == "left" else "left"
        problems.append(f"There is a file for the {side} eyelid, but none for the {other}; get both.")
    if len(sides) < 2:
        return FoundEyelids(None, tuple(problems))
    pair = [sides[side][1] for side in ("left", "right")]
    return FoundEyelids(np.stack(pair, axis=2).astype(np.float32), tuple(problems))


def _checked(path: Path, vertices: FloatArray) -> NDArray:
    """The displacements (V, 3) in metres at ``path``.

    Raises:
        StudioError: it cannot be read, is for another mesh, or no lid moves so.

    """
    count = npy_header(path).shape[0]
    if count != len(vertices):
        raise StudioError(
            f"{path.name} is for a head of {count} vertices, but the model has {len(vertices)}; "
            "use the file made for this model."
        )
    moved = np.asarray(read_npy(path))
    farthest = np.abs(moved).max(initial=0.0)
    if not 0.0 < farthest <= LARGEST_MOVE:
        raise StudioError(
            f"{path.name} does not hold how an eyelid moves in metres, as it moves by {farthest:g}; "
            "get the file again."
        )
    return moved


def _moved_side(moved: NDArray, vertices: FloatArray) -> str:
    amounts = np.linalg.norm(moved, axis=1)
    middle = 0.5 * (vertices[:, 0].min() + vertices[:, 0].max())
    return "left" if amounts @ vertices[:, 0] / amounts.sum() > middle else "right"
