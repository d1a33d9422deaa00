"""The faces on a photo that was opened, with the points that are known of each, to choose from by eye."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studio.document.media import Media
from studio.document.photo_points import Points, of_places
from studio.document.reference_commands import Box, FaceSeen
from studio.fitting.reading.beside import landmarks_beside
from studio.fitting.reading.face_finding import find_faces
from studio.fitting.reading.landmarks import box_of, landmarks_of
from studio.fitting.reading.mesh_finding import find_meshes, landmarker_file
from studio.fitting.reading.photos import Photo
from studio.fitting.reading.points import points_of
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

MEDIAPIPE = "MediaPipe"
_WIDER = 0.12  # of the points' own box, for a box around the face


def seen_faces(
    photo: Photo, media: Media, model: HeadModel, folders: Iterable[Path] = ()
) -> tuple[tuple[FaceSeen, ...], tuple[str, ...]]:
    """The faces on ``photo``, the clearest first, and sentences on what was not as it should be.

    With points where a file of landmarks lies beside the photo, or where MediaPipe's landmarker is in one of
    ``folders``; else with boxes alone.
    """
    notices: list[str] = []
    beside = landmarks_beside(Path(media.path)) if media.content is None and media.path else None
    if beside is not None:
        try:
            points, told = points_of(beside, photo.size, model, None)
            return (FaceSeen(_around(points), points, beside.name),), told
        except StudioError as error:
            notices.append(str(error))
    task = landmarker_file(folders)
    if task is not None:
        try:
            meshed = _meshed(photo, task)
        except StudioError as error:
            notices.append(str(error))
        else:
            if meshed:
                return meshed, tuple(notices)
    try:
        return tuple(FaceSeen(box) for box in find_faces(photo.pixels)), tuple(notices)
    except StudioError as error:
        return (), (*notices, str(error))


def _meshed(photo: Photo, task: Path) -> tuple[FaceSeen, ...]:
    meshes = find_meshes(task, photo.pixels)
    if not meshes:
        return ()
    found = landmarks_of(meshes, photo.size, photo.name)
    return tuple(
        FaceSeen(_wider(box_of(face)), of_places(face.points, face.confidence), MEDIAPIPE)
        for face in found.faces
    )


def _around(points: Points) -> Box:
    known = [point for point in points if not point.hidden]
    xs, ys = [point.x for point in known], [point.y for point in known]
    return _wider((min(xs), min(ys), max(xs), max(ys)))


def _wider(box: Box) -> Box:
    across, down = _WIDER * (box[2] - box[0]), _WIDER * (box[3] - box[1])
    return box[0] - across, box[1] - 3.0 * down, box[2] + across, box[3] + down
