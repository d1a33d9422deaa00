"""Vertex normals of a triangle mesh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def vertex_normals(
    vertices: NDArray[np.float32], faces: NDArray[np.int32], out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Unit normals (V, 3) float32: the area-weighted mean of the normals of the faces around a vertex.

    A vertex without a face, or with faces of no area only, gets (0, 0, 1). The same input gives the
    same bits. The first call of a process loads the compiled kernel (0.4 s; 1.5 s
    where it must be compiled), so no window should wait for it.

    Args:
        vertices: (V, 3) metres.
        faces: (F, 3) counter-clockwise seen from outside, each index below V.
        out: where to write them, (V, 3) float32 C-contiguous; None makes an array.

    """
    from studio.flame.normals_kernel import area_weighted

    points = np.ascontiguousarray(vertices, dtype=np.float32)
    normals = np.empty_like(points) if out is None else out
    area_weighted(points, np.ascontiguousarray(faces, dtype=np.int32), np.empty(points.shape), normals)
    return normals
