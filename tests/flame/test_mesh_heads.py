from __future__ import annotations

import numpy as np
import pytest

from studio.backends import create_backend
from studio.export.mesh import MeshJob
from studio.flame.mesh_heads import read_mesh_head
from studio.flame.params import Params
from studio.storage.errors import StudioError


@pytest.fixture
def backend(tiny_model):
    return create_backend("torch", tiny_model, "cpu")


@pytest.fixture(params=[".obj", ".ply"])
def mesh(request, tmp_path, backend, tiny_model):
    """A head with an open jaw, saved by the studio itself."""
    surface = backend.forward(Params.neutral(tiny_model).replace(jaw_pose=(0.3, 0.0, 0.0)))
    path = tmp_path / f"open{request.param}"
    MeshJob(tiny_model, surface, path).run(lambda _: None, lambda: False)
    return path, surface.vertices


def test_a_saved_head_comes_back_vertex_for_vertex(mesh, backend, tiny_model):
    path, vertices = mesh
    params, notices = read_mesh_head(path, tiny_model)
    assert not notices
    np.testing.assert_allclose(backend.forward(params).vertices, vertices, atol=2e-6)


def test_millimetres_are_seen_and_told(tmp_path, backend, tiny_model):
    path = tmp_path / "scan.obj"
    points = tiny_model.v_template.astype(float)
    points = points * 300.0 / np.ptp(points, axis=0).max()
    path.write_text("".join(f"v {x:.6f} {y:.6f} {z:.6f}\n" for x, y, z in points), encoding="utf-8")
    params, notices = read_mesh_head(path, tiny_model)
    assert "millimetres" in notices[0]
    np.testing.assert_allclose(backend.forward(params).vertices, points / 1000.0, atol=2e-6)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"v 0 0 0\nv 1 0 0\n", "has 2 vertices"),
        (b"v 0 zero 0\n", "not a whole OBJ mesh"),
        (b"v 0 0\nv 1\n", "not a whole OBJ mesh"),
        (b"", "has 0 vertices"),
    ],
)
def test_what_is_no_head_of_the_model_is_one_sentence(tmp_path, tiny_model, content, words):
    path = tmp_path / "bad.obj"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=words):
        read_mesh_head(path, tiny_model)


def test_a_broken_ply_is_one_sentence(tmp_path, tiny_model):
    path = tmp_path / "bad.ply"
    path.write_bytes(b"ply\nformat binary_little_endian 1.0\nelement vertex 9\n")
    with pytest.raises(StudioError, match="not a whole PLY mesh"):
        read_mesh_head(path, tiny_model)
    with pytest.raises(StudioError, match="none"):
        read_mesh_head(tmp_path / "none.ply", tiny_model)
