"""A head, and both renderers."""

from __future__ import annotations

import pytest

from studio.backends.base import Surface
from studio.document.look import Look
from studio.flame.model import HeadModel
from studio.render.cpu_renderer import CPURenderer
from studio.render.framing import frame_head, view_preset
from studio.render.offscreen import open_renderer
from studio.render.shot import Renderer, Shot
from tests.render.heads import neutral_surface


@pytest.fixture(scope="session")
def surface(head_model: HeadModel) -> Surface:
    return neutral_surface(head_model)


@pytest.fixture(scope="session")
def gl_renderer() -> Renderer:
    renderer = open_renderer()
    if renderer.name == "CPU":
        pytest.skip("there is no OpenGL here")
    return renderer


@pytest.fixture(scope="session")
def cpu_renderer() -> Renderer:
    return CPURenderer()


@pytest.fixture
def shot(head_model: HeadModel, surface: Surface) -> Shot:
    """The head from the front, framed, on a transparent background."""
    camera = frame_head(head_model, view_preset("front"))
    return Shot(head_model, surface, Look(), camera, (160, 160), transparent=True)
