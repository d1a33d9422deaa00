"""Landmarks of a photo from a file: one face chosen, in pixels of the photo, in the head's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.fitting.observation import Box, Landmarks2D
from studio.fitting.reading.landmark_checks import fit_size, is_apart, mend_arrangement
from studio.fitting.reading.landmark_files import read_faces
from studio.fitting.reading.landmark_layouts import COUNTS, MESH_COUNTS, FacePoints, to_68
from studio.flame.landmark_sets import landmark_set
from studio.storage.errors import UnfitFileError

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

FEWEST = 6  # points that tell where a head is


@dataclass(frozen=True, eq=False)
class LandmarksFound:
    """What a file says of the faces on a photo."""

    faces: tuple[Landmarks2D, ...]  # the largest first
    chosen: int
    notices: tuple[str, ...] = ()  # sentences on what was not as it should be

    @property
    def landmarks(self) -> Landmarks2D:
        """Those of the chosen face."""
        return self.faces[self.chosen]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Around the known points of each face."""
        return tuple(box_of(face) for face in self.faces)


def read_landmarks(
    path: Path,
    size: tuple[int, int],
    model: HeadModel | None = None,
    face: int | None = None,
    box: Box | None = None,
    found: Sequence[Box] = (),
    frame: int = 0,
) -> LandmarksFound:
    """The landmarks in the file at ``path`` for a photo of ``size``.

    Layouts of 51, 68, 70, 98, 106 and 133 points and MediaPipe's mesh become the 68 of iBUG, points that a
    layout lacks with confidence 0; the mesh becomes MediaPipe's 105 where ``model`` has them. Points in
    shares of the photo or of a picture of another usual size, and swapped ones, are mended with a notice.

    Args:
        path: JSON of MMPose, npy, npz, pts, txt, csv, mat or pkl.
        size: width and height of the upright photo.
        model: the head that is to be fitted.
        face: which of several, from 0, the largest first; None: the one in ``box``, or the largest.
        box: around the face that is meant.
        found: faces that a detector saw in the photo, which tell where landmarks can be.
        frame: of a film.

    Raises:
        StudioError: the file cannot be read, has another count of points, too few that are known, no such
            face, or points of another picture.

    """
    name = path.name
    return landmarks_of(read_faces(path, frame), size, name, model, face, box, found)


def landmarks_of(
    faces: Sequence[FacePoints],
    size: tuple[int, int],
    name: str,
    model: HeadModel | None = None,
    face: int | None = None,
    box: Box | None = None,
    found: Sequence[Box] = (),
) -> LandmarksFound:
    """As :func:`read_landmarks`, for ``faces`` as ``name`` has them.

    Raises:
        UnfitFileError: as there.

    """
    pairs = []
    for one in faces:
        ibug = to_68(one)
        if ibug is None:
            raise UnfitFileError(_unknown(name, len(one.points)))
        if np.count_nonzero(ibug.confidence) >= FEWEST:
            pairs.append((one, ibug))
    if not pairs:
        raise UnfitFileError(f"{name} has fewer than {FEWEST} points that are known; choose another file.")
    pairs.sort(key=lambda pair: -pair[1].area)
    mend, notice = fit_size(pairs[0][1], size, found, name)
    notices = [notice] if notice else []
    landmarks = []
    for raw, ibug in pairs:
        placed = _placed(raw.moved(mend(raw.points)), ibug.moved(mend(ibug.points)), size, found, name, model)
        landmarks.append(placed[0])
        if placed[1] and placed[1] not in notices:
            notices.append(placed[1])
    chosen = _chosen(landmarks, face, box, name)
    if is_apart(landmarks[chosen].points[landmarks[chosen].known], found):
        notices.append(
            f"The points of {name} are not where a face was found; check that they belong to this photo."
        )
    if len(landmarks) > 1 and face is None and box is None:
        notices.append(f"{name} holds {len(landmarks)} faces: the largest was taken.")
    return LandmarksFound(tuple(landmarks), chosen, tuple(notices))


def box_of(landmarks: Landmarks2D) -> Box:
    """Around the known points."""
    known = landmarks.points[landmarks.known]
    (left, top), (right, bottom) = known.min(axis=0), known.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _unknown(name: str, count: int) -> str:
    what = "body joints" if count in (17, 18, 21, 25, 42) else f"{count} points a face"
    if count < FEWEST:
        what = f"{count} points a face, too few to fit a head to"
    known = ", ".join(str(one) for one in COUNTS[:-1])
    return f"{name} has {what}; give one with {known} or {COUNTS[-1]} points."


def _placed(
    raw: FacePoints,
    ibug: FacePoints,
    size: tuple[int, int],
    found: Sequence[Box],
    name: str,
    model: HeadModel | None,
) -> tuple[Landmarks2D, str]:
    """A face in pixels of the photo, in the order of one of the head's sets, and a notice."""
    mended, notice = mend_arrangement(ibug, size, found, name)
    marks = landmark_set(model, "mediapipe") if model and len(raw.points) in MESH_COUNTS else None
    if marks is not None and not notice:
        return Landmarks2D(raw.points[marks.indices], raw.confidence[marks.indices], "mediapipe"), ""
    return Landmarks2D(mended.points, mended.confidence), notice


def _chosen(landmarks: Sequence[Landmarks2D], face: int | None, box: Box | None, name: str) -> int:
    if face is not None:
        if not 0 <= face < len(landmarks):
            faces = "one face" if len(landmarks) == 1 else f"{len(landmarks)} faces"
            raise UnfitFileError(f"{name} holds {faces}, so there is no face {face + 1}; choose another one.")
        return face
    if box is None:
        return 0
    inside = [_share_in(one, box) for one in landmarks]
    return int(np.argmax(inside))


def _share_in(landmarks: Landmarks2D, box: Box) -> float:
    known = landmarks.points[landmarks.known]
    return float(((known >= box[:2]) & (known <= box[2:])).all(axis=1).mean())
