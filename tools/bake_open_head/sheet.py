"""A sheet of what is mended on the open head: ``python -m tools.bake_open_head.sheet --before FOLDER``.

The folder is one that ``python -m tools.bake_open_head --plain --out FOLDER`` wrote. Both heads are drawn
by the studio's own renderer from the same cameras, the plain one without subdivision.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.backends import create_backend
from studio.document.camera import Camera
from studio.document.look import Look
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.render.offscreen import open_renderer
from studio.render.shot import Renderer, Shot

SIDE, GAP, TITLE = 300, 6, 26
PAIRS_IN_ROW = 3
GROUND, INK = (24, 26, 29), (214, 218, 224)
JAW_OPEN = (0.385, 0.0, 0.0)
GRIN = {
    f"{unit}{side}": amount
    for unit, amount in (("mouthSmile", 0.6), ("mouthUpperUp", 0.9), ("mouthLowerDown", 0.7))
    for side in ("Left", "Right")
}


@dataclass(frozen=True)
class View:
    """One pair of pictures: azimuth and elevation in degrees, target and distance in metres, parameters."""

    title: str
    turn: tuple[float, float]
    target: tuple[float, float, float]
    distance: float
    units: dict[str, float] = field(default_factory=dict)
    jaw: tuple[float, float, float] = (0.0, 0.0, 0.0)
    first_component: float = 0.0  # sigma


MOUTH = (0.0, -0.047, 0.05)
VIEWS = (
    View("Skull from above", (150.0, 38.0), (0.0, 0.03, -0.02), 0.85),
    View("Upper teeth and gums", (0.0, 0.0), MOUTH, 0.27, GRIN),
    View("Open jaw: tongue and lower teeth", (0.0, 6.0), (0.0, -0.06, 0.05), 0.33, {}, JAW_OPEN),
    View("Open jaw from the side", (35.0, 4.0), (0.0, -0.06, 0.05), 0.33, {}, JAW_OPEN),
    View("Lashes", (18.0, 0.0), (0.033, 0.030, 0.06), 0.17),
    View("Brows", (12.0, 8.0), (0.028, 0.044, 0.07), 0.17),
    View("Jaw to the side", (0.0, 0.0), MOUTH, 0.27, {"jawLeft": 1.0}),
    View("Neck from below", (-25.0, -55.0), (0.0, -0.05, 0.0), 0.95),
    View("First component at +3", (0.0, 0.0), (0.0, -0.02, 0.0), 1.05, {}, (0.0, 0.0, 0.0), 3.0),
)


def draw(renderer: Renderer, model: HeadModel, view: View, look: Look) -> Image.Image:
    """One picture of ``model``."""
    expression = np.zeros(model.expression_count)
    for name, amount in view.units.items():
        expression[model.expression_names.index(name)] = amount
    shape = np.zeros(model.shape_count)
    shape[0] = view.first_component
    params = Params.neutral(model).replace(shape=shape, expr=expression, jaw_pose=view.jaw)
    azimuth, elevation = (math.radians(angle) for angle in view.turn)
    camera = Camera(view.target, view.distance, azimuth, elevation)
    surface = create_backend("torch", model, device="cpu").forward(params)
    pixels = renderer.render(Shot(model, surface, look, camera, (SIDE, SIDE), samples=9))
    return Image.fromarray(pixels[:, :, :3])


def make_sheet(before: HeadModel, after: HeadModel) -> Image.Image:
    """All pairs, plain on the left and mended on the right."""
    renderer = open_renderer()
    rows = -(-len(VIEWS) // PAIRS_IN_ROW)
    width, height = 2 * SIDE + GAP, SIDE + TITLE + 2 * GAP
    sheet = Image.new("RGB", (PAIRS_IN_ROW * (width + 3 * GAP) + GAP, rows * height + GAP), GROUND)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(15)
    for index, view in enumerate(VIEWS):
        left = 2 * GAP + index % PAIRS_IN_ROW * (width + 3 * GAP)
        top = GAP + index // PAIRS_IN_ROW * height
        pen.text((left, top + 4), f"{view.title}: before, after", fill=INK, font=font)
        sheet.paste(draw(renderer, before, view, Look(subdivide=False)), (left, top + TITLE))
        sheet.paste(draw(renderer, after, view, Look()), (left + SIDE + GAP, top + TITLE))
    return sheet


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(prog="python -m tools.bake_open_head.sheet", description=__doc__)
    parser.add_argument("--before", type=Path, required=True, help="folder with the plain head")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/open_head_before_after.jpg"))
    options = parser.parse_args()
    before = load_open_head(options.before / "open_head.npz")
    before = dataclasses.replace(before, albedo=options.before / "open_head.jpg")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    make_sheet(before, load_open_head()).save(options.out, quality=86, optimize=True)


if __name__ == "__main__":
    main()
