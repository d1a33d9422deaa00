"""Where exports ask to be saved, without a window."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QFileDialog

from studio.document.commands import open_clip
from studio.document.document import Document
from studio.export.options import FilmOptions, TurntableOptions
from studio.exporting import Exports
from studio.flame.params import Params
from studio.job_runner import JobRunner
from studio.sequence.clip import CHANNELS, Clip


@pytest.fixture
def asked(qapp, monkeypatch, tmp_path, tiny_model):
    """Exports of a window that has no surface yet, and what its file dialog was asked for."""
    seen = SimpleNamespace(names=[], kinds=[])

    def ask(_window, _title, start, kinds, chosen):
        seen.names.append(Path(start).name)
        seen.kinds.append(chosen or kinds.split(";;")[0])
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    window = SimpleNamespace(
        jobs=JobRunner(),
        document=Document(tiny_model),
        result=None,
        settings=SimpleNamespace(folder=tmp_path),
        warn=lambda _: None,
        notify=lambda _: None,
    )
    seen.document, seen.exports = window.document, Exports(window)
    return seen


@pytest.mark.parametrize(
    ("form", "ending", "kind"),
    [
        ("mp4", ".mp4", "MP4 film (*.mp4)"),
        ("webm", ".webm", "WebM film (*.webm)"),
        ("mov", ".mov", "ProRes 4444 film (*.mov)"),
        ("gif", ".gif", "Animated GIF (*.gif)"),
        ("webp", ".webp", "Animated WebP (*.webp)"),
        ("frames", "", "Folder of PNG frames (*)"),
    ],
)
def test_films_are_asked_for_in_the_format_chosen(asked, form, ending, kind):
    asked.exports.film(FilmOptions(format=form))
    asked.exports.turntable(TurntableOptions(format=form))
    assert asked.names == [f"{asked.document.take.name}{ending}", f"turntable{ending}"]
    assert asked.kinds == [kind, kind]


def test_parameters_are_named_after_their_take(asked, tiny_model):
    asked.exports.frame_parameters()
    asked.exports.parameters()
    frame = Params.neutral(tiny_model)
    still = Clip.still(frame)
    clip = still.replace(**{name: getattr(still, name).repeat(3, axis=0) for name in CHANNELS})
    open_clip(asked.document, "Smile", clip).apply(asked.document)
    asked.document.set(position=2.0)
    asked.exports.frame_parameters()
    asked.exports.parameters()
    pose = f"{asked.document.takes[0].name}.npz"
    assert asked.names == [pose, pose, "Smile 2.npz", "Smile.npz"]


def test_only_what_was_saved_is_told_as_saved(qtbot, asked, tmp_path, monkeypatch):
    window, told = asked.exports._window, []
    monkeypatch.setattr(window, "notify", told.append)

    def ends(result):
        job = SimpleNamespace(name="Job", run=lambda _progress, _cancelled: result)
        with qtbot.waitSignal(window.jobs.done):
            assert window.jobs.start(job)

    for result in (("a fit",), {"accuracy": 1.0}, None, 3.0):
        ends(result)
    assert told == []
    ends(tmp_path / "head.obj")
    assert told == [f"Saved {tmp_path / 'head.obj'}."]
