"""Whether this screen has the OpenGL that the canvas needs, found out before any widget depends on it."""

from __future__ import annotations

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

NEEDED = (2, 1)


def why_no_opengl() -> str | None:
    """Why OpenGL cannot be used here, as half a sentence; None where it can.

    A window that has once held a QOpenGLWidget is put on the screen by OpenGL as a whole: where there is
    none, it stays black. So this is asked first. Qt's warnings on the way are kept quiet, as the answer
    says what they say.
    """
    previous = qInstallMessageHandler(lambda *_: None)
    try:
        return _try_context()
    finally:
        qInstallMessageHandler(previous)


def _try_context() -> str | None:
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return "the screen offers no OpenGL context"
    context.doneCurrent()
    version = context.format().version()
    if context.isOpenGLES():
        return f"the screen offers only OpenGL ES {version[0]}.{version[1]}"
    if version < NEEDED:
        return f"the screen offers only OpenGL {version[0]}.{version[1]}"
    return None
