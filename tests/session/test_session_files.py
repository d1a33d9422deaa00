"""Session files: whole round trips, what is unknown kept, other models, and hostile files refused."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.document.comparison import Comparison
from studio.document.control_state import ControlState, Memory
from studio.document.document import FIELDS, Document, Playback
from studio.document.look import Look, Onion, Texture
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.reference import Reference
from studio.document.sound import SoundTrack
from studio.document.take import Take
from studio.document.tools import Tools
from studio.flame.files import load_model
from studio.flame.model import Variant
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.session.on_model import open_session
from studio.session.reading import left_behind_of
from studio.session.state import State
from studio.session.writing import write_autosave, write_session
from studio.storage.errors import StudioError
from studio.storage.kind import sniff
from tests.flame.published_files import entries


def clip_of(model, frames, seed=0, offsets=True):
    random = np.random.default_rng(seed)

    def values(*shape):
        return random.normal(0, 0.05, shape).astype(np.float32)

    return Clip(
        shape=values(model.shape_count),
        expr=values(frames, model.expression_count),
        rotation=values(frames, 3),
        neck_pose=values(frames, 3),
        jaw_pose=values(frames, 3),
        eyes_pose=values(frames, 6),
        translation=values(frames, 3),
        eyelids=abs(values(frames, 2)),
        static_offset=values(model.vertex_count, 3) if offsets else None,
        dynamic_offset=values(frames, model.vertex_count, 3) if offsets else None,
        fps=30.0,
        model_name=model.name,
        model_digest=model.digest,
    )


def full_state(model):
    """A state in which no field has its usual value."""
    document = Document(model)
    offset = Params.random(model, 3).replace(
        rotation=(0.1, 0.2, 0.3), vertex_offset=np.full((model.vertex_count, 3), 0.01)
    )
    takes = (
        *document.takes,
        Take("Walk 🙂", clip_of(model, 7), offset),
        Take.of("Walk 🙂", clip_of(model, 3, 1)),
    )
    look = Look(
        mode="regions",
        background=(0.1, 0.2, 0.3),
        subdivide=False,
        texture=Texture("pigments", (0.5, -1.0)),
        show_landmarks=True,
        landmark_set="mediapipe",
        show_joints=True,
    )
    look = look.replace(light=replace(look.light, azimuth=-0.3, ambient=0.2))
    camera = Camera((0.1, 0.2, 0.3), 0.7, 0.4, -0.2, 0.5, orthographic=True)
    playback = Playback(0.5, loop=False, first=2, last=5)
    locks = frozenset({("expr", 2), ("jaw_pose", 0), ("texture", 7), ("unit.mouthSmileLeft", 0)})
    face = tuple(np.linspace(0.0, 1.0, model.expression_count + 11).tolist())
    controls = ControlState(memory=Memory(face, {"jawOpen": 0.5, "cheekPuff": -0.25}))
    comparison = Comparison("wipe", 2, 0.25, 3.0)
    tools = Tools("pull", 2, "world", True, 812, 30, 0.04, "both", telling=False)
    sound = SoundTrack(Media(__file__), -0.25, True, 0.5)
    reference = Reference(
        Media(__file__),
        lens=35.0,
        camera=PhotoCamera(600, 700, "perspective", 900.0, 0.0, 300.0, 350.0, (0.01, 0.02, -0.9)),
        recipe="Landmarks only",
        held="jaw_pose",
        showing="over",
        opacity=0.25,
        wipe=0.75,
    )
    return State(
        model,
        takes,
        1,
        look,
        playback,
        3.25,
        camera,
        locks,
        comparison,
        tools,
        controls,
        sound=sound,
        reference=reference,
    )


def written_model(path):
    np.savez(path, **entries(20))
    return load_model(path)


def assert_same(one: State, other: State) -> None:
    for name in set(FIELDS) - {"model"}:
        assert getattr(one, name) == getattr(other, name), name
    assert one.model.original.digest == other.model.original.digest
    assert one.model.variant == other.model.variant


@pytest.fixture
def path(tmp_path):
    return tmp_path / "wink.flame"


@pytest.fixture(autouse=True)
def no_models(monkeypatch, tmp_path):
    monkeypatch.setattr("studio.session.on_model.model_folders", lambda: [])


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put_together(path, members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def altered(path, change):
    """The session at ``path`` with its JSON changed by ``change``, which gets it as a dict."""
    members = members_of(path)
    told = json.loads(members["session.json"])
    changed = change(told)
    members["session.json"] = json.dumps(told if changed is None else changed)
    return put_together(path, members)


def test_a_state_is_the_whole_document(tiny_model):
    assert {entry.name for entry in fields(State)} == set(FIELDS)
    document = Document(tiny_model)
    full_state(tiny_model).put_into(document)
    assert_same(State.of(document), full_state(tiny_model))


def test_everything_comes_back(path, tiny_model):
    state = full_state(tiny_model)
    write_session(path, state)
    assert sniff(path).container == "session"
    opened = open_session(path, [tiny_model], tiny_model)
    assert_same(opened.state, state)
    assert opened.state.model is tiny_model
    assert opened.path == path
    assert opened.notices == ()


def test_a_variant_comes_back(path, head_model):
    from studio.flame.variants import make_variant

    variant = Variant(teeth=False, without=frozenset({next(iter(sorted(head_model.regions)))}))
    model = make_variant(head_model, variant)
    write_session(path, State(model, Document(model).takes))
    opened = open_session(path, [head_model], head_model)
    assert opened.state.model.variant == variant
    assert opened.state.model.original is head_model


def test_the_same_document_gives_the_same_bytes(tmp_path, tiny_model, monkeypatch):
    write_session(tmp_path / "a.flame", full_state(tiny_model))
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    write_session(tmp_path / "b.flame", full_state(tiny_model))
    assert (tmp_path / "a.flame").read_bytes() == (tmp_path / "b.flame").read_bytes()
    opened = open_session(tmp_path / "a.flame", [tiny_model], tiny_model)
    write_session(tmp_path / "c.flame", opened.state, opened.kept)
    assert (tmp_path / "c.flame").read_bytes() == (tmp_path / "a.flame").read_bytes()


def test_what_is_unknown_is_written_back(path, tiny_model):
    write_session(path, full_state(tiny_model))

    def from_the_future(told):
        told["version"] = 9
        told["layers"] = [{"keys": [1, 2]}]
        told["look"]["fog"] = 0.5
        told["look"]["light"]["colour"] = [1, 0, 0]
        told["model"]["maker"] = "someone"
        told["takes"][1]["colour"] = "red"
        told["takes"][2]["colour"] = "blue"

    altered(path, from_the_future)
    members = members_of(path)
    stream = io.BytesIO()
    np.savez(stream, **np.load(io.BytesIO(members["takes/2.npz"])), tears=np.arange(3))
    put_together(path, {**members, "takes/2.npz": stream.getvalue(), "photo.png": b"\x89PNG"})

    opened = open_session(path, [tiny_model], tiny_model)
    assert_same(opened.state, full_state(tiny_model))
    assert ["newer studio" in notice for notice in opened.notices] == [True]
    shorter = replace(opened.state, takes=opened.state.takes[1:], active=0, position=0.0)
    write_session(path, shorter, opened.kept)

    members = members_of(path)
    told = json.loads(members["session.json"])
    assert told["version"] == 9
    assert told["layers"] == [{"keys": [1, 2]}]
    assert (told["look"]["fog"], told["look"]["light"]["colour"]) == (0.5, [1, 0, 0])
    assert told["model"]["maker"] == "someone"
    assert [take.get("colour") for take in told["takes"]] == ["red", "blue"]
    assert members["photo.png"] == b"\x89PNG"
    assert np.load(io.BytesIO(members["takes/1.npz"]))["tears"].tolist() == [0, 1, 2]


def test_fields_of_an_older_studio_have_their_usual_values(path, tiny_model):
    write_session(path, full_state(tiny_model))

    def before(told):
        for key in ("locks", "look", "camera", "playback", "position", "active"):
            del told[key]
        del told["model"]["variant"]

    altered(path, before)
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.look == Look()
    assert opened.state.takes == full_state(tiny_model).takes
    assert opened.notices == ()


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("camera", "distance", 0.0),
        ("camera", "distance", float("nan")),
        ("camera", "target", [1, 2]),
        ("camera", "orthographic", 1),
        ("look", "mode", "x-ray"),
        ("look", "texture", {"key": 5}),
        ("look", "light", []),
        ("look", "background", [2, 0, 0]),
        ("playback", "speed", 1e9),
        ("playback", "last", "end"),
        ("playback", "first", 90),
        ("playback", "last", 1),
        (None, "active", 99),
        (None, "position", 1e9),
        (None, "look", "dark"),
        (None, "locks", [["expr", 99]]),
        (None, "locks", {"expr": 1}),
    ],
)
def test_a_setting_that_cannot_be_is_told_and_left_out(path, tiny_model, section, key, value):
    write_session(path, full_state(tiny_model))
    altered(path, lambda told: (told[section] if section else told).update({key: value}))
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.takes == full_state(tiny_model).takes
    assert len(opened.notices) == 1
    assert key in opened.notices[0]


def test_where_nothing_is_left_to_play_all_of_the_take_is(path, tiny_model):
    write_session(path, full_state(tiny_model))
    altered(path, lambda told: told["playback"].update(first=90, last=5))
    assert open_session(path, [tiny_model], tiny_model).state.playback == Playback(0.5, loop=False)
    altered(path, lambda told: told["playback"].update(first=5, last=5))
    assert open_session(path, [tiny_model], tiny_model).state.playback.first == 5


def test_its_model_is_found_where_it_was_and_beside_the_session(path, head_model, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    model = written_model(folder / "mine.npz")
    write_session(path, full_state(model))
    opened = open_session(path, [head_model], head_model)
    assert opened.state.model.digest == model.digest
    assert_same(opened.state, full_state(model))

    (folder / "mine.npz").rename(tmp_path / "mine.npz")
    assert open_session(path, [head_model], head_model).state.model.digest == model.digest
    (tmp_path / "mine.npz").write_bytes(b"another file of that name")
    assert open_session(path, [head_model], head_model).state.model is head_model


def test_its_model_is_found_in_the_model_folders(path, head_model, tmp_path, monkeypatch):
    folder = tmp_path / "models"
    folder.mkdir()
    write_session(path, full_state(written_model(folder / "first.npz")))
    (folder / "first.npz").rename(folder / "renamed.npz")
    monkeypatch.setattr("studio.session.on_model.model_folders", lambda: [folder])
    assert open_session(path, [head_model], head_model).state.model.name == "renamed"


def test_on_another_model_poses_stay_and_the_file_is_not_saved_over(path, tiny_model, head_model):
    state = full_state(tiny_model)
    write_session(path, state)
    opened = open_session(path, [head_model], head_model)
    before, after = state.takes[1], opened.state.takes[1]
    assert opened.state.model is head_model
    np.testing.assert_array_equal(after.clip.jaw_pose, before.clip.jaw_pose)
    np.testing.assert_array_equal(after.offset.rotation, before.offset.rotation)
    assert after.clip.expr.shape == (7, head_model.expression_count)
    assert not after.clip.expr.any()
    assert after.clip.static_offset is None
    smile = head_model.expression_names.index("mouthSmileLeft")
    assert opened.state.locks == {("jaw_pose", 0), ("expr", smile)}
    assert opened.state.controls == ControlState()
    assert "tiny, which this was made on, was not found" in opened.notices[-1]
    assert opened.path is None


def test_named_components_carry_over_to_another_model(path, head_model):
    other = replace(head_model, digest="ab" * 32, expression_names=head_model.expression_names[::-1])
    jaw = head_model.expression_names.index("cheekPuff")
    expr = np.zeros(head_model.expression_count)
    expr[jaw] = 0.5
    take = Take.of("Pose", Clip.still(Params.neutral(head_model).replace(expr=expr)))
    write_session(path, State(replace(head_model, digest="cd" * 32, source=None), (take,)))
    opened = open_session(path, [other], other)
    assert opened.state.takes[0].params(0.0).expr[other.expression_names.index("cheekPuff")] == 0.5


def test_an_autosave_says_what_it_belongs_to(path, tiny_model, tmp_path):
    home = tmp_path / "mine.flame"
    write_autosave(path, full_state(tiny_model), open_kept(tiny_model, tmp_path), home)
    assert left_behind_of(path) == home
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.path == home
    write_session(home, opened.state, opened.kept)
    assert b"autosave" not in members_of(home)["session.json"]
    write_autosave(path, full_state(tiny_model), opened.kept, None)
    assert left_behind_of(path) is None
    assert open_session(path, [tiny_model], tiny_model).path is None


def open_kept(model, folder):
    write_session(folder / "kept.flame", full_state(model))
    return open_session(folder / "kept.flame", [model], model).kept


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_one_sentence(path, tiny_model, part):
    write_session(path, full_state(tiny_model))
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    assert sniff(path).container in ("session", "empty")
    with pytest.raises(StudioError, match=r"^wink\.flame.*cut short or is not a session"):
        open_session(path, [tiny_model], tiny_model)


def test_altered_bytes_are_found(path, tiny_model):
    write_session(path, full_state(tiny_model))
    content = bytearray(path.read_bytes())
    place = content.index(b"expr.npy") + 300
    content[place : place + 4] = b"\xff\xff\xff\x7f"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"wink\.flame"):
        open_session(path, [tiny_model], tiny_model)


def array_of(members, name, **changes):
    stream = io.BytesIO()
    np.savez(stream, **{**np.load(io.BytesIO(members[name])), **changes})
    return {**members, name: stream.getvalue()}


HOSTILE = {
    "objects": lambda m: array_of(m, "takes/1.npz", expr=np.array([{}], dtype=object)),
    "unknown objects": lambda m: array_of(m, "takes/1.npz", future=np.array({"a": 1}, dtype=object)),
    "not finite": lambda m: array_of(m, "takes/1.npz", jaw_pose=np.full((7, 3), np.nan)),
    "absurd": lambda m: array_of(m, "takes/1.npz", translation=np.full((7, 3), 1e30)),
    "lengths": lambda m: array_of(m, "takes/1.npz", jaw_pose=np.zeros((6, 3))),
    "offset sizes": lambda m: array_of(m, "takes/1.npz", offset_expr=np.zeros(9)),
    "components": lambda m: array_of(m, "takes/0.npz", expr=np.zeros((1, 9)), offset_expr=np.zeros(9)),
    "text": lambda m: array_of(m, "takes/1.npz", expr=np.array(["a"])),
    "no arrays": lambda m: {k: v for k, v in m.items() if k != "takes/1.npz"},
    "no npz": lambda m: {**m, "takes/1.npz": b"PK nothing"},
    "no JSON": lambda m: {**m, "session.json": b"{"},
    "a list": lambda m: {**m, "session.json": b"[]"},
    "another format": lambda m: {**m, "session.json": b'{"format": "x", "version": 1}'},
    "deep": lambda m: {**m, "session.json": b'{"a":' * 5000},
    "bomb": lambda m: {**m, "zeros": bytes(200 << 20)},
    "array bomb": lambda m: {**m, "takes/1.npz": b"\0" * (100 << 20)},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_one_sentence(path, tiny_model, kind):
    write_session(path, full_state(tiny_model))
    method = zipfile.ZIP_DEFLATED if "bomb" in kind else zipfile.ZIP_STORED
    put_together(path, HOSTILE[kind](members_of(path)), method)
    with pytest.raises(StudioError, match=r"^\S.*wink\.flame|^wink\.flame") as told:
        open_session(path, [tiny_model], tiny_model)
    assert "\n" not in str(told.value)


JSON_WRONG = {
    "version": ("version", None),
    "text version": ("version", "1"),
    "takes": ("takes", []),
    "take": ("takes", [3]),
    "unnamed take": ("takes", [{"arrays": "takes/0.npz"}]),
    "model": ("model", []),
}


@pytest.mark.parametrize("kind", JSON_WRONG)
def test_json_without_what_must_be_there_is_one_sentence(path, tiny_model, kind):
    write_session(path, full_state(tiny_model))
    key, value = JSON_WRONG[kind]
    altered(path, lambda told: told.update({key: value}))
    with pytest.raises(StudioError, match=r"wink\.flame is damaged"):
        open_session(path, [tiny_model], tiny_model)


def test_names_that_do_not_fit_their_components_are_refused(path, tiny_model, head_model):
    write_session(path, full_state(tiny_model))
    altered(path, lambda told: told["model"].update(digest="ff", expression_names=["jawOpen"] * 50))
    with pytest.raises(StudioError, match="names 50 components where a take has 4"):
        open_session(path, [head_model], head_model)


def test_a_model_on_another_computer_is_not_asked_for(path, tiny_model, head_model, monkeypatch):
    write_session(path, full_state(tiny_model))
    altered(path, lambda told: told["model"].update(path="\\\\stranger\\share\\model.npz", digest="ff"))
    asked = []
    monkeypatch.setattr(Path, "exists", lambda self, **_: asked.append(str(self)) or False)
    open_session(path, [head_model], head_model)
    assert not any("stranger" in name for name in asked)


def test_a_minute_of_animation_is_saved_at_once(path, head_model):
    wide = replace(
        head_model,
        expressiondirs=np.zeros((1, 3, 100), np.float32),
        expression_names=(),
    )
    take = Take.of("Minute", clip_of(wide, 1500, offsets=False))
    start = time.perf_counter()
    write_session(path, State(wide, (take,)))
    assert time.perf_counter() - start < 0.5


def test_every_setting_of_comparison_and_ghosts_comes_back(tmp_path, tiny_model):
    document = Document(tiny_model)
    comparison = Comparison(
        "distance",
        subject="neutral",
        follows=False,
        frame=7.0,
        distance="normal",
        aligned=True,
        farthest=2.5,
        dimensions=True,
    )
    onion = Onion(shown=True, before=4, after=0, step=2, strength=0.3)
    document.set(comparison=comparison, look=document.look.replace(onion=onion))
    path = tmp_path / "compared.flame"
    write_session(path, State.of(document))
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.comparison == comparison
    assert opened.state.look.onion == onion
