"""Every row of the table does what it says, on a range too, and refuses what makes no sense."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.symmetry import flipped
from studio.flame.params import Params
from studio.operations.numbers import number_called, numbers_of
from studio.operations.running import measured, operate
from studio.operations.settings import checked
from studio.operations.table import OPERATIONS, operation_called
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import PARTS
from studio.storage.errors import JobCancelled, StudioError
from tests.operations.desks import desk_of
from tests.sequence.operations.clips import waving

NEEDS = {"join": {"other": "second"}, "transfer": {"to": "open"}, "offset": {"amount": 5.0}}


def tiny_clip(model, frames=30):
    clip = waving(frames)
    return clip.replace(shape=np.zeros(6), model_name=model.name, model_digest=model.digest)


@pytest.fixture
def desk(tiny_model, head_model):
    clips = {"second": tiny_clip(tiny_model, 20)}
    return desk_of(tiny_model, clips, {"open": head_model})


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: row.id)
@pytest.mark.parametrize("frames", [None, (5, 24)])
def test_every_operation_gives_a_clip_that_is_whole(tiny_model, desk, operation, frames):
    clip = tiny_clip(tiny_model)
    made = operate(operation, clip, NEEDS.get(operation.id, {}), desk, frames).clip
    assert isinstance(made, Clip)
    assert all(np.isfinite(getattr(made, name)).all() for name in ("expr", "rotation", "eyelids", "shape"))
    if operation.id != "transfer":
        assert (made.model_name, made.model_digest) == (tiny_model.name, tiny_model.digest)
    if operation.reach == "frames" and frames:
        for index in (0, 4, 25, 29):
            assert made.frame(index) == clip.frame(index)
    if operation.reach == "part" and frames:
        assert made.frame(0) == clip.frame(0)
        assert made.frame(len(made) - 1) == clip.frame(29)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: row.id)
def test_a_still_gives_a_clip_or_one_sentence(tiny_model, desk, operation):
    still = tiny_clip(tiny_model, 1)
    if operation.id in ("split", "loop", "join"):
        with pytest.raises(StudioError, match=r"^[^.]*\.$"):
            operate(operation, still, NEEDS.get(operation.id, {}), desk)
    else:
        assert len(operate(operation, still, NEEDS.get(operation.id, {}), desk).clip) >= 1


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: row.id)
def test_a_number_that_is_none_is_refused_or_mended(tiny_model, desk, operation):
    clip = tiny_clip(tiny_model)
    jaw = clip.jaw_pose.copy()
    jaw[7] = np.nan
    broken = clip.replace(jaw_pose=jaw)
    if operation.mends:
        assert np.isfinite(operate(operation, broken, {}, desk).clip.jaw_pose).all()
        return
    with pytest.raises(StudioError, match="frame 7"):
        operate(operation, broken, NEEDS.get(operation.id, {}), desk)


@pytest.mark.parametrize("frames", [(9, 3), (-1, 5), (0, 30)])
def test_a_range_that_is_none_is_refused(tiny_model, desk, frames):
    for name in ("trim", "smooth", "reverse"):
        with pytest.raises(StudioError, match="frame"):
            operate(operation_called(name), tiny_clip(tiny_model), {}, desk, frames)


@pytest.mark.parametrize(
    ("name", "given", "match"),
    [
        ("smooth", {"windw": 5}, "did you mean window"),
        ("smooth", {"window": "wide"}, "is a number"),
        ("smooth", {"window": 5.5}, "whole number"),
        ("smooth", {"window": float("nan")}, "goes from|whole"),
        ("smooth", {"window": 999}, "goes from 3 to 501 frames"),
        ("smooth", {"method": "magic"}, "one of savitzky_golay, one_euro"),
        ("smooth", {"both_ways": "yes"}, "on or off"),
        ("smooth", {"parts": ["nose"]}, "no part called nose"),
        ("smooth", {"parts": []}, "at least one part"),
        ("resample", {"rate": "fast"}, "no frame rate"),
        ("offset", {"number": "jaw_poes/0"}, "did you mean jaw_pose/0"),
        ("join", {"other": "nobody"}, "There is no nobody"),
        ("transfer", {"to": ""}, "Name the head model"),
    ],
)
def test_settings_that_do_not_suit_are_one_sentence(tiny_model, desk, name, given, match):
    with pytest.raises(StudioError, match=match):
        operate(operation_called(name), tiny_clip(tiny_model), given, desk)


def test_names_of_operations():
    assert operation_called("vertices-to-parameters").id == "vertices_to_parameters"
    with pytest.raises(StudioError, match="did you mean smooth"):
        operation_called("smoth")
    assert len({row.id for row in OPERATIONS}) == len(OPERATIONS)
    for row in OPERATIONS:
        assert checked(row, {}).keys() == row.defaults().keys()
        assert not row.tip.endswith(".")
    assert checked(operation_called("smooth"), {"parts": "jaw, eyes"})["parts"] == ("jaw", "eyes")
    assert checked(operation_called("smooth"), {"parts": "all"})["parts"] == PARTS


def test_numbers_have_names_and_units(tiny_model, head_model):
    assert number_called(tiny_model, "eyes_pose/4").title == "Right eye left / right"
    smile = number_called(head_model, "expr/mouthSmileLeft")
    assert head_model.expression_names[smile.index] == "mouthSmileLeft"
    keys = [number.key for number in numbers_of(head_model)]
    assert len(set(keys)) == len(keys)


def test_an_offset_is_in_the_units_people_use(tiny_model, desk):
    clip = tiny_clip(tiny_model)
    made = operate(
        operation_called("offset"), clip, {"number": "translation/1", "amount": 12.0}, desk
    ).clip.translation
    np.testing.assert_allclose(made[:, 1] - clip.translation[:, 1], 0.012, atol=1e-6)
    still = clip.replace(jaw_pose=np.zeros((30, 3)))
    turned = operate(operation_called("offset"), still, {"number": "jaw_pose/0", "amount": 10.0}, desk).clip
    np.testing.assert_allclose(turned.jaw_pose[:, 0], np.deg2rad(10.0), atol=1e-6)


def test_a_mirrored_clip_is_each_frame_mirrored(head_model):
    clip = Clip.still(Params.random(head_model, 4))
    made = operate(operation_called("mirror"), clip, {}, desk_of(head_model)).clip
    assert made.frame(0) == flipped(head_model, clip.frame(0))


def test_smoothing_tells_the_jitter_before_and_after(tiny_model, desk):
    clip = tiny_clip(tiny_model)
    noisy = clip.replace(expr=clip.expr + np.random.default_rng(0).normal(0, 0.05, clip.expr.shape))
    made = operate(operation_called("smooth"), noisy, {"parts": ["expression"]}, desk).clip
    told = measured(noisy, made, desk)
    assert told["expression"]["after"] < 0.5 * told["expression"]["before"]
    assert told["jaw"]["after"] == told["jaw"]["before"]
    assert told["mesh"]["after"] < told["mesh"]["before"]
    assert (told["mesh"]["unit"], told["jaw"]["unit"], told["expression"]["unit"]) == ("mm", "°", "")


def test_a_face_is_transferred_by_its_controls(head_model):
    from tests.flame.plain_head import plain_head

    plain = plain_head()
    names = head_model.expression_names
    expr = np.zeros((3, len(names)), np.float32)
    expr[:, names.index("mouthSmileLeft")] = (0.0, 0.5, 1.0)
    neutral = Params.neutral(head_model)
    clip = Clip(
        shape=neutral.shape,
        expr=expr,
        **{
            name: np.zeros((3, width))
            for name, width in (
                ("rotation", 3),
                ("neck_pose", 3),
                ("jaw_pose", 3),
                ("eyes_pose", 6),
                ("translation", 3),
            )
        },
        model_name=head_model.name,
        model_digest=head_model.digest,
    )
    desk = desk_of(head_model, models={"plain": plain})
    made = operate(operation_called("transfer"), clip, {"to": "plain"}, desk)
    assert made.clip.model_digest == plain.digest
    assert made.clip.expr[2].any()
    np.testing.assert_allclose(made.clip.expr[1], 0.5 * made.clip.expr[2], atol=1e-3)
    assert made.facts == {"to": "plain"}
    assert "Undo" not in " ".join(made.notices)


def test_vertices_of_a_file_become_parameters(tiny_model, tmp_path):
    # Too few vertices of too random a head for jaw and neck to be told apart from the expression.
    rows = {"expr": waving(4).expr, "jaw_pose": 0.2 * waving(4).jaw_pose}
    flat = waving(4).replace(**{n: np.zeros((4, w)) for n, w in (("rotation", 3), ("neck_pose", 3))})
    flat = flat.replace(translation=np.zeros((4, 3)), eyes_pose=np.zeros((4, 6)), eyelids=np.zeros((4, 2)))
    clip = flat.replace(shape=0.5 * np.arange(6.0), model_digest=tiny_model.digest, model_name="tiny", **rows)
    seen = []
    desk = desk_of(tiny_model, step=lambda done, count: seen.append((done, count)))
    operation = operation_called("vertices-to-parameters")
    surfaces = np.stack([desk.backend().forward(frame).vertices for frame in clip.frames()])
    relaxed = desk.backend().forward(Params.neutral(tiny_model).replace(shape=clip.shape)).vertices
    np.save(tmp_path / "talk.npy", surfaces.reshape(4, -1))
    np.save(tmp_path / "face.npy", relaxed * 1000.0)
    given = {
        "vertices": str(tmp_path / "talk.npy"),
        "template": str(tmp_path / "face.npy"),
        "joints": "jaw",
        "fps": 60.0,
    }
    made = operate(operation, Clip.still(Params.neutral(tiny_model)), given, desk)
    assert made.clip.fps == 60.0
    assert made.facts["residual_mm"] < 1e-2
    assert made.facts["identity_mm"] < 1e-2
    assert len(made.facts["frame_mm"]) == 4
    assert "millimetres" in made.notices[0]
    np.testing.assert_allclose(made.clip.shape, clip.shape, atol=1e-2)
    assert seen[-1] == (3, 4)

    def stop(done, count):
        if done == 2:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        operate(operation, clip, given, desk_of(tiny_model, step=stop))


def test_moving_vertices_of_a_clip_become_parameters(tiny_model):
    """Vertex offsets that an expression can make are explained by it, and are gone after."""
    expr = waving(5).expr
    offsets = np.einsum("vce,te->tvc", tiny_model.expressiondirs, expr)
    still = {n: np.zeros((5, w)) for n, w in (("rotation", 3), ("neck_pose", 3), ("jaw_pose", 3))}
    clip = Clip(
        shape=np.zeros(6),
        expr=np.zeros((5, 4)),
        eyes_pose=np.zeros((5, 6)),
        translation=np.zeros((5, 3)),
        dynamic_offset=offsets,
        model_digest=tiny_model.digest,
        **still,
    )
    made = operate(operation_called("vertices_to_parameters"), clip, {"joints": "none"}, desk_of(tiny_model))
    np.testing.assert_allclose(made.clip.expr, expr, atol=1e-3)
    assert made.clip.dynamic_offset is None


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("shift", {"parts": ""}, "Choose at least one part of the clip"),
        ("enliven", {"seed": 3_000_000_000}, "Seed goes from 0 to 2147483647, not 3000000000."),
        ("retime", {"speed": 0.001}, "Speed goes from 0.01 to 100, not 0.001."),
        ("retime", {"speed": float("nan")}, "not nan"),
    ],
)
def test_what_does_not_suit_is_told_plainly(tiny_model, name, given, told):
    with pytest.raises(StudioError, match=told):
        operate(operation_called(name), tiny_clip(tiny_model), given, desk_of(tiny_model))
