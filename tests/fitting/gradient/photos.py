"""Photos of known heads by the plain formulas, with landmarks, for fits that take a second."""

from __future__ import annotations

import numpy as np

from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.projection import clip_positions, project
from studio.fitting.state import FitState
from studio.flame.texture_spaces import to_linear, to_srgb
from studio.flame.textures import texture_picture
from studio.render.rasterizer import find_visible
from tests.fitting.gradient.slow_picture import slow_pixels

SIDE = 160


def photo_of(head, backend, state: FitState) -> Observation:
    """What the camera of ``state`` sees of it before dark ground, with its landmarks."""
    surface, camera = backend.forward(state.params), state.camera
    vertices = surface.vertices.astype(np.float64)
    shown = find_visible(clip_positions(camera, vertices), head.faces, camera.width, camera.height).faces
    places = np.flatnonzero(shown.ravel() >= 0)
    picture = texture_picture(head.textures[0], head, tuple(state.texture)) / 255.0
    light = np.full((camera.height * camera.width, 3), 0.05)
    light[places] = slow_pixels(head, vertices, camera, to_linear(picture), state.light, places)
    pixels = np.rint(to_srgb(light) * 255.0).astype(np.uint8).reshape(camera.height, camera.width, 3)
    marks = Landmarks2D(project(camera, surface.landmarks)[0], np.ones(68))
    return Observation("photo", pixels, marks, focal=camera.focal)


def camera_near() -> PhotoCamera:
    """A camera half a metre before the face."""
    return PhotoCamera(SIDE, SIDE, "perspective", 320.0, 0.0, SIDE / 2, SIDE / 2, (0.0, 0.0, -0.6))
