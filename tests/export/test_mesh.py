from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from studio.backends import create_backend
from studio.backends.base import Surface
from studio.document.look import Look
from studio.export.mesh import MeshJob
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import JobCancelled, Progress
from studio.render.texture import read_albedo
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.fixture
def surface(tiny_model: HeadModel, backend: Any) -> Surface:
    return backend.forward(Params.neutral(tiny_model).replace(translation=(0.0123456, -1.0, 1e-5)))


@pytest.mark.parametrize("ending", ["obj", "ply"])
def test_vertices_faces_and_order_come_back(
    tmp_path: Path, tiny_model: HeadModel, surface: Surface, ending: str
) -> None:
    path = MeshJob(tiny_model, surface, tmp_path / f"head.{ending}").run(nowhere, never)
    mesh = trimesh.load(path, process=False, maintain_order=True)
    np.testing.assert_allclose(mesh.vertices, surface.vertices, atol=1e-7)
    np.testing.assert_array_equal(mesh.faces, tiny_model.faces)
    np.testing.assert_allclose(mesh.vertex_normals, surface.normals, atol=1e-5)
    assert b"Free for tests" in path.read_bytes()


def test_obj_keeps_one_line_a_vertex_across_texture_seams(
    tmp_path: Path, tiny_model: HeadModel, surface: Surface
) -> None:
    uv = np.random.default_rng(1).random((tiny_model.faces.size, 2)).astype(np.float32)
    corners = np.arange(tiny_model.faces.size, dtype=np.int32).reshape(-1, 3)
    model = replace(tiny_model, uv=uv, uv_faces=corners)
    path = MeshJob(model, surface, tmp_path / "head.obj").run(nowhere, never)
    lines = [line.split() for line in path.read_text().splitlines()]
    vertices = np.array([line[1:] for line in lines if line[0] == "v"], float)
    coordinates = np.array([line[1:] for line in lines if line[0] == "vt"], float)
    faces = [[corner.split("/") for corner in line[1:]] for line in lines if line[0] == "f"]
    np.testing.assert_allclose(vertices, surface.vertices, atol=1e-7)
    np.testing.assert_allclose(coordinates, uv, atol=1e-7)
    indices = np.array(faces, int) - 1
    np.testing.assert_array_equal(indices[..., 0], model.faces)
    np.testing.assert_array_equal(indices[..., 1], corners)
    np.testing.assert_array_equal(indices[..., 2], model.faces)


def test_cancelling_and_bad_formats_write_nothing(
    tmp_path: Path, tiny_model: HeadModel, surface: Surface
) -> None:
    with pytest.raises(JobCancelled):
        MeshJob(tiny_model, surface, tmp_path / "head.obj").run(nowhere, lambda: True)
    with pytest.raises(StudioError, match=r"\.obj or \.ply"):
        MeshJob(tiny_model, surface, tmp_path / "head.fbx").run(nowhere, never)
    assert list(tmp_path.iterdir()) == []


def test_full_disk(
    tmp_path: Path, tiny_model: HeadModel, surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "simulated")

    monkeypatch.setattr("studio.export.mesh.write_ply", fail)
    with pytest.raises(StudioError, match="disk is full"):
        MeshJob(tiny_model, surface, tmp_path / "head.ply").run(nowhere, never)
    assert list(tmp_path.iterdir()) == []


def test_an_obj_of_a_head_that_is_shown_with_its_skin_has_it_beside_it(
    tmp_path: Path, head_model: HeadModel
) -> None:
    surface = create_backend("torch", head_model).forward(Params.neutral(head_model))
    look = Look(mode="textured")
    path = MeshJob(head_model, surface, tmp_path / "head.obj", look=look).run(nowhere, never)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["head.mtl", "head.obj", "head_texture.png"]
    mesh = trimesh.load(path, process=False)
    shown = np.asarray(mesh.visual.material.image.convert("RGB"))
    wanted = read_albedo(head_model)
    assert wanted is not None
    assert np.array_equal(shown[::-1], wanted)


def test_an_obj_of_a_head_that_is_shown_as_clay_is_alone(tmp_path: Path, head_model: HeadModel) -> None:
    surface = create_backend("torch", head_model).forward(Params.neutral(head_model))
    MeshJob(head_model, surface, tmp_path / "head.obj", look=Look(mode="shaded")).run(nowhere, never)
    assert [file.name for file in tmp_path.iterdir()] == ["head.obj"]
