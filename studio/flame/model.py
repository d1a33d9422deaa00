"""The head model as data: the arrays of one FLAME-layout model and what is known of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.flame.texture_model import TextureSource

if TYPE_CHECKING:
    from studio.flame.landmark_sets import LandmarkSet

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int32]

JOINT_NAMES = ("root", "neck", "jaw", "left_eye", "right_eye")
PARENTS = (-1, 0, 1, 1, 1)


def _freeze(record: HeadModel | LandmarkEmbedding) -> None:
    for entry in fields(record):
        value = getattr(record, entry.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)


@dataclass(frozen=True, eq=False)
class LandmarkEmbedding:
    """The 68 iBUG landmarks as barycentric points between three vertices each.

    They name vertices and not faces, so that they stay where they are on a mesh that has lost or
    gained faces. ``static_*`` are iBUG 17..67. ``contour_*`` hold one row of 17 points (iBUG 0..16)
    per yaw in RingNet's order: row 0 frontal, rows 1..39 for 1..39 degrees, rows 40..78 for -1..-39
    degrees.
    """

    static_corners: IndexArray  # (51, 3)
    static_barycentric: FloatArray  # (51, 3)
    contour_corners: IndexArray  # (79, 17, 3)
    contour_barycentric: FloatArray  # (79, 17, 3)

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        _freeze(self)


@dataclass(frozen=True)
class Corrective:
    """An expression unit that only makes sense on top of a pose.

    With joint ``joint`` at ``pose`` (3,) radians the unit may reach 1; with the joint at a
    fraction of that pose, only that fraction. ``mouthClose`` over the open jaw is the one in use.
    """

    expression: int
    joint: int
    pose: tuple[float, float, float]


@dataclass(frozen=True)
class Variant:
    """How a mesh differs from the one in its model's file."""

    teeth: bool = False  # with teeth in VHAP's layout
    without: frozenset[str] = frozenset()  # regions whose faces are left out


@dataclass(frozen=True, eq=False)
class HeadModel:
    """One head model in the FLAME layout, immutable, all arrays float32/int32 and C-contiguous.

    Arrays are taken over, not copied, and made read-only: takes, backends and canvas share them.
    Frame: right-handed, metres, +Y up, +Z out of the face, +X to the subject's left. V vertices,
    F faces, S shape and E expression components, joints as in ``JOINT_NAMES``.
    """

    name: str
    version: str
    digest: str
    licence: str
    v_template: FloatArray  # (V, 3)
    faces: IndexArray  # (F, 3), counter-clockwise seen from outside
    shapedirs: FloatArray  # (V, 3, S)
    expressiondirs: FloatArray  # (V, 3, E)
    posedirs: FloatArray  # (V, 3, 36): neck, jaw, left eye, right eye, each row-major R - I
    j_regressor: FloatArray  # (5, V)
    lbs_weights: FloatArray  # (V, 5)
    shape_ranges: FloatArray  # (S, 2) lowest and highest value a control offers
    expression_ranges: FloatArray  # (E, 2)
    shape_names: tuple[str, ...] = ()  # empty: the model does not name them
    expression_names: tuple[str, ...] = ()
    landmarks: LandmarkEmbedding | None = None
    other_landmarks: Mapping[str, LandmarkSet] = field(default_factory=dict)  # by name, from files
    uv: FloatArray | None = None  # (U, 2), v up
    uv_faces: IndexArray | None = None  # (F, 3) into uv
    regions: Mapping[str, IndexArray] = field(default_factory=dict)  # name -> sorted vertex ids
    correctives: tuple[Corrective, ...] = ()
    eyelids: FloatArray | None = None  # (V, 3, 2) from open to closed, left then right, unposed
    albedo: Path | None = None  # sRGB image indexed by uv
    textures: tuple[TextureSource, ...] = ()  # linear models of further images indexed by uv
    source: Path | None = None  # the file or folder it was read from
    notices: tuple[str, ...] = ()  # sentences on what lies beside it and could not be used
    parents: tuple[int, ...] = PARENTS
    variant: Variant = Variant()
    base: HeadModel | None = None  # the model of the file, where this is a variant of it

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        _freeze(self)
        for indices in self.regions.values():
            indices.setflags(write=False)

    @property
    def original(self) -> HeadModel:
        """The model of the file: itself, where it is no variant."""
        return self if self.base is None else self.base

    @property
    def vertex_count(self) -> int:
        """V."""
        return self.v_template.shape[0]

    @property
    def shape_count(self) -> int:
        """S."""
        return self.shapedirs.shape[2]

    @property
    def expression_count(self) -> int:
        """E."""
        return self.expressiondirs.shape[2]
