from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from studio.render import offscreen

SCRIPT = """
from studio.render.offscreen import open_renderer
print(open_renderer().name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt makes the surface")
def test_opengl_needs_no_display():
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment.pop("EGL_PLATFORM", None)
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("OpenGL")


def test_without_opengl_the_processor_draws(monkeypatch, shot):
    def fail():
        raise RuntimeError("no EGL here")

    monkeypatch.setattr(offscreen, "_open_gl", fail)
    renderer = offscreen.open_renderer()
    assert renderer.name == "CPU"
    assert np.asarray(renderer.render(shot)).shape == (160, 160, 4)
