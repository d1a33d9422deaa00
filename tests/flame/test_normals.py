from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.flame.normals import vertex_normals

PROJECT = Path(__file__).parents[2]


def sphere(rings: int = 24, around: int = 48) -> tuple[np.ndarray, np.ndarray]:
    """A unit sphere without its poles: vertices and outward faces."""
    height, turn = np.meshgrid(
        np.linspace(0.2, np.pi - 0.2, rings), np.linspace(0, 2 * np.pi, around, endpoint=False), indexing="ij"
    )
    vertices = np.stack(
        [np.sin(height) * np.sin(turn), np.cos(height), np.sin(height) * np.cos(turn)], axis=-1
    )
    ids = np.arange(rings * around).reshape(rings, around)
    a, b = ids[:-1].ravel(), ids[1:].ravel()
    c, d = np.roll(ids, -1, axis=1)[1:].ravel(), np.roll(ids, -1, axis=1)[:-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return vertices.reshape(-1, 3).astype(np.float32), faces.astype(np.int32)


def test_normals_of_a_sphere_point_outwards() -> None:
    vertices, faces = sphere()
    inner = slice(48, -48)
    normals = vertex_normals(vertices, faces)
    assert normals.dtype == np.float32
    np.testing.assert_allclose(normals[inner], vertices[inner], atol=0.02)


def test_faces_count_by_their_area() -> None:
    vertices = np.array([[0, 0, 0], [3, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)
    np.testing.assert_allclose(
        vertex_normals(vertices, faces)[0], np.array([1, 0, 3]) / np.sqrt(10), atol=1e-7
    )


def test_vertices_without_area_get_a_finite_unit_normal() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [5, 5, 5]], dtype=np.float32)
    faces = np.array([[0, 1, 2], [0, 0, 1]], dtype=np.int32)
    np.testing.assert_array_equal(vertex_normals(vertices, faces), np.tile([0, 0, 1], (4, 1)))
    assert vertex_normals(vertices, np.zeros((0, 3), np.int32)).shape == (4, 3)


@pytest.mark.parametrize("scale", [1e-18, 1.0, 1e18])
def test_size_of_the_mesh_does_not_matter(scale: float) -> None:
    vertices, faces = sphere()
    scaled = vertex_normals((vertices.astype(np.float64) * scale).astype(np.float32), faces)
    np.testing.assert_allclose(scaled, vertex_normals(vertices, faces), atol=1e-5)


def test_any_layout_is_taken_and_left_alone() -> None:
    vertices, faces = sphere()
    expected = vertex_normals(vertices, faces)
    vertices.setflags(write=False)
    strided = np.asfortranarray(faces.astype(np.int64))
    np.testing.assert_array_equal(vertex_normals(vertices, strided), expected)


def test_same_bits_on_many_threads_at_once() -> None:
    vertices, faces = sphere()
    expected = vertex_normals(vertices, faces)
    with ThreadPoolExecutor(4) as pool:
        for normals in pool.map(lambda _: vertex_normals(vertices, faces), range(40)):
            np.testing.assert_array_equal(normals, expected)


def test_agree_with_the_normals_of_the_first_picture(head_model: HeadModel) -> None:
    normals = vertex_normals(head_model.v_template, head_model.faces)
    np.testing.assert_allclose(normals, rest(head_model).normals, atol=1e-5)


def test_works_where_no_folder_may_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file, so that no folder can be made here")
    script = (
        "import numpy as np\n"
        "from studio.flame.normals import vertex_normals\n"
        "print(vertex_normals(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], dtype=np.int32))[0])"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(blocked / "cache")}
    environment["NUMBA_CACHE_LOCATOR_CLASSES"] = "UserProvidedCacheLocator"
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("[0.57735")
