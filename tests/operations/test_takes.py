"""Operations on the takes of a document: one step that undoes, with keys, markers and camera going along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document.commands import open_clip
from studio.document.document import FIELDS, Document
from studio.document.take import Marker, Take
from studio.flame.params import Params
from studio.operations.running import operate
from studio.operations.table import OPERATIONS, operation_called
from studio.operations.takes import step_of, worked_on
from studio.scripting import Studio
from studio.scripting.recall import code_of
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from studio.sequence.operations.parts import moving_fields
from studio.storage.errors import StudioError
from tests.operations.desks import desk_of
from tests.operations.test_operations import NEEDS, tiny_clip


@pytest.fixture
def document(tiny_model):
    document = Document(tiny_model)
    open_clip(document, "Walk", tiny_clip(tiny_model)).apply(document)
    jaw = Curve.of([5, 15, 25], [[0.1, 0, 0], [0.3, 0, 0], [0.0, 0, 0]], "linear", turns=True)
    take = replace(
        document.take,
        layers=(Layer("Keys", {"jaw_pose": jaw}, blend="add"),),
        markers=(Marker(4, "start"), Marker(20, "end")),
        camera_keys={"camera/azimuth": Curve.of([0, 20], [0.0, 1.0], "linear")},
    )
    document.set(takes=(document.takes[0], take), position=10.0)
    return document


def do(document, name, span=None, **given):
    operation = operation_called(name)
    clip = worked_on(operation, document.take).clip
    others = {take.name: take.baked() for take in document.takes} | {"second": tiny_clip(document.model, 20)}
    outcome = operate(operation, clip, given, desk_of(document.model, others), span)
    command = step_of(document, operation, outcome, given, span)
    command.apply(document)
    return command


@pytest.mark.parametrize("operation", [row for row in OPERATIONS if row.in_window], ids=lambda row: row.id)
@pytest.mark.parametrize("span", [None, (5, 24)])
def test_every_operation_is_one_step_that_undoes(document, operation, span):
    before = document.read(FIELDS)
    command = do(document, operation.id, span, **NEEDS.get(operation.id, {}))
    assert command.name == operation.title
    after = document.read(FIELDS)
    command.revert(document)
    assert document.read(FIELDS) == before
    command.apply(document)
    assert document.read(FIELDS) == after
    assert document.take.name == "Walk"


def test_keys_follow_a_new_speed(document):
    before = document.take
    do(document, "retime", speed=2.0)
    take = document.take
    assert len(take) == 16
    for frame in (0.0, 5.0, 8.0, 12.0):
        np.testing.assert_allclose(
            take.params(frame).jaw_pose, before.params(2.0 * frame).jaw_pose, atol=1e-5
        )
    assert [marker.frame for marker in take.markers] == [2, 10]
    np.testing.assert_allclose(take.camera_keys["camera/azimuth"].frames, [0, 10])
    assert document.position == 5.0


def test_keys_follow_a_trim_and_those_outside_leave_their_value(document):
    before = document.take
    do(document, "trim", (10, 20))
    take = document.take
    assert len(take) == 11
    for frame in (0, 5, 10):
        np.testing.assert_allclose(take.params(frame).jaw_pose, before.params(frame + 10).jaw_pose, atol=1e-6)
    assert [(marker.frame, marker.name) for marker in take.markers] == [(10, "end")]
    assert document.position == 0.0
    assert document.play_range == (0, 10)


def test_a_split_makes_two_takes_that_play_on(document):
    before = document.take
    do(document, "split", frame=12)
    first, second = document.take, document.takes[-1]
    assert (len(first), len(second), second.name) == (12, 18, "Walk 2")
    np.testing.assert_allclose(first.params(11).jaw_pose, before.params(11).jaw_pose, atol=1e-6)
    for frame in (0, 3, 17):
        np.testing.assert_allclose(
            second.params(frame).jaw_pose, before.params(12 + frame).jaw_pose, atol=1e-6
        )
    assert [marker.frame for marker in second.markers] == [8]


def test_backwards_keys_are_backwards(document):
    before = document.take
    do(document, "reverse")
    for frame in (0, 10, 21):
        np.testing.assert_allclose(
            document.take.params(frame).jaw_pose, before.params(29 - frame).jaw_pose, atol=1e-5
        )
    do(document, "reverse")
    assert document.take.clip == before.clip
    assert document.take.markers == before.markers
    for frame in (0, 10, 21):
        np.testing.assert_allclose(
            document.take.params(frame).jaw_pose, before.params(frame).jaw_pose, atol=1e-6
        )


def test_a_joined_clip_is_seen_as_it_was(document):
    """Keys and the offset were for the first clip alone: they go into it."""
    offset = Params.neutral(document.model).replace(expr=[0.5, 0, 0, 0])
    document.set(takes=(document.takes[0], replace(document.take, offset=offset)))
    seen = document.take.params(15)
    do(document, "join", other="second", fade=0)
    take = document.take
    assert len(take) == 50
    assert take.layers == ()
    np.testing.assert_allclose(take.params(15).expr, seen.expr, atol=1e-6)
    second = tiny_clip(document.model, 20)
    np.testing.assert_allclose(take.params(33).expr, second.expr[3], atol=1e-6)


def test_another_head_is_that_head_whatever_was_changed(document):
    offset = Params.neutral(document.model).replace(shape=np.ones(6))
    document.set(takes=(document.takes[0], replace(document.take, offset=offset)))
    do(document, "retarget")
    assert not document.take.params(3).shape.any()


def test_a_length_beyond_the_clip_goes_along(document):
    document.set(takes=(document.takes[0], replace(document.take, length=60)))
    do(document, "retime", speed=0.5)
    assert len(document.take) == 119
    do(document, "trim", (0, 9))
    assert len(document.take) == 10


def test_scripts_do_operations_and_steps_are_told_as_them(head_model):
    from tests.scripting.test_recall import walk

    studio = Studio(head_model)
    studio.push(open_clip(studio.document, "Walk", walk(head_model, 20)))
    before = studio.document.read(FIELDS)
    studio.operate("smooth", window=5, parts=["jaw"], span=(3, 12))
    assert studio.steps[-1] == "Smooth"
    code = code_of(studio._done[-1], before)
    assert code == "studio.operate('smooth', parts=['jaw'], window=5, span=(3, 12))"
    facts = studio.operate("resample", rate="29.97")
    assert facts == {"rate": "30000/1001"}
    studio.operate("join", other="Walk", fade=2)
    studio.undo(3)
    assert studio.document.take == before["takes"][1]
    for call in (
        lambda: studio.operate("smoth"),
        lambda: studio.operate("transfer", to="x"),
        lambda: studio.operate("join", other="Nobody"),
        lambda: studio.operate("smooth", span=3),
        lambda: studio.operate("smooth", windw=3),
    ):
        with pytest.raises(StudioError):
            call()
    assert isinstance(studio.document.take, Take)


@pytest.mark.parametrize(
    ("name", "span", "given"),
    [
        ("retime", None, {"speed": 1.0}),
        ("retime", (5, 20), {"speed": 1.0}),
        ("retime", None, {"how": "duration", "seconds": 30 / 25}),
        ("resample", None, {"rate": "25"}),
        ("trim", (0, 29), {}),
        ("scale", None, {"factor": 1.0}),
    ],
)
def test_what_changes_nothing_is_no_step(document, name, span, given):
    curve = Curve.of([0.1, 5.3, 20.7], [0.0, 0.4, 1.0], "bezier")
    layer = Layer("Keys", {"expr/0": curve.replace(handles=curve.handles / 3.0)})
    document.set(takes=(document.takes[0], replace(document.take, layers=(layer,))), position=7.3)
    before = document.read(FIELDS)
    assert do(document, name, span, **given).changes_nothing
    assert document.read(FIELDS) == before


def test_keys_over_a_still_clip_are_turned(document):
    still = document.take.clip
    still = still.replace(**{name: 0.0 * getattr(still, name) for name in moving_fields(still)})
    document.set(takes=(document.takes[0], replace(document.take, clip=still)))
    before = document.take
    assert not do(document, "reverse").changes_nothing
    np.testing.assert_allclose(document.take.params(24).jaw_pose, before.params(5).jaw_pose, atol=1e-6)


def test_scripts_are_told_that_nothing_changed(head_model):
    studio = Studio(head_model)
    assert studio.operate("retime", speed=1.0) == {"changed": False}
    assert studio.steps == []


@pytest.mark.parametrize("kind", ["stepped", "linear", "smooth", "eased", "bezier"])
@pytest.mark.parametrize("name", ["trim", "split", "reverse"])
@pytest.mark.parametrize("span", [(0, 3), (6, 22), (26, 29)])
def test_keys_look_the_same_over_what_is_cut_and_turned(document, kind, name, span):
    jaw = Curve.of([5, 15, 25], [[0.1, 0.2, 0], [0.3, 0, 0], [0.0, 0, 0.1]], kind, turns=True)
    smile = Curve.of([5, 12, 15, 25], [1.0, -0.5, 0.3, 0.4], kind)
    layer = Layer("Keys", {"jaw_pose": jaw, "expr/0": smile})
    take = replace(document.take, layers=(layer,), length=len(document.take) + 7)
    document.set(takes=(document.takes[0], take))
    before, (first, last) = take.baked(), span
    do(document, name, None if name == "split" else span, **({"frame": last} if name == "split" else {}))
    shown = np.arange(len(before))
    if name == "trim":
        shown = shown[first : last + 1]
    elif name == "reverse":
        shown[first : last + 1] = shown[first : last + 1][::-1]
    parts = [entry.baked() for entry in document.takes[1:]]
    for field in ("expr", "jaw_pose"):
        seen = np.concatenate([getattr(part, field) for part in parts])
        np.testing.assert_allclose(seen, getattr(before, field)[shown], atol=1e-6, err_msg=field)


def test_a_loop_closes_for_keys_too(document):
    smile = Layer("Keys", {"expr/0": Curve.of([0, 29], [0.0, 2.0], "linear")})
    document.set(takes=(document.takes[0], replace(document.take, layers=(smile,))))
    do(document, "loop", fade=8)
    expr = document.take.baked().expr[:, 0]
    assert abs(expr[-1] - expr[0]) < 0.5
