"""The sets of landmarks that a head model offers, as plain data, and where their points are on a surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmark_names import EYE_FRONTS, IBUG, Landmark
from studio.flame.landmarks import CONTOUR_COUNT

if TYPE_CHECKING:
    from studio.flame.model import HeadModel, LandmarkEmbedding

SetName = Literal["68", "51", "70", "fixed68", "mediapipe"]
SET_NAMES: tuple[SetName, ...] = get_args(SetName)
TITLES: dict[SetName, str] = {
    "68": "68, contour follows the view",
    "51": "51, without contour",
    "70": "70, with the eyes",
    "fixed68": "68, fixed contour",
    "mediapipe": "105, MediaPipe",
}
NEEDS: dict[SetName, str] = {
    "68": "needs the static and the dynamic landmark embedding",
    "51": "needs the static landmark embedding",
    "70": "needs the 68 landmarks and eyeballs",
    "fixed68": "needs landmark_embedding.npy, as DECA has it",
    "mediapipe": "needs mediapipe_landmark_embedding.npz and a FLAME head",
}
EYEBALLS = ("right_eyeball", "left_eyeball")


@dataclass(frozen=True, eq=False)
class LandmarkSet:
    """L landmarks as barycentric points between three vertices each.

    Their places are in R rows: one row for every pose, or the 79 rows of the contour by yaw, in the
    order that :class:`studio.flame.model.LandmarkEmbedding` tells.
    """

    name: SetName
    landmarks: tuple[Landmark, ...]  # L
    corners: NDArray[np.int32]  # (R, L, 3) vertices
    barycentric: NDArray[np.float32]  # (R, L, 3)

    def __post_init__(self) -> None:
        """Make the arrays read-only.

        Raises:
            ValueError: the arrays and the landmarks do not have the same length.

        """
        shape = (len(self.corners), len(self.landmarks), 3)
        if self.corners.shape != shape or self.barycentric.shape != shape:
            raise ValueError(f"Corners and barycentric weights must have shape {shape}.")
        for array in (self.corners, self.barycentric):
            array.setflags(write=False)

    @property
    def indices(self) -> NDArray[np.int32]:
        """The number of each landmark in its scheme (L,): iBUG's with 68 and 69 the eyes, or MediaPipe's."""
        return np.array([landmark.index for landmark in self.landmarks], np.int32)

    def row(self, contour_row: int) -> int:
        """The row of this set for the row of a contour table."""
        return contour_row if len(self.corners) > 1 else 0


def landmark_positions(
    vertices: NDArray[np.float32], marks: LandmarkSet, contour_row: int
) -> NDArray[np.float32]:
    """Where the landmarks are (L, 3) on posed ``vertices`` (V, 3), summed in float64."""
    row = marks.row(contour_row)
    corners = vertices[marks.corners[row]].astype(np.float64)
    return (corners * marks.barycentric[row][..., None]).sum(axis=1).astype(np.float32)


def landmark_set(model: HeadModel, name: SetName) -> LandmarkSet | None:
    """The set called ``name`` on ``model``; None where the model does not have what it needs."""
    given = model.other_landmarks.get(name)
    if given is not None or model.landmarks is None:
        return given
    match name:
        case "68":
            return _turning(model.landmarks)
        case "51":
            return static_set(model.landmarks.static_corners, model.landmarks.static_barycentric)
        case "70":
            fronts = eye_fronts(model)
            return None if fronts is None else with_eyes(model.landmarks, *fronts)
    return None


def offered_sets(model: HeadModel) -> tuple[SetName, ...]:
    """The names of the sets that ``model`` has."""
    return tuple(name for name in SET_NAMES if landmark_set(model, name) is not None)


def shown_set(model: HeadModel, wanted: SetName) -> LandmarkSet | None:
    """The set called ``wanted``, or the first one that ``model`` has; None where it has none."""
    for name in (wanted, *SET_NAMES):
        marks = landmark_set(model, name)
        if marks is not None:
            return marks
    return None


def static_set(corners: NDArray[np.int32], barycentric: NDArray[np.float32]) -> LandmarkSet:
    """The 51 points of the face (51, 3), iBUG 17..67."""
    return LandmarkSet("51", IBUG[CONTOUR_COUNT:], corners[None], barycentric[None])


def with_eyes(
    embedding: LandmarkEmbedding, corners: NDArray[np.int32], barycentric: NDArray[np.float32]
) -> LandmarkSet:
    """The 68 points of ``embedding`` and two points (2, 3) on the right and the left eyeball."""
    turning = _turning(embedding)
    rows = len(turning.corners)
    eyes = (np.broadcast_to(part, (rows, 2, 3)) for part in (corners, barycentric))
    tables = (
        np.ascontiguousarray(np.concatenate(pair, axis=1))
        for pair in zip((turning.corners, turning.barycentric), eyes, strict=True)
    )
    return LandmarkSet("70", (*IBUG, *EYE_FRONTS), *tables)


def eye_fronts(model: HeadModel) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
    """The foremost vertex of the right and the left neutral eyeball, as corners and weights (2, 3)."""
    fronts = []
    for region in EYEBALLS:
        vertices = model.regions.get(region)
        if vertices is None or not len(vertices):
            return None
        fronts.append(vertices[np.argmax(model.v_template[vertices, 2])])
    corners = np.repeat(np.array(fronts, np.int32)[:, None], 3, axis=1)
    return corners, np.tile(np.array([1.0, 0.0, 0.0], np.float32), (2, 1))


def _turning(embedding: LandmarkEmbedding) -> LandmarkSet:
    rows = len(embedding.contour_corners)
    tables = []
    for contour, static in (
        (embedding.contour_corners, embedding.static_corners),
        (embedding.contour_barycentric, embedding.static_barycentric),
    ):
        tables.append(np.concatenate([contour, np.broadcast_to(static, (rows, *static.shape))], axis=1))
    return LandmarkSet("68", IBUG, *tables)
