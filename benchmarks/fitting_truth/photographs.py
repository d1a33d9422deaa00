"""Photos of known heads, drawn by the studio's scene with its lamps, its skin and its shadows."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting_truth.occluders import cover_part
from benchmarks.fitting_truth.painting import painted, smooth_noise
from benchmarks.fitting_truth.people import Person
from studio.backends.base import Backend, Surface
from studio.document.look import Environment, Finish, Light, Look, Shadows
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.projection import project
from studio.flame.model import HeadModel
from studio.flame.textures import texture_picture
from studio.render.shot import Renderer, Shot

OUTER_EYES = 36, 45  # iBUG
NOISE = 0.01  # of landmarks, in shares of the distance between the outer corners of the eyes
SAMPLES = 9
JPEG = 88


@dataclass(frozen=True, eq=False)
class Photograph:
    """What a fitter is given, and the truth behind it."""

    person: Person
    surface: Surface  # of the person, in the camera's axes without its place
    landmarks: NDArray[np.float64]  # (68, 2) pixels, without noise
    observation: Observation
    covered: NDArray[np.bool_]  # (H, W) where something stands before the head

    @property
    def eye_distance(self) -> float:
        """Between the outer corners of the eyes on the photo, pixels."""
        left, right = self.landmarks[list(OUTER_EYES)]
        return float(np.linalg.norm(left - right))


def photograph(
    model: HeadModel, backend: Backend, renderer: Renderer, person: Person, folder: Path
) -> Photograph:
    """A photo of ``person``; its painted albedo is written to ``folder``.

    The light, the details of the skin, the background, what covers part of the face and the noise of the
    landmarks come from the person's seed.
    """
    rng = np.random.default_rng((1926, person.seed))
    surface = backend.forward(person.params)
    landmarks, _ = project(person.camera, surface.landmarks)
    head = _drawn(model, renderer, person, surface, draw_look(rng), folder, rng)
    picture = _before_background(head, rng)
    eyes = float(np.linalg.norm(landmarks[OUTER_EYES[0]] - landmarks[OUTER_EYES[1]]))
    picture, covered = cover_part(picture, landmarks, eyes, rng)
    noisy = landmarks + rng.normal(0.0, NOISE * eyes, landmarks.shape)
    observation = Observation(
        f"head {person.seed}",
        _through_jpeg(picture, rng),
        Landmarks2D(noisy, np.ones(len(noisy))),
        focal=person.camera.focal,
    )
    return Photograph(person, surface, landmarks, observation, covered)


def draw_look(rng: np.random.Generator) -> Look:
    """Skin under a random key light, a fill and a coloured surrounding."""
    kelvin = rng.uniform(4200.0, 7500.0)
    light = Light(
        azimuth=rng.uniform(-1.1, 1.1),
        elevation=rng.uniform(-0.1, 0.9),
        strength=rng.uniform(0.45, 1.0),
        kelvin=kelvin,
        softness=rng.uniform(0.4, 1.0),
        ambient=rng.uniform(0.25, 0.5),
    )
    around = rng.normal(0.0, 0.09, (9, 1)) + rng.normal(0.0, 0.02, (9, 3))
    around[0] = rng.uniform(0.2, 0.8) + rng.normal(0.0, 0.04, 3)
    return Look(
        mode="textured",
        light=light,
        environment=Environment(tuple(around.ravel().tolist())),
        shadows=Shadows(key=rng.uniform(0.3, 0.75), ambient=rng.uniform(0.3, 0.75)),
        exposure=rng.uniform(-0.4, 0.2),
        finish=Finish(gloss=rng.uniform(0.4, 1.1), roughness=rng.uniform(0.35, 0.7)),
    )


def _drawn(
    model: HeadModel,
    renderer: Renderer,
    person: Person,
    surface: Surface,
    look: Look,
    folder: Path,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """The head alone (H, W, 4), 0..1, straight alpha; cut of a wider one whose middle is the axis."""
    from PIL import Image

    albedo = folder / f"albedo_{model.name}_{person.seed}.png"
    texels = painted(texture_picture(model.textures[0], model, person.texture), rng)
    Image.fromarray(texels[::-1]).save(albedo, compress_level=1)
    camera = person.camera
    wide = [
        side + 2 * abs(round(axis - side / 2))
        for side, axis in zip(camera.size, (camera.cx, camera.cy), strict=True)
    ]
    centred = camera.replace(width=wide[0], height=wide[1], cx=wide[0] / 2.0, cy=wide[1] / 2.0)
    shot = Shot(
        replace(model, albedo=albedo, textures=()),
        surface,
        look,
        centred.orbit(wide[0] / wide[1]),
        (wide[0], wide[1]),
        SAMPLES,
        transparent=True,
    )
    left, top = math.floor(wide[0] / 2.0 - camera.cx + 0.5), math.floor(wide[1] / 2.0 - camera.cy + 0.5)
    picture = renderer.render(shot)[top : top + camera.height, left : left + camera.width]
    albedo.unlink()
    return np.asarray(picture / 255.0)


def _before_background(head: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The head before soft shapes of random colours."""
    height, width = head.shape[:2]
    background = np.full((height, width, 3), rng.uniform(0.1, 0.8, 3))
    for grain, strength in ((90.0, 0.12), (25.0, 0.06), (3.0, 0.015)):
        grey, *tints = (smooth_noise(rng, (height, width), grain)[..., None] for _ in range(4))
        background += strength * (grey + 0.25 * np.concatenate(tints, -1))
    alpha = head[..., 3:]
    return np.clip(alpha * head[..., :3] + (1.0 - alpha) * background, 0.0, 1.0)


def _through_jpeg(picture: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """With a sensor's noise, as a JPEG file gives it back."""
    from PIL import Image

    noisy = np.clip(picture + rng.normal(0.0, 0.008, picture.shape), 0.0, 1.0)
    stream = io.BytesIO()
    Image.fromarray(np.rint(noisy * 255.0).astype(np.uint8)).save(stream, "JPEG", quality=JPEG)
    with Image.open(stream) as image:
        return np.asarray(image.convert("RGB")).copy()
