"""What is really on the screen, beside the head too, when OpenGL is not what it promised."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# the canvas in a window with a green label below and a red chip above it
SCRIPT = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
import studio.canvas.head_canvas as module
from studio.flame.open_head import load_open_head
from studio.render.framing import frame_head, view_preset
from tests.render.heads import neutral_surface

BREAK = {
    "no context": lambda canvas: None,
    "no drawing": lambda canvas: setattr(canvas._view, "_draw_scene", lambda: open("gone")),
}[sys.argv[1]]
module.why_no_opengl = lambda: None
application = QApplication([])
window = QWidget()
window.setStyleSheet("background: #202020")
layout = QVBoxLayout(window)
canvas = module.HeadCanvas()
layout.addWidget(canvas, 1)
label = QLabel("below")
label.setStyleSheet("background: #00c000")
layout.addWidget(label)
chip = QLabel("over", canvas)
chip.setStyleSheet("background: #c00000")
chip.setGeometry(0, 0, 60, 30)
canvas.problem.connect(lambda text: print("problem:", text))
model = load_open_head()
canvas.set_model(model)
canvas.set_surface(neutral_surface(model))
canvas.set_camera(frame_head(model, view_preset("front")))
BREAK(canvas)

def look():
    image = window.screen().grabWindow(0).toImage()
    ratio = image.devicePixelRatio()
    def colour(widget, x, y):
        place = widget.mapToGlobal(widget.rect().topLeft())
        pixel = image.pixelColor(int((place.x() + x) * ratio), int((place.y() + y) * ratio))
        return pixel.red(), pixel.green(), pixel.blue()
    print("label:", colour(label, 200, 4))
    print("chip:", colour(chip, 50, 4))
    print("head:", colour(canvas, canvas.width() // 2, canvas.height() // 2))
    application.quit()

canvas.first_drawn.connect(lambda: QTimer.singleShot(800, look))
QTimer.singleShot(30000, application.quit)
window.resize(400, 430)
window.show()
application.exec()
canvas.shut_down()
"""


def shown(failure: str, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, failure],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


CASES = [
    pytest.param("no drawing", {}, id="drawing fails"),
    pytest.param("no drawing", {"QT_SCALE_FACTOR": "2"}, id="drawing fails at 2x"),
    pytest.param(
        "no context",
        {"QT_XCB_GL_INTEGRATION": "none"},
        id="no context",
        marks=pytest.mark.skipif(sys.platform != "linux", reason="only the X platform lets one take it away"),
    ),
]


@pytest.mark.parametrize(("failure", "environment"), CASES)
def test_the_whole_window_is_painted_after_opengl_failed(failure: str, environment: dict[str, str]) -> None:
    seen = shown(failure, **environment)
    assert seen["label"] == "(0, 192, 0)"
    assert seen["chip"] == "(192, 0, 0)"
    red, _, blue = (int(value) for value in seen["head"].strip("()").split(","))
    assert red > blue + 25
    assert red > 100
    assert seen["problem"].startswith("OpenGL 2.1 could not be had")
