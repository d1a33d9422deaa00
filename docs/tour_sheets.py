"""Sheets of pictures for the README: looks, a clip, a turn; ``docs.make_tour`` starts it."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from studio.backends import create_backend
from studio.backends.base import Backend
from studio.document.camera import Camera
from studio.document.look import Look, Mode
from studio.flame import Params
from studio.flame.open_head import load_open_head
from studio.render.framing import frame_head
from studio.render.offscreen import open_renderer
from studio.render.shot import Renderer, Shot
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip

TILE = (480, 600)  # pixels
ASPECT = TILE[0] / TILE[1]
SHEET_WIDTH = 1440  # pixels at most
MODES: tuple[Mode, ...] = ("textured", "shaded", "flat", "wireframe", "normals", "regions")
FRIENDLY = {
    "mouthSmileLeft": 0.55,
    "mouthSmileRight": 0.5,
    "cheekSquintLeft": 0.3,
    "cheekSquintRight": 0.3,
    "browInnerUp": 0.2,
}


def main(folder: Path) -> None:
    """Make the sheets."""
    model = load_open_head()
    backend = create_backend("auto", model)
    renderer = open_renderer()
    camera = frame_head(model, Camera(azimuth=math.radians(24.0), elevation=math.radians(4.0)), ASPECT)
    smile = friendly(backend)
    save(folder / "looks.jpg", [picture(renderer, backend, smile, camera, mode) for mode in MODES], columns=3)
    save(folder / "clip.jpg", moments(renderer, backend, camera), columns=4)
    turns = [camera.replace(azimuth=math.radians(degrees)) for degrees in (-70, -35, 0, 35, 70, 140)]
    save(folder / "turntable.jpg", [picture(renderer, backend, smile, turn) for turn in turns], columns=6)


def friendly(backend: Backend) -> Params:
    """A friendly face, turned a little."""
    names = backend.model.expression_names
    expression = [FRIENDLY.get(name, 0.0) for name in names]
    return Params.neutral(backend.model).replace(expr=expression, neck_pose=(0.02, 0.1, 0.04))


def moments(renderer: Renderer, backend: Backend, camera: Camera) -> list[Image.Image]:
    """Four frames of the shipped clip that looks around."""
    path = example_path("look_around")
    assert path is not None
    clip, _ = read_clip(path, backend.model)
    chosen = [round(len(clip) * (part + 0.5) / 4) for part in range(4)]
    return [picture(renderer, backend, clip.frame(index), camera) for index in chosen]


def picture(
    renderer: Renderer, backend: Backend, params: Params, camera: Camera, mode: Mode = "textured"
) -> Image.Image:
    """One tile of a sheet."""
    shot = Shot(backend.model, backend.forward(params), Look(mode=mode), camera, TILE, samples=9)
    return Image.fromarray(renderer.render(shot)).convert("RGB")


def save(path: Path, tiles: Sequence[Image.Image], columns: int) -> None:
    """Write ``tiles``, row by row, as one picture."""
    rows = math.ceil(len(tiles) / columns)
    sheet = Image.new("RGB", (columns * TILE[0], rows * TILE[1]))
    for index, tile in enumerate(tiles):
        sheet.paste(tile, (index % columns * TILE[0], index // columns * TILE[1]))
    scale = min(1.0, SHEET_WIDTH / sheet.width)
    size = (round(sheet.width * scale), round(sheet.height * scale))
    sheet.resize(size, Image.Resampling.LANCZOS).save(path, quality=86)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
