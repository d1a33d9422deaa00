"""Preset files: what is written comes back, and what strangers send is refused in one sentence."""

from __future__ import annotations

import json
import math

import pytest

from studio.controls.preset_file import MOST_COMPONENTS, preset_bytes, read_preset, write_preset
from studio.controls.presets import Preset, preset_of
from studio.flame.params import Params
from studio.storage.errors import StudioError
from studio.storage.kind import sniff

SMILE = {
    "format": "flamepose",
    "version": 1,
    "name": "Smile",
    "parts": ["mouth"],
    "controls": {"mouthSmileLeft": 0.6},
}
EXACT = {"model": "Open head", "digest": "00", "shape": [0.5], "expr": [1.0, 2.0]}


def written(path, **changes):
    content = {**SMILE, **changes}
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
    return path


def test_everything_comes_back(head_model, tmp_path):
    params = Params.random(head_model, 3, 0.7)
    preset = preset_of(head_model, params, "Älter 1", ("brows", "mouth", "head")).replace(
        tags=("mine", "old age"), author="A. Person", note="two\nlines", unknown={"future": {"a": [1, None]}}
    )
    path = tmp_path / "a.flamepose"
    write_preset(path, preset)
    assert read_preset(path) == preset
    assert preset_bytes(read_preset(path)) == path.read_bytes()


def test_a_hand_written_file_needs_little(tmp_path):
    preset = read_preset(written(tmp_path / "grin.flamepose", name=None, parts=None))
    assert preset == Preset("grin", ("mouth",), {"mouthSmileLeft": 0.6})


def test_emotions_lids_and_the_sideways_jaw_become_units(tmp_path):
    controls = {"contempt": 0.5, "eyelidRight": 1.0, "jawSideways": -0.2}
    preset = read_preset(written(tmp_path / "a.flamepose", controls=controls))
    assert preset.controls == {
        "mouthSmileLeft": 0.225,
        "mouthDimpleLeft": 0.4,
        "mouthPressLeft": 0.15,
        "eyeBlinkRight": 1.0,
        "jawRight": 0.2,
    }
    assert preset.parts == ("eyes", "jaw", "mouth")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "other"}, "no pose"),
        ({"version": 2}, "newer studio"),
        ({"version": None}, "version"),
        ({"version": True}, "version"),
        ({"name": 5}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"tags": "smile"}, "tags"),
        ({"tags": ["x"] * 33}, "tags"),
        ({"tags": [["x"]]}, "tags"),
        ({"parts": ["hair"]}, "hair"),
        ({"parts": {"mouth": 1}}, "parts"),
        ({"controls": [1, 2]}, "controls"),
        ({"controls": {"smile": 1.0}}, "smile"),
        ({"controls": {"jawOpen": math.nan}}, "jawOpen"),
        ({"controls": {"jawOpen": math.inf}}, "jawOpen"),
        ({"controls": {"jawOpen": 1e9}}, "jawOpen"),
        ({"controls": {"jawOpen": 10**400}}, "jawOpen"),
        ({"controls": {"jawOpen": "1"}}, "jawOpen"),
        ({"controls": {"jawOpen": True}}, "jawOpen"),
        ({"controls": {f"jawOpen{i}": 0 for i in range(201)}}, "controls"),
        ({"exact": [1.0]}, "exact"),
        ({"exact": {**EXACT, "expr": [0.0] * (MOST_COMPONENTS + 1)}}, "expr"),
        ({"exact": {**EXACT, "expr": [math.nan]}}, "expr"),
        ({"exact": {**EXACT, "expr": [[0.0]]}}, "expr"),
        ({"exact": {**EXACT, "shape": None}}, "shape"),
        ({"exact": {**EXACT, "jaw_pose": [0.0]}}, "jaw_pose"),
        ({"exact": {**EXACT, "digest": 7}}, "digest"),
    ],
)
def test_one_sentence_names_the_file_and_what_is_wrong(tmp_path, changes, told):
    path = written(tmp_path / "bad.flamepose", **changes)
    with pytest.raises(StudioError) as caught:
        read_preset(path)
    sentence = str(caught.value)
    assert sentence.startswith("bad.flamepose")
    assert told in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_is_cut_short_is_told_wherever_it_is_cut(tmp_path):
    whole = preset_bytes(Preset("Smile", ("mouth",), {"jawOpen": 0.3}, ("a",)))
    path = tmp_path / "cut.flamepose"
    for length in range(0, len(whole) - 2, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(StudioError, match=r"cut\.flamepose"):
            read_preset(path)


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.flamepose"
    with path.open("wb") as stream:
        stream.truncate(5 << 20)
    with pytest.raises(StudioError, match="larger than 4 MiB"):
        read_preset(path)


def test_its_kind_is_told_by_content(tmp_path):
    whole = written(tmp_path / "pose.json", exact=EXACT)
    assert sniff(whole).container == "pose"
    whole.write_bytes(whole.read_bytes()[:60])
    assert sniff(whole).container == "pose"
    other = tmp_path / "other.flamepose"
    other.write_text('{"frames": []}')
    assert sniff(other).container == "json"


@pytest.mark.parametrize("field", ["name", "author", "tags"])
def test_only_a_note_has_several_lines(tmp_path, field):
    text = "two\nlines"
    assert read_preset(written(tmp_path / "a.flamepose", note=text)).note == text
    with pytest.raises(StudioError, match=field):
        read_preset(written(tmp_path / "b.flamepose", **{field: [text] if field == "tags" else text}))
