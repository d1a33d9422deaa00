"""What ships, and the user's own folder of presets."""

from __future__ import annotations

import os

import numpy as np
import pytest

from studio.controls import preset_folders
from studio.controls.preset_file import read_preset, write_preset
from studio.controls.preset_folders import (
    EXPRESSION,
    HEAD,
    VISEME,
    fingerprint,
    free_name,
    keep,
    named_preset,
    read_folder,
    shipped_presets,
)
from studio.controls.presets import Preset, posed
from studio.flame.params import Params
from studio.storage.errors import StudioError
from tests.controls.second_heads import rotated_head

VISEMES = {"sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou"}


def shipped(tag):
    return [entry.preset for entry in shipped_presets() if tag in entry.preset.tags]


def test_a_good_set_ships():
    assert len(shipped(EXPRESSION)) >= 20
    assert {preset.name for preset in shipped(VISEME)} == VISEMES
    assert len(shipped(HEAD)) >= 10
    names = [entry.preset.name.casefold() for entry in shipped_presets()]
    assert len(names) == len(set(names))


def test_what_ships_works_on_every_model_and_stays_human(head_model):
    for model in (head_model, rotated_head()):
        neutral = Params.neutral(model)
        for entry in shipped_presets():
            assert entry.preset.exact is None
            params = posed(entry.preset, model, neutral)
            assert params.validate(model) == [], entry.preset.name
            still = entry.preset.name in ("Neutral", "sil", "Look ahead")
            assert (params == neutral) is still, entry.preset.name


def test_visemes_leave_brows_eyes_and_head_alone():
    assert {preset.parts for preset in shipped(VISEME)} == {("jaw", "mouth")}


def test_what_is_kept_is_found_and_names_do_not_collide(tmp_path):
    folder = tmp_path / "new" / "poses"
    first = keep(folder, Preset("Big / smile", ("mouth",), {"mouthSmileLeft": 1.0}))
    second = keep(folder, Preset("Big / smile", ("mouth",)))
    assert first != second
    assert first.parent == second.parent == folder
    found, problems = read_folder(folder)
    assert [entry.path for entry in found] == [second, first] or [entry.path for entry in found] == [
        first,
        second,
    ]
    assert problems == []
    assert keep(folder, Preset("Other", ("mouth",)), first) == first
    assert read_preset(first).name == "Other"


@pytest.mark.parametrize("name", ["..", "/etc/passwd", "CON", "a" * 80, "", "☺"])
def test_no_name_leaves_the_folder(tmp_path, name):
    path = keep(tmp_path, Preset(name, ("mouth",)))
    assert path.parent == tmp_path
    assert path.is_file()


def test_damaged_files_are_told_and_the_others_still_found(tmp_path):
    write_preset(tmp_path / "good.flamepose", Preset("Good", ("mouth",)))
    (tmp_path / "bad.flamepose").write_text("{")
    (tmp_path / "note.txt").write_text("no pose")
    found, problems = read_folder(tmp_path)
    assert [entry.preset.name for entry in found] == ["Good"]
    assert len(problems) == 1
    assert "bad.flamepose" in problems[0]


def test_a_change_by_another_program_is_seen(tmp_path):
    assert fingerprint(tmp_path / "none") == ()
    path = keep(tmp_path, Preset("A", ("mouth",)))
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    path.write_text(path.read_text() + " ")
    assert fingerprint(tmp_path) != before


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StudioError, match=r"was not written: .*\.$"):
        keep(blocked / "poses", Preset("A", ("mouth",)))


def test_presets_are_found_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(preset_folders, "user_poses", lambda: tmp_path)
    assert named_preset("half SMILE").name == "Half smile"
    keep(tmp_path, Preset("Half smile", ("mouth",), {"jawOpen": 0.5}))
    assert dict(named_preset("Half smile").controls) == {"jawOpen": 0.5}
    with pytest.raises(StudioError, match="did you mean Surprise"):
        named_preset("Suprise")


def test_free_names():
    assert free_name("Pose", []) == "Pose"
    assert free_name("Pose", ["pose", "Pose 2"]) == "Pose 3"


def test_smiles_move_the_corners_of_the_mouth_up(head_model):
    """Looked at by numbers, too: the corners of the mouth (landmarks 48 and 54) rise."""
    from studio.backends import create_backend

    backend = create_backend("torch", head_model, "cpu")
    neutral = Params.neutral(head_model)
    rest = backend.forward(neutral).landmarks[[48, 54], 1].copy()
    smile = backend.forward(posed(named_preset("Grin"), head_model, neutral)).landmarks[[48, 54], 1].copy()
    sad = backend.forward(posed(named_preset("Sadness"), head_model, neutral)).landmarks[[48, 54], 1].copy()
    assert np.all(smile > rest + 0.003)
    assert np.all(sad < rest - 0.001)
