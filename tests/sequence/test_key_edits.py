"""Edits of keys against the same done one key after the other on plain dictionaries."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sequence import key_edits
from studio.sequence.curves import CODES, Curve
from studio.sequence.key_selection import KeySelection


def curve(frames, turns=False):
    frames = np.asarray(frames, float)
    values = np.stack([frames, frames + 1.0, frames + 2.0], 1) * 0.01 if turns else frames
    return Curve.of(frames, values, turns=turns)


@pytest.fixture
def curves():
    return {"expr/0": curve([0, 5, 10, 20]), "expr/1": curve([5, 12]), "jaw_pose": curve([5, 10], turns=True)}


def frames_of(edit, name):
    found = edit.changes[name]
    return [] if found is None else found.frames.tolist()


def test_a_move_takes_the_chosen_keys_and_leaves_the_rest(curves):
    chosen = KeySelection.of([("expr/0", 5), ("expr/0", 10), ("jaw_pose", 5)])
    edit = key_edits.moved(curves, chosen, 3.0)
    assert frames_of(edit, "expr/0") == [0, 8, 13, 20]
    assert edit.changes["expr/0"].values[:, 0].tolist() == [0, 5, 10, 20]
    assert frames_of(edit, "jaw_pose") == [8, 10]
    assert "expr/1" not in edit.changes
    assert edit.chosen == KeySelection.of([("expr/0", 8), ("expr/0", 13), ("jaw_pose", 8)])


def test_a_moved_key_takes_the_place_of_the_one_it_meets(curves):
    edit = key_edits.moved(curves, KeySelection.of([("expr/0", 5)]), 5.0)
    assert frames_of(edit, "expr/0") == [0, 10, 20]
    assert edit.changes["expr/0"].values[:, 0].tolist() == [0, 5, 20]


def test_keys_move_past_others_and_not_before_the_start(curves):
    edit = key_edits.moved(curves, KeySelection.of([("expr/0", 20), ("expr/1", 12)]), -100.0)
    assert frames_of(edit, "expr/0") == [0, 5, 8, 10]
    assert edit.changes["expr/0"].values[:, 0].tolist() == [0, 5, 20, 10]
    assert frames_of(edit, "expr/1") == [0, 5]


def test_keys_that_are_not_there_are_not_moved(curves):
    assert not key_edits.moved(curves, KeySelection.of([("expr/0", 6), ("expr/7", 5)]), 1.0).changes


def test_a_scale_is_about_a_frame_and_takes_handles_along(curves):
    chosen = KeySelection.all_of({"expr/0": curves["expr/0"]})
    before = curves["expr/0"].handles
    edit = key_edits.scaled(curves, chosen, 2.0, about=10.0)
    assert frames_of(edit, "expr/0") == [0, 10, 30]  # 0 and 5 meet at 0, where the later one stays
    assert edit.changes["expr/0"].values[:, 0].tolist() == [5, 10, 20]
    np.testing.assert_allclose(edit.changes["expr/0"].handles[-1, :, 0], 2.0 * before[-1, :, 0])
    np.testing.assert_allclose(edit.changes["expr/0"].handles[-1, :, 1], before[-1, :, 1])


def test_scaled_keys_come_to_whole_frames_unless_asked_not_to(curves):
    chosen = KeySelection.of([("expr/0", 5), ("expr/0", 10)])
    assert frames_of(key_edits.scaled(curves, chosen, 0.5, 0.0), "expr/0") == [0, 2, 5, 20]
    assert frames_of(key_edits.scaled(curves, chosen, 0.5, 0.0, whole=False), "expr/0") == [0, 2.5, 5, 20]


def test_deleting_all_keys_of_a_channel_leaves_no_curve(curves):
    edit = key_edits.deleted(curves, KeySelection.of([("expr/0", 10), ("expr/1", 5), ("expr/1", 12)]))
    assert frames_of(edit, "expr/0") == [0, 5, 20]
    assert edit.changes["expr/1"] is None
    assert not edit.chosen


def test_what_is_copied_is_pasted_at_a_frame(curves):
    keys = key_edits.copied(curves, KeySelection.of([("expr/0", 5), ("expr/0", 10), ("jaw_pose", 10)]))
    assert keys["expr/0"].frames.tolist() == [0, 5]
    assert keys["jaw_pose"].frames.tolist() == [5]
    edit = key_edits.pasted({"expr/0": curves["expr/0"]}, keys, 15.0)
    assert frames_of(edit, "expr/0") == [0, 5, 10, 15, 20]
    assert edit.changes["expr/0"].values[:, 0].tolist() == [0, 5, 10, 5, 10]
    assert frames_of(edit, "jaw_pose") == [20]
    assert edit.changes["jaw_pose"].turns
    assert edit.chosen == KeySelection.of([("expr/0", 15), ("expr/0", 20), ("jaw_pose", 20)])


def test_duplicates_leave_the_originals(curves):
    edit = key_edits.duplicated(curves, KeySelection.of([("expr/1", 5), ("expr/1", 12)]), 7.0)
    assert frames_of(edit, "expr/1") == [5, 12, 19]
    assert edit.changes["expr/1"].values[:, 0].tolist() == [5, 5, 12]


def test_interpolation_of_the_chosen(curves):
    edit = key_edits.interpolated(curves, KeySelection.of([("expr/0", 5)]), "stepped")
    assert (edit.changes["expr/0"].interpolation == CODES["stepped"]).tolist() == [False, True, False, False]


def test_the_next_and_the_previous_key(curves):
    assert key_edits.next_key(curves, 5.0, 1) == 10.0
    assert key_edits.next_key(curves, 5.0, -1) == 0.0
    assert key_edits.next_key(curves, 11.0, 1) == 12.0
    assert key_edits.next_key(curves, 20.0, 1) is None
    assert key_edits.next_key({}, 5.0, -1) is None


def by_hand(keys, chosen, by):
    """Keys as {frame: value}, moved one after the other."""
    there = {frame + by: keys[frame] for frame in chosen}
    return {**{frame: value for frame, value in keys.items() if frame not in chosen}, **there}


@pytest.mark.parametrize("seed", range(20))
def test_many_moves_against_a_dictionary(seed):
    random = np.random.default_rng(seed)
    frames = np.sort(random.choice(60, 25, replace=False)).astype(float)
    made = Curve.of(frames, random.normal(size=25))
    chosen = frames[random.random(25) < 0.4]
    by = float(random.integers(0, 20))
    edit = key_edits.moved({"expr/3": made}, KeySelection({"expr/3": chosen}), by)
    wanted = by_hand(dict(zip(frames, made.values[:, 0], strict=True)), set(chosen), by)
    found = edit.changes.get("expr/3", made)
    assert dict(zip(found.frames, found.values[:, 0], strict=True)) == wanted


def test_selections_are_sets(curves):
    one = KeySelection.of([("expr/0", 5), ("expr/0", 10)])
    other = KeySelection.of([("expr/0", 10), ("expr/1", 5)])
    assert one.with_keys(other) == KeySelection.of([("expr/0", 5), ("expr/0", 10), ("expr/1", 5)])
    assert one.without_keys(other) == KeySelection.of([("expr/0", 5)])
    assert len(one.with_keys(other)) == 3
    assert one.has("expr/0", 10.0)
    assert not one.has("expr/1", 10.0)
    assert one.span == (5.0, 10.0)
    assert KeySelection().span is None
    assert one.covers(KeySelection.of([("expr/0", 5)]))
    assert not one.covers(other)
    found = KeySelection.between(curves, ["expr/0", "jaw_pose", "neck_pose"], 4.0, 10.0)
    assert found == KeySelection.of([("expr/0", 5), ("expr/0", 10), ("jaw_pose", 5), ("jaw_pose", 10)])
