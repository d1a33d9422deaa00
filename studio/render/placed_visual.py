"""What vispy visuals that are placed by two matrices of their own have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy.visuals import Visual


class PlacedVisual(Visual):
    """A visual whose shaders have the uniforms ``u_view`` and ``u_projection``."""

    def _prepare_transforms(self, view: Visual) -> None:
        """Nothing: the matrices are plain uniforms, so that no transform is ever compiled in."""

    def set_matrices(self, view: NDArray, projection: NDArray) -> None:
        """Place the camera; matrices (4, 4) for column vectors."""
        program = self.shared_program
        program["u_view"] = np.ascontiguousarray(view.T, dtype=np.float32)
        program["u_projection"] = np.ascontiguousarray(projection.T, dtype=np.float32)
