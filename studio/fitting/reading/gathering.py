"""All that is known of a photo, gathered: the one way for the window, the shell and scripts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.fitting.observation import Box, Landmarks2D, Observation
from studio.fitting.reading.beside import landmarks_beside, mask_beside
from studio.fitting.reading.face_finding import find_faces
from studio.fitting.reading.landmark_checks import USUAL_SIZES
from studio.fitting.reading.landmark_files import read_faces
from studio.fitting.reading.landmarks import LandmarksFound, box_of, landmarks_of, read_landmarks
from studio.fitting.reading.masks import read_mask
from studio.fitting.reading.mesh_finding import find_meshes, landmarker_file
from studio.fitting.reading.photos import Photo, open_photo
from studio.storage.errors import StudioError, UnfitFileError

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

LARGEST_BLANK = 16384  # pixels of a side, to which landmarks without their photo may reach
_BLANK = 40  # sRGB of a photo that is none
_NARROWEST, _WIDEST = math.radians(1.0), math.radians(170.0)


@dataclass(frozen=True)
class Given:
    """What the user says of a photo; what is None is looked for."""

    landmarks: Path | None = None
    mask: Path | None = None
    face: int | None = None  # which of several, from 0: of landmarks the largest, of a detector the surest
    box: Box | None = None  # around the face that is meant
    focal: float | None = None  # pixels
    field_of_view: float | None = None  # radians, across the photo's width; instead of the focal length
    frame: int = 0  # of a film's landmarks


def observation_of(
    photo: Path,
    model: HeadModel | None = None,
    given: Given | None = None,
    folders: Sequence[Path] = (),
) -> tuple[Observation, tuple[str, ...]]:
    """What is known of the photo at ``photo``, and sentences on what was not as it should be.

    Landmarks and mask that are not given are taken from files beside the photo; without such, landmarks are
    found by MediaPipe's landmarker where its file is in one of ``folders``. Else there is a box around the
    face and no landmarks, and where no face is found, neither.

    Raises:
        StudioError: a file cannot be used, there is no such face, or the lens makes no sense.

    """
    given = given or Given()
    seen = open_photo(photo)
    notices = list(seen.notices)
    landmarks, box = _landmarks(photo, seen, model, given, folders, notices)
    values = None
    mask = given.mask or mask_beside(photo)
    if mask is not None:
        found = read_mask(mask, seen.size)
        values = found.values
        notices.extend(found.notices)
    observation = Observation(
        photo.name, seen.pixels, landmarks, values, box, _focal(given, seen.size) or seen.focal
    )
    return observation, tuple(notices)


def landmarks_alone(
    file: Path, model: HeadModel | None = None, given: Given | None = None
) -> tuple[Observation, tuple[str, ...]]:
    """The landmarks in ``file`` on a blank photo of the size that their places suggest, and sentences.

    Raises:
        StudioError: the file cannot be used, or there is no such face.

    """
    given = given or Given()
    known = np.concatenate([face.known for face in read_faces(file, given.frame)])
    farthest = float(known.max()) if len(known) else 0.0
    if farthest > LARGEST_BLANK:
        raise UnfitFileError(
            f"{file.name} has a point at {farthest:.4g}, farther than photos are large; give its photo, too."
        )
    side = next((size for size in USUAL_SIZES if farthest <= size), 2 * math.ceil(0.5 * farthest))
    found = read_landmarks(file, (side, side), model, given.face, given.box, (), given.frame)
    blank = np.broadcast_to(np.array(_BLANK, np.uint8), (side, side, 3))  # takes no memory
    focal = _focal(given, (side, side))
    observation = Observation(file.name, blank, found.landmarks, None, box_of(found.landmarks), focal)
    return observation, found.notices


def require_landmarks(observation: Observation) -> None:
    """Refuse what a head cannot be fitted to by itself.

    Raises:
        UnfitFileError: there are no landmarks.

    """
    if observation.landmarks is None:
        what = "has no landmarks" if observation.box is not None else "shows no face that could be found"
        stem = Path(observation.name).stem
        raise UnfitFileError(
            f"{observation.name} {what}; give a file of landmarks, put {stem}.json, {stem}.npy or {stem}.pts "
            "beside it, or put MediaPipe's face_landmarker.task into the model folder."
        )


def _landmarks(
    path: Path,
    photo: Photo,
    model: HeadModel | None,
    given: Given,
    folders: Sequence[Path],
    notices: list[str],
) -> tuple[Landmarks2D | None, Box | None]:
    file = given.landmarks or landmarks_beside(path)
    if file is not None:
        faces = _quickly(photo)
        return _told(
            read_landmarks(file, photo.size, model, given.face, given.box, faces, given.frame), notices
        )
    task = landmarker_file(folders)
    if task is not None:
        meshes = find_meshes(task, photo.pixels)
        if meshes:
            return _told(landmarks_of(meshes, photo.size, photo.name, model, given.face, given.box), notices)
    if given.box is not None:
        return None, given.box
    boxes = find_faces(photo.pixels)
    if not boxes:
        notices.append(f"No face was found in {photo.name}; draw a box around it, or give landmarks.")
        return None, None
    if given.face is not None and not 0 <= given.face < len(boxes):
        shown = "one face" if len(boxes) == 1 else f"{len(boxes)} faces"
        raise StudioError(
            f"{photo.name} shows {shown}, so there is no face {given.face + 1}; choose another."
        )
    if len(boxes) > 1 and given.face is None:
        notices.append(f"{photo.name} shows {len(boxes)} faces: the clearest was taken.")
    return None, boxes[given.face or 0]


def _quickly(photo: Photo) -> tuple[Box, ...]:
    """Faces that are found without much ado, to judge landmarks by; none without OpenCV."""
    try:
        return find_faces(photo.pixels, thorough=False)
    except StudioError:
        return ()


def _told(found: LandmarksFound, notices: list[str]) -> tuple[Landmarks2D, Box]:
    notices.extend(found.notices)
    return found.landmarks, box_of(found.landmarks)


def _focal(given: Given, size: tuple[int, int]) -> float | None:
    """The focal length that was given, in pixels.

    Raises:
        StudioError: it makes no sense.

    """
    if given.focal is not None:
        if not 0.05 * max(size) <= given.focal <= 1000.0 * max(size):
            raise StudioError(
                f"A focal length of {given.focal:g} pixels makes no sense for a photo of {size[0]} x "
                f"{size[1]}; give about as many as it is wide."
            )
        return given.focal
    if given.field_of_view is None:
        return None
    if not _NARROWEST <= given.field_of_view <= _WIDEST:
        raise StudioError(
            f"A field of view of {math.degrees(given.field_of_view):g}° makes no sense; give 1 to 170."
        )
    return 0.5 * size[0] / math.tan(0.5 * given.field_of_view)
