"""``clip reduce``: keys from the shell, within what was asked for."""

from __future__ import annotations

import pytest

from studio.backends import create_backend
from studio.scripting import Studio
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.sequence.reducing import farthest
from tests.cli.shell import answer, run


def test_a_clip_becomes_a_session_of_keys(head_model, tmp_path, capsys):
    path = tmp_path / "smile.flame"
    words = ("clip", "reduce", "smile", "-o", path, "--tolerance", "1", "--model", "open_head", "--json")
    assert run(*words) == 0
    told = answer(capsys)
    studio = Studio("open_head")
    studio.open(path)
    take = studio.document.take
    assert told["keys"] == sum(len(curve) for curve in take.layers[0].curves.values())
    assert told["frames"] == len(take) == 110
    clip, _ = read_clip(str(example_path("smile")), head_model)
    errors = farthest(create_backend("torch", head_model), clip, take.baked(), lambda: None)
    assert errors.max() <= 0.001 + 1e-6
    assert told["error_mm"] == pytest.approx(1000.0 * errors.max(), abs=2e-3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "keys.npz"), "cannot hold keys"),
        (("-o", "keys.flame", "--tolerance", "0"), "tolerance"),
        (("-o", "keys.flame", "--parts", "nose"), "not a list of"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(tmp_path, capsys, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    assert run("clip", "reduce", "smile", *words) in (1, 2)
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
