"""A head model saved in another layout from the Models dialog."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QTreeWidget, QWidget

from studio.document.document import Document
from studio.exporting import Exports
from studio.flame import load_model
from studio.flame.open_head import load_open_head
from studio.job_runner import JobRunner
from studio.model_library import ModelLibrary
from studio.panels.models_dialog import ModelsDialog
from tests.flame.published_files import PUBLISHED
from tests.panels.hands import press


class Window(QWidget):
    """What the dialog needs of the studio's window."""

    def __init__(self, model, folder):
        super().__init__()
        self.jobs = JobRunner()
        self.document = Document(model)
        self.files = SimpleNamespace(models=[model], open_model=lambda _: None)
        self.settings = SimpleNamespace(folder=folder)
        self.told, self.warned = [], []
        self.notify, self.warn = self.told.append, self.warned.append
        self.exports = Exports(self)
        self.library = ModelLibrary(self)


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch):
    """A window with the open head in use, and one model file in its folder."""
    PUBLISHED["chumpy and scipy"](tmp_path)
    monkeypatch.setattr("studio.model_library.model_folders", lambda: [tmp_path])
    made = Window(load_open_head(), tmp_path)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.library._scanned):
        made.library.show()
    yield made
    made.jobs.join(10)
    made.library.wait()


def dialog(window):
    return window.findChild(ModelsDialog)


def rows(window, name):
    return window.findChild(QTreeWidget).findItems(name, Qt.MatchFlag.MatchRecursive)


def ask_for(monkeypatch, path, kind):
    seen = []

    def answer(_window, title, start, _kinds, _chosen):
        seen.append((title, start))
        return str(path), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return seen


def convert(window, name):
    window.findChild(QTreeWidget).setCurrentItem(rows(window, name)[0])
    press(dialog(window), "Convert…")


def test_a_click_saves_the_chosen_model_and_lists_the_new_file(window, qtbot, tmp_path, monkeypatch):
    asked = ask_for(monkeypatch, tmp_path / "mine", "Safetensors (*.safetensors)")
    with qtbot.waitSignals([window.jobs.done, window.library._scanned]):
        convert(window, "generic_model.pkl")
    assert asked == [("Convert head model", str(tmp_path / "generic_model.npz"))]
    first, second = (load_model(tmp_path / name) for name in ("generic_model.pkl", "mine.safetensors"))
    np.testing.assert_array_equal(first.shapedirs, second.shapedirs)
    qtbot.waitUntil(lambda: bool(rows(window, "mine.safetensors")))
    (told,) = window.told
    assert told.startswith(f"Saved {tmp_path / 'mine.safetensors'}. generic_model.pkl holds numbers finer")


def test_the_open_head_goes_into_a_folder(window, qtbot, tmp_path, monkeypatch):
    ask_for(monkeypatch, tmp_path / "arrays", "Folder of NumPy arrays (*)")
    with qtbot.waitSignals([window.jobs.done, window.library._scanned]):
        convert(window, "Open head")
    model = load_model(tmp_path / "arrays")
    np.testing.assert_array_equal(model.v_template, window.document.model.v_template)
    assert "leaves it out: landmarks, texture coordinates" in window.told[0]


@pytest.mark.parametrize(
    ("name", "words"), [("generic_model.pkl", "would be lost"), ("a.obj", "cannot be saved to .obj")]
)
def test_what_cannot_be_is_a_warning(window, qtbot, tmp_path, monkeypatch, name, words):
    ask_for(monkeypatch, tmp_path / name, "NumPy archive (*.npz)")
    before = (tmp_path / "generic_model.pkl").read_bytes()
    convert(window, "Open head")
    qtbot.waitUntil(lambda: bool(window.warned))
    assert words in window.warned[0]
    assert (tmp_path / "generic_model.pkl").read_bytes() == before


def test_no_answer_is_no_conversion(window, tmp_path, monkeypatch):
    ask_for(monkeypatch, "", "")
    before = sorted(tmp_path.iterdir())
    convert(window, "generic_model.pkl")
    assert not window.jobs.busy
    assert sorted(tmp_path.iterdir()) == before
