"""The layouts in which detectors give landmarks of a face, and what they are among the 68 of iBUG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmark_names import IBUG, MEDIAPIPE_COUNT

Array = NDArray[np.float64]

CONTOUR = 17  # the first points of the 68
_SLIDING = 0.5  # confidence of contour points between which a layout has none of iBUG's
_IRISES = 10  # points of MediaPipe's later mesh, five an eye


@dataclass(frozen=True, eq=False)
class FacePoints:
    """The points of one face as a file has them."""

    points: Array  # (K, 2); NaN where one is not known
    confidence: Array  # (K,) 0..1, 0 where a point is not known

    @classmethod
    def of(cls, points: Array, scores: Array | None = None) -> FacePoints:
        """Points (K, 2) with their scores (K,); those above 1, as some detectors give them, count as 1."""
        points = np.asarray(points, np.float64)
        confidence = np.ones(len(points)) if scores is None else np.asarray(scores, np.float64)
        confidence = np.clip(np.nan_to_num(confidence, nan=0.0), 0.0, 1.0)
        confidence = np.where(np.isfinite(points).all(axis=1), confidence, 0.0)
        return cls(points, confidence)

    @property
    def known(self) -> Array:
        """(N, 2) the points that are known."""
        return self.points[self.confidence > 0.0]

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom of the known points; None without any."""
        known = self.known
        if not len(known):
            return None
        (left, top), (right, bottom) = known.min(axis=0), known.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def area(self) -> float:
        """Of their box."""
        box = self.box
        return 0.0 if box is None else (box[2] - box[0]) * (box[3] - box[1])

    def moved(self, points: Array) -> FacePoints:
        """The same points elsewhere."""
        return FacePoints(points, self.confidence)


def _indices(*rows: tuple[int, ...] | range) -> NDArray[np.intp]:
    return np.concatenate([np.asarray(tuple(row), np.intp) for row in rows])


_ALL = range(68)
# For each count of points: which of them are iBUG's, in order; -1 where there is none
_TO_68: dict[int, NDArray[np.intp]] = {
    68: _indices(_ALL),
    70: _indices(_ALL),  # two eyeballs follow
    51: _indices((-1,) * CONTOUR, range(51)),
    133: _indices(range(23, 91)),  # of a whole body: 17 of the body and 6 of the feet before the face
    98: _indices(
        range(0, 33, 2),
        *(range(33, 38), range(42, 47), range(51, 60)),
        *((60, 61, 63, 64, 65, 67), (68, 69, 71, 72, 73, 75)),
        range(76, 96),
    ),
    106: _indices(
        range(0, 33, 2),
        *(range(33, 38), range(42, 47), range(51, 55), range(58, 63)),
        *((66, 67, 69, 70, 71, 73), (75, 76, 78, 79, 80, 82)),
        range(84, 104),
    ),
}
_HALVED = (98, 106)  # whose 33 points of the contour are halved
MESH_COUNTS = (MEDIAPIPE_COUNT, MEDIAPIPE_COUNT + _IRISES)
COUNTS = (*sorted(_TO_68), *MESH_COUNTS)

# Of MediaPipe's mesh: one point, or the two between which iBUG's is. Its face oval is fixed on the skin and
# does not follow the view, so that the contour is not taken.
_BROWS = ((46, 70), (53, 63), (52, 105), (65, 66), (55, 107))
_LEFT_BROWS = ((285, 336), (295, 296), (282, 334), (283, 293), (276, 300))
_NOSE = (168, 197, 5, 4, 98, 97, 2, 326, 327)
_EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
_LIPS = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 81, 13, 311, 308, 402, 14, 178)


def to_68(face: FacePoints) -> FacePoints | None:
    """``face`` in iBUG's order; None where its count of points is not known."""
    count = len(face.points)
    if count in MESH_COUNTS:
        return _from_mesh(face)
    places = _TO_68.get(count)
    if places is None:
        return None
    known = places >= 0
    points = np.where(known[:, None], face.points[places], np.nan)
    confidence = np.where(known, face.confidence[places], 0.0)
    if count in _HALVED:
        confidence[1 : CONTOUR - 1] *= _SLIDING
    return FacePoints(points, confidence)


def _from_mesh(face: FacePoints) -> FacePoints:
    points, confidence = np.full((68, 2), np.nan), np.zeros(68)
    pairs = [*_BROWS, *_LEFT_BROWS, *((one, one) for one in (*_NOSE, *_EYES, *_LIPS))]
    first, second = np.array(pairs).T
    points[CONTOUR:] = 0.5 * (face.points[first] + face.points[second])
    confidence[CONTOUR:] = np.minimum(face.confidence[first], face.confidence[second])
    return FacePoints(points, confidence)


@cache
def mirror_order() -> NDArray[np.intp]:
    """(68,) for each point the one on the other side of the face."""
    places = {landmark.name: landmark.index for landmark in IBUG}

    def other(name: str) -> str:
        swapped = {"right": "left", "left": "right"}
        return " ".join(swapped.get(word, word) for word in name.split(" "))

    order = np.array([places[other(landmark.name)] for landmark in IBUG], np.intp)
    order.setflags(write=False)
    return order
