"""A head is fitted to a rendered photo in the window: begun, watched, led, used and taken back."""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.backends import create_backend
from studio.document.commands import set_locks
from studio.document.document import FIELDS
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.reference import PhotoPoint
from studio.document.reference_commands import set_reference, use_photo
from studio.fitting import solvers
from studio.fitting.projection import project
from studio.fitting.recipe_file import recipe_of
from studio.flame.params import Params
from studio.panels.fit_recipe_dialog import RecipeDialog
from studio.widgets.amount_field import AmountField
from studio.widgets.loss_plot import LossPlot
from tests.panels.hands import LEFT, press
from tests.windows import WAIT, shown_window

CAMERA = PhotoCamera(300, 360, "perspective", 1000.0, cx=150.0, cy=180.0, place=(0.01, 0.0, -0.9))
LENS = 1000.0 / np.hypot(300, 360) * np.hypot(36.0, 24.0)


@pytest.fixture(scope="module")
def truth(head_model):
    params = Params.neutral(head_model)
    shape = np.zeros_like(params.shape)
    shape[:3] = (1.5, -1.0, 0.5)
    params = params.replace(shape=shape, rotation=(0.05, 0.25, 0.0), jaw_pose=(0.15, 0.0, 0.0))
    return create_backend("torch", head_model, "cpu").forward(params)


@pytest.fixture
def photo(tmp_path, truth) -> Media:
    """A plain picture: where the head is on it, the points say."""
    path = tmp_path / "Anna.png"
    Image.fromarray(np.full((360, 300, 3), (150, 110, 90), np.uint8)).save(path)
    return Media(str(path))


@pytest.fixture
def window(qapp, qtbot, head_model, photo, truth):
    places, _ = project(CAMERA, truth.landmarks)
    points = tuple(PhotoPoint(float(x), float(y)) for x, y in places)
    with shown_window(qapp, qtbot, head_model) as found:
        found.workspace.show_dock("Fit")
        found.push(use_photo(found.document, photo))
        found.push(
            set_reference(found.document, "Points", points=points, recipe="Landmarks only", lens=float(LENS))
        )
        qtbot.waitUntil(lambda: found.photos.showing.photo is not None, timeout=WAIT)
        qtbot.waitUntil(lambda: bool(found.workspace.late.fit.findChildren(QPushButton)), timeout=WAIT)
        yield found


@pytest.fixture
def slow(monkeypatch):
    """A solver whose head turns a little with each iteration, for as long as it is let."""
    made = []

    class Slow:
        finished = False

        def __init__(self, stage, states):
            self.stage, self.now, self.weights = stage, states, dict(stage.weights)
            made.append(self)

        def step(self):
            time.sleep(0.005)
            (state,) = self.now
            turned = state.params.rotation + np.array([0.0, 0.001, 0.0])
            self.now = (replace(state, params=state.params.replace(rotation=turned)),)
            return {"landmarks": self.weights["landmarks"] / (1.0 + float(turned[1]))}

        def states(self):
            return self.now

        def reweigh(self, weights):
            self.weights = dict(weights)

    def make(_problem, stage, states, _backend):
        return Slow(stage, states)

    monkeypatch.setattr(solvers, "_MAKERS", MappingProxyType({"adam": make, "least squares": make}))
    return made


def long(window, iterations=5000):
    text = f'name = "Long"\n[[stage]]\nname = "Only"\nmoves = ["rotation"]\niterations = {iterations}\n'
    text += "weights = { landmarks = 1.0 }\n"
    window.push(set_reference(window.document, "Recipe", recipe="Long", recipe_text=text))


def panel(window):
    return window.workspace.late.fit


def wait_for_end(window, qtbot):
    qtbot.waitUntil(lambda: not window.fitting.desk.running, timeout=WAIT)


def begin(window, qtbot):
    press(panel(window), "Fit")
    qtbot.waitUntil(lambda: window.document.preview.owner is not None, timeout=WAIT)


def test_the_head_becomes_that_of_the_photo_in_one_step(window, qtbot, truth):
    document = window.document
    before = document.read(FIELDS)
    press(panel(window), "Fit")
    assert window.fitting.desk.running
    assert document.read(FIELDS) == before
    wait_for_end(window, qtbot)
    assert window.history.stack.undoText() == "Fit to Anna.png"
    qtbot.waitUntil(lambda: window.result.params == document.params, timeout=WAIT)
    seen, _ = project(document.reference.camera, window.result.surface.landmarks)
    wanted, _ = project(CAMERA, truth.landmarks)
    eyes = np.linalg.norm(wanted[36] - wanted[45])
    assert np.linalg.norm(seen - wanted, axis=1).mean() < 0.012 * eyes
    assert window.canvas.shot().camera == document.reference.camera.orbit(window.canvas.aspect)
    told = [label.text() for label in panel(window).findChildren(type(panel(window)._foot._told))]
    assert any("% of the eye distance" in text for text in told)
    after = document.read(FIELDS)
    window.history.stack.undo()
    assert document.read(FIELDS) == before
    window.history.stack.redo()
    assert document.read(FIELDS) == after


def test_it_is_watched_led_and_ended_by_hand(window, qtbot, slow):
    long(window)
    document = window.document
    before = document.params
    begin(window, qtbot)
    shown = document.preview.params(document.model, 0.0)
    assert shown.rotation[1] != before.rotation[1]
    assert window.canvas.shot().camera != document.camera
    press(panel(window), "Pause")
    qtbot.waitUntil(lambda: window.fitting.desk.told.phase == "paused", timeout=WAIT)
    QTest.qWait(200)
    count = len(panel(window).findChild(LossPlot).values("Landmarks"))
    press(panel(window), "Step")
    qtbot.waitUntil(
        lambda: len(panel(window).findChild(LossPlot).values("Landmarks")) == count + 1, timeout=WAIT
    )
    QTest.qWait(200)
    assert len(panel(window).findChild(LossPlot).values("Landmarks")) == count + 1
    press(panel(window), "Finish here")
    wait_for_end(window, qtbot)
    assert window.history.stack.undoText() == "Fit to Anna.png"
    assert document.params == slow[0].now[0].params


def test_esc_leaves_everything_as_it_was(window, qtbot, slow):
    long(window)
    before = window.document.read(FIELDS)
    begin(window, qtbot)
    QTest.keyClick(panel(window), Qt.Key.Key_Escape)
    wait_for_end(window, qtbot)
    assert window.document.read(FIELDS) == before
    assert window.document.preview.owner is None
    assert window.canvas.shot().camera == window.document.camera
    assert window.history.stack.undoText() == "Recipe"


def test_a_weight_acts_at_once_and_stays_in_the_recipe(window, qtbot, slow):
    long(window)
    begin(window, qtbot)
    panel(window)._weights.set_unfolded(True)
    field = next(
        f for f in panel(window).findChildren(AmountField) if f.accessibleName() == "Weight of landmarks"
    )
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: slow[0].weights == {"landmarks": 7.5}, timeout=WAIT)
    assert recipe_of(window.document.reference).stages[0].weights == {"landmarks": 7.5}
    assert window.history.stack.undoText() == "Weight of landmarks"
    press(panel(window), "Cancel")
    wait_for_end(window, qtbot)


def test_a_hand_takes_the_camera_while_it_runs(window, qtbot, slow):
    long(window)
    begin(window, qtbot)
    camera = window.document.camera.replace(azimuth=0.7)
    window.document.set(camera=camera)
    assert window.canvas.shot().camera == camera
    press(panel(window), "Finish here")
    wait_for_end(window, qtbot)
    assert window.document.camera == camera


def test_a_fit_of_another_photo_is_not_used(window, qtbot, slow, tmp_path):
    long(window)
    begin(window, qtbot)
    Image.new("RGB", (90, 80)).save(tmp_path / "other.png")
    window.push(use_photo(window.document, Media(str(tmp_path / "other.png"))))
    press(panel(window), "Finish here")
    wait_for_end(window, qtbot)
    assert "changed meanwhile" in window.notices.text
    assert window.history.stack.undoText() == "Open photo other.png"


def test_what_is_locked_or_held_does_not_move(window, qtbot):
    document = window.document
    window.push(set_locks(document, "Shape", frozenset({("shape", 0)}), locked=True))
    press(panel(window), "Jaw")
    assert window.history.stack.undoText() == "Hold jaw"
    press(panel(window), "Fit")
    wait_for_end(window, qtbot)
    assert document.params.shape[0] == 0.0
    assert document.params.shape[1] != 0.0
    assert not document.params.jaw_pose.any()


def test_the_state_before_is_seen_while_its_button_is_held(window, qtbot, slow):
    long(window, 10)
    before = window.document.params
    press(panel(window), "Fit")
    wait_for_end(window, qtbot)
    after = window.document.params
    button = next(b for b in panel(window).findChildren(QPushButton) if b.text() == "Hold to see before")
    QTest.mousePress(button, LEFT)
    assert window.document.preview.params(window.document.model, 0.0) == before
    QTest.mouseRelease(button, LEFT)
    assert window.document.preview.owner is None
    assert window.document.params == after


def test_another_model_has_no_result_of_this_one(window, qtbot, slow, tiny_model):
    long(window, 3)
    press(panel(window), "Fit")
    wait_for_end(window, qtbot)
    button = next(b for b in panel(window).findChildren(QPushButton) if b.text() == "Hold to see before")
    QTest.mousePress(button, LEFT)
    window.files.use_model(tiny_model)
    assert window.document.preview.owner is None
    assert not button.isVisible()
    window.fitting.desk.show_before(True)
    assert window.document.preview.owner is None
    qtbot.waitUntil(lambda: window.result.model is tiny_model, timeout=WAIT)


def test_it_goes_on_from_the_head_that_is_there(window, qtbot, slow):
    long(window, 10)
    press(panel(window), "Fit")
    wait_for_end(window, qtbot)
    first = window.document.params.rotation[1]
    press(panel(window), "Continue")
    wait_for_end(window, qtbot)
    assert window.document.params.rotation[1] == pytest.approx(first + 0.01, abs=1e-5)


TWO = """name = "Two"
[[stage]]
name = "Jaw"
moves = ["jaw_pose"]
iterations = 10
weights = { landmarks = 1.0 }
[[stage]]
name = "Turn"
moves = ["rotation"]
iterations = ITERATIONS
weights = { landmarks = 2.0 }
[[stage]]
name = "Shape"
moves = ["shape"]
iterations = 10
weights = { landmarks = 3.0 }
"""


def test_stages_keep_their_numbers_where_one_of_them_is_held(window, qtbot, slow):
    def use(iterations, held="jaw_pose"):
        text = TWO.replace("ITERATIONS", str(iterations))
        window.push(set_reference(window.document, "Recipe", recipe="Two", recipe_text=text, held=held))

    use(5000)
    begin(window, qtbot)
    assert [solver.stage.name for solver in slow] == ["Turn"]
    qtbot.waitUntil(lambda: window.fitting.desk.told.what == "Turn", timeout=WAIT)
    assert window.fitting.desk.told.stage == 1
    panel(window).reweighed.emit(0, {"landmarks": 8.0})
    panel(window).reweighed.emit(1, {"landmarks": 9.0})
    qtbot.waitUntil(lambda: slow[0].weights == {"landmarks": 9.0}, timeout=WAIT)
    press(panel(window), "Cancel")
    wait_for_end(window, qtbot)
    use(10)
    press(panel(window), "Fit")
    wait_for_end(window, qtbot)
    slow.clear()
    panel(window)._weights.show_running(1)
    press(panel(window), "Continue")
    wait_for_end(window, qtbot)
    assert [solver.stage.name for solver in slow] == ["Turn"]


def test_the_photo_becomes_the_skin(window, qtbot):
    press(panel(window), "Fit")
    wait_for_end(window, qtbot)
    before = window.document.look
    press(panel(window), "Keep texture")
    qtbot.waitUntil(lambda: window.history.stack.undoText() == "Keep texture", timeout=WAIT)
    texture = window.document.look.texture
    assert texture.key == "picture"
    assert texture.picture.name == "Anna skin.png"
    assert "is seen on the photo" in window.notices.text
    window.history.stack.undo()
    assert window.document.look == before


def test_a_recipe_is_written_in_the_window(window, qtbot):
    press(panel(window), "Edit…")
    dialog = window.findChild(RecipeDialog)
    text = dialog._text
    text.setPlainText('[[stage]]\nmoves = ["shap"]\niterations = 3\n')
    qtbot.waitUntil(lambda: "did you mean 'shape'" in dialog.told, timeout=WAIT)
    text.setPlainText('name = "Own"\n[[stage]]\nmoves = ["shape"]\niterations = 3\n')
    qtbot.waitUntil(lambda: "1 stage, 3 iterations" in dialog.told, timeout=WAIT)
    press(dialog, "Use")
    assert recipe_of(window.document.reference).name == "Own"
    assert window.history.stack.undoText() == "Recipe Own"


def test_without_a_photo_it_says_what_to_do(window):
    window.history.stack.setIndex(0)
    window.actions_by_id["fit.start"].trigger()
    assert "no photo" in window.notices.text
    assert not window.fitting.desk.running


def test_fit_without_landmarks_opens_the_points_to_place(window, qtbot):
    window.push(set_reference(window.document, "No points", points=()))
    qtbot.waitUntil(lambda: window.photos.showing.photo is not None, timeout=WAIT)
    press(window.workspace.late.fit, "Fit")
    assert "press Fit again" in window.notices.text
    assert window.photos.editing.editor is not None
    assert len(window.document.reference.points) == 68
    assert not window.jobs.busy
