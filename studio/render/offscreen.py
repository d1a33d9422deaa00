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
    on_linux = sys.platform.startswith("linux")
    if on_linux:
        os.environ.setdefault("EGL_PLATFORM", "surfaceless")
    from vispy import app

    application = app.Application("egl" if on_linux else "pyside6")
    canvas = app.Canvas(app=application, size=(16, 16), dpi=DPI, show=False, autoswap=False)
    from studio.render.gl_renderer import GLRenderer

    return GLRenderer(canvas, _release_egl if on_linux else _keep)


def _release_egl() -> None:
    from vispy.app.backends import _egl
    from vispy.ext import egl

    egl.eglMakeCurrent(_egl._EGL_DISPLAY, egl.EGL_NO_SURFACE, egl.EGL_NO_SURFACE, egl.EGL_NO_CONTEXT)


def _keep() -> None:
    """Qt makes its own contexts current as it needs them."""
