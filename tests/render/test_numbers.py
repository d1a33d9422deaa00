"""Landmarks of the chosen set and their numbers: which are written, where, and by both renderers alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import studio.render.gl_renderer as gl_module
from studio.document.look import Look
from studio.flame.landmark_sets import landmark_positions, landmark_set
from studio.render.camera import eye, project
from studio.render.digits import CELL, digit_field
from studio.render.markers import markers_of
from studio.render.numbers import ADVANCE, SMALLEST_HEIGHT, SPACE, numbers_of
from studio.render.visibility import COVER, OFF, is_seen
from tests.render.heads import from_side

NUMBERED = Look(mode="shaded", show_landmarks=True, show_landmark_numbers=True)


@pytest.fixture(params=["gl_renderer", "cpu_renderer"])
def renderer(request):
    return request.getfixturevalue(request.param)


def written(shot, look=NUMBERED, pixel=1):
    """The numbers in a picture, with the place of each one's first digit."""
    numbers = numbers_of(shot.model, shot.surface, look, shot.camera, shot.size, pixel)
    places = project(numbers.points, shot.camera, shot.size)[:, :2] + numbers.offsets
    found, index = {}, 0
    while index < numbers.count:
        same = (numbers.points == numbers.points[index]).all(axis=1)
        text = "".join(str(int(digit)) for digit in numbers.digits[same])
        found[int(text)] = places[same]
        index += int(same.sum())
    return found, numbers


def test_every_digit_has_its_own_shape():
    cells = digit_field().reshape(72, 10, 48).transpose(1, 0, 2) / 255.0 > 0.75
    for index, first in enumerate(cells):
        assert 0.05 < first.mean() < 0.5
        for second in cells[index + 1 :]:
            union = (first | second).sum()
            assert (first ^ second).sum() / union > 0.15


@pytest.mark.parametrize(("name", "count"), [("68", 68), ("51", 51), ("70", 70), ("mediapipe", 68)])
def test_the_chosen_set_is_marked(shot, name, count):
    look = Look(show_landmarks=True, landmark_set=name)
    markers = markers_of(shot.model, shot.surface, look)
    assert markers.count == count
    marks = landmark_set(shot.model, "68" if name == "mediapipe" else name)
    np.testing.assert_array_equal(markers.points, landmark_positions(shot.surface.vertices, marks, 0))


def test_nothing_is_marked_or_numbered_on_a_model_without_landmarks(shot, renderer):
    bare = replace(shot, model=replace(shot.model, landmarks=None))
    assert markers_of(bare.model, bare.surface, NUMBERED).count == 0
    assert written(bare)[0] == {}
    plain = renderer.render(replace(bare, look=Look(mode="shaded")))
    np.testing.assert_array_equal(renderer.render(replace(bare, look=NUMBERED)), plain)


@pytest.mark.parametrize("view", ["front", "three_quarter", "profile", "back"])
def test_numbers_of_points_that_are_seen_stand_apart(shot, view):
    wide = from_side(replace(shot, size=(900, 900)), view)
    found, numbers = written(wide)
    marks = landmark_set(shot.model, "68")
    points = landmark_positions(shot.surface.vertices, marks, 0)
    normals = landmark_positions(shot.surface.normals, marks, 0)
    for number, places in found.items():
        assert seen_slowly(points[number] + OFF * normals[number], wide)
        middle = places.mean(axis=0)
        point = project([points[number]], wide.camera, wide.size)[0, :2]
        assert 4.0 < np.linalg.norm(middle - point) < 2.6 * numbers.height
    boxes = [
        (places.mean(axis=0), np.array([len(places) * ADVANCE + SPACE, 1.0]) * numbers.height / 2.0)
        for places in found.values()
    ]
    for index, (middle, half) in enumerate(boxes):
        for other, other_half in boxes[index + 1 :]:
            assert (np.abs(middle - other) >= half + other_half - 1e-3).any()
    least, most = {"front": (50, 68), "three_quarter": (35, 60), "profile": (20, 45), "back": (0, 6)}[view]
    assert least <= len(found) <= most


def seen_slowly(point, shot):
    """Whether no face lies on the line from the eye to ``point``, but for the last of it; in float64."""
    origin = eye(shot.camera)
    direction = point - origin
    a, b, c = (shot.surface.vertices[shot.model.faces[:, corner]].astype(float) for corner in range(3))
    normal = np.cross(b - a, c - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = ((a - origin) * normal).sum(axis=1) / (normal @ direction)
        hit = origin + share[:, None] * direction
        inside = np.stack(
            [(np.cross(q - p, hit - p) * normal).sum(axis=1) for p, q in ((a, b), (b, c), (c, a))]
        )
    before = (inside >= 0.0).all(axis=0) & (share > 0.0)
    depth = (1.0 - share[before]) * np.linalg.norm(direction)
    return not (depth > COVER * 1.1).any()


@pytest.mark.parametrize("orthographic", [False, True])
def test_what_covers_what(head_model, shot, orthographic):
    camera = shot.camera.replace(orthographic=orthographic, azimuth=0.7, elevation=0.2)
    random = np.random.default_rng(2)
    points = shot.surface.vertices[random.choice(head_model.vertex_count, 150, replace=False)]
    seen = is_seen(points, shot.surface.vertices, head_model.faces, camera, COVER)
    assert 20 < seen.sum() < 130
    if not orthographic:
        slow = [seen_slowly(point, replace(shot, camera=camera)) for point in points]
        assert (seen == slow).mean() > 0.97
    behind = eye(camera) + 0.5 * (eye(camera) - np.asarray(camera.target))
    assert not is_seen([behind], shot.surface.vertices, head_model.faces, camera, COVER).any()


@pytest.mark.parametrize(("size", "pixel"), [((300, 300), 1), ((900, 900), 1), ((1800, 1800), 2)])
def test_numbers_are_never_too_small_to_read(shot, size, pixel):
    _, numbers = written(replace(shot, size=size), pixel=pixel)
    assert numbers.height >= SMALLEST_HEIGHT * pixel
    assert numbers.height >= 0.015 * size[1]
    assert CELL[0] > ADVANCE


def test_a_number_is_where_it_is_said_to_be(shot, renderer):
    wide = replace(shot, size=(700, 700), look=replace(NUMBERED, mode="normals"))
    plain = renderer.render(replace(wide, look=replace(wide.look, show_landmark_numbers=False))).astype(int)
    picture = renderer.render(wide).astype(int)
    found, numbers = written(wide)
    changed = np.abs(picture - plain).max(axis=2) > 40
    for places in found.values():
        for x, y in places:
            reach = int(numbers.height / 2)
            patch = slice(int(y) - reach, int(y) + reach + 1), slice(int(x) - reach, int(x) + reach + 1)
            assert changed[patch].sum() > reach
            assert picture[patch][..., :3].min(axis=2).max() > 180  # ink
            assert picture[patch][..., :3].max(axis=2).min() < 130  # and its dark rim
    assert changed.mean() < 0.04


@pytest.mark.parametrize(
    ("view", "orthographic", "transparent"),
    [("front", False, True), ("three_quarter", True, False), ("profile", False, False)],
)
def test_gpu_and_processor_write_the_same(gl_renderer, cpu_renderer, shot, view, orthographic, transparent):
    wide = from_side(replace(shot, size=(420, 420), look=NUMBERED, transparent=transparent), view)
    wide = replace(wide, camera=wide.camera.replace(orthographic=orthographic))
    difference = np.abs(gl_renderer.render(wide).astype(int) - cpu_renderer.render(wide))
    assert difference.mean() < 0.2
    assert (difference.max(axis=2) > 16).mean() < 0.002


def test_tiles_cut_no_number(gl_renderer, shot, monkeypatch):
    wanted = replace(shot, look=NUMBERED, size=(300, 260))
    whole = gl_renderer.render(wanted).astype(int)
    monkeypatch.setattr(gl_module, "TILE", 123)
    assert (np.abs(whole - gl_renderer.render(wanted)).max(axis=2) > 2).mean() < 0.002
