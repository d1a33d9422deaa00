"""Heads whose parameters are known, before cameras that are known, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting_truth.expressions import draw_units
from studio.document.photo_camera import PhotoCamera
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.rotations import from_quaternions, multiply, to_quaternions
from studio.flame.texture_model import TextureSource

WIDTH, HEIGHT = 600, 720  # pixels of a photo
YAW, PITCH, ROLL = 40.0, 15.0, 10.0  # degrees to each side
CUT = 2.5  # sigma: no stranger faces than that


@dataclass(frozen=True, eq=False)
class Person:
    """One head and the camera before it; ``texture`` are coefficients of the model's first texture."""

    seed: int
    params: Params
    camera: PhotoCamera
    texture: tuple[float, ...]
    yaw: float  # degrees


def draw_person(model: HeadModel, seed: int) -> Person:
    """The person of ``seed``: identity, face, jaw, gaze, turn, distance, lens and place on the photo."""
    rng = np.random.default_rng((2026, seed))
    yaw, pitch, roll = (rng.uniform(-most, most) for most in (YAW, PITCH, ROLL))
    params = Params.neutral(model).replace(
        shape=np.clip(rng.standard_normal(model.shape_count), -CUT, CUT),
        expr=draw_expression(model, rng),
        jaw_pose=np.radians([max(rng.normal(2.0, 5.0), 0.0), rng.normal(0.0, 0.7), 0.0]),
        eyes_pose=np.tile(np.radians([rng.normal(0.0, 5.0), rng.normal(0.0, 8.0), 0.0]), 2),
        rotation=turn(yaw, pitch, roll),
    )
    return Person(seed, params, _draw_camera(rng), _draw_texture(model.textures[0], rng), yaw)


def turn(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """Axis-angle (3,) of a head that is rolled, then nods, then turns; degrees."""
    about = [
        to_quaternions(np.radians(axis)) for axis in ([0.0, yaw, 0.0], [pitch, 0.0, 0.0], [0.0, 0.0, roll])
    ]
    return from_quaternions(multiply(multiply(about[0], about[1]), about[2]))


def draw_expression(model: HeadModel, rng: np.random.Generator) -> NDArray[np.float64]:
    """Coefficients (E,): units of the open head, or normal ones of small spread on other models."""
    if model.expression_names:
        return draw_units(model, rng)
    return np.clip(0.8 * rng.standard_normal(model.expression_count), -CUT, CUT)


def _draw_camera(rng: np.random.Generator) -> PhotoCamera:
    """A lens of 45 to 110 mm on full frame, its axis a few pixels beside the photo's middle."""
    focal = rng.uniform(1.25, 3.0) * HEIGHT
    distance = focal * 0.29 / (rng.uniform(0.62, 0.85) * HEIGHT)
    beside = rng.integers(-18, 19, 2)
    across = rng.uniform(-0.08, 0.08, 2) * (WIDTH, HEIGHT) * distance / focal
    return PhotoCamera(
        WIDTH,
        HEIGHT,
        focal=float(focal),
        cx=WIDTH / 2.0 + float(beside[0]),
        cy=HEIGHT / 2.0 + float(beside[1]),
        place=(float(across[0]), float(across[1]), -float(distance)),
    )


def _draw_texture(source: TextureSource, rng: np.random.Generator) -> tuple[float, ...]:
    low, high = np.array(source.ranges).T
    return tuple(np.clip(0.8 * rng.standard_normal(source.count), low, high).tolist())
