"""The albedo map of the open head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .bake import OpenHead
from .texels import rasterise, texels_of

PLAIN = {
    "head": (201, 158, 134), "left_eyeball": (232, 228, 222), "right_eyeball": (232, 228, 222),
    "tongue": (186, 96, 92), "mouth_cavity": (92, 36, 34), "upper_teeth": (230, 222, 202),
    "lower_teeth": (230, 222, 202), "neck_cut": (74, 58, 54), "left_eye_cavity": (150, 80, 74),
    "right_eye_cavity": (150, 80, 74), "lashes": (30, 22, 18),
}  # fmt: skip


def paint_albedo(folder: Path, head: OpenHead, size: int) -> NDArray[np.uint8]:
    """The map (size, size, 3), sRGB."""
    image = np.full((size, size, 3), PLAIN["head"], dtype=np.uint8)
    faces = rasterise(head.mesh, size)
    for chart in head.mesh.chart_names:
        texels = texels_of(head.mesh, faces, chart)
        image[texels.rows, texels.columns] = PLAIN[chart]
    return image


def save_albedo(image: NDArray[np.uint8], path: Path) -> None:
    """Write the map as JPEG."""
    from PIL import Image

    Image.fromarray(image).save(path, quality=88, optimize=True)
