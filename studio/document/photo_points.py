"""The 68 points of a photo: how they are drawn, which belong together, and how they are changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

from studio.document.reference import PhotoPoint
from studio.flame.landmark_names import IBUG

Points = tuple[PhotoPoint, ...]
Place = tuple[float, float]  # x, y in pixels of the upright photo

COUNT = 68
CURVES: tuple[tuple[str, tuple[int, ...], bool], ...] = (  # part of the face, its points, whether they close
    ("jaw line", tuple(range(17)), False),
    ("right eyebrow", tuple(range(17, 22)), False),
    ("left eyebrow", tuple(range(22, 27)), False),
    ("nose bridge", tuple(range(27, 31)), False),
    ("nose base", tuple(range(31, 36)), False),
    ("right eye", tuple(range(36, 42)), True),
    ("left eye", tuple(range(42, 48)), True),
    ("outer lips", tuple(range(48, 60)), True),
    ("inner lips", tuple(range(60, 68)), True),
)
OUTER_EYES = (36, 45)


def of_places(places: Iterable[Place], confidence: Iterable[float] | None = None) -> Points:
    """Points at ``places``, all sure of themselves or as sure as ``confidence`` says."""
    told = list(places)
    sure = [1.0] * len(told) if confidence is None else list(confidence)
    return tuple(PhotoPoint(float(x), float(y), float(c)) for (x, y), c in zip(told, sure, strict=True))


def title_of(index: int) -> str:
    """What point ``index`` is called."""
    return IBUG[index].name


def group_of(index: int) -> tuple[int, ...]:
    """All points of the part of the face to which ``index`` belongs."""
    return next(members for _, members, _ in CURVES if index in members)


def moved(points: Points, which: Iterable[int], by: Place) -> Points:
    """``points`` with those of ``which`` moved by so many pixels."""
    chosen = frozenset(which)
    return tuple(
        point.replace(x=point.x + by[0], y=point.y + by[1]) if index in chosen else point
        for index, point in enumerate(points)
    )


def with_confidence(points: Points, which: Iterable[int], confidence: float) -> Points:
    """``points`` with those of ``which`` as sure as ``confidence``, which is kept within 0..1."""
    chosen, kept = frozenset(which), min(max(confidence, 0.0), 1.0)
    return tuple(
        point.replace(confidence=kept) if index in chosen else point for index, point in enumerate(points)
    )


def with_hidden(points: Points, which: Iterable[int], hidden: bool) -> Points:
    """``points`` with those of ``which`` used or not."""
    chosen = frozenset(which)
    return tuple(
        point.replace(hidden=hidden) if index in chosen else point for index, point in enumerate(points)
    )


@cache
def opposite(index: int) -> int:
    """The point on the other side of the face; those in the middle are their own."""
    for ours, theirs in (
        (range(17), range(16, -1, -1)),
        (range(17, 27), range(26, 16, -1)),
        (range(27, 31), range(27, 31)),
        (range(31, 36), range(35, 30, -1)),
        (range(36, 42), (45, 44, 43, 42, 47, 46)),
        (range(42, 48), (39, 38, 37, 36, 41, 40)),
        (range(48, 55), range(54, 47, -1)),
        (range(55, 60), range(59, 54, -1)),
        (range(60, 65), range(64, 59, -1)),
        (range(65, 68), range(67, 64, -1)),
    ):
        for own, other in zip(ours, theirs, strict=True):
            if own == index:
                return other
    raise ValueError(f"There is no point {index}.")


def mirrored(points: Points, which: Iterable[int]) -> Points:
    """``points`` with the other side's of ``which`` put where the axis of the face mirrors them to.

    The axis goes through the top of the nose bridge, at a right angle to the line between the outer corners
    of the eyes, as the face is turned in the plane of the photo.
    """
    normal = _across(points)
    middle = points[27]
    changed = list(points)
    for index in which:
        other = opposite(index)
        if other == index:
            continue
        point = points[index]
        beside = (point.x - middle.x) * normal[0] + (point.y - middle.y) * normal[1]
        changed[other] = point.replace(
            x=point.x - 2.0 * beside * normal[0], y=point.y - 2.0 * beside * normal[1]
        )
    return tuple(changed)


def _across(points: Sequence[PhotoPoint]) -> Place:
    """The direction of length 1 from the right eye's outer corner to the left one's."""
    right, left = points[OUTER_EYES[0]], points[OUTER_EYES[1]]
    length = math.hypot(left.x - right.x, left.y - right.y)
    return ((left.x - right.x) / length, (left.y - right.y) / length) if length > 0.0 else (1.0, 0.0)
