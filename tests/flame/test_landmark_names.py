"""Every landmark has a name of its own, mirrored on both sides."""

from __future__ import annotations

import pytest

from studio.flame.landmark_names import EYE_FRONTS, IBUG, mediapipe

# iBUG's runs of points that are the mirror images of each other, from the subject's right and left.
MIRRORED = [
    *zip(range(8), range(16, 8, -1), strict=True),
    *zip(range(17, 22), range(26, 21, -1), strict=True),
    (31, 35),
    (32, 34),
    *zip((36, 37, 38, 39, 40, 41), (45, 44, 43, 42, 47, 46), strict=True),
    *zip((48, 49, 50, 59, 58, 60, 61, 67), (54, 53, 52, 55, 56, 64, 63, 65), strict=True),
    (68, 69),
]
MIDDLE = [8, 27, 28, 29, 30, 33, 51, 57, 62, 66]


def test_ibug_names_are_mirrored():
    points = [*IBUG, *EYE_FRONTS]
    assert [point.index for point in points] == list(range(70))
    assert len({point.name for point in points}) == 70
    assert sorted([*MIDDLE, *(index for pair in MIRRORED for index in pair)]) == list(range(70))
    for right, left in MIRRORED:
        assert points[right].name.startswith("right ")
        assert points[left].name == points[right].name.replace("right", "left")
        assert points[left].region == points[right].region.replace("right", "left")
    for index in MIDDLE:
        assert "right" not in points[index].name
        assert "left" not in points[index].name


@pytest.mark.parametrize(
    ("index", "name", "region"),
    [
        (8, "chin", "jaw line"),
        (17, "right eyebrow, outer end", "right eyebrow"),
        (30, "nose tip", "nose bridge"),
        (33, "nose base, middle", "nose base"),
        (36, "right eye, outer corner", "right eye"),
        (44, "left upper eyelid, outer", "left eye"),
        (54, "left mouth corner", "outer lips"),
        (57, "lower lip, middle", "outer lips"),
        (66, "lower lip, middle, inside", "inner lips"),
    ],
)
def test_well_known_points(index, name, region):
    assert (IBUG[index].name, IBUG[index].region) == (name, region)


def test_mediapipe_points_are_named_by_part_and_side():
    marks = mediapipe(range(468))
    assert [mark.index for mark in marks] == list(range(468))
    assert len({mark.name for mark in marks}) == 468
    told = {mark.index: mark.name for mark in marks if mark.region != "face"}
    assert len(told) == 105
    assert (told[33], told[263]) == ("right eye, outer corner", "left eye, outer corner")
    assert (told[61], told[291], told[13]) == (
        "right mouth corner",
        "left mouth corner",
        "upper lip, middle, inside",
    )
    assert (told[39], told[269]) == ("right upper lip 3", "left upper lip 3")
    assert (told[4], told[70]) == ("nose tip", "right upper eyebrow 1")
    assert marks[10].name == "face point 10"
