"""The context without a screen: that none of it is left where it cannot be used."""

from __future__ import annotations

import sys

import pytest

from studio.render.egl_context import EGLContext


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="EGL without a surface is Mesa's on Linux")
def test_a_context_that_cannot_be_used_is_let_go_of(monkeypatch):
    ended = []

    def refused(self):
        raise OSError("no surface")

    def destroyed(self):
        ended.append(self._context)
        destroy(self)

    destroy = EGLContext.destroy
    try:
        EGLContext().destroy()
    except OSError:
        pytest.skip("there is no EGL here")
    monkeypatch.setattr(EGLContext, "make_current", refused)
    monkeypatch.setattr(EGLContext, "destroy", destroyed)
    with pytest.raises(OSError, match="no surface"):
        EGLContext()
    assert len(ended) == 1
    assert ended[0]
