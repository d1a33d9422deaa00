"""Renderers for a process without a window."""

from __future__ import annotations

import os
import sys

from studio.render.shot import Renderer
from studio.render.style import DPI


def open_renderer() -> Renderer:
    """What draws pictures here: OpenGL where there is one, else the CPU.

    On Linux OpenGL comes through EGL and needs no X server; on macOS and Windows through a hidden Qt
    surface. Not for a process that shows a window: that has a context already.
    """
    try:
        return _open_gl()
    except (RuntimeError, ImportError, OSError, AttributeError):
        from studio.render.cpu_renderer import CPURenderer

        return CPURenderer()


def _open_gl() -> Renderer:
    backend = "pyside6"
    if sys.platform.startswith("linux"):
        backend = "egl"
        os.environ.setdefault("EGL_PLATFORM", "surfaceless")
    from vispy import app

    application = app.Application(backend)
    canvas = app.Canvas(app=application, size=(16, 16), dpi=DPI, show=False, autoswap=False)
    from studio.render.gl_renderer import GLRenderer

    return GLRenderer(canvas)
