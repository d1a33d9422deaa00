"""Sheets of pictures for the README: looks, a clip, a turn; ``docs.make_tour`` starts it."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from studio.backends import create_backend
from studio.backends.base import Backend
from studio.controls.correctives import settle
from studio.controls.preset_folders import named_preset
from studio.controls.presets import posed
from studio.document.camera import Camera
from studio.document.lights import PRESETS
from studio.document.look import Finish, Look, Mode, Texture
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
LIGHTS = ("Rembrandt", "Butterfly", "Rim only")
MODES: tuple[Mode, ...] = ("textured", "shaded", "flat", "wireframe", "normals", "regions")
FRIENDLY = {
    "mouthSmileLeft": 0.55,
    "mouthSmileRight": 0.5,
    "cheekSquintLeft": 0.3,
    "cheekSquintRight": 0.3,
    "browInnerUp": 0.2,
}

IDENTITIES = ((0, -3.0), (0, 3.0), (1, -3.0), (1, 3.0), (2, 3.0), (3, -3.0))  # component, sigma
FACES: tuple[tuple[dict[str, float], float], ...] = (  # units, jaw in radians
    ({"mouthSmile": 1.0, "cheekSquint": 0.7}, 0.0),
    ({"browInnerUp": 0.9, "browOuterUp": 0.8, "eyeWide": 0.8}, 0.3),
    ({"browDown": 1.0, "noseSneer": 0.6, "mouthPress": 0.5}, 0.0),
    ({"browInnerUp": 0.9, "mouthFrown": 0.9, "mouthShrugLower": 0.5}, 0.0),
    ({"mouthPucker": 1.0}, 0.0),
    ({"eyeBlink": 1.0}, 0.0),
)
POSES: tuple[dict[str, tuple[float, ...]], ...] = (  # radians
    {"jaw_pose": (0.38, 0.0, 0.0)},
    {"jaw_pose": (0.1, 0.12, 0.0)},
    {"eyes_pose": (0.0, 0.4, 0.0, 0.0, 0.4, 0.0)},
    {"eyes_pose": (0.3, 0.0, 0.0, 0.3, 0.0, 0.0)},
    {"neck_pose": (0.0, 0.6, 0.0)},
    {"neck_pose": (0.35, 0.0, 0.0)},
)


LIBRARY = (
    *("Laugh", "Wink left", "Surprise", "Anger", "Sadness", "Sceptical"),
    *("Kiss", "Yawn", "aa", "oh", "Three-quarter left", "Look right"),
)

PEOPLE: tuple[tuple[tuple[int, float], dict[str, float]], ...] = (  # shape component, appearance in sigma
    ((0, -2.0), {"Skin tone": -1.3, "Freckles": 2.2, "Undertone": -0.6, "Iris hue": -2.0, "Brows": -1.2}),
    ((1, 2.0), {"Skin tone": 2.6, "Scalp hair": 1.5, "Iris darkness": 2.5, "Lips": -0.5, "Brows": 1.5}),
    ((2, 2.0), {"Skin tone": 0.3, "Beard stubble": 2.6, "Brows": 1.5, "Iris darkness": 2.0}),
    ((3, -2.5), {"Skin tone": 1.2, "Undertone": 1.5, "Lips": 1.6, "Scalp hair": -2.5, "Iris darkness": 2.0}),
    ((1, -2.0), {"Skin tone": -0.8, "Redness": 1.4, "Cheeks": 1.6, "Eye shadows": 1.5, "Eye redness": 1.6}),
    ((0, 2.5), {"Skin tone": 3.0, "Uneven skin": 1.5, "Iris darkness": 3.0, "Beard stubble": 1.0}),
)


def main(folder: Path) -> None:
    """Make the sheets."""
    model = load_open_head()
    backend = create_backend("auto", model)
    renderer = open_renderer()
    camera = frame_head(model, Camera(azimuth=math.radians(24.0), elevation=math.radians(4.0)), ASPECT)
    smile = friendly(backend)
    save(
        folder / "looks.jpg",
        [picture(renderer, backend, smile, camera, Look(mode=mode)) for mode in MODES],
        columns=3,
    )
    lit = [Look(light=PRESETS[name]) for name in LIGHTS]
    others = [
        Look(mode="matcap", finish=Finish(matcap="bronze")),
        Look(mode="matcap", finish=Finish(matcap="red wax")),
        Look(wire_over=True),
    ]
    shown = [picture(renderer, backend, smile, camera, look) for look in (*lit, *others)]
    save(folder / "lights.jpg", shown, columns=3)
    save(folder / "clip.jpg", moments(renderer, backend, camera), columns=4)
    turns = [camera.replace(azimuth=math.radians(degrees)) for degrees in (-70, -35, 0, 35, 70, 140)]
    save(folder / "turntable.jpg", [picture(renderer, backend, smile, turn) for turn in turns], columns=6)
    save(folder / "heads.jpg", heads(renderer, backend), columns=6)
    save(folder / "appearance.jpg", people(renderer, backend), columns=6)
    save(folder / "landmarks.jpg", landmarks(renderer, backend), columns=3)
    save(folder / "library.jpg", library(renderer, backend), columns=6)


def friendly(backend: Backend) -> Params:
    """A friendly face, turned a little."""
    names = backend.model.expression_names
    expression = [FRIENDLY.get(name, 0.0) for name in names]
    return Params.neutral(backend.model).replace(expr=expression, neck_pose=(0.02, 0.1, 0.04))


def heads(renderer: Renderer, backend: Backend) -> list[Image.Image]:
    """The open head as other people, with other faces, and posed."""
    neutral = Params.neutral(backend.model)
    front = frame_head(backend.model, Camera(), ASPECT)
    side = frame_head(backend.model, Camera(azimuth=math.radians(35.0)), ASPECT)
    people = [neutral.replace(shape=_component(backend, *change)) for change in IDENTITIES]
    faces = [neutral.replace(expr=_units(backend, face), jaw_pose=(jaw, 0.0, 0.0)) for face, jaw in FACES]
    poses = [neutral.replace(**pose) for pose in POSES]
    cameras = (*[front] * len(people), *[front] * len(faces), *[side] * len(poses))
    return [
        picture(renderer, backend, params, camera)
        for params, camera in zip((*people, *faces, *poses), cameras, strict=True)
    ]


def people(renderer: Renderer, backend: Backend) -> list[Image.Image]:
    """The open head with other skin, hair and eyes."""
    source = backend.model.textures[0]
    front = frame_head(backend.model, Camera(azimuth=math.radians(12.0)), ASPECT)
    tiles = []
    for change, appearance in PEOPLE:
        look = Look(texture=Texture(source.key, tuple(appearance.get(name, 0.0) for name in source.names)))
        params = Params.neutral(backend.model).replace(shape=_component(backend, *change))
        tiles.append(picture(renderer, backend, params, front, look))
    return tiles


def landmarks(renderer: Renderer, backend: Backend) -> list[Image.Image]:
    """The numbered landmarks of a head that turns."""
    front = frame_head(backend.model, Camera(), ASPECT)
    numbered = Look(mode="shaded", show_landmarks=True, show_landmark_numbers=True)
    turned = [Params.neutral(backend.model).replace(rotation=(0.0, yaw, 0.0)) for yaw in (-0.5, 0.0, 0.5)]
    return [picture(renderer, backend, params, front, numbered) for params in turned]


def library(renderer: Renderer, backend: Backend) -> list[Image.Image]:
    """Poses that ship with the studio."""
    near = frame_head(backend.model, Camera(azimuth=math.radians(8.0)), ASPECT)
    neutral = Params.neutral(backend.model)
    faces = [settle(backend.model, posed(named_preset(name), backend.model, neutral)) for name in LIBRARY]
    return [picture(renderer, backend, face, near) for face in faces]


def _component(backend: Backend, index: int, value: float) -> np.ndarray:
    shape = np.zeros(backend.model.shape_count)
    shape[index] = value
    return shape


def _units(backend: Backend, face: dict[str, float]) -> list[float]:
    """Expression units named without a side are set on both."""
    names = backend.model.expression_names
    return [face.get(name, face.get(name.removesuffix("Left").removesuffix("Right"), 0.0)) for name in names]


def moments(renderer: Renderer, backend: Backend, camera: Camera) -> list[Image.Image]:
    """Four frames of the shipped clip that looks around."""
    path = example_path("look_around")
    assert path is not None
    clip, _ = read_clip(path, backend.model)
    chosen = [round(len(clip) * (part + 0.5) / 4) for part in range(4)]
    return [picture(renderer, backend, clip.frame(index), camera) for index in chosen]


def picture(
    renderer: Renderer, backend: Backend, params: Params, camera: Camera, look: Look | None = None
) -> Image.Image:
    """One tile of a sheet."""
    shot = Shot(backend.model, backend.forward(params), look or Look(), camera, TILE, samples=9)
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
