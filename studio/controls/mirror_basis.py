"""What a reflection from left to right does to the components of a basis, as matrices.

A basis that names its sides swaps names. Of any other one the mirror image of each component is approached
by least squares on the basis itself. A reflection that is made twice is nothing, so its eigenvalues are 1
and -1; those of the least squares are near them, and are taken there, so that here, too, twice is nothing.
Components that have no mirror image in the basis stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import other_side
from studio.controls.mirror_surface import mirror_surface
from studio.flame.areas import areas
from studio.flame.model import HeadModel

Array = NDArray[np.float64]
Field = Literal["shape", "expr"]
Side = Literal["left", "right"]

EFFORT = 5e-6  # metres over the whole head that the whole range of a component costs
TURNED = -0.5  # eigenvalues below it are those of components that go the other way
LEAST_REACH = 1e-6  # of a component with no range
WHOLE = (("jawLeft", "jawRight"), ("mouthLeft", "mouthRight"))  # the whole part, to the one side or the other


@dataclass(frozen=True, eq=False)
class MirrorBasis:
    """For a basis of N components: what a reflection makes of them, and of one side on both."""

    flip: Array  # (N, N) its own inverse
    from_left: Array  # (N, N) both sides as the left one is
    from_right: Array  # (N, N)

    def copied_from(self, source: Side) -> Array:
        """The matrix (N, N) that has both sides as ``source`` is."""
        return self.from_left if source == "left" else self.from_right


_found: WeakKeyDictionary[HeadModel, dict[Field, MirrorBasis]] = WeakKeyDictionary()


def mirror_basis(model: HeadModel, field: Field) -> MirrorBasis:
    """What a reflection does to the components ``field`` of ``model``; solved where they have no names."""
    base = model.original
    known = _found.setdefault(base, {})
    if field not in known:
        names = base.shape_names if field == "shape" else base.expression_names
        known[field] = _by_name(names) if names_sides(names) else _solved(base, field)
    return known[field]


def names_sides(names: tuple[str, ...]) -> bool:
    """Whether ``names`` tell what is left and what is right."""
    return any(partner(names, index) is not None for index in range(len(names)))


def partner(names: tuple[str, ...], index: int) -> int | None:
    """The component that does on the other side what ``index`` does; None where it has no side."""
    other = other_side(names[index]) if index < len(names) else None
    return names.index(other) if other is not None and other in names else None


def _by_name(names: tuple[str, ...]) -> MirrorBasis:
    count = len(names)
    flip, from_left, from_right = np.eye(count), np.eye(count), np.eye(count)
    for index, name in enumerate(names):
        other = partner(names, index)
        if other is None:
            continue
        flip[index] = np.eye(count)[other]
        (from_right if name.endswith("Left") else from_left)[index] = np.eye(count)[other]
    for pair in WHOLE:
        if set(pair) <= set(names):
            left, right = (names.index(name) for name in pair)
            flip[[left, right]] = flip[[right, left]]
    return MirrorBasis(flip, from_left, from_right)


def _solved(model: HeadModel, field: Field) -> MirrorBasis:
    basis, ranges = (
        (model.shapedirs, model.shape_ranges)
        if field == "shape"
        else (model.expressiondirs, model.expression_ranges)
    )
    count = basis.shape[2]
    if not count:
        return MirrorBasis(*(np.zeros((0, 0)),) * 3)
    surface = mirror_surface(model)
    reach = np.maximum(np.abs(ranges).max(axis=1), LEAST_REACH)
    area = areas(model.v_template, model.faces)
    share = np.sqrt(area / max(area.sum(), 1e-300))[:, None, None] * reach
    own = (basis * share).reshape(-1, count).astype(np.float32)
    image = (surface.reflected(basis) * share).reshape(-1, count).astype(np.float32)
    left = np.repeat(surface.left(model.v_template), 3)[:, None].astype(np.float32)
    products, crossed, kept = (
        (own.T @ part).astype(np.float64) for part in (own, image, left * own + (1.0 - left) * image)
    )
    root = np.linalg.cholesky(products + EFFORT**2 * np.eye(count))
    halves = np.linalg.solve(root, np.linalg.solve(root, crossed.T).T)
    sizes, ways = np.linalg.eigh(0.5 * (halves + halves.T))
    signs = np.where(sizes < TURNED, -1.0, 1.0)
    flip = np.linalg.solve(root.T, (ways * signs) @ ways.T @ root.T)
    both = 0.5 * (np.eye(count) + flip)
    sides = [
        both @ np.linalg.solve(root.T, np.linalg.solve(root, part))
        for part in (kept, products + crossed - kept)
    ]
    return MirrorBasis(*(reach[:, None] * matrix / reach for matrix in (flip, *sides)))
