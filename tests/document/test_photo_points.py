"""The 68 points of a photo: groups, mirror, and commands on them."""

from __future__ import annotations

import math

import pytest

from studio.document.document import Document
from studio.document.media import Media
from studio.document.photo_points import (
    COUNT,
    CURVES,
    group_of,
    mirrored,
    moved,
    of_places,
    opposite,
    title_of,
    with_confidence,
    with_hidden,
)
from studio.document.reference_commands import remove_photo, set_points, set_reference, use_photo


def test_every_point_belongs_to_one_curve():
    assert sorted(index for _, members, _ in CURVES for index in members) == list(range(COUNT))
    assert group_of(38) == tuple(range(36, 42))


def test_opposites_have_the_same_name_on_the_other_side():
    for index in range(COUNT):
        other = opposite(index)
        assert opposite(other) == index
        name = title_of(index)
        if other == index:
            assert not name.startswith(("left", "right"))
        else:
            swapped = name.translate({}).replace("left", "\0").replace("right", "left").replace("\0", "right")
            assert title_of(other) == swapped


def turned_face(angle):
    """Points of a face that is its own mirror image, turned in the plane of the photo."""
    random = [(((7 * i) % 11) - 5.0, ((5 * i) % 13) - 6.0) for i in range(COUNT)]
    places = list(random)
    for index in range(COUNT):
        other = opposite(index)
        if other == index:
            places[index] = (0.0, random[index][1])
        elif other > index:
            places[index], places[other] = (
                (-abs(random[index][0]) - 1.0, random[index][1]),
                (
                    abs(random[index][0]) + 1.0,
                    random[index][1],
                ),
            )
    c, s = math.cos(angle), math.sin(angle)
    return of_places((200.0 + c * x - s * y, 100.0 + s * x + c * y) for x, y in places)


@pytest.mark.parametrize("angle", [0.0, 0.4, -1.0])
def test_mirroring_puts_the_other_side_where_a_mirror_does(angle):
    face = turned_face(angle)
    inner = [i for i in range(COUNT) if i not in (36, 45)]  # the axis stands on the outer corners
    broken = moved(face, [opposite(i) for i in inner if opposite(i) > i], (30.0, -9.0))
    mended = mirrored(broken, [i for i in inner if opposite(i) > i])
    for point, wanted in zip(mended, face, strict=True):
        assert (point.x, point.y) == pytest.approx((wanted.x, wanted.y), abs=1e-9)


def test_confidence_stays_in_its_range_and_hiding_keeps_places():
    face = turned_face(0.0)
    changed = with_hidden(with_confidence(face, [3, 4], 1.7), [5], True)
    assert changed[3].confidence == 1.0
    assert changed[5].hidden
    assert [(p.x, p.y) for p in changed] == [(p.x, p.y) for p in face]


def test_another_photo_forgets_what_was_known_of_the_one_before(tiny_model):
    document = Document(tiny_model)
    document.set(reference=document.reference.replace(recipe="fast preview", showing="off", opacity=0.2))
    use_photo(document, Media("a.png")).apply(document)
    set_points(document, "Place points", turned_face(0.0)).apply(document)
    set_reference(document, "Mask", mask=Media("m.png"), box=(1.0, 2.0, 3.0, 4.0)).apply(document)
    use_photo(document, Media("b.png")).apply(document)
    reference = document.reference
    assert (reference.picture, reference.points, reference.box) == (Media("b.png"), (), ())
    assert not reference.mask
    assert (reference.recipe, reference.opacity, reference.showing) == ("fast preview", 0.2, "behind")
    remove_photo(document).apply(document)
    assert not document.reference
    assert document.reference.recipe == "fast preview"
