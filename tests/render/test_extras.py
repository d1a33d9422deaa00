"""What a picture shows beside the head: wipe, distances, ghosts; the same by GPU and by processor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document.comparison import Comparison
from studio.document.look import Look, Onion
from studio.flame.distances import vertex_distances
from studio.flame.rotations import to_matrices
from studio.render import gl_renderer as gl_module
from studio.render.camera import project
from studio.render.colour_scale import colour_scale, colours_at
from studio.render.extras import NO_EXTRAS, Extras, Ghost
from studio.render.extras_maker import laid_onto
from tests.render.heads import covered, from_side

RENDERERS = ["gl_renderer", "cpu_renderer"]


@pytest.fixture(params=RENDERERS)
def renderer(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def other(surface):
    """The head 2 cm to its left and broader, so that every part of it is elsewhere."""
    vertices = (surface.vertices * np.float32([1.15, 1.0, 1.0]) + np.float32([0.02, 0.0, 0.0])).astype(
        np.float32
    )
    return replace(surface, vertices=vertices)


def wiped(other, wipe=0.5):
    return Extras(Comparison("wipe", wipe=wipe), other=other)  # without names no words are written


def heated(surface, other, **settings):
    comparison = Comparison("distance", **settings)
    return Extras(comparison, ("A", "B"), other, vertex_distances(surface.vertices, other.vertices))


@pytest.mark.parametrize("wipe", [0.0, 0.31, 1.0])
@pytest.mark.parametrize("side", ["front", "profile"])
def test_left_of_the_line_is_the_one_head_and_right_of_it_the_other(renderer, shot, other, wipe, side):
    shot = from_side(replace(shot, look=Look(show_landmarks=True)), side)
    one, two = renderer.render(shot), renderer.render(replace(shot, surface=other))
    both = renderer.render(replace(shot, extras=wiped(other, wipe)))
    column = round(wipe * 160)
    np.testing.assert_array_equal(both[:, : max(column - 3, 0)], one[:, : max(column - 3, 0)])
    difference = np.abs(both[:, column + 3 :].astype(int) - two[:, column + 3 :])
    assert not difference.size or difference.mean() < 0.1


@pytest.mark.parametrize("mode", ["textured", "depth", "wireframe"])
def test_gpu_and_processor_draw_the_same_wipe(gl_renderer, cpu_renderer, shot, other, mode):
    wanted = replace(shot, look=Look(mode=mode), samples=9, extras=wiped(other, 0.4))
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < (2.0 if mode == "wireframe" else 0.5)


@pytest.mark.parametrize("distance", ["vertex", "normal"])
@pytest.mark.parametrize("orthographic", [False, True])
def test_gpu_and_processor_draw_the_same_distances(
    gl_renderer, cpu_renderer, shot, other, distance, orthographic
):
    extras = heated(shot.surface, other, distance=distance, farthest=30.0)
    camera = shot.camera.replace(orthographic=orthographic)
    wanted = replace(from_side(shot, "three_quarter"), camera=camera, samples=9, extras=extras)
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < 0.2
    assert (difference.max(axis=2) > 16).mean() < 0.002


def test_a_point_of_the_head_has_the_colour_of_its_distance(renderer, shot, other):
    wanted = replace(shot, size=(500, 500), extras=heated(shot.surface, other, farthest=40.0))
    image = renderer.render(wanted).astype(float)
    nose = int(np.argmax(shot.surface.vertices[:, 2]))
    x, y, _ = project([shot.surface.vertices[nose]], wanted.camera, wanted.size)[0]
    share = 1000.0 * np.linalg.norm(other.vertices[nose] - shot.surface.vertices[nose]) / 40.0
    expected = colours_at(np.array([share]), signed=False)[0] * 255.0
    seen = image[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3, :3].reshape(-1, 3)
    assert np.abs(seen - expected).max(axis=1).min() < 12.0


def test_without_another_head_distances_colour_nothing(renderer, shot):
    extras = Extras(Comparison("distance"))
    np.testing.assert_array_equal(
        renderer.render(replace(shot, extras=extras)), renderer.render(replace(shot, extras=NO_EXTRAS))
    )


def test_the_scale_grows_lighter_step_by_step():
    def lightness(colours):
        linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    plain = lightness(colour_scale(signed=False) / 255.0)
    assert (np.diff(plain) > -1e-4).all()
    assert plain[-1] > 0.7 > 0.05 > plain[0]
    both = lightness(colour_scale(signed=True) / 255.0)
    assert (np.diff(both[:128]) > -2e-3).all()
    assert (np.diff(both[128:]) < 2e-3).all()
    assert (colour_scale(signed=True)[0].astype(int) - colour_scale(signed=True)[-1])[2] > 60


@pytest.fixture
def haunted(shot, surface, other):
    left = replace(surface, vertices=surface.vertices - np.float32([0.03, 0.0, 0.0]))
    onion = Onion(shown=True, before=2, after=1, step=2, strength=0.9)
    extras = Extras(ghosts=(Ghost(-4, left), Ghost(-2, left), Ghost(2, other)))
    return replace(shot, look=Look(onion=onion), extras=extras)


@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("transparent", [False, True])
def test_gpu_and_processor_draw_the_same_ghosts(
    gl_renderer, cpu_renderer, haunted, orthographic, transparent
):
    camera = haunted.camera.replace(orthographic=orthographic, azimuth=0.4)
    wanted = replace(haunted, camera=camera, transparent=transparent, samples=9)
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < 0.5
    assert (difference.max(axis=2) > 16).mean() < 0.004


def test_ghosts_stand_out_of_the_head_warm_before_and_cool_after(renderer, haunted):
    plain = renderer.render(replace(haunted, extras=NO_EXTRAS))
    image = renderer.render(haunted).astype(int)
    new = covered(image) & ~covered(plain)
    rows, columns = np.nonzero(new)
    left, right = columns < 60, columns > 100
    red, blue = image[rows, columns, 0], image[rows, columns, 2]
    assert left.sum() > 50
    assert right.sum() > 50
    assert (red[left] > blue[left]).mean() > 0.95
    assert (blue[right] > red[right]).mean() > 0.95


def test_tiles_leave_no_trace_of_wipe_and_ghosts(gl_renderer, haunted, other, monkeypatch):
    extras = haunted.extras.replace(comparison=Comparison("wipe", wipe=0.6), other=other, names=("A", "B"))
    wanted = replace(haunted, size=(230, 170), transparent=False, extras=extras)
    whole = gl_renderer.render(wanted).astype(int)
    monkeypatch.setattr(gl_module, "TILE", 123)
    difference = np.abs(whole - gl_renderer.render(wanted).astype(int)).max(axis=2)
    assert (difference > 2).mean() < 0.002


def test_a_picture_after_a_comparison_is_as_before(renderer, haunted, other):
    shot = replace(haunted, extras=NO_EXTRAS)
    before = renderer.render(shot)
    extras = haunted.extras.replace(comparison=Comparison("wipe"), other=other)
    renderer.render(replace(haunted, extras=extras))
    np.testing.assert_array_equal(renderer.render(shot), before)


def test_a_head_laid_onto_another_turns_with_its_normals(head_model, surface):
    turn, shift = to_matrices((0.1, -0.4, 0.2)), (0.02, -0.05, 0.1)
    moved = replace(
        surface,
        vertices=(surface.vertices @ turn.T + shift).astype(np.float32),
        normals=(surface.normals @ turn.T).astype(np.float32),
        landmarks=(surface.landmarks @ turn.T + shift).astype(np.float32),
        joints=(surface.joints @ turn.T + shift).astype(np.float32),
    )
    back = laid_onto(surface, moved, head_model)
    for name in ("vertices", "normals", "landmarks", "joints"):
        np.testing.assert_allclose(getattr(back, name), getattr(surface, name), atol=2e-6)
