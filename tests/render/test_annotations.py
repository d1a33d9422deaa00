"""Lines, words and scales over a picture: where they are, what they say, and that pictures have them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document.comparison import Comparison
from studio.document.look import Look
from studio.flame.distances import vertex_distances
from studio.flame.measures import measure_head
from studio.render.annotated import FIELD, annotate
from studio.render.annotations import DIMENSION, GROUND, Bar, Line, Words, annotations_of, tick_text
from studio.render.camera import project
from studio.render.colour_scale import colour_scale
from studio.render.extras import Extras

RENDERERS = ["gl_renderer", "cpu_renderer"]
SIZE = (400, 300)


@pytest.fixture(params=RENDERERS)
def renderer(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def extras(shot, surface):
    moved = replace(surface, vertices=surface.vertices + np.float32([0.003, 0.0, 0.0]))
    return Extras(
        names=("One", "Two"),
        other=moved,
        distances=vertex_distances(surface.vertices, moved.vertices),
        measured=measure_head(shot.model, surface.vertices, surface.joints, np.zeros(15)),
    )


def marks(extras, shot, **settings):
    return annotations_of(extras.replace(comparison=Comparison(**settings)), shot.camera, SIZE, 1.0)


def test_nothing_is_written_where_nothing_is_asked_for(extras, shot):
    assert marks(extras, shot) == ()
    assert annotations_of(Extras(Comparison("wipe")), shot.camera, SIZE, 1.0) == ()


def test_the_line_stands_at_its_share_with_both_names_beside_it(extras, shot):
    line, left, right = marks(extras, shot, kind="wipe", wipe=0.25)
    assert (line.start, line.end) == ((100.0, 0.0), (100.0, 300.0))
    assert (left.text, left.anchor, right.text, right.anchor) == ("A  One", "right", "B  Two", "left")
    assert left.place[0] < 100 < right.place[0]
    at_the_border = marks(extras, shot, kind="wipe", wipe=0.0)
    assert [mark.text for mark in at_the_border if isinstance(mark, Words)] == []


def test_the_scale_has_ticks_from_end_to_end(extras, shot):
    found = marks(extras, shot, kind="distance", farthest=8.0)
    bar = next(mark for mark in found if isinstance(mark, Bar))
    words = [mark for mark in found if isinstance(mark, Words)]
    assert [word.text for word in words] == ["0", "2", "4", "6", "8", "mm to Two"]
    assert words[0].place[1] == pytest.approx(bar.corner[1] + bar.size[1])
    assert words[4].place[1] == pytest.approx(bar.corner[1])
    signed = marks(extras, shot, kind="distance", farthest=1.0, distance="normal")
    assert [mark.text for mark in signed if isinstance(mark, Words)][:5] == ["-1", "-0.5", "0", "+0.5", "+1"]


@pytest.mark.parametrize(
    ("value", "span", "text"),
    [(2.5, 10.0, "2.5"), (0.0125, 0.05, "0.013"), (50.0, 200.0, "50"), (0.0, 1.0, "0")],
)
def test_ticks_have_as_many_decimals_as_they_need(value, span, text):
    assert tick_text(value, span, signed=False) == text


def test_dimension_lines_end_where_their_points_are_seen(extras, shot):
    found = marks(extras, shot, dimensions=True)
    lines = [mark for mark in found if isinstance(mark, Line)]
    for index, dimension in enumerate(extras.measured.dimensions):
        ends = project(np.stack([dimension.start, dimension.end]), shot.camera, SIZE)[:, :2]
        np.testing.assert_allclose([lines[3 * index].start, lines[3 * index].end], ends, atol=1e-6)
    texts = [mark.text for mark in found if isinstance(mark, Words)]
    assert texts == [f"{dimension.value:.1f} mm" for dimension in extras.measured.dimensions]


def test_what_is_behind_the_camera_is_not_drawn(extras, shot):
    inside = shot.camera.replace(distance=0.03, target=(0.0, 0.0, -0.3))
    assert annotations_of(extras.replace(comparison=Comparison(dimensions=True)), inside, SIZE, 1.0) == ()


def test_pictures_have_the_scale_and_the_lines_also_where_they_are_transparent(renderer, shot, extras):
    wanted = replace(shot, size=SIZE, extras=extras.replace(comparison=Comparison("distance", farthest=9.0)))
    image = renderer.render(wanted)
    bar = next(m for m in annotations_of(wanted.extras, shot.camera, SIZE, 300 / 720) if isinstance(m, Bar))
    x = int(bar.corner[0] + bar.size[0] / 2)
    top, bottom = int(bar.corner[1]) + 1, int(bar.corner[1] + bar.size[1]) - 2
    scale = colour_scale(signed=False).astype(int)
    assert np.abs(image[top, x, :3] - scale[-1]).max() < 14
    assert np.abs(image[bottom, x, :3] - scale[0]).max() < 14  # a row has more than one colour
    assert image[top, x, 3] == 255
    lines = replace(
        wanted, size=(720, 720), look=Look(), extras=extras.replace(comparison=Comparison(dimensions=True))
    )
    image = renderer.render(lines).astype(int)
    yellow = np.abs(image[..., :3] - np.array(DIMENSION)).max(axis=2) < 12
    assert yellow.sum() > 60


def test_both_renderers_write_the_same(gl_renderer, cpu_renderer, shot, extras):
    settings = Comparison("wipe", dimensions=True)
    wanted = replace(shot, size=SIZE, samples=9, extras=extras.replace(comparison=settings))
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < 0.5


def test_fields_behind_words_add_to_what_is_half_transparent(shot, extras):
    picture = np.full((SIZE[1], SIZE[0], 4), 128, np.uint8)
    wanted = extras.replace(comparison=Comparison("distance", farthest=9.0))
    annotate(picture, replace(shot, size=SIZE, extras=wanted))
    opacity, below = FIELD, 128 / 255
    whole = opacity + below * (1.0 - opacity)
    fields = picture[np.abs(picture[..., 3].astype(float) - 255.0 * whole) < 1.0].astype(float)
    assert len(fields) > 30
    mixed = (opacity * np.array(GROUND) + below * (1.0 - opacity) * 128.0) / whole
    assert np.abs(np.median(fields[:, :3], axis=0) - mixed).max() < 1.5
