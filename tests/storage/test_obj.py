"""Texture coordinates of OBJ meshes, also of those that were written again by another tool."""

from __future__ import annotations

import numpy as np
import pytest

from studio.storage.errors import StudioError
from studio.storage.obj import aligned_corners, read_texture_coordinates

MESH = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nvt 1 1\n"
FACES = np.array([[0, 1, 2], [2, 1, 3]], np.int32)


def write(tmp_path, faces):
    path = tmp_path / "head_template.obj"
    path.write_text(MESH + faces)
    return path


@pytest.mark.parametrize("faces", ["f 1/1 2/2 3/3\nf 3/3 2/2 4/4\n", "f 4/4/1 3/3/1 2/2/1\nf 2/2 3/3 1/1\n"])
def test_corners_follow_the_faces_of_the_model(tmp_path, faces):
    mesh = read_texture_coordinates(write(tmp_path, faces))
    np.testing.assert_array_equal(aligned_corners(mesh, FACES), FACES)
    assert mesh.uv.shape == (4, 2)


def test_another_mesh_is_not_aligned(tmp_path):
    mesh = read_texture_coordinates(write(tmp_path, "f 1/1 2/2 4/4\nf 3/3 2/2 4/4\n"))
    assert aligned_corners(mesh, FACES) is None
    assert aligned_corners(mesh, FACES[:1]) is None


@pytest.mark.parametrize(
    "faces",
    ["", "f 1 2 3\n", "f 1/1 2/2 3/3 4/4\n", "f 1/1 2/2 3/9\n", "f a/b c/d e/f\n", "f 1/1 2/2 3/-1\n"],
)
def test_unusable_meshes_are_told(tmp_path, faces):
    with pytest.raises(StudioError, match=r"^head_template\.obj is not a mesh of triangles"):
        read_texture_coordinates(write(tmp_path, faces))
