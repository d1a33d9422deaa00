"""Points of a photo in files: read as the document has them, and written as other programs read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.document.photo_guess import begun_points, guessed_camera
from studio.document.photo_points import Points
from studio.document.reference import PhotoPoint, Reference
from studio.fitting.observation import Box
from studio.fitting.reading.landmarks import read_landmarks
from studio.flame.neutral import rest
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

SAVED = (".pts", ".json", ".npy")


def points_of(
    path: Path, size: tuple[int, int], model: HeadModel, box: Box | None, faces: Sequence[Box] = ()
) -> tuple[Points, tuple[str, ...]]:
    """The 68 points in the file at ``path`` for a photo of ``size``, and notices.

    Points that the file lacks are hidden, where the mean head of ``model`` would have them beside the others.

    Raises:
        StudioError: as :func:`studio.fitting.reading.landmarks.read_landmarks`.

    """
    found = read_landmarks(path, size, None, None, box, faces)
    marks = found.landmarks
    points = tuple(
        PhotoPoint(float(x), float(y), float(sure)) if sure > 0.0 else PhotoPoint(0.0, 0.0, 0.0, hidden=True)
        for (x, y), sure in zip(marks.points, marks.confidence, strict=True)
    )
    if all(not point.hidden for point in points):
        return points, found.notices
    heads = rest(model).landmarks
    if not len(heads):
        return points, found.notices
    begun = begun_points(guessed_camera(Reference(points=points), size, heads), heads)
    filled = tuple(
        replace(guess, hidden=True) if point.hidden else point
        for point, guess in zip(points, begun, strict=True)
    )
    return filled, found.notices


def save_points(path: Path, points: Points) -> None:
    """Write ``points`` as iBUG's .pts, MMPose's .json, or a .npy (68, 3) of x, y and confidence.

    Points that are hidden have a confidence of 0 where the file can say so.

    Raises:
        StudioError: another ending, or it cannot be written.

    """
    ending = path.suffix.lower()
    if ending not in SAVED:
        raise StudioError(f"{path.name} cannot hold points; give it the ending .pts, .json or .npy.")
    sure = [0.0 if point.hidden else point.confidence for point in points]
    if ending == ".npy":
        array = np.array([(p.x, p.y, c) for p, c in zip(points, sure, strict=True)])
        write_atomically(path, lambda stream: np.save(stream, array))
        return
    if ending == ".json":
        face = {"keypoints": [[p.x, p.y] for p in points], "keypoint_scores": sure}
        text = json.dumps([face], indent=1)
    else:
        lines = [f"{p.x + 0.5:.3f} {p.y + 0.5:.3f}" for p in points]  # its pixels begin at 1, centres whole
        text = "\n".join(["version: 1", f"n_points: {len(points)}", "{", *lines, "}"]) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))
