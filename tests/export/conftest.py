"""A renderer and a backend that are quick and whose output is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.backends.base import Backend, ContourSign, Decoder, Precision, Surface, Surfaces
from studio.document.camera import Camera
from studio.document.look import Look
from studio.flame.batch import Batch
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import JobCancelled
from studio.render.shot import Shot, never


class ColourRenderer:
    """Fills the picture with a colour that tells the shot: azimuth, jaw translation, size."""

    name = "colours"

    def __init__(self) -> None:
        self.shots: list[Shot] = []

    def render(self, shot: Shot, cancelled: Callable[[], bool] = never) -> np.ndarray:
        if cancelled():
            raise JobCancelled
        self.shots.append(shot)
        width, height = shot.size
        pixels = np.full((height, width, 4), 255, np.uint8)
        pixels[..., 0] = round(shot.camera.azimuth / (2.0 * np.pi) * 255) % 256
        pixels[..., 1] = np.linspace(0, 255, width, dtype=np.uint8)
        pixels[..., 2] = round(float(shot.surface.vertices[0, 0]) * 1000) % 256
        if shot.transparent:
            pixels[: height // 2, :, 3] = 0
        return pixels


class ShiftingBackend(Backend):
    """Moves the template by the translation and nothing else."""

    name = "shifting"
    device = "cpu"

    def __init__(self, model: HeadModel) -> None:
        self.model = model

    def _surface(self, params: Params, contour: ContourSign, out: Surface | None) -> Surface:
        vertices = self.model.v_template + params.translation
        normals = vertices / np.linalg.norm(vertices, axis=1, keepdims=True)
        joints = np.tile(params.translation, (5, 1))
        landmarks = np.zeros((68, 3), np.float32)
        return Surface(vertices, normals, landmarks, joints, 1 if contour == "screen" else 2)

    def _fill(self, batch: Batch, contour: ContourSign, out: Surfaces) -> None:
        out.vertices[:] = self.model.v_template + batch.translation[:, None]
        out.joints[:] = batch.translation[:, None]
        out.landmarks[:] = 0.0
        out.contour_row[:] = 1 if contour == "screen" else 2

    def _forget(self) -> None:
        """Nothing is kept."""

    def decoder(self, precision: Precision = "float32", contour: ContourSign = "screen") -> Decoder:
        raise NotImplementedError


@pytest.fixture
def renderer() -> ColourRenderer:
    return ColourRenderer()


@pytest.fixture
def backend(tiny_model: HeadModel) -> ShiftingBackend:
    return ShiftingBackend(tiny_model)


@pytest.fixture
def shot(tiny_model: HeadModel, backend: ShiftingBackend) -> Shot:
    surface = backend.forward(Params.neutral(tiny_model))
    return Shot(tiny_model, surface, Look(), Camera(), (48, 32))
