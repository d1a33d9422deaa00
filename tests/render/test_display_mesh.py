from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from studio.render.display_mesh import KERNELS, Rows, display_mesh, load_kernels


@pytest.mark.parametrize("subdivide", [True, False])
def test_each_row_has_the_place_and_the_texture_coordinate_of_its_corners(head_model, surface, subdivide):
    mesh = display_mesh(head_model, subdivide)
    rows = Rows(mesh)
    rows.expand(mesh, surface.vertices, surface.normals)
    assert np.array_equal(rows.positions[mesh.faces], rows.positions[: mesh.point_count][mesh.point_faces])
    assert np.allclose(np.linalg.norm(rows.normals, axis=1), 1.0, atol=1e-5)
    corners = mesh.faces.reshape(len(head_model.faces), -1, 3)[:, :, 0]
    wanted = head_model.uv[head_model.uv_faces]
    if subdivide:
        assert np.allclose(mesh.texcoords[corners[:, :3]], wanted, atol=1e-7)
        middle = mesh.texcoords[corners[:, 3]]
        assert np.allclose(middle, (wanted[:, 0] + wanted[:, 1]) / 2, atol=1e-6)
    else:
        assert np.allclose(mesh.texcoords[mesh.faces], wanted, atol=1e-7)


def test_the_fine_surface_stays_close_to_the_models(head_model, surface):
    mesh = display_mesh(head_model, True)
    rows = Rows(mesh)
    rows.expand(mesh, surface.vertices, surface.normals)
    moved = np.linalg.norm(rows.positions[: head_model.vertex_count] - surface.vertices, axis=1)
    assert np.median(moved) < 0.0001
    assert moved.max() < 0.003


def test_numpy_and_the_compiled_kernels_agree(head_model, surface, monkeypatch):
    mesh = display_mesh(head_model, True)
    compiled, plain = Rows(mesh), Rows(mesh)
    load_kernels()
    compiled.expand(mesh, surface.vertices, surface.normals)
    monkeypatch.delitem(sys.modules, KERNELS)
    plain.expand(mesh, surface.vertices, surface.normals)
    assert np.allclose(compiled.positions, plain.positions, atol=1e-7)
    assert np.allclose(compiled.normals, plain.normals, atol=2e-3)


def test_the_models_own_faces_are_drawn_over_the_same_rows(head_model):
    fine, coarse = display_mesh(head_model, True), display_mesh(head_model, False)
    assert np.array_equal(fine.point_faces.reshape(-1, 4, 3)[:, :3, 0], coarse.point_faces)
    assert np.allclose(fine.texcoords[fine.coarse_faces], coarse.texcoords[coarse.faces], atol=1e-7)


@pytest.mark.parametrize("fine", [True, False])
def test_faces_nearest_the_eye_come_first_and_none_is_lost(head_model, fine):
    mesh = display_mesh(head_model, True)
    ordered = mesh.faces_from(np.array([0, 0, 1], dtype=np.float32), fine)
    original = mesh.faces if fine else mesh.coarse_faces
    assert np.array_equal(np.sort(ordered, axis=0), np.sort(original, axis=0))
    depth = head_model.v_template[:, 2]
    own = ordered[ordered.max(axis=1) < head_model.vertex_count] if not fine else None
    if own is not None:
        heights = depth[own].mean(axis=1)
        assert heights[:500].mean() > heights[-500:].mean() + 0.1


def test_a_model_without_texture_regions_or_joint_weights_is_drawn_too(tiny_model):
    mesh = display_mesh(tiny_model)
    assert mesh.row_count == mesh.point_count
    assert len(mesh.faces) == 4 * len(tiny_model.faces)


def test_eyes_without_a_region_are_told_by_their_weights(head_model):
    bare = replace(head_model, regions={}, uv=None, uv_faces=None, albedo=None)
    mesh = display_mesh(bare)
    eyeballs = head_model.regions["eyeballs"]
    assert (mesh.traits[eyeballs, 1] == 1.0).all()
    on_iris = np.abs(mesh.texcoords[eyeballs] - 0.5).max(axis=1) < 0.2
    forward = head_model.v_template[eyeballs][on_iris][:, 2]
    assert on_iris.any()
    assert forward.min() > np.median(head_model.v_template[eyeballs][:, 2])
