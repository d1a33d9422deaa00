"""Named controls under the hand: a step of a slider, opening panels, solving a basis; no head is drawn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.measure import Measure, median_milliseconds
from studio.controls.named_controls import control_set
from studio.document.document import Document
from studio.document.faces import control_values, set_control
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import frozen
from studio.panels.expression_panel import ExpressionPanel
from studio.panels.face_panel import FacePanel
from studio.panels.panel import Panel
from studio.panels.shape_panel import ShapePanel
from studio.theme import apply_theme
from studio.undo import History

PART = "Controls"
STEP, OPENING = 3.0, 100.0  # milliseconds
UNIT = "mouthSmileLeft"
EXPRESSIONS, SHAPES = 100, 300
SIZE = (420, 900)  # of a panel


def measure() -> list[Measure]:
    """Medians on the open head, and on one of FLAME's numbers whose units have to be solved."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, "dark")
    heads = {"open head": load_open_head(), "solved basis": second_head()}
    began = time.perf_counter()
    control_set(heads["solved basis"])
    measures = [Measure(PART, "solving the units of 100 components", 1000.0 * (time.perf_counter() - began))]
    for title, model in heads.items():
        measures += _steps(title, model)
    measures += _openings(heads["solved basis"])
    application.shutdown()
    return measures


def second_head() -> HeadModel:
    """The open head with 100 expression and 300 shape components, mixed at random and without names."""
    head, random = load_open_head(), np.random.default_rng(0)

    def mixed(directions: np.ndarray, count: int) -> np.ndarray:
        noise = random.normal(0.0, 3e-4, (*directions.shape[:2], count - directions.shape[2]))
        whole = np.concatenate([directions.astype(np.float64), noise], axis=2)
        return frozen(whole @ np.linalg.qr(random.normal(size=(count, count)))[0])

    return replace(
        head,
        name="solved",
        digest="",
        expression_names=(),
        shape_names=(),
        correctives=(),
        eyelids=None,
        expressiondirs=mixed(head.expressiondirs, EXPRESSIONS),
        shapedirs=mixed(head.shapedirs, SHAPES),
        expression_ranges=np.tile(np.array([-3.0, 3.0], np.float32), (EXPRESSIONS, 1)),
        shape_ranges=np.tile(np.array([-3.0, 3.0], np.float32), (SHAPES, 1)),
    )


def _steps(title: str, model: HeadModel) -> list[Measure]:
    """A step of a control: command, document, and the panel that shows all controls."""
    document = Document(model)
    history = History(document)
    panel = FacePanel(document, history.push)
    _open(panel)

    def step(index: int) -> None:
        history.push(set_control(document, UNIT, (index % 100) / 100.0, gesture=1))
        assert UNIT in control_values(document)

    measures = [Measure(PART, f"a step of a control, {title}", median_milliseconds(step), STEP)]
    _close(panel)
    return measures


def _openings(model: HeadModel) -> list[Measure]:
    """Building panels, showing the document in them and painting them, once each."""
    makers: dict[str, Callable[[Document, History], Panel]] = {
        "Face": lambda document, history: FacePanel(document, history.push),
        "Components": lambda document, history: ExpressionPanel(document, history.push, _NoPictures()),
        "Shape": lambda document, history: ShapePanel(document, history.push, _NoPictures()),
    }
    measures = []
    for title, make in makers.items():
        document = Document(model)

        def opened(_: int, make: Callable[..., Panel] = make, document: Document = document) -> None:
            panel = make(document, History(document))
            _open(panel)
            _close(panel)

        spent = median_milliseconds(opened, repeats=9, warm_up=1)
        measures.append(
            Measure(PART, f"opening {title}, {SHAPES} + {EXPRESSIONS} components", spent, OPENING)
        )
    return measures


class _NoPictures(QWidget):
    """Pictures that are never there, as while they are made."""

    def __init__(self) -> None:
        super().__init__()
        self.ready = self.windowTitleChanged

    def picture(self, _field: str, _index: int) -> None:
        """None yet."""


def _open(panel: Panel) -> None:
    panel.resize(*SIZE)
    panel.show()
    panel.grab()


def _close(panel: Panel) -> None:
    panel.hide()
    panel.deleteLater()
    QApplication.processEvents()
