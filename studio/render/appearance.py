"""The colours of the surface in each mode, before light falls on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Look
from studio.render.display_mesh import DisplayMesh
from studio.render.iris import iris_image
from studio.render.matcaps import INSPECTION, matcap_ball
from studio.render.shading import WIRE_GROUND

Pixels = NDArray[np.uint8]

FOLD_TINT = (0.40, 0.58, 0.62)  # powers of the light left in a fold, by colour: light in skin comes out red
FOLD_GREY = (0.55, 0.55, 0.55)


@dataclass(frozen=True, eq=False)
class Appearance:
    """A surface's colour is ``shade`` times texture times row colour, the product taken as sRGB."""

    colours: NDArray[np.float32]  # (M, 3) sRGB, one for each display row
    image: Pixels  # (H, W, 3) sRGB, row 0 at v = 0
    skin: float  # 1: shines and scatters light as skin, eyes and lips do; 0: as clay does
    shade: float  # of the light
    ball: Pixels | None = None  # (S, S, 3) sRGB, row 0 at the bottom: a lit ball whose look all surfaces take


def appearance_of(mesh: DisplayMesh, look: Look, albedo: Pixels | None) -> Appearance:
    """What ``look`` gives the rows of ``mesh``; ``albedo`` is the model's texture, if it has one.

    A matcap picture that cannot be read is replaced by the first of the studio's own.
    """
    white = np.full((1, 1, 3), 255, dtype=np.uint8)
    folds = mesh.folds ** np.array(FOLD_TINT if look.mode == "textured" else FOLD_GREY, dtype=np.float32)
    if look.mode == "matcap":
        ball = matcap_ball(look.finish)
        plain = np.ones_like(folds) if look.finish.matcap in INSPECTION else folds
        return Appearance(plain, white, 0.0, 1.0, ball)
    if look.mode == "regions":
        return Appearance(mesh.region_colours * folds, white, 0.0, 1.0)
    if look.mode != "textured":
        clay = np.array(look.clay, dtype=np.float32) * folds
        return Appearance(clay, white, 0.0, WIRE_GROUND if look.mode == "wireframe" else 1.0)
    if albedo is None:
        return Appearance(mesh.tints * folds, iris_image(), 1.0, 1.0)
    return Appearance(folds, albedo, 1.0, 1.0)
