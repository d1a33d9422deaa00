from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.backends.base import Surface
from studio.document.look import Look
from studio.flame.model import HeadModel
from studio.render.framing import frame_head, view_preset
from studio.render.maps import HeadView, region_names, views
from studio.render.pinhole import PinholeCamera
from studio.render.shot import Shot
from studio.storage.errors import StudioError
from tests.render.raycast import pictured
from tests.render.test_rasterizer import look_at


def on_mesh(vertices, faces, normals, tiny_model: HeadModel, **changes) -> tuple[HeadModel, Surface]:
    """A model and its surface, made of any mesh."""
    vertices = np.asarray(vertices, np.float32)
    model = replace(tiny_model, v_template=vertices, faces=np.asarray(faces, np.int32), regions={}, **changes)
    nothing = np.zeros((0, 3), np.float32)
    return model, Surface(vertices, np.asarray(normals, np.float32), nothing, nothing, 0)


def ball(rows=120, columns=240, radius=0.1):
    """A closed ball of triangles, and the unit directions of its vertices."""
    latitude = np.linspace(0, np.pi, rows + 1)[:, None]
    longitude = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    outward = np.stack(
        [
            np.sin(latitude) * np.sin(longitude),
            np.cos(latitude) + 0 * longitude,
            np.sin(latitude) * np.cos(longitude),
        ],
        2,
    ).reshape(-1, 3)
    i, j = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    a, b = i * columns + j, i * columns + (j + 1) % columns
    faces = np.concatenate([np.stack([a, a + columns, b], 2), np.stack([b, a + columns, b + columns], 2)])
    return radius * outward, faces.reshape(-1, 3), outward


def met(camera, radius=0.1):
    """Where rays first meet a ball about the origin (H, W, 3), NaN where they do not."""
    rays, eye = camera.rays(), camera.eye
    a, b = (rays**2).sum(2), 2 * rays @ eye
    root = b * b - 4 * a * (eye @ eye - radius**2)
    with np.errstate(invalid="ignore"):
        near, far = ((-b + sign * np.sqrt(root)) / (2 * a) for sign in (-1, 1))
    return eye + np.where(near > camera.near, near, far)[..., None] * rays


@pytest.mark.parametrize("space", ["camera", "world"])
@pytest.mark.parametrize("eye", [(0.2, 0.15, 0.5), (0.03, -0.02, 0.01)], ids=["outside", "inside"])
def test_normals_and_places_on_a_ball(tiny_model: HeadModel, eye, space):
    camera = look_at((0.01, 0.0, -0.02), np.array(eye), (110, 90), focal=150.0 if eye[2] > 0.1 else 40.0)
    vertices, faces, outward = ball()
    model, surface = on_mesh(vertices, faces, outward, tiny_model)
    view = HeadView.take(model, surface, camera)
    wanted = met(camera)
    both = (view.face_index >= 0) & np.isfinite(wanted[..., 0])
    assert both.mean() > 0.2
    assert ((view.face_index >= 0) == np.isfinite(wanted[..., 0])).mean() > 0.99
    normals = view.normal(space)
    facing = -1.0 if eye[2] < 0.1 else 1.0  # inside the ball, its inside is seen
    direction = facing * wanted / 0.1
    if space == "camera":
        direction = direction @ camera.view_axes().T
    assert np.abs(normals - direction)[both].max() < (0.02 if facing > 0 else 2e-3)
    assert np.median(np.abs(normals - direction)[both]) < 2e-4
    np.testing.assert_allclose(np.linalg.norm(normals[both], axis=1), 1.0, atol=1e-6)
    assert np.median(np.abs(view.position() - wanted)[both]) < 3e-5
    depth = camera.project(wanted.reshape(-1, 3))[:, 2].reshape(both.shape)
    assert np.median(np.abs(view.depth() - depth)[both]) < 3e-5
    if space == "camera":
        assert (normals[both][:, 2] > -0.05).all()


def test_depth_and_places_on_a_plane(tiny_model: HeadModel):
    normal, offset = np.array([0.3, -0.2, 1.0]) / np.linalg.norm([0.3, -0.2, 1.0]), 0.02
    right = np.cross([0, 1, 0], normal)
    corners = np.array([-1, 1, 1, -1])[:, None] * right + np.array([-1, -1, 1, 1])[:, None] * np.cross(
        normal, right
    )
    model, surface = on_mesh(
        corners + offset * normal, [[0, 1, 2], [0, 2, 3]], np.tile(normal, (4, 1)), tiny_model
    )
    camera = look_at((0.0, 0.0, 0.0), np.array([0.1, 0.1, 0.5]))
    view = HeadView.take(model, surface, camera)
    assert (view.face_index >= 0).all()
    wanted = (offset - camera.eye @ normal) / (camera.rays() @ normal)
    np.testing.assert_allclose(view.depth(), wanted, atol=2e-7)
    np.testing.assert_allclose(view.position(), camera.eye + wanted[..., None] * camera.rays(), atol=3e-7)
    np.testing.assert_allclose(
        view.normal("world"), np.broadcast_to(normal, view.position().shape), atol=1e-6
    )


def test_everything_on_the_head_is_what_a_ray_meets(head_model: HeadModel, surface: Surface):
    camera = look_at((0.0, 0.0, 0.0), np.array([0.25, 0.1, 0.4]), (80, 90), focal=150.0)
    view = HeadView.take(head_model, surface, camera)
    hits = pictured(camera, surface.vertices, head_model.faces)
    same = (view.face_index.ravel() == hits.faces) & (hits.faces >= 0)
    assert same.mean() > 0.3
    faces, weights = hits.faces[same], hits.weights[same]

    def close(image, wanted, tolerance=1e-5):
        found = image.reshape(len(same), -1)[same]
        assert np.quantile(np.abs(found - wanted).max(axis=1), 0.99) < tolerance

    uv = np.einsum("nk,nkd->nd", weights, head_model.uv[head_model.uv_faces[faces]].astype(float))
    close(view.uv(), uv)
    normals = np.einsum("nk,nkd->nd", weights, surface.normals[head_model.faces[faces]].astype(float))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    corners = surface.vertices[head_model.faces[faces]].astype(float)
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    rays = camera.rays().reshape(-1, 3)[same]
    normals[(flat * rays).sum(axis=1) > 0] *= -1.0
    close(view.normal("world"), normals, 1e-4)
    close(view.normal(), normals @ camera.view_axes().T, 1e-4)
    close(view.depth(), hits.distances[same, None], 1e-6)
    close(view.position(), camera.eye + hits.distances[same, None] * rays, 1e-6)
    names = region_names(head_model)
    nearest = head_model.faces[faces, weights.argmax(axis=1)]
    for vertex, place in list(zip(nearest, view.region().ravel()[same], strict=True))[::7]:
        holding = [name for name, members in head_model.regions.items() if vertex in members]
        smallest = min((len(head_model.regions[name]) for name in holding), default=0)
        assert names[place] in holding or (not holding and place == 0)
        assert not holding or len(head_model.regions[names[place]]) == smallest


def test_texture_coordinates_do_not_cross_seams(head_model: HeadModel, surface: Surface):
    view = HeadView.take(head_model, surface, PinholeCamera.front(head_model, (200, 200)))
    shown = view.face_index >= 0
    corners = head_model.uv[head_model.uv_faces[view.face_index[shown]]]
    uv = view.uv()[shown]
    assert (uv >= corners.min(axis=1) - 1e-6).all()
    assert (uv <= corners.max(axis=1) + 1e-6).all()


def test_nothing_is_told_beside_the_head(head_model: HeadModel, surface: Surface):
    view = HeadView.take(head_model, surface, PinholeCamera.front(head_model, (64, 64)))
    empty = view.face_index < 0
    assert empty[0, 0]
    for image in (view.normal(), view.depth(), view.position(), view.uv()):
        assert image.dtype == np.float32
        assert np.isnan(image[empty]).all()
        assert np.isfinite(image[~empty]).all()
    assert (view.region()[empty] == -1).all()
    assert (view.region()[~empty] >= 0).all()
    assert (view.barycentric[empty] == 0).all()


def test_axes_that_do_not_exist_are_refused(head_model: HeadModel, surface: Surface):
    view = HeadView.take(head_model, surface, PinholeCamera.front(head_model, (8, 8)))
    with pytest.raises(ValueError, match="no space wolrd"):
        view.normal("wolrd")


@pytest.mark.parametrize("size", [(0, 8), (8, 0), (-3, 8), (8, 8193)])
def test_a_front_camera_needs_a_picture(head_model: HeadModel, size):
    with pytest.raises(ValueError, match="whole number of 1 to 8192"):
        PinholeCamera.front(head_model, size)


def test_a_model_without_texture_coordinates_or_regions(tiny_model: HeadModel):
    surface = Surface(
        tiny_model.v_template, tiny_model.v_template * 10, np.zeros((0, 3)), np.zeros((5, 3)), 0
    )
    view = HeadView.take(tiny_model, surface, PinholeCamera.front(tiny_model, (32, 32)))
    with pytest.raises(StudioError, match="tiny has no texture coordinates"):
        view.uv()
    assert set(np.unique(view.region())) == {-1, 0}
    assert region_names(tiny_model) == ("unnamed",)


@pytest.mark.parametrize("side", ["front", "three_quarter"])
def test_normals_agree_with_the_window(gl_renderer, head_model: HeadModel, surface: Surface, side):
    size = (200, 240)
    orbit = frame_head(head_model, view_preset(side), size[0] / size[1])
    look = Look(mode="normals", subdivide=False)
    drawn = gl_renderer.render(Shot(head_model, surface, look, orbit, size, samples=1, transparent=True))
    view = HeadView.take(head_model, surface, PinholeCamera.from_orbit(orbit, size))
    shown = view.face_index >= 0
    assert (shown == (drawn[..., 3] > 0)).mean() > 0.995
    both = shown & (drawn[..., 3] == 255)
    eyeballs = [
        index for index, name in enumerate(region_names(head_model)) if "eye" in name or "lash" in name
    ]
    skin = both & ~np.isin(view.region(), eyeballs)  # the window's eyes have a cornea
    difference = np.abs((view.normal() * 0.5 + 0.5) * 255 - drawn[..., :3])[skin]
    assert difference.mean() < 1.0
    assert np.quantile(difference, 0.98) < 3.0


def test_views_come_in_order_whatever_the_threads(head_model: HeadModel, surface: Surface):
    camera = PinholeCamera.front(head_model, (60, 60))
    moved = [
        replace(surface, vertices=surface.vertices + np.float32([0.01 * step, 0, 0])) for step in range(7)
    ]
    alone = [HeadView.take(head_model, head, camera).face_index for head in moved]
    for threads in (1, 2, 5, None):
        together = [view.face_index for view in views(head_model, iter(moved), camera, threads)]
        np.testing.assert_array_equal(together, alone)


def test_views_look_only_a_little_ahead(head_model: HeadModel, surface: Surface):
    asked = []

    def endless():
        while True:
            asked.append(1)
            yield surface

    stream = views(head_model, endless(), PinholeCamera.front(head_model, (16, 16)), 2)
    for _ in range(5):
        next(stream)
    stream.close()
    assert len(asked) <= 8


def test_each_frame_may_have_its_camera(head_model: HeadModel, surface: Surface):
    cameras = [PinholeCamera.front(head_model, (16, size)) for size in (10, 20)]
    taken = list(views(head_model, [surface, surface], cameras))
    assert [view.face_index.shape for view in taken] == [(10, 16), (20, 16)]
    with pytest.raises(ValueError, match="zip"):
        list(views(head_model, [surface] * 3, cameras))
