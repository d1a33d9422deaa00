"""An OpenGL context without window, screen or X server: Mesa's surfaceless platform of EGL.

EGL_MESA_platform_surfaceless and EGL_KHR_surfaceless_context; there is nothing to draw to but framebuffers.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from ctypes import POINTER, c_char_p, c_int, c_uint, c_void_p

_SURFACELESS = 0x31DD  # EGL_PLATFORM_SURFACELESS_MESA
_OPENGL = 0x30A2  # EGL_OPENGL_API
_WANTED = (0x3033, 0x0001, 0x3040, 0x0008, 0x3038)  # pbuffers, OpenGL; EGL_NONE


class EGLContext:
    """One context, used on the thread that made it. It has a rasterizer of its own where Mesa draws."""

    def __init__(self) -> None:
        """Make the context and let OpenGL draw with it.

        Raises:
            OSError: there is no EGL here, or it has no such platform.

        """
        name = ctypes.util.find_library("EGL")
        if name is None:
            raise OSError("there is no EGL")
        self._egl = egl = ctypes.CDLL(name)
        egl.eglGetProcAddress.restype = c_void_p
        egl.eglGetProcAddress.argtypes = [c_char_p]
        egl.eglInitialize.argtypes = [c_void_p, POINTER(c_int), POINTER(c_int)]
        egl.eglChooseConfig.argtypes = [c_void_p, POINTER(c_int), POINTER(c_void_p), c_int, POINTER(c_int)]
        egl.eglCreateContext.restype = c_void_p
        egl.eglCreateContext.argtypes = [c_void_p, c_void_p, c_void_p, POINTER(c_int)]
        egl.eglMakeCurrent.argtypes = [c_void_p] * 4
        egl.eglDestroyContext.argtypes = [c_void_p] * 2
        self._display = self._open_display()
        self._context = self._make()
        try:
            self.make_current()
        except OSError:
            self.destroy()
            raise

    def make_current(self) -> None:
        """Let OpenGL draw with it on this thread.

        Raises:
            OSError: it cannot.

        """
        if not self._egl.eglMakeCurrent(self._display, None, None, self._context):
            raise OSError("EGL cannot draw without a surface")

    def destroy(self) -> None:
        """Let go of it, and of everything in it."""
        self._egl.eglMakeCurrent(self._display, None, None, None)
        self._egl.eglDestroyContext(self._display, self._context)

    def _open_display(self) -> c_void_p:
        address = self._egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
        if not address:
            raise OSError("EGL knows no platforms")
        get = ctypes.CFUNCTYPE(c_void_p, c_uint, c_void_p, POINTER(c_int))(address)
        display = c_void_p(get(_SURFACELESS, None, None))
        if not display or not self._egl.eglInitialize(display, None, None):
            raise OSError("EGL has no surfaceless platform")
        return display

    def _make(self) -> c_void_p:
        wanted = (c_int * len(_WANTED))(*_WANTED)
        found, count = c_void_p(), c_int()
        self._egl.eglBindAPI(_OPENGL)
        self._egl.eglChooseConfig(self._display, wanted, ctypes.byref(found), 1, ctypes.byref(count))
        made = c_void_p(self._egl.eglCreateContext(self._display, found, None, None)) if count.value else None
        if not made:
            raise OSError("EGL makes no OpenGL context")
        return made
