from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSpinBox

from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.export.animation_options import AnimationOptions
from studio.export.film_formats import FORMATS
from studio.export.gltf.options import GltfOptions
from studio.export.options import LARGEST_SIDE, FilmOptions, PictureOptions, TurntableOptions
from studio.export.queued import Queued
from studio.panels.export_panel import ExportPanel
from studio.panels.size_chooser import SIZES
from studio.widgets.group import Group
from tests.panels.hands import LEFT, press, row, type_number

TRANSPARENT = "Transparent background"


@pytest.fixture
def panel(desk, shown):
    return shown(ExportPanel(desk.document, desk.push), height=800)


def _group(panel, title):
    return next(group for group in panel.findChildren(Group) if group.title == title)


def _list(panel, title, name):
    """The list called ``name`` in the group ``title``."""
    return next(box for box in _group(panel, title).findChildren(QComboBox) if box.accessibleName() == name)


def _choose(panel, title, name, text):
    """Choose ``text`` in the list called ``name`` of the group ``title``."""
    box = _list(panel, title, name)
    index = box.findText(text)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def _check(panel, title, text):
    return next(box for box in _group(panel, title).findChildren(QCheckBox) if box.text() == text)


def _click(check):
    QTest.mouseClick(check, LEFT, pos=QPoint(6, 8))


def test_a_picture_with_what_was_chosen(panel, qtbot):
    _choose(panel, "Picture", "Size", "8K · 7680 \N{MULTIPLICATION SIGN} 4320")
    _choose(panel, "Picture", "Format", "WebP")
    _choose(panel, "Picture", "Antialiasing", "9 samples")
    _click(_check(panel, "Picture", TRANSPARENT))
    with qtbot.waitSignal(panel.picture_asked) as asked:
        press(panel, "Save picture…")
    assert asked.args == [PictureOptions((7680, 4320), 9, True, "webp")]
    with qtbot.waitSignal(panel.copy_asked) as asked:
        press(panel, "Copy")
    assert asked.args[0].size == (7680, 4320)


def test_a_size_of_ones_own(panel):
    _choose(panel, "Picture", "Size", "Custom")
    width, height = (box for box in panel.findChildren(QSpinBox) if box.isVisible())
    width.setValue(1234)
    height.setValue(99_999)
    assert panel.picture_options.size == (1234, LARGEST_SIDE)


def test_jpeg_cannot_be_transparent(panel):
    _click(_check(panel, "Picture", TRANSPARENT))
    _choose(panel, "Picture", "Format", "JPEG")
    assert not _check(panel, "Picture", TRANSPARENT).isEnabled()
    assert not panel.picture_options.transparent


def test_a_turntable_with_what_was_chosen(panel, qtbot):
    type_number(row(panel, "Length"), "6.5")
    type_number(row(panel, "Rate"), "24")
    _choose(panel, "Film", "Format", "GIF")
    with qtbot.waitSignal(panel.turntable_asked) as asked:
        press(panel, "Save turntable…")
    assert asked.args == [TurntableOptions(seconds=6.5, fps=24.0, format="gif")]


def test_a_still_is_no_film(panel):
    button = next(b for b in panel.findChildren(QPushButton) if b.text() == "Save film…")
    assert not button.isEnabled()


def test_a_film_of_a_clip(playing_desk, shown, qtbot):
    panel = shown(ExportPanel(playing_desk.document, playing_desk.push), height=800)
    with qtbot.waitSignal(panel.film_asked) as asked:
        press(panel, "Save film…")
    assert asked.args == [FilmOptions()]


def test_a_film_in_every_format(playing_desk, shown, qtbot):
    panel = shown(ExportPanel(playing_desk.document, playing_desk.push), height=900)
    for entry in FORMATS:
        title, form = entry.title, entry.key
        _choose(panel, "Film", "Format", title)
        with qtbot.waitSignal(panel.film_asked) as asked:
            press(panel, "Save film…")
        assert asked.args == [FilmOptions(format=form)]


def test_mesh_and_parameters(panel, qtbot):
    _choose(panel, "Mesh", "Mesh format", "PLY")
    with qtbot.waitSignal(panel.mesh_asked) as asked:
        press(panel, "Save mesh…")
    assert asked.args == ["ply"]
    with qtbot.waitSignal(panel.parameters_asked) as asked:
        press(panel, "Save parameters…")
    assert asked.args == ["npz"]
    _choose(panel, "Parameters", "Clip format", "CSV")
    with qtbot.waitSignal(panel.clip_asked) as asked:
        press(panel, "Save clip…")
    assert asked.args == ["csv"]


def test_options_before_the_panel_was_seen(desk):
    panel = ExportPanel(desk.document, desk.push)
    assert panel.picture_options == PictureOptions()
    assert panel.turntable_options == TurntableOptions()
    assert panel.film_options == FilmOptions()


def test_presets_are_what_they_say():
    for title, size in SIZES:
        assert title.endswith(f"{size[0]} \N{MULTIPLICATION SIGN} {size[1]}")
        assert max(size) <= LARGEST_SIDE


def test_a_film_with_everything_chosen(playing_desk, shown, qtbot):
    document = playing_desk.document
    document.set(sound=SoundTrack(Media("voice.wav")))
    panel = shown(ExportPanel(document, playing_desk.push), height=900)
    _choose(panel, "Film", "Format", "WebM · VP9")
    _choose(panel, "Film", "Size", "Tall · 1080 \N{MULTIPLICATION SIGN} 1920")
    _choose(panel, "Film", "Antialiasing", "9 samples")
    _choose(panel, "Film", "Quality", "Medium")
    _choose(panel, "Film", "Rate", "23.976 fps")
    _choose(panel, "Film", "Frames", f"All of the take · {len(document.take)}")
    _click(_check(panel, "Film", TRANSPARENT))
    _click(_check(panel, "Film", "With sound"))
    with qtbot.waitSignal(panel.film_asked) as asked:
        press(panel, "Save film…")
    assert asked.args == [FilmOptions((1080, 1920), 9, "webm", True, 23.976, True, False, 75)]
    _click(_check(panel, "Turntable", "Play the take while turning"))
    turn = panel.turntable_options
    assert (turn.size, turn.format, turn.transparent, turn.playing) == ((1080, 1920), "webm", True, True)


def test_what_a_format_cannot_hold_is_not_offered(playing_desk, shown):
    playing_desk.document.set(sound=SoundTrack(Media("voice.wav")))
    panel = shown(ExportPanel(playing_desk.document, playing_desk.push), height=900)
    sound, clear = _check(panel, "Film", "With sound"), _check(panel, "Film", TRANSPARENT)
    for title, offered in (
        ("MP4 · H.264", (True, False)),
        ("MOV · ProRes 4444", (True, True)),
        ("GIF", (False, False)),
        ("PNG frames", (False, True)),
    ):
        _choose(panel, "Film", "Format", title)
        assert (sound.isEnabled(), clear.isEnabled()) == offered, title
    assert not _list(panel, "Film", "Quality").isEnabled()


def test_without_a_sound_none_is_offered(playing_desk, shown):
    panel = shown(ExportPanel(playing_desk.document, playing_desk.push), height=900)
    assert not _check(panel, "Film", "With sound").isVisible()
    assert not _check(panel, "Turntable", "Play the take while turning").isChecked()


def test_the_queue_is_seen_while_there_is_one(panel):
    queue = _group(panel, "Queue")
    assert not queue.isVisible()
    panel.show_queue((Queued(1, "Film", Path("/out/a.mp4")),))
    assert queue.isVisible()
    panel.show_queue(())
    assert not queue.isVisible()


def test_an_animation_with_what_was_chosen(panel, qtbot):
    _choose(panel, "Animation", "Expression", "ARKit units")
    _choose(panel, "Animation", "Identity", "Morph targets")
    _choose(panel, "Animation", "Frames", "All of the take · 1")
    _click(_check(panel, "Animation", "What units cannot say"))
    _click(_check(panel, "Animation", "Pose correctives"))
    with qtbot.waitSignal(panel.animation_asked) as asked:
        press(panel, "Save animation…")
    chosen = GltfOptions(targets="units", rest="none", identity="targets", correctives="none")
    assert asked.args == [AnimationOptions("glb", True, chosen)]
    _choose(panel, "Animation", "Expression", "The first components")
    spin = next(box for box in _group(panel, "Animation").findChildren(QSpinBox) if box.isVisible())
    spin.setValue(3)
    assert (panel.animation_options.gltf.targets, panel.animation_options.gltf.count) == ("components", 3)
    assert panel.animation_options.target(Path("head.glb")) == Path("head.glb")


def test_only_a_glb_has_targets(panel):
    assert _check(panel, "Animation", "Pose correctives").isVisible()
    assert not _check(panel, "Animation", "What units cannot say").isVisible()
    _choose(panel, "Animation", "Format", "OBJ for each frame")
    assert not _check(panel, "Animation", "Pose correctives").isVisible()
    assert not _list(panel, "Animation", "Identity").isVisible()
    assert panel.animation_options.target(Path("heads")) == Path("heads/%05d.obj")
    assert panel.animation_options.target(Path("head_%d.obj")) == Path("head_%d.obj")
