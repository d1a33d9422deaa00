"""Every widget of every panel: what changes the document is one named step that undoes and redoes whole.

A widget is driven by mouse and keys as a hand would. Those that may leave the document as it is stand in
``NO_CHANGE`` with the reason; any other widget that does nothing, or something that Undo does not take back,
fails by its panel and name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)

from studio.actions.table import ACTIONS
from studio.document.commands import open_clip
from studio.document.document import FIELDS, UNASKED
from studio.document.look import Texture
from studio.document.media import Media
from studio.document.reference_commands import use_photo
from studio.flame.params import Params
from studio.panels.pose_grid import PoseGrid
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from studio.widgets.colour_button import ColourButton
from studio.widgets.slider_row import SliderRow
from tests.panels.hands import LEFT, drag
from tests.scripting.test_recall import walk
from tests.windows import shown_window

PANELS = (
    "Face",
    "Shape",
    "Components",
    "Pose",
    "Appearance",
    "Look",
    "Export",
    "Compare",
    "Library",
    "Live",
    "Fit",
    "Timeline",
    "Layers",
)
LAYERS = (  # three, the middle one of which gets new keys
    Layer("Nod", {"rotation": Curve.of([0, 3], [[0.0, 0.0, 0.0], [0.2, 0.0, 0.0]], turns=True)}, blend="add"),
    Layer("Lids", {"eyelids/left": Curve.of([1], [0.3])}, weight=0.5),
    Layer("Empty", blend="add"),
)
SOON = 10  # milliseconds in which what follows on an action has begun
ROWS = 5  # of the sliders of one panel that are tried, evenly
NO_CHANGE = {  # words of what a widget is called, by panel; "" is every panel
    "": {
        "Search": "looks for rows",
        "Save": "asks for a file",
        "Float": "moves the panel",
        "Close": "closes the panel",
    },
    "Shape": {"Strength": "says how far Randomise goes"},
    "Expression": {"Strength": "says how far Randomise goes"},
    "Appearance": {"Strength": "says how far Randomise goes"},
    "Face": {"Symmetric": "a tool's setting", "Mapping": "asks for a file", "help": "explains"},
    "Look": {
        "Perspective": "is on already",
        "Light from a picture": "asks for a file",
        "Choose": "asks for a file",
    },
    "Export": {"": "what an export will be"},
    "Compare": {"copy": "puts numbers on the clipboard", "Off": "is on already"},
    "Library": {"": "says how a pose will be used"},
    "Layers": {"Reduce": "asks how", "Replace": "is on already"},
    "Fit": {
        "Open": "asks for a file",
        "grey": "asks for a file",
        "Edit": "opens a dialog",
        "Load": "asks for a file",
        "Find": "finds no face on the photo",
        "Choose": "opens the editor",
        "Place": "opens the editor",
        "Paint": "opens the editor",
        "Look through": "moves the camera",
        "Behind": "is on already",
        "Fit": "needs points on the photo",
    },
    "Live": {"": "says how the head will be driven"},
    "Timeline": {
        "frame": "moves the time cursor",
        "Play": "runs time",
        "Auto-key": "a tool's setting",
        "Previous key": "moves the time cursor",
        "Next key": "moves the time cursor",
        "Dope sheet": "another view",
        "Curves": "another view",
    },
}


@dataclass(frozen=True)
class Found:
    """A widget by what it is called, which outlives the widget itself."""

    panel: str
    kind: type
    name: str
    number: int  # among those of its kind and name, in the order of the panel

    def __str__(self) -> str:
        return f"{self.panel}: {self.kind.__name__} “{self.name}” (number {self.number})"


@pytest.fixture
def window(qapp, qtbot, head_model, monkeypatch, tmp_path):
    for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_args, **_named: ("", ""))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("", False))
    monkeypatch.setattr(QMessageBox, "question", lambda *_args, **_named: QMessageBox.StandardButton.No)
    with shown_window(qapp, qtbot, head_model, 980) as window:
        window.centralWidget().hide()  # nobody looks at the head, and drawing it takes longest
        fill(window)
        path = tmp_path / "grey.png"
        Image.fromarray(np.full((64, 64, 3), 128, np.uint8)).save(path)
        window.push(use_photo(window.document, Media(str(path))))
        yield window


def fill(window):
    """Give every reset and every mirror something to do, and the timeline a clip between two others."""
    document = window.document
    model = document.model
    for name in ("Walk", "Run"):
        window.push(open_clip(document, name, walk(model)))
    document.set(position=2.0)
    someone = Params.random(model, seed=5).replace(
        rotation=(0.1, 0.2, 0.1),
        translation=(0.01, 0.02, 0.0),
        eyelids=(0.2, 0.3),
        expr=[0.02 * (index % 5 + 1) for index in range(model.expression_count)],
    )
    look = document.look.replace(
        clay=(0.1, 0.2, 0.3),
        background=(0.3, 0.2, 0.1),
        light=replace(document.look.light, azimuth=0.1),
        texture=Texture(document.look.texture.key, (0.5, -0.4, 0.3, 0.5, -0.4, 0.3, 0.2)),
        show_landmarks=True,
    )
    take = replace(document.take, layers=LAYERS, active_layer=1).edited(2.0, someone)
    document.set(
        takes=(*document.takes[: document.active], take, *document.takes[document.active + 1 :]),
        look=look,
        playback=document.playback.replace(first=1, last=3),
    )


def name_of(widget):
    if isinstance(widget, SliderRow):
        return widget.scale.label
    texts = (
        widget.text() if isinstance(widget, QAbstractButton) else "",
        widget.accessibleName(),
        widget.toolTip(),
        type(widget).__name__,
    )
    return next(text for text in texts if text)


def widgets(window, panel):
    """What a hand can use in ``panel`` now, from the top down."""
    dock = window.workspace.docks[panel]
    kinds = (QAbstractButton, QComboBox, SliderRow)
    found = [
        widget
        for widget in dock.widget().findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.isVisibleTo(dock)
        and widget.isEnabled()
        and not isinstance(widget.parent(), (QLineEdit, QComboBox))
        and type(widget).__name__ != "_Heading"  # it folds a group, whose widgets would not be tried
        and name_of(widget) != "Order"  # it sorts rows, which would be taken for others
    ]
    counts = {}
    told = []
    for widget in sorted(found, key=lambda w: w.mapTo(dock, QPoint(0, 0)).toTuple()[::-1]):
        key = type(widget), name_of(widget)
        counts[key] = counts.get(key, -1) + 1
        told.append((Found(panel, *key, counts[key]), widget))
    return told


def tried(found):
    """Those of ``found`` that are tried: of many sliders a few, from all parts of the panel."""
    rows = [entry for entry in found if entry.kind is SliderRow]
    kept = set(rows[:: max(len(rows) // ROWS, 1)])
    return [entry for entry in found if entry.kind is not SliderRow or entry in kept]


def is_known(found):
    words = {**NO_CHANGE[""], **NO_CHANGE.get(found.panel, {})}
    return any(word.lower() in found.name.lower() for word in words)


def act(window, widget):
    """Do with ``widget`` what a hand does."""
    reveal(widget)
    if isinstance(widget, SliderRow):
        scale = widget.scale
        middle = 0.5 * (scale.low + scale.high)
        drag(widget, middle + 0.1 * (scale.high - scale.low), middle + 0.3 * (scale.high - scale.low))
    elif isinstance(widget, QComboBox):
        widget.setFocus()
        QTest.keyClick(
            widget, Qt.Key.Key_Down if widget.currentIndex() + 1 < widget.count() else Qt.Key.Key_Up
        )
    elif isinstance(widget, ColourButton):
        QTest.mouseClick(widget, LEFT)
        choose_colour(widget)
    else:
        where = QPoint(9, widget.height() // 2) if isinstance(widget, QCheckBox) else widget.rect().center()
        QTimer.singleShot(0, close_what_came_up)  # while it is asked
        QTest.mouseClick(widget, LEFT, pos=where)
    settle()
    wait_for_readers(window)


def settle():
    """Let all come that follows on what was done, and leave what it opened."""
    QTest.qWait(SOON)
    close_what_came_up()


def wait_for_readers(window):
    """Let what was begun on the thread that reads come to its end."""
    done = []
    window.files.run_aside(lambda: lambda: done.append(True), "Nothing")
    while not done:
        QTest.qWait(1)


def reveal(widget):
    area = widget.parentWidget()
    while area is not None:
        if hasattr(area, "ensureWidgetVisible"):
            area.ensureWidgetVisible(widget)
            QTest.qWait(1)
        area = area.parentWidget()


def choose_colour(button):
    dialog = button.findChild(QColorDialog)
    for value in ("#123456", "#345678"):
        dialog.setCurrentColor(value)
    dialog.accept()


def close_what_came_up():
    for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if isinstance(widget, QDialog):
            widget.reject()
        elif widget is not None:
            widget.close()


def state(window):
    return window.document.read([name for name in FIELDS if name not in UNASKED])


def differing(one, other):
    return [name for name, value in one.items() if other[name] is not value and other[name] != value]


def problem_with(window, found, widget):
    """What is wrong with how a widget changes the document; empty where nothing is."""
    return problem_of(window, lambda: act(window, widget), is_known(found))


def problem_of(window, do, may_do_nothing):
    """What is wrong with how ``do`` changes the document; empty where nothing is."""
    stack = window.history.stack
    before, steps = state(window), stack.index()
    do()
    after, made = state(window), stack.index() - steps
    if stack.index() == steps and not differing(after, before):
        return "" if may_do_nothing else "does nothing that can be undone"
    if made != 1:
        return f"is {made} steps, not one; it changed {', '.join(differing(after, before)) or 'nothing'}"
    name = stack.text(steps)
    if not name.strip():
        return "is a step without a name"
    stack.undo()
    left = differing(state(window), before)
    stack.redo()
    lost = differing(state(window), after)
    stack.undo()
    if left:
        return f"(“{name}”) leaves {', '.join(left)} changed after Undo"
    return f"(“{name}”) gives other {', '.join(lost)} after Redo" if lost else ""


@pytest.mark.parametrize("panel", PANELS)
def test_every_widget_is_a_step_that_undoes(window, panel):
    try_all(window, panel)


@pytest.mark.parametrize("panel", ["Face", "Pose", "Components"])
def test_every_widget_is_a_step_with_auto_key_too(window, panel):
    window.document.set(tools=window.document.tools.replace(auto_key=True))
    try_all(window, panel)


def try_all(window, panel):
    dock = window.workspace.docks[panel]
    dock.show()
    dock.raise_()
    QTest.qWait(400)
    window.history.stack.clear()
    told, changed = [], 0
    for found in tried([found for found, _ in widgets(window, panel)]):
        now = dict(widgets(window, panel))
        match = now.get(found)
        if match is None:
            continue
        problem = problem_with(window, found, match)
        changed += window.history.stack.canRedo()
        window.history.stack.clear()
        if problem:
            told.append(f"{found} {problem}")
    assert not told, "\n" + "\n".join(told)
    assert changed or panel in ("Export", "Library", "Live"), f"{panel}: nothing in it changes the document"


NO_STEPS = {  # actions that change no document, or another one, or wait for an answer
    *("undo", "redo", "new", "open", "save", "save_as", "save_clip", "quit", "clear_recent", "close"),
    *("models", "about", "palette", "shortcuts", "history", "console", "copy_script"),
}


def test_every_action_is_a_step_that_undoes_or_no_change(window):
    told, changed = [], []
    for row in ACTIONS:
        action = window.actions_by_id[row.id]
        if row.menu.startswith("Export") or row.id in NO_STEPS or not action.isEnabled():
            continue

        def do(action=action):
            QTimer.singleShot(0, close_what_came_up)
            action.trigger()
            settle()

        window.history.stack.clear()
        problem = problem_of(window, do, may_do_nothing=True)
        changed += [row.id] * window.history.stack.canRedo()
        if problem:
            told.append(f"{row.id} ({row.title}) {problem}")
    assert not told, "\n" + "\n".join(told)
    assert {"reset_all", "mode.shaded", "landmarks", "loop", "reset_shape"} <= set(changed)


def test_a_pose_of_the_library_is_a_step_that_undoes(qtbot, window):
    window.workspace.docks["Library"].show()
    window.workspace.docks["Library"].raise_()
    QTest.qWait(300)
    grid = window.workspace.docks["Library"].findChild(PoseGrid)
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert problem_of(window, lambda: QTest.keyClick(grid, Qt.Key.Key_Return), may_do_nothing=False) == ""
