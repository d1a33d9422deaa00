from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from vispy.visuals.shaders.program import ModularProgram

from studio.document.look import MODES, Look
from studio.render import gl_renderer as gl_module
from studio.render.camera import project
from studio.storage.errors import JobCancelled, StudioError
from tests.render.heads import covered, from_side, neutral_surface

RENDERERS = ["gl_renderer", "cpu_renderer"]


@pytest.fixture(params=RENDERERS)
def renderer(request):
    return request.getfixturevalue(request.param)


def test_the_head_covers_the_middle_and_the_background_is_transparent(renderer, shot):
    image = renderer.render(shot)
    assert image.shape == (160, 160, 4)
    assert image.dtype == np.uint8
    assert (image[60:100, 60:100, 3] == 255).all()
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert (border == 0).all()


def test_edges_have_fractional_alpha_and_the_surfaces_own_colour(renderer, shot):
    image = renderer.render(replace(shot, samples=16))
    alpha = image[..., 3]
    partial = (alpha > 30) & (alpha < 225)
    assert partial.sum() > 100
    assert len(np.unique(alpha)) > 10
    inside = image[..., :3][alpha == 255].astype(float).mean()
    assert abs(image[..., :3][partial].astype(float).mean() - inside) < 60


def test_an_opaque_picture_has_the_looks_background_lighter_above(renderer, shot):
    image = renderer.render(replace(shot, transparent=False))
    assert (image[..., 3] == 255).all()
    wanted = np.array(Look().background) * 255
    assert np.allclose(image[78:82, 2, :3].mean(axis=0), wanted, atol=2)
    assert image[0, 0, :3].sum() > image[-1, 0, :3].sum()


def test_every_mode_is_another_picture(renderer, shot):
    pictures = [renderer.render(replace(shot, look=Look(mode=mode))).astype(int) for mode in MODES]
    for index, first in enumerate(pictures):
        for second in pictures[index + 1 :]:
            assert np.abs(first[..., :3] - second[..., :3]).mean() > 0.2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("view", ["front", "three_quarter", "back"])
def test_gpu_and_processor_draw_the_same_picture(gl_renderer, cpu_renderer, shot, mode, view):
    look = Look(mode=mode, show_landmarks=view == "three_quarter", show_joints=True)
    wanted = from_side(replace(shot, look=look, samples=9), view)
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    lines = mode == "wireframe"  # OpenGL leaves the exact samples of a line open
    exact = 0.5 if mode == "textured" else 0.2  # as it leaves the exact level of a texture
    assert difference.mean() < (2.0 if lines else exact)
    assert (difference.max(axis=2) > 16).mean() < (0.15 if lines else 0.002)


def test_orthographic_pictures_agree_too(gl_renderer, cpu_renderer, shot):
    wanted = replace(shot, camera=shot.camera.replace(orthographic=True, azimuth=0.5))
    assert np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted)).mean() < 0.5


@pytest.mark.parametrize(("view", "seen", "hidden"), [("profile", "left_ear", "right_ear")])
def test_positive_azimuth_shows_the_subjects_left(renderer, shot, view, seen, hidden):
    wanted = from_side(replace(shot, look=Look(mode="regions"), size=(240, 240)), view)
    image = renderer.render(wanted).astype(int)
    vertices = shot.model.v_template
    ear = vertices[shot.model.regions[seen]]
    outermost = ear[np.argmax(ear[:, 0])]
    x, y, _ = project([outermost], wanted.camera, wanted.size)[0]
    face = vertices[np.argmax(vertices[:, 2])]
    nose_x, nose_y, _ = project([face], wanted.camera, wanted.size)[0]
    assert nose_x < x
    assert (image[int(y), int(x), :3] != image[int(nose_y), int(nose_x) + 3, :3]).any()
    assert vertices[shot.model.regions[hidden], 0].max() < 0


def test_up_is_up_and_left_is_right_in_the_picture(renderer, shot):
    mask = covered(renderer.render(shot))
    vertices = shot.model.v_template
    for vertex in (vertices[:, 1].argmax(), vertices[:, 1].argmin(), vertices[:, 0].argmax()):
        x, y, _ = project([vertices[vertex]], shot.camera, shot.size)[0]
        near = mask[max(int(y) - 3, 0) : int(y) + 4, max(int(x) - 3, 0) : int(x) + 4]
        assert near.any()
        assert not near.all()
    lit = replace(shot, look=Look(mode="normals"))
    image = renderer.render(lit)
    row = np.flatnonzero(mask[80])
    assert image[80, row[-4], 0] > 160 > 90 > image[80, row[3], 0]


def test_nothing_shines_through_the_seams(renderer, shot):
    """The silhouette has no hole: a magenta background is seen nowhere inside it."""
    look = Look(background=(1.0, 0.0, 1.0))
    for view in ("front", "three_quarter", "profile", "back"):
        image = renderer.render(from_side(replace(shot, look=look, transparent=False, size=(400, 400)), view))
        magenta = (image[..., 0] > 200) & (image[..., 1] < 60) & (image[..., 2] > 200)
        for row in range(40, 330, 3):
            inside = np.flatnonzero(~magenta[row])
            gaps = np.flatnonzero(np.diff(inside) > 1)
            assert len(gaps) <= 2  # beside an ear


def test_the_inside_of_the_surface_is_seen_darker(renderer, shot):
    vertices, faces = shot.model.v_template, shot.model.faces
    front = vertices[faces].mean(axis=1)[:, 2] > 0
    look = Look(mode="shaded")
    whole = renderer.render(replace(shot, look=look))
    opened = replace(shot.model, faces=np.ascontiguousarray(faces[~front]), landmarks=None)
    opened = replace(opened, uv=None, uv_faces=None, albedo=None)
    inside = renderer.render(replace(shot, model=opened, surface=neutral_surface(opened), look=look))
    assert covered(inside)[40:60, 70:90].all()
    assert inside[40:60, 70:90, :3].mean() < 0.8 * whole[40:60, 70:90, :3].mean()


def test_a_head_without_texture_has_skin_and_eyes(renderer, shot):
    bare = replace(shot.model, uv=None, uv_faces=None, albedo=None)
    image = renderer.render(replace(shot, model=bare, size=(400, 400))).astype(int)
    camera = shot.camera
    eye, _ = (
        project([shot.surface.joints[joint] + [0, 0, 0.013]], camera, (400, 400))[0, :2].astype(int)
        for joint in (3, 4)
    )
    forehead = image[110, 200, :3]
    assert forehead[0] > forehead[1] > forehead[2]
    assert image[eye[1], eye[0], :3].max() < 90


def test_an_unreadable_texture_is_told_each_time_but_only_where_it_is_shown(renderer, shot, tmp_path):
    broken = tmp_path / "skin.png"
    broken.write_bytes(b"no image")
    model = replace(shot.model, albedo=broken)
    for _ in range(2):
        with pytest.raises(StudioError, match=r"skin\.png"):
            renderer.render(replace(shot, model=model))
    assert covered(renderer.render(replace(shot, model=model, look=Look(mode="shaded")))).any()


def test_flat_shading_shows_the_models_own_faces(renderer, shot):
    smooth, own = (
        renderer.render(replace(shot, look=Look(mode="flat", subdivide=subdivide))).astype(int)
        for subdivide in (True, False)
    )
    assert (smooth == own).all()
    smooth, own = (
        renderer.render(replace(shot, look=Look(mode="shaded", subdivide=subdivide))).astype(int)
        for subdivide in (True, False)
    )
    assert (smooth != own).any()


@pytest.mark.parametrize("mode", ["textured", "flat", "wireframe"])
def test_tiles_leave_no_trace(gl_renderer, shot, mode, monkeypatch):
    wanted = replace(shot, look=Look(mode=mode, show_landmarks=True), size=(230, 170), transparent=False)
    whole = gl_renderer.render(wanted).astype(int)
    monkeypatch.setattr(gl_module, "TILE", 123)
    tiled = gl_renderer.render(wanted).astype(int)
    difference = np.abs(whole - tiled).max(axis=2)
    assert (difference > 2).mean() < 0.002
    assert difference.mean() < 0.02


def test_markers_stand_where_the_landmarks_are(renderer, shot):
    plain = renderer.render(replace(shot, size=(500, 500))).astype(int)
    marked = renderer.render(replace(shot, size=(500, 500), look=Look(show_landmarks=True))).astype(int)
    changed = np.abs(plain - marked).max(axis=2) > 20
    for x, y, _ in project(shot.surface.landmarks[17:], shot.camera, (500, 500)):
        assert changed[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].any()
    assert changed.mean() < 0.03


def test_eight_thousand_pixels(gl_renderer, shot):
    wide = replace(shot, size=(8192, 256), samples=4, camera=frame_wide(shot))
    image = gl_renderer.render(wide)
    assert image.shape == (256, 8192, 4)
    assert covered(image)[128, 4096]


def frame_wide(shot):
    return shot.camera.replace(distance=shot.camera.distance * 1.1)


def test_a_cancelled_picture_is_dropped(renderer, shot):
    with pytest.raises(JobCancelled):
        renderer.render(shot, lambda: True)


@pytest.mark.parametrize("size", [(0, 10), (10, 8193)])
def test_impossible_sizes_are_refused(shot, size):
    with pytest.raises(ValueError, match="pixels on a side"):
        replace(shot, size=size)


def test_no_shader_is_linked_while_things_change(gl_renderer, shot, monkeypatch):
    gl_renderer.render(shot)
    gl_renderer.render(replace(shot, look=Look(mode="wireframe", show_joints=True)))
    built = []
    build = ModularProgram._build
    monkeypatch.setattr(ModularProgram, "_build", lambda self: (built.append(self), build(self)))
    for step, mode in enumerate(MODES):
        look = Look(mode=mode, show_joints=True)
        moved = replace(shot.surface, vertices=shot.surface.vertices + np.float32(0.001 * step))
        camera = shot.camera.replace(azimuth=0.1 * step, orthographic=step % 2 == 0)
        gl_renderer.render(replace(shot, surface=moved, camera=camera, look=look))
    assert not built
