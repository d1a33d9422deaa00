"""Keys chosen and edited by commands: what a view of keys asks for."""

from __future__ import annotations

import pytest

from studio.document.commands import open_clip
from studio.panels.key_desk import KeyDesk
from studio.sequence.key_selection import KeySelection


@pytest.fixture
def keys(playing_desk):
    made = KeyDesk(playing_desk.document, playing_desk.push)
    made.set_at("Key face", ("expr/4", "jaw_pose"), 10.0)
    made.set_at("Key face", ("expr/4",), 20.0)
    return made


def frames(keys, channel="expr/4"):
    curve = keys.keys.get(channel)
    return None if curve is None else curve.frames.tolist()


def test_a_key_set_is_chosen_and_changes_nothing_that_is_seen(playing_desk, keys):
    take = playing_desk.document.take
    assert keys.chosen == KeySelection.of([("expr/4", 20.0)])
    for frame in (10.0, 20.0):
        assert take.params(frame).expr[4] == pytest.approx(frame / 50.0, abs=1e-6)
    assert playing_desk.steps[-2:] == ["Key face", "Key face"]


def test_steps_of_a_gesture_begin_at_its_start_and_are_one(playing_desk, keys):
    keys.choose_all()
    for by in (1.0, 7.0, 4.0):
        keys.move(by, gesture=91)
    assert frames(keys) == [14.0, 24.0]
    assert keys.chosen == KeySelection.all_of(keys.keys)
    assert playing_desk.steps[-1] == "Move keys"
    playing_desk.undo()
    assert frames(keys) == [10.0, 20.0]
    assert keys.chosen == KeySelection.all_of(keys.keys)
    playing_desk.history.stack.redo()
    assert frames(keys) == [14.0, 24.0]
    assert keys.chosen == KeySelection.all_of(keys.keys)


def test_a_gesture_taken_back_is_no_step(playing_desk, keys):
    take, steps = playing_desk.document.take, list(playing_desk.steps)
    keys.move(100.0, gesture=92)
    assert len(playing_desk.document.take) == 121
    keys.cancel(92, "Move keys")
    assert playing_desk.document.take == take
    assert playing_desk.steps == steps
    assert keys.chosen == KeySelection.of([("expr/4", 20.0)])


def test_keys_behind_the_end_make_the_take_longer(playing_desk, keys):
    keys.choose_all()
    keys.move(40.0)
    assert len(playing_desk.document.take) == 61
    assert playing_desk.document.play_range == (0, 60)
    playing_desk.undo()
    assert len(playing_desk.document.take) == 51


def test_copies_go_into_another_take(playing_desk, keys):
    keys.choose_all()
    keys.copy()
    document = playing_desk.document
    playing_desk.push(open_clip(document, "Other", document.take.clip))
    assert not keys.chosen
    document.set(position=30.0)
    keys.paste()
    assert frames(keys) == [30.0, 40.0]
    assert frames(keys, "jaw_pose") == [30.0]
    assert playing_desk.steps[-1] == "Paste keys"
    playing_desk.undo()
    assert not keys.keys


def test_cut_delete_and_interpolate(playing_desk, keys):
    keys.interpolate("stepped")
    assert keys.keys["expr/4"].interpolation.tolist()[1] == 0
    keys.cut()
    assert frames(keys) == [10.0]
    keys.delete_at(("expr/4", "jaw_pose"), 10.0)
    assert not keys.keys
    assert playing_desk.steps[-3:] == ["Stepped keys", "Cut keys", "Delete keys"]


def test_only_keys_that_are_there_are_chosen(keys):
    keys.choose(KeySelection.of([("expr/4", 10.0), ("expr/4", 11.0), ("neck_pose", 10.0)]))
    assert keys.chosen == KeySelection.of([("expr/4", 10.0)])
    keys.invert()
    assert keys.chosen == KeySelection.of([("expr/4", 20.0), ("jaw_pose", 10.0)])
