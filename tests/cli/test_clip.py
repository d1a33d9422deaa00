"""``clip``: every operation on the command line, its answers, and its refusals in one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from studio.operations.table import OPERATIONS
from studio.sequence.files import read_clip, write_clip
from tests.cli.shell import answer, run
from tests.sequence.operations.clips import waving


@pytest.fixture
def shell(renderer, tiny_model):
    """The tiny model for every command."""
    return tiny_model


def test_the_list_has_every_operation_and_flag(capsys):
    assert run("clip", "--list") == 0
    told = capsys.readouterr().out
    for row in OPERATIONS:
        assert f"\n{row.verb} " in f"\n{told}"
        for entry in row.parameters:
            if row.id != "join" or entry.kind != "clip":
                assert f"--{entry.name.replace('_', '-')}" in told
    assert run("clip", "smooth", "--help") == 0
    assert "--both-ways" in capsys.readouterr().out


EXTRA = {
    "trim": ("--first", 1, "--last", 3),
    "split": ("--frame", 2),
    "retime": ("--speed", 0.5),
    "resample": ("--rate", "23.976"),
    "loop": ("--fade", 2),
    "offset": ("--number", "expr/1", "--amount", 0.5),
    "scale": ("--factor", 0.5, "--parts", "jaw"),
    "enliven": ("--seed", 3),
    "vertices-to-parameters": ("--joints", "jaw"),
}
FRAMES = {"trim": 3, "split": 2, "retime": 11, "loop": 4}


@pytest.mark.parametrize(
    "row", [row for row in OPERATIONS if row.id not in ("join", "transfer")], ids=lambda row: row.id
)
def test_every_operation_writes_a_clip(shell, clip_file, tmp_path, capsys, row):
    name = "part_%d.npz" if row.id == "split" else "out.npz"
    words = ("clip", row.verb, clip_file, "-o", tmp_path / name, *EXTRA.get(row.verb, ()), "--json")
    assert run(*words) == 0
    told = answer(capsys)
    assert (told["operation"], told["frames"]) == (row.verb, FRAMES.get(row.verb, told["frames"]))
    path = told["output"][0] if row.id == "split" else told["output"]
    clip, notices = read_clip(path, shell)
    assert (len(clip), clip.fps, notices) == (told["frames"], told["fps"], [])


def test_rates_of_television_are_exact_in_the_file(shell, clip_file, tmp_path, capsys):
    assert run("clip", "resample", clip_file, "-o", tmp_path / "a.npz", "--rate", "23.976", "--json") == 0
    assert answer(capsys)["rate"] == "24000/1001"
    with np.load(tmp_path / "a.npz") as file:
        assert file["fps"] == 24000 / 1001


def test_clips_are_joined_in_their_order(shell, clip_file, tmp_path, capsys):
    assert run("clip", "join", clip_file, clip_file, clip_file, "-o", tmp_path / "a.npz", "--fade", 0) == 0
    clip, _ = read_clip(tmp_path / "a.npz", shell)
    single, _ = read_clip(clip_file, shell)
    np.testing.assert_array_equal(clip.jaw_pose, np.tile(single.jaw_pose, (3, 1)))
    capsys.readouterr()
    assert run("clip", "join", clip_file, "-o", tmp_path / "b.npz") == 1
    assert capsys.readouterr().err == "flame-studio: To join takes two clips or more.\n"


def test_smoothing_tells_the_jitter(shell, clip_file, tmp_path, capsys):
    assert run("clip", "smooth", clip_file, "-o", tmp_path / "a.npz", "--window", 5, "--json") == 0
    assert set(answer(capsys)["jitter"]["mesh"]) == {"before", "after", "unit"}
    assert run("clip", "smooth", clip_file, "-o", tmp_path / "a.npz", "--window", 5) == 0
    assert "Jitter, a frame squared: mesh " in capsys.readouterr().err


def test_vertices_come_from_an_npy_and_other_layouts_are_written(shell, clip_file, tmp_path, capsys):
    assert run("export", clip_file, "-o", tmp_path / "talk.npy") == 0
    words = ("clip", "vertices-to-parameters", tmp_path / "talk.npy", "-o", tmp_path / "a.json")
    capsys.readouterr()
    assert run(*words, "--joints", "jaw", "--fps", 24, "--json") == 0
    told = answer(capsys)
    assert told["residual_mm"] < 0.01
    assert (told["frames"], told["fps"], len(told["frame_mm"])) == (6, 24.0, 6)
    clip, _ = read_clip(tmp_path / "a.json", shell)
    np.testing.assert_allclose(clip.jaw_pose, read_clip(clip_file, shell)[0].jaw_pose, atol=1e-3)


def test_a_template_gives_the_head(shell, clip_file, tmp_path, capsys):
    for frame, name in ((0, "face.ply"), (None, "talk.npy")):
        words = () if frame is None else ("--frame", frame)
        assert run("export", clip_file, "-o", tmp_path / name, *words) == 0
    capsys.readouterr()
    words = ("clip", "vertices-to-parameters", tmp_path / "talk.npy", "-o", tmp_path / "a.npz", "--json")
    assert run(*words, "--template", tmp_path / "face.ply", "--joints", "jaw") == 0
    assert answer(capsys)["identity_mm"] < 0.01


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("trim", "--first", 4, "--last", 2), "comes after the last one"),
        (("trim", "--last", 99), "frames 0 to 5"),
        (("split", "--frame", 3), "split writes two"),
        (("smooth", "--window", 4), "odd number"),
        (("offset", "--number", "nose/0"), "no number called nose/0"),
        (("loop", "--fade", 5), "cannot pass over 5 frames"),
        (("resample", "--rate", "fast"), "no frame rate"),
        (("retarget", "--identity", "nobody.npz"), "nobody.npz does not exist"),
        (("transfer", "--to", "nobody.pkl"), "nobody.pkl"),
        (("vertices-to-parameters", "--vertices", "gone.npy"), "gone.npy"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    head_model, clip_file, tmp_path, capsys, renderer, words, told, monkeypatch
):
    verb, *flags = words
    if verb == "transfer":
        monkeypatch.undo()
    assert run("clip", verb, clip_file, "-o", tmp_path / "out.npz", *flags, "--json") == 1
    error = answer(capsys)["error"]
    assert told in error
    assert error.endswith((".", "?"))
    assert not (tmp_path / "out.npz").exists()


def test_nothing_that_is_read_is_replaced(shell, clip_file, tmp_path, capsys):
    assert run("clip", "reverse", clip_file, "-o", clip_file) == 1
    assert "would be lost" in capsys.readouterr().err
    assert run("clip", "reverse", clip_file, "-o", tmp_path / "a.xyz") == 1
    assert run("clip", "smoth", clip_file, "-o", tmp_path / "a.npz") == 2


def test_a_face_goes_to_another_model(clip_file, tmp_path, capsys, tiny_model, head_model):
    source = waving(4).replace(
        expr=np.zeros((4, head_model.expression_count)),
        shape=np.zeros(head_model.shape_count),
        model_name=head_model.name,
        model_digest=head_model.digest,
    )
    write_clip(tmp_path / "in.npz", source, head_model)
    words = ("clip", "transfer", tmp_path / "in.npz", "--to", "open_head", "-o", tmp_path / "a.npz", "--json")
    assert run(*words, "--model", "open_head") == 0
    assert answer(capsys)["to"] == head_model.name
