"""The sound of a document: added, moved, muted, replaced and removed, each a step that undoes."""

from __future__ import annotations

import pytest

from studio.document.document import Document
from studio.document.media import Media
from studio.document.media_commands import all_media
from studio.document.sound import SoundTrack
from studio.document.sound_commands import remove_sound, set_sound, toggle_mute, use_sound
from studio.session.on_model import open_session
from studio.session.plain import from_plain
from studio.session.state import State
from studio.session.writing import write_session


@pytest.fixture
def document(tiny_model):
    document = Document(tiny_model)
    use_sound(document, Media("voice.wav")).apply(document)
    return document


def test_a_sound_is_added_and_undone(tiny_model):
    document = Document(tiny_model)
    command = use_sound(document, Media("folder/voice.wav"))
    assert command.name == "Add voice.wav"
    command.apply(document)
    assert document.sound == SoundTrack(Media("folder/voice.wav"))
    assert all_media(document) == (Media("folder/voice.wav"),)
    command.revert(document)
    assert not document.sound


def test_another_sound_lies_where_the_one_before_it_was(document):
    set_sound(document, "Offset", offset=1.5, volume=0.25).apply(document)
    command = use_sound(document, Media("other.flac"))
    assert command.name == "Replace voice.wav"
    command.apply(document)
    assert document.sound == SoundTrack(Media("other.flac"), 1.5, False, 0.25)


def test_a_drag_is_one_step(document):
    first = set_sound(document, "Sound offset", 7, offset=0.1)
    first.apply(document)
    second = set_sound(document, "Sound offset", 7, offset=0.2)
    second.apply(document)
    merged = first.merged(second)
    merged.revert(document)
    assert document.sound.offset == 0.0
    assert first.merged(set_sound(document, "Sound offset", 8, offset=0.3)) is None


def test_what_is_muted_has_no_gain_and_keeps_its_volume(document):
    set_sound(document, "Volume", volume=0.5).apply(document)
    mute = toggle_mute(document)
    mute.apply(document)
    assert (mute.name, document.sound.gain, document.sound.volume) == ("Mute sound", 0.0, 0.5)
    unmute = toggle_mute(document)
    unmute.apply(document)
    assert (unmute.name, document.sound.gain) == ("Unmute sound", 0.5)


def test_a_removed_sound_leaves_nothing(document):
    set_sound(document, "Offset", offset=2.0).apply(document)
    command = remove_sound(document)
    command.apply(document)
    assert (command.name, document.sound) == ("Remove voice.wav", SoundTrack())


def test_a_session_carries_an_embedded_sound(tiny_model, tmp_path):
    document = Document(tiny_model)
    document.set(sound=SoundTrack(Media("gone.wav", b"RIFF...."), 0.5, True, 1.5))
    write_session(tmp_path / "a.flame", State.of(document))
    opened = open_session(tmp_path / "a.flame", [tiny_model], tiny_model)
    assert opened.state.sound == document.sound
    assert not opened.notices


@pytest.mark.parametrize("wrong", [{"volume": -1}, {"volume": 1e9}, {"offset": float("nan")}, {"muted": 3}])
def test_values_no_sound_can_have_are_left_out(wrong):
    faults: list[str] = []
    assert from_plain(SoundTrack(), wrong, "sound", faults) == SoundTrack()
    assert faults == [f"sound.{name}" for name in wrong]
