"""A model's landmarks from the tables of the files beside it; those made for another mesh are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmark_names import IBUG, Landmark, mediapipe
from studio.flame.landmark_sets import LandmarkSet, SetName, static_set, with_eyes
from studio.flame.landmark_tables import (
    Points,
    check_faces,
    contour_points,
    full_points,
    mediapipe_points,
    static_points,
)
from studio.flame.landmarks import CONTOUR_COUNT, FULL_COUNT
from studio.flame.model import FloatArray, IndexArray, LandmarkEmbedding
from studio.storage.errors import StudioError

SMALLEST_HEAD = 3 * FULL_COUNT  # vertices; on a coarser mesh landmarks share faces and tell nothing

# The points that tell whether landmarks lie on a face, by their numbers in iBUG's and in MediaPipe's scheme.
_IBUG_PARTS: Mapping[str, Sequence[int]] = {
    "right eye": range(36, 42),
    "left eye": range(42, 48),
    "nose tip": (30,),
    "nose base": range(31, 36),
    "mouth": range(48, 60),
}
_MEDIAPIPE_PARTS: Mapping[str, Sequence[int]] = {
    "right eye": (33, 133),
    "left eye": (263, 362),
    "nose tip": (4,),
    "nose base": (98, 97, 2, 326, 327),
    "mouth": (61, 0, 291, 17),
}


CONTOURS = ("contour", "still contour")  # the better one first


@dataclass(frozen=True, eq=False)
class FoundLandmarks:
    """What the files beside a model tell of its landmarks; ``problems`` are sentences."""

    embedding: LandmarkEmbedding | None = None
    others: Mapping[str, LandmarkSet] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def gather_landmarks(
    tables: Iterable[tuple[str, Mapping[str, Any]]], faces: IndexArray, vertices: FloatArray
) -> FoundLandmarks:
    """The landmarks of ``tables`` on a mesh; of each kind the first that fits it.

    Args:
        tables: names and contents of files, the preferred ones first.
        faces: (F, 3).
        vertices: (V, 3) of the neutral head, where it is seen whether landmarks lie on a face at all.

    """
    found: dict[str, Points] = {}
    problems = []
    for name, table in tables:
        try:
            parts = _fitting(table, name, faces, vertices)
        except StudioError as error:
            problems.append(str(error))
        else:
            found = parts | found
    embedding, others = _on_vertices(found, faces)
    return FoundLandmarks(embedding, others, tuple(problems))


def _fitting(
    table: Mapping[str, Any], name: str, faces: IndexArray, vertices: FloatArray
) -> dict[str, Points]:
    """The points of one file by what they are.

    Raises:
        StudioError: the file is for another mesh.

    """
    parts = {
        "static": static_points(table, name),
        **_contour(contour_points(table, name)),
        "fixed": full_points(table, name),
        "mediapipe": mediapipe_points(table, name),
    }
    present = {part: points for part, points in parts.items() if points is not None}
    for part, points in present.items():
        check_faces(points, len(faces), name)
        if len(vertices) >= SMALLEST_HEAD:
            fault = _misplaced(part, points, faces, vertices)
            if fault:
                raise StudioError(
                    f"{name} does not put its landmarks on the face of this model ({fault}); "
                    "use the landmark file made for this model."
                )
    return present


def _contour(points: Points | None) -> dict[str, Points | None]:
    """A contour, apart from one that stays the same at every yaw: that gives way to one that turns."""
    stays = points is not None and bool((points.faces == points.faces[0]).all())
    return {"still contour" if stays else "contour": points}


def _misplaced(part: str, points: Points, faces: IndexArray, vertices: FloatArray) -> str:
    """What is wrong with where points of the part ``part`` are on the neutral head; empty if nothing."""
    row = Points(points.faces[0], points.barycentric[0]) if part in CONTOURS else points
    corners = vertices[faces[row.faces]].astype(np.float64)
    places = (corners * row.barycentric[..., None]).sum(axis=1)
    match part:
        case "static":
            return _arrangement(dict(enumerate(places, CONTOUR_COUNT)), _IBUG_PARTS)
        case "mediapipe":
            return _arrangement(dict(zip(row.numbers, places, strict=True)), _MEDIAPIPE_PARTS)
        case "fixed":
            return _arrangement(dict(enumerate(places)), _IBUG_PARTS) or _jaw_line(places)
    return _jaw_line(places)


def _arrangement(places: Mapping[int, NDArray[np.float64]], parts: Mapping[str, Sequence[int]]) -> str:
    """What no face has: eyes on the wrong sides, under nose or mouth, or a nose that does not stand out."""
    if not all(number in places for numbers in parts.values() for number in numbers):
        return ""
    right, left, tip, base, mouth = (
        np.mean([places[number] for number in numbers], axis=0) for numbers in parts.values()
    )
    if right[0] >= left[0]:
        return "the right eye is not on the right"
    if not min(right[1], left[1]) > base[1] > mouth[1]:
        return "eyes, nose and mouth are not one under the other"
    if tip[2] <= max(right[2], left[2], mouth[2]):
        return "the nose tip is not in front"
    return ""


def _jaw_line(places: NDArray[np.float64]) -> str:
    """What no jaw has: ends on the wrong sides of the chin, or below it."""
    right, chin, left = places[[0, CONTOUR_COUNT // 2, CONTOUR_COUNT - 1]]
    if not right[0] < chin[0] < left[0] or chin[1] >= min(right[1], left[1]):
        return "the chin is not between and below the ends of the jaw line"
    return ""


def _on_vertices(
    found: Mapping[str, Points], faces: IndexArray
) -> tuple[LandmarkEmbedding | None, dict[str, LandmarkSet]]:
    """The points by vertices: the 68 that turn, and the sets that they do not give."""
    others: dict[str, LandmarkSet] = {}
    static, fixed = found.get("static"), found.get("fixed")
    contour = next((found[part] for part in CONTOURS if part in found), None)
    numbered = found.get("mediapipe")
    if numbered is not None:
        others["mediapipe"] = _single("mediapipe", mediapipe(numbered.numbers), numbered, faces)
    if fixed is not None:
        others["fixed68"] = _single("fixed68", IBUG, fixed.part(0, FULL_COUNT), faces)
    if static is None:
        return None, others
    if contour is None:
        return None, others | {"51": static_set(*_corners(static, faces))}
    embedding = LandmarkEmbedding(*_corners(static, faces), *_corners(contour, faces))
    if fixed is not None and len(fixed.faces) > FULL_COUNT:
        others["70"] = with_eyes(embedding, *_corners(fixed.part(FULL_COUNT, FULL_COUNT + 2), faces))
    return embedding, others


def _single(name: SetName, landmarks: tuple[Landmark, ...], points: Points, faces: IndexArray) -> LandmarkSet:
    """A set whose points are the same for every pose."""
    corners, weights = _corners(points, faces)
    return LandmarkSet(name, landmarks, corners[None], weights[None])


def _corners(points: Points, faces: IndexArray) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    return faces[points.faces], points.barycentric
