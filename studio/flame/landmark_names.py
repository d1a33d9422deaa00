"""What landmarks are called: the 68 points of iBUG with the eyes' fronts, and MediaPipe's face mesh.

Right and left are the subject's. What stands on both sides of the face is numbered from the outside to
the middle, so that mirrored points have the same number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

MEDIAPIPE_COUNT = 468  # points of MediaPipe's face mesh without the irises


@dataclass(frozen=True)
class Landmark:
    """One point: its number in its own scheme, its name, and the part of the face it belongs to."""

    index: int
    name: str
    region: str


_UPPER_LID = ("upper eyelid, outer", "upper eyelid, inner")
_LOWER_LID = ("lower eyelid, outer", "lower eyelid, inner")


def _ibug_names() -> Iterable[tuple[str, str]]:
    """Name and region of the points 0..67."""
    jaw = ["by the ear", *(str(number) for number in range(1, 8))]
    yield from ((f"right jaw line, {name}", "jaw line") for name in jaw)
    yield "chin", "jaw line"
    yield from ((f"left jaw line, {name}", "jaw line") for name in reversed(jaw))
    brow = ("outer end", "outer quarter", "middle", "inner quarter", "inner end")
    yield from ((f"right eyebrow, {name}", "right eyebrow") for name in brow)
    yield from ((f"left eyebrow, {name}", "left eyebrow") for name in reversed(brow))
    yield from ((f"nose bridge, {name}", "nose bridge") for name in ("top", "upper middle", "lower middle"))
    yield "nose tip", "nose bridge"
    base = ("right nose wing", "right nostril", "nose base, middle", "left nostril", "left nose wing")
    yield from ((name, "nose base") for name in base)
    right = ("eye, outer corner", *_UPPER_LID, "eye, inner corner", *reversed(_LOWER_LID))
    left = ("eye, inner corner", *reversed(_UPPER_LID), "eye, outer corner", *_LOWER_LID)
    yield from ((f"right {name}", "right eye") for name in right)
    yield from ((f"left {name}", "left eye") for name in left)
    corners = "right mouth corner", "left mouth corner"
    for lips, upper, lower in (
        ("outer lips", _row("upper lip", ", outer", ", peak"), _row("lower lip", ", outer", ", inner")),
        ("inner lips", _row("upper lip", ""), _row("lower lip", "")),
    ):
        ending = ", inside" if lips == "inner lips" else ""
        around = (corners[0], *upper, corners[1], *reversed(lower))
        yield from ((f"{name}{ending}", lips) for name in around)


def _row(lip: str, *places: str) -> list[str]:
    """The points of one lip between the corners, from the subject's right to the left."""
    right = [f"right {lip}{place}" for place in places]
    return [*right, f"{lip}, middle", *(f"left {lip}{place}" for place in reversed(places))]


IBUG = tuple(Landmark(index, name, region) for index, (name, region) in enumerate(_ibug_names()))
EYE_FRONTS = (
    Landmark(68, "right eyeball, front", "right eye"),
    Landmark(69, "left eyeball, front", "left eye"),
)

# Rows of MediaPipe's mesh on the subject's right and left, from the outside to the middle, as its own
# connections of face parts run.
_MIRRORED = (
    ("upper eyebrow", "eyebrow", (70, 63, 105, 66, 107), (300, 293, 334, 296, 336)),
    ("lower eyebrow", "eyebrow", (46, 53, 52, 65, 55), (276, 283, 282, 295, 285)),
    ("eye, outer corner", "eye", (33,), (263,)),
    ("upper eyelid", "eye", (246, 161, 160, 159, 158, 157, 173), (466, 388, 387, 386, 385, 384, 398)),
    ("lower eyelid", "eye", (7, 163, 144, 145, 153, 154, 155), (249, 390, 373, 374, 380, 381, 382)),
    ("eye, inner corner", "eye", (133,), (362,)),
    ("nose wing", "nose base", (129,), (358,)),
    ("nostril", "nose base", (98, 97), (327, 326)),
    ("mouth corner", "outer lips", (61,), (291,)),
    ("upper lip", "outer lips", (185, 40, 39, 37), (409, 270, 269, 267)),
    ("lower lip", "outer lips", (146, 91, 181, 84), (375, 321, 405, 314)),
    ("mouth corner, inside", "inner lips", (78,), (308,)),
    ("upper lip, inside", "inner lips", (191, 80, 81, 82), (415, 310, 311, 312)),
    ("lower lip, inside", "inner lips", (95, 88, 178, 87), (324, 318, 402, 317)),
)
_MIDDLE = (
    ("nose bridge", "nose bridge", (168, 6, 197, 195, 5)),
    ("nose tip", "nose bridge", (4,)),
    ("nose base, middle", "nose base", (2,)),
    ("upper lip, middle", "outer lips", (0,)),
    ("lower lip, middle", "outer lips", (17,)),
    ("upper lip, middle, inside", "inner lips", (13,)),
    ("lower lip, middle, inside", "inner lips", (14,)),
)
_SIDED = ("eyebrow", "eye")  # parts that there are two of


@cache
def _mediapipe_names() -> dict[int, Landmark]:
    named: dict[int, Landmark] = {}

    def add(name: str, region: str, indices: Sequence[int]) -> None:
        for number, index in enumerate(indices, 1):
            named[index] = Landmark(index, f"{name} {number}" if len(indices) > 1 else name, region)

    for name, region, right, left in _MIRRORED:
        for side, indices in (("right", right), ("left", left)):
            add(f"{side} {name}", f"{side} {region}" if region in _SIDED else region, indices)
    for name, region, indices in _MIDDLE:
        add(name, region, indices)
    return named


def mediapipe(indices: Iterable[int]) -> tuple[Landmark, ...]:
    """The landmarks at ``indices`` of MediaPipe's face mesh; those off its drawn parts have only a number."""
    named = _mediapipe_names()
    return tuple(named.get(index, Landmark(index, f"face point {index}", "face")) for index in indices)
