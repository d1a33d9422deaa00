from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.document.carry import carried_over
from studio.document.commands import (
    change,
    open_clip,
    play_all,
    play_from_here,
    play_to_here,
    reset_fields,
    set_component,
    set_look,
    set_params,
    set_playback,
    use_model,
    use_take,
)
from studio.document.document import Document, Playback, new_take
from studio.flame.model import Corrective, HeadModel
from studio.flame.params import Params
from studio.sequence.clip import CHANNELS, Clip


@pytest.fixture
def document(tiny_model: HeadModel) -> Document:
    return Document(tiny_model)


def state(document: Document) -> dict[str, object]:
    return document.read(("model", "takes", "active", "look", "playback", "position"))


def test_doing_and_taking_back_any_command_restores_the_document(
    document: Document, tiny_model: HeadModel
) -> None:
    clip = Clip.still(Params.neutral(tiny_model), fps=30.0)
    other = replace(tiny_model, name="other", digest="11" * 32)
    makers = [
        lambda: set_component(document, "Jaw", "jaw_pose", 0, 0.2),
        lambda: set_params(document, "Random", Params.neutral(tiny_model).replace(shape=np.ones(6))),
        lambda: reset_fields(document, "Reset shape", ("shape",)),
        lambda: set_look(document, "Flat", document.look.replace(mode="flat")),
        lambda: set_playback(document, "Loop", Playback(loop=False)),
        lambda: open_clip(document, "walk", clip),
        lambda: use_take(document, 0),
        lambda: use_model(document, other, (new_take(other),)),
    ]
    for make in makers:
        before = state(document)
        command = make()
        assert state(document) == before
        command.apply(document)
        after = state(document)
        command.revert(document)
        assert state(document) == before
        command.apply(document)
        assert state(document) == after


def test_component_is_set_at_the_cursor(document: Document) -> None:
    set_component(document, "Jaw open", "jaw_pose", 0, 0.25).apply(document)
    set_component(document, "Left eye", "eyes_pose", 1, -0.1).apply(document)
    assert document.params.jaw_pose.tolist() == pytest.approx([0.25, 0, 0])
    assert document.params.eyes_pose.tolist() == pytest.approx([0, -0.1, 0, 0, 0, 0])


def test_one_gesture_is_one_step_back_to_its_start(document: Document) -> None:
    set_component(document, "Jaw open", "jaw_pose", 0, 0.05).apply(document)
    start = state(document)
    merged = None
    for value in (0.1, 0.2, 0.3):
        command = set_component(document, "Jaw open", "jaw_pose", 0, value, gesture=4)
        command.apply(document)
        merged = command if merged is None else merged.merged(command)
        assert merged is not None
    merged.revert(document)
    assert state(document) == start
    merged.apply(document)
    assert document.params.jaw_pose[0] == pytest.approx(0.3)
    assert merged.name == "Jaw open"


def test_separate_gestures_and_fields_do_not_merge(document: Document) -> None:
    first = set_component(document, "Jaw", "jaw_pose", 0, 0.1, gesture=1)
    assert first.merged(set_component(document, "Jaw", "jaw_pose", 0, 0.2, gesture=2)) is None
    assert first.merged(set_look(document, "Flat", document.look.replace(mode="flat"), gesture=1)) is None
    typed = set_component(document, "Jaw", "jaw_pose", 0, 0.1)
    assert typed.merged(set_component(document, "Jaw", "jaw_pose", 0, 0.2)) is None


def test_reset_clears_only_the_fields_named(document: Document) -> None:
    for field, value in (("jaw_pose", 0.2), ("neck_pose", 0.1), ("shape", 2.0)):
        set_component(document, field, field, 0, value).apply(document)
    reset_fields(document, "Reset pose", ("jaw_pose", "neck_pose")).apply(document)
    assert not document.params.jaw_pose.any()
    assert not document.params.neck_pose.any()
    assert document.params.shape[0] == 2.0


def test_opening_a_clip_shows_its_first_frame(document: Document, tiny_model: HeadModel) -> None:
    document.set(playback=Playback(first=0, last=0, speed=2.0))
    still = Clip.still(Params.neutral(tiny_model).replace(translation=(1.0, 0.0, 0.0)))
    open_clip(document, "walk", still).apply(document)
    assert document.take.name == "walk"
    assert document.params.translation[0] == 1.0
    assert document.playback == Playback()
    assert len(document.takes) == 2


def test_editing_one_take_leaves_the_other_alone(document: Document, tiny_model: HeadModel) -> None:
    open_clip(document, "walk", Clip.still(Params.neutral(tiny_model))).apply(document)
    set_component(document, "Jaw", "jaw_pose", 0, 0.3).apply(document)
    use_take(document, 0).apply(document)
    assert not document.params.jaw_pose.any()


def test_correctives_are_kept_within_their_pose(tiny_model: HeadModel) -> None:
    document = Document(replace(tiny_model, correctives=(Corrective(2, 2, (0.4, 0.0, 0.0)),)))
    set_component(document, "Mouth close", "expr", 2, 0.5).apply(document)
    assert document.params.jaw_pose[0] == pytest.approx(0.2)
    set_component(document, "Jaw open", "jaw_pose", 0, 0.1).apply(document)
    assert document.params.expr[2] == pytest.approx(0.25)


def test_switching_models_brings_the_takes_carried_over_to_it(
    document: Document, tiny_model: HeadModel
) -> None:
    set_component(document, "Jaw", "jaw_pose", 0, 0.3).apply(document)
    smaller = replace(tiny_model, name="small", shapedirs=tiny_model.shapedirs[:, :, :2])
    takes, _ = carried_over(document.takes, tiny_model, smaller)
    use_model(document, smaller, takes).apply(document)
    assert document.params == Params.neutral(smaller).replace(jaw_pose=(0.3, 0.0, 0.0))


def test_a_command_remembers_what_it_replaces(document: Document) -> None:
    command = change(document, "Faster", playback=Playback(speed=2.0))
    assert command.old == {"playback": Playback()}
    assert command.new == {"playback": Playback(speed=2.0)}


@pytest.mark.parametrize(
    ("position", "make", "played"),
    [
        (3.0, play_from_here, (3, 9)),
        (9.0, play_from_here, (9, 9)),
        (3.0, play_to_here, (0, 3)),
        (0.0, play_to_here, (0, 0)),
    ],
)
def test_frames_are_played_from_or_to_the_cursor(
    document: Document, tiny_model: HeadModel, position: float, make: Any, played: tuple[int, int]
) -> None:
    frame = Clip.still(Params.neutral(tiny_model))
    rows = {name: np.repeat(getattr(frame, name), 10, axis=0) for name in CHANNELS}
    open_clip(document, "walk", frame.replace(**rows)).apply(document)
    document.set(position=position)
    make(document).apply(document)
    assert document.play_range == played
    play_all(document).apply(document)
    assert document.playback == Playback()


def test_marks_that_would_cross_keep_two_frames(document: Document, tiny_model: HeadModel) -> None:
    frame = Clip.still(Params.neutral(tiny_model))
    rows = {name: np.repeat(getattr(frame, name), 10, axis=0) for name in CHANNELS}
    open_clip(document, "walk", frame.replace(**rows)).apply(document)
    document.set(position=4.0)
    play_to_here(document).apply(document)
    document.set(position=6.0)
    play_from_here(document).apply(document)
    assert document.play_range == (6, 7)
    play_to_here(document).apply(document)
    assert document.play_range == (5, 6)
