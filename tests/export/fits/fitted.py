"""A head on a small photo, as if it had been fitted, for tests of what is written of it."""

from __future__ import annotations

from functools import cache

import numpy as np

from studio.backends import Backend, create_backend
from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.projection import project
from studio.fitting.state import FitState, even_light
from studio.flame.open_head import load_open_head
from studio.flame.params import Params

SIZE = (160, 120)


@cache
def backend() -> Backend:
    return create_backend("torch", load_open_head())


def state(projection: str = "perspective") -> FitState:
    model = backend().model
    shape = np.zeros(model.shape_count)
    shape[:3] = (0.8, -0.5, 0.4)
    params = Params.neutral(model).replace(shape=shape, rotation=(0.05, 0.3, 0.0), jaw_pose=(0.1, 0.0, 0.0))
    middle = model.v_template.mean(axis=0)
    place = (-float(middle[0]) + 0.01, -float(middle[1]), -0.9)
    camera = PhotoCamera(*SIZE, projection, 320.0, 350.0, 82.0, 57.0, place)  # type: ignore[arg-type]
    light = even_light() * 0.8
    light[1] = 0.1
    texture = np.array([1.0, -0.5])
    return FitState(params, camera, light, model.textures[0].key, texture)


def observation(found: FitState, off: float = 0.0) -> Observation:
    """A grey photo whose landmarks are the head's, all moved by ``off`` pixels to the right."""
    surface = backend().forward(found.params)
    points = project(found.camera, surface.landmarks)[0] + (off, 0.0)
    pixels = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    return Observation("me.png", pixels, Landmarks2D(points, np.ones(68)))
