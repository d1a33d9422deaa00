"""From a photo dropped on the window to a textured mesh in a file."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from studio.backends import create_backend
from studio.document.look import Look
from studio.document.photo_camera import PhotoCamera, lens_of_focal
from studio.document.reference import PhotoPoint
from studio.document.reference_commands import set_reference
from studio.fitting.projection import project
from studio.fitting.reading.landmarks import read_landmarks
from studio.flame.params import Params
from studio.render.cpu_renderer import CPURenderer
from studio.render.shot import Shot
from tests.panels.hands import press
from tests.test_photo_in_window import drop
from tests.windows import WAIT, shown_window

SIZE = (300, 360)
CAMERA = PhotoCamera(*SIZE, "perspective", 1000.0, cx=150.0, cy=180.0, place=(0.01, 0.0, -0.9))


@pytest.fixture(scope="module")
def truth(head_model):
    params = Params.neutral(head_model)
    shape = np.zeros_like(params.shape)
    shape[:3] = (1.5, -1.0, 0.5)
    params = params.replace(shape=shape, rotation=(0.05, 0.25, 0.0), jaw_pose=(0.15, 0.0, 0.0))
    return create_backend("torch", head_model, "cpu").forward(params)


@pytest.fixture
def photo(tmp_path, head_model, truth):
    """A photo of the true head, and its landmarks in a file of another name."""
    shot = Shot(head_model, truth, Look(), CAMERA.orbit(SIZE[0] / SIZE[1]), SIZE, samples=4)
    path = tmp_path / "Anna.png"
    Image.fromarray(CPURenderer().render(shot)[..., :3]).save(path)
    np.save(tmp_path / "points.npy", project(CAMERA, truth.landmarks)[0])
    return path


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as found:
        yield found


def test_from_a_dropped_photo_to_a_textured_mesh(window, qtbot, photo, truth, tmp_path, monkeypatch):
    document, panel = window.document, window.workspace.late.fit
    drop(window, photo)
    qtbot.waitUntil(lambda: bool(document.reference) and panel.isVisible(), timeout=WAIT)
    found = read_landmarks(photo.with_name("points.npy"), SIZE).landmarks
    points = tuple(PhotoPoint(float(x), float(y)) for x, y in found.points)
    lens = float(lens_of_focal(CAMERA.focal, *SIZE))
    window.push(set_reference(document, "Points", points=points, recipe="Landmarks only", lens=lens))
    press(panel, "Fit")
    qtbot.waitUntil(lambda: not window.fitting.desk.running, timeout=WAIT)
    assert window.history.stack.undoText() == "Fit to Anna.png"
    qtbot.waitUntil(lambda: window.result.params == document.params, timeout=WAIT)
    moved = window.result.surface.vertices + document.reference.camera.place - truth.vertices - CAMERA.place
    front = truth.normals[:, 2] > 0.5
    assert np.linalg.norm((moved - moved[front].mean(axis=0))[front], axis=1).mean() < 0.0035
    press(panel, "Keep texture")
    qtbot.waitUntil(lambda: window.history.stack.undoText() == "Keep texture", timeout=WAIT)
    target = tmp_path / "head.obj"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    press(panel, "Save mesh…")
    qtbot.waitUntil(lambda: "Saved" in window.notices.text, timeout=WAIT)
    assert {path.suffix for path in tmp_path.glob("head*")} == {".obj", ".mtl", ".png"}
    window.history.stack.setIndex(0)
    assert not document.reference
    window.history.stack.setIndex(window.history.stack.count())
    assert document.look.texture.key == "picture"
    assert document.reference.camera
