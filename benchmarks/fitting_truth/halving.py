"""More vertices for a mesh: its longest edges are halved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Faces = NDArray[np.int32]
Table = list[list[int]]


def halved(
    places: Array, faces: Faces, uv_faces: Faces, uv: NDArray[np.float32], most: int
) -> tuple[Faces, Faces, NDArray[np.float32], list[tuple[int, int]]]:
    """Halve the longest edges between two faces that no other halved edge touches, away from seams.

    Args:
        places: (V, 3) of the vertices.
        faces: (F, 3).
        uv_faces: (F, 3) into ``uv``.
        uv: (U, 2).
        most: edges to halve.

    Returns:
        Faces, faces of texture coordinates, texture coordinates, and the two ends of each halved edge, whose
        middles are vertices V, V + 1, ...

    """
    edges = _edges(faces)
    ends = np.array(list(edges))
    order = np.argsort(-np.linalg.norm(places[ends[:, 0]] - places[ends[:, 1]], axis=1))
    touched: set[int] = set()
    corners, texels, coordinates = faces.tolist(), uv_faces.tolist(), list(uv)
    pairs: list[tuple[int, int]] = []
    for a, b in ends[order].tolist():
        both = edges[a, b]
        seamless = len(both) == 2 and len({frozenset(_ends(uv_faces[f], c)) for f, c in both}) == 1
        if not seamless or any(face in touched for face, _ in both):
            continue
        first, second = _ends(uv_faces[both[0][0]], both[0][1])
        for face, corner in both:
            touched.add(face)
            _split(corners, face, corner, len(places) + len(pairs))
            _split(texels, face, corner, len(coordinates))
        coordinates.append((uv[first] + uv[second]) / 2.0)
        pairs.append((a, b))
        if len(pairs) == most:
            break
    return np.array(corners, np.int32), np.array(texels, np.int32), np.array(coordinates, np.float32), pairs


def _edges(faces: Faces) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For each edge, lower vertex first, its faces and the corner of each from which it goes on."""
    edges: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for face, corners in enumerate(faces):
        for corner in range(3):
            a, b = _ends(corners, corner)
            edges.setdefault((min(a, b), max(a, b)), []).append((face, corner))
    return edges


def _ends(corners: Faces, corner: int) -> tuple[int, int]:
    return int(corners[corner]), int(corners[(corner + 1) % 3])


def _split(table: Table, face: int, corner: int, middle: int) -> None:
    """Part a face in two by a point on the edge that goes on from ``corner``."""
    first, second, third = (table[face][(corner + step) % 3] for step in range(3))
    table[face] = [first, middle, third]
    table.append([middle, second, third])
