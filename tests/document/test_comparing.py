"""Takes to compare: made, dropped, swapped; and what a moment says of the other head."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.commands import open_clip, set_component, use_take
from studio.document.comparing import (
    compare,
    compare_with,
    delete_take,
    duplicate_take,
    keep_take,
    set_comparison,
    set_onion,
    swap_takes,
)
from studio.document.document import Document
from studio.document.look import Onion
from studio.document.moment import NO_SUCH_TAKE, NOTHING_THERE, SAME_TAKE, Moment, why_no_other
from studio.flame.params import Params
from studio.sequence.clip import CHANNELS


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


def reason(document):
    return why_no_other(document.comparison, document.takes, document.active)


def jaw(document, value):
    set_component(document, "Jaw open", "jaw_pose", 0, value).apply(document)


def moving(document, fps):
    """A clip of eleven frames whose jaw opens by 0.01 a frame."""
    clip = document.take.clip
    frames = np.arange(11, dtype=np.float32) * np.float32(0.01)
    same = {name: np.repeat(getattr(clip, name)[:1], 11, axis=0) for name in CHANNELS if name != "jaw_pose"}
    return clip.replace(**same, jaw_pose=np.stack([frames, 0 * frames, 0 * frames], axis=1), fps=fps)


def test_a_kept_head_stays_as_it_was(document):
    jaw(document, 0.2)
    keep_take(document).apply(document)
    jaw(document, 0.1)
    assert document.active == 0
    assert [take.name for take in document.takes] == ["Pose", "Take B"]
    assert Moment.of(document).other.jaw_pose[0] == pytest.approx(0.2)
    keep_take(document).apply(document)
    assert document.takes[2].name == "Take B 2"
    assert document.comparison.take == 2


def test_every_command_is_taken_back_whole(document):
    keep_take(document).apply(document)
    for make in (
        keep_take,
        duplicate_take,
        swap_takes,
        lambda d: delete_take(d, 0),
        lambda d: delete_take(d, 1),
        lambda d: compare(d, "wipe"),
        lambda d: compare_with(d, "file", Params.neutral(d.model)),
        lambda d: set_onion(d, "Onion skin", shown=True),
    ):
        before = document.takes, document.active, document.comparison, document.look
        command = make(document)
        command.apply(document)
        assert (document.takes, document.active, document.comparison, document.look) != before
        command.revert(document)
        assert (document.takes, document.active, document.comparison, document.look) == before


def test_why_there_is_no_other_head(document):
    assert reason(document) == NOTHING_THERE
    keep_take(document).apply(document)
    assert reason(document) == ""
    set_comparison(document, "x", take=9).apply(document)
    assert reason(document) == NO_SUCH_TAKE
    set_comparison(document, "x", take=-1).apply(document)
    assert reason(document) == NO_SUCH_TAKE
    set_comparison(document, "x", take=document.active).apply(document)
    assert reason(document) == SAME_TAKE
    assert Moment.of(document).other is None
    set_comparison(document, "x", subject="mean").apply(document)
    assert reason(document) == ""
    assert Moment.of(document).other == Params.neutral(document.model)


def test_the_neutral_head_is_that_of_the_same_person(document):
    set_component(document, "Shape 1", "shape", 0, 1.5).apply(document)
    jaw(document, 0.2)
    set_comparison(document, "x", subject="neutral").apply(document)
    other = Moment.of(document).other
    assert other.shape[0] == pytest.approx(1.5)
    assert not other.jaw_pose.any()


def test_comparing_takes_the_other_take_that_was_opened_last(document):
    keep_take(document).apply(document)
    open_clip(document, "moving", moving(document, 25.0)).apply(document)
    set_comparison(document, "x", take=2).apply(document)
    compare(document, "distance").apply(document)
    assert (document.active, document.comparison.take, document.comparison.kind) == (2, 1, "distance")


def test_b_follows_in_seconds_and_holds_its_end_or_stays_at_its_frame(document):
    open_clip(document, "slow", moving(document, 10.0)).apply(document)
    open_clip(document, "fast", moving(document, 20.0)).apply(document)
    set_comparison(document, "x", take=1).apply(document)
    moment = Moment.of(document)
    assert moment.at(8.0).other.jaw_pose[0] == pytest.approx(0.04)
    use_take(document, 1).apply(document)
    set_comparison(document, "x", take=2).apply(document)
    moment = Moment.of(document)
    assert moment.at(3.0).other.jaw_pose[0] == pytest.approx(0.06)
    assert moment.at(9.0).other.jaw_pose[0] == pytest.approx(0.10)
    set_comparison(document, "x", follows=False, frame=2.0).apply(document)
    assert Moment.of(document).at(9.0).other.jaw_pose[0] == pytest.approx(0.02)


def test_dropping_a_take_keeps_the_comparison_with_the_same_ones(document):
    for name in ("one", "two", "three"):
        open_clip(document, name, moving(document, 25.0)).apply(document)
    set_comparison(document, "x", take=2, kind="wipe").apply(document)
    delete_take(document, 0).apply(document)
    assert document.take.name == "three"
    assert document.takes[document.comparison.take].name == "two"
    delete_take(document, document.comparison.take).apply(document)
    assert document.comparison.kind == "off"
    assert [take.name for take in document.takes] == ["one", "three"]
    delete_take(document, document.active).apply(document)
    assert (document.active, document.take.name) == (0, "one")
    with pytest.raises(ValueError, match="only take"):
        delete_take(document, 0)


def test_ghosts_stay_within_the_take_and_come_from_afar(document):
    assert Moment.of(document).ghosts == ()
    open_clip(document, "moving", moving(document, 25.0)).apply(document)
    onion = Onion(shown=True, before=3, after=2, step=2)
    document.set(look=document.look.replace(onion=onion), position=5.4)
    ghosts = Moment.of(document).ghosts
    assert [offset for offset, _ in ghosts] == [-4, 4, -2, 2]
    assert [params.jaw_pose[0] for _, params in ghosts] == pytest.approx([0.01, 0.09, 0.03, 0.07])
    document.set(look=document.look.replace(onion=onion.replace(shown=False)))
    assert Moment.of(document).ghosts == ()
