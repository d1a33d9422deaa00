"""Ways along the edges of a mesh, on a grid where they can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.surface_graph import distances, path_through, resampling, surface_graph

SIDE = 5


@pytest.fixture
def grid():
    """A 5 x 5 grid of unit squares, each split along one diagonal, and a vertex on no face."""
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    points = np.stack([columns, rows, np.zeros_like(rows)], axis=1).astype(np.float32)
    faces = []
    for row in range(SIDE - 1):
        for column in range(SIDE - 1):
            a = row * SIDE + column
            faces += [[a, a + 1, a + SIDE], [a + 1, a + SIDE + 1, a + SIDE]]
    return surface_graph(np.vstack([points, [[9, 9, 9]]]), np.array(faces, np.int32))


def test_distances_from_the_nearest_source(grid):
    reached, _ = distances(grid, [0, 24])
    assert reached[4] == pytest.approx(4.0)
    assert reached[20] == pytest.approx(4.0)
    assert reached[12] == pytest.approx(4.0)
    assert reached[6] == pytest.approx(2.0)
    assert reached[8] == pytest.approx(min(3 + 1, 1 + 3))
    assert reached[25] == np.inf


def test_diagonals_that_are_edges_are_taken(grid):
    assert distances(grid, [4])[0][20] == pytest.approx(4 * np.sqrt(2))


def test_nothing_is_beyond_the_limit(grid):
    reached, _ = distances(grid, [0], limit=1.5)
    assert np.isfinite(reached).sum() == 3


def test_a_path_visits_its_stops(grid):
    path = path_through(grid, [0, 2, 12])
    assert path is not None
    assert path[:3] == [0, 1, 2]
    assert path[-1] == 12
    assert len(path) == 5
    assert path_through(grid, [0, 25]) is None


def test_even_points_along_a_line():
    line = np.array([[0, 0, 0], [1, 0, 0], [1, 3, 0]], float)
    np.testing.assert_allclose(
        resampling(line, 5) @ line, [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 2, 0], [1, 3, 0]], atol=1e-12
    )
    np.testing.assert_allclose(resampling(line[[0, 0]], 3) @ line[[0, 0]], 0.0)
