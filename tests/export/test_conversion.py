"""A head model keeps its bits from any layout to any other, and nothing is lost without a word."""

from __future__ import annotations

import itertools
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from studio.export.conversion import Conversion, ConvertJob
from studio.flame import HeadModel, load_model
from studio.flame.describe import describe
from studio.flame.open_head import OPEN_HEAD
from studio.flame.versions import FLAME_2020, FLAME_2023_OPEN, UNKNOWN_HEAD
from studio.flame.writing import ModelKind, kind_for
from studio.jobs.job import JobCancelled, Progress
from studio.storage.errors import StudioError, UnfitFileError
from tests.flame.published_files import PUBLISHED, entries

NAMES: dict[ModelKind, str] = {
    "pickle": "a.pkl",
    "npz": "b.npz",
    "safetensors": "c.safetensors",
    "folder": "d",
}
ARRAYS = (
    "v_template",
    "faces",
    "shapedirs",
    "expressiondirs",
    "posedirs",
    "j_regressor",
    "lbs_weights",
)


@pytest.fixture(autouse=True)
def no_other_models(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the models that the person running the tests owns out of them."""
    monkeypatch.setattr("studio.flame.folders.checkout_folder", lambda: None)
    monkeypatch.setattr("studio.flame.folders.user_folder", lambda: tmp_path_factory.mktemp("user"))
    monkeypatch.delenv("FLAME_STUDIO_MODELS", raising=False)


def convert(source: Path, target: Path, kind: ModelKind | None = None, replace: bool = False) -> Conversion:
    job = ConvertJob(source, target, kind or kind_for(str(target)), replace)
    return job.run(lambda _: None, lambda: False)


def differences(first: HeadModel, second: HeadModel) -> list[str]:
    """The arrays that are not the same bit for bit, or not of the same type and shape."""
    pairs = {name: (getattr(first, name), getattr(second, name)) for name in ARRAYS}
    return [
        name
        for name, (a, b) in pairs.items()
        if (a.dtype, a.shape, a.tobytes()) != (b.dtype, b.shape, b.tobytes())
    ]


def source_of(name: str, folder: Path) -> Path:
    return OPEN_HEAD if name == "open head" else PUBLISHED[name](folder)


@pytest.mark.parametrize("name", ["open head", *PUBLISHED])
def test_every_layout_goes_to_every_other_and_on_bit_for_bit(name: str, tmp_path: Path) -> None:
    source = source_of(name, tmp_path)
    first = load_model(source)
    version = "Open head 1" if name == "open head" else first.version
    for kind, file in NAMES.items():
        convert(source, tmp_path / file, kind)
        assert differences(load_model(tmp_path / file), first) == []
    for before, after in itertools.product(NAMES, NAMES):
        target = tmp_path / f"{before} {NAMES[after]}"
        done = convert(tmp_path / NAMES[before], target, after)
        second = load_model(target)
        assert differences(second, first) == []
        assert (done.rounded_by, done.notices) == (0.0, ())
        assert (second.version, second.licence) == (version, first.licence)
        assert describe(target).version == version


def test_the_dates_of_two_conversions_change_no_array(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = PUBLISHED["safetensors"](tmp_path)
    convert(source, tmp_path / "a.npz")
    monkeypatch.setattr("studio.export.conversion.notes_of", lambda *_: {"date": "another day"})
    convert(source, tmp_path / "b.npz")
    with np.load(tmp_path / "a.npz") as first, np.load(tmp_path / "b.npz") as second:
        assert str(first["date"]) != str(second["date"])
        same = [name for name in second.files if first[name].tobytes() == second[name].tobytes()]
        assert sorted(same) == sorted(set(second.files) - {"date"})


OXIGAF = {
    "v_template": ("F32", [40, 3]),
    "faces": ("I32", [70, 3]),
    "shapedirs": ("F32", [40, 3, 300]),
    "expressiondirs": ("F32", [40, 3, 100]),
    "posedirs": ("F32", [40, 3, 36]),
    "j_regressor": ("F32", [5, 40]),
    "kintree_table": ("I32", [2, 5]),
    "lbs_weights": ("F32", [40, 5]),
}


def test_what_the_rust_implementation_reads(tmp_path: Path) -> None:
    """Names, strict types, a root below 0, and metadata."""
    convert(PUBLISHED["chumpy and scipy"](tmp_path), tmp_path / "m.safetensors")
    convert(tmp_path / "m.safetensors", tmp_path / "arrays")
    with safe_open(tmp_path / "m.safetensors", "numpy") as stream:
        found = {name: stream.get_slice(name) for name in stream.keys()}  # noqa: SIM118
        assert {name: (part.get_dtype(), part.get_shape()) for name, part in found.items()} == OXIGAF
        assert stream.get_tensor("kintree_table").tolist() == [[-1, 0, 1, 1, 1], [0, 1, 2, 3, 4]]
        notes = stream.metadata()
    assert notes["format"] == "FLAME"
    assert notes["converted_from"] == "generic_model.pkl"
    assert notes["conversion_tool"].startswith("FLAME Studio ")
    assert {"version", "date"} <= notes.keys()
    types = {"<f4": "F32", "<i4": "I32"}
    for name, wanted in OXIGAF.items():
        array = np.load(tmp_path / "arrays" / f"{name}.npy")
        assert (types[array.dtype.str], list(array.shape)) == wanted
        assert array.flags.c_contiguous


class Struct:
    """How FLAME_PyTorch holds a model file."""

    def __init__(self, **entries: object) -> None:
        self.__dict__.update(entries)


def test_what_flame_pytorch_reads(tmp_path: Path) -> None:
    """Its steps on each entry: joined bases, a pose basis it turns into rows, a table of parents."""
    whole = entries()
    convert(PUBLISHED["folder"](tmp_path), tmp_path / "m.pkl")
    with (tmp_path / "m.pkl").open("rb") as stream:
        model = Struct(**pickle.load(stream, encoding="latin1"))
    assert model.f.dtype == np.uint32
    np.testing.assert_array_equal(np.array(model.f, dtype=np.int64), whole["f"])
    np.testing.assert_array_equal(model.shapedirs[:, :, :300], np.float32(whole["shapedirs"][:, :, :300]))
    np.testing.assert_array_equal(model.shapedirs[:, :, 300:400], np.float32(whole["shapedirs"][:, :, 300:]))
    rows = np.reshape(model.posedirs, [-1, model.posedirs.shape[-1]]).T
    np.testing.assert_array_equal(rows[7, 3 * 4 + 2], np.float32(whole["posedirs"][4, 2, 7]))
    parents = np.array(model.kintree_table[0], dtype=np.float32).astype(np.int64)
    assert parents[1:].tolist() == [0, 1, 1, 1]
    assert model.kintree_table[0, 0] == 2**32 - 1
    np.testing.assert_allclose(model.J, model.J_regressor @ model.v_template)
    assert (model.weights.shape, model.bs_style, model.bs_type) == ((40, 5), "lbs", "lrotmin")
    assert not hasattr(model, "supr_expression_metadata")


def test_float64_is_rounded_once_and_told(tmp_path: Path) -> None:
    whole = entries()
    done = convert(PUBLISHED["2023 Open"](tmp_path), tmp_path / "m.npz")
    floats = [whole[key] for key in ("v_template", "shapedirs", "posedirs", "J_regressor", "weights")]
    assert done.rounded_by == max(float(np.abs(array - np.float32(array)).max()) for array in floats)
    assert "rounded to float32, once, by at most 2.9e-08" in done.notices[0]
    np.testing.assert_array_equal(load_model(tmp_path / "m.npz").v_template, np.float32(whole["v_template"]))


def test_what_has_no_place_in_the_target_is_named(tmp_path: Path) -> None:
    head = convert(OPEN_HEAD, tmp_path / "head.npz")
    (notice,) = head.notices
    for words in ("landmarks", "texture coordinates", "regions", "names of expressions", "ranges", "poses"):
        assert words in notice
    assert head.rounded_by == 0.0
    other = convert(PUBLISHED["npz"](tmp_path), tmp_path / "other.pkl")
    assert other.left_out == ("extra",)


def test_a_published_release_is_still_told_by_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = PUBLISHED["chumpy and scipy"](tmp_path)
    digest = describe(source).digest
    assert describe(source).version == UNKNOWN_HEAD
    monkeypatch.setattr("studio.flame.versions.DIGESTS", ((digest[:8], digest[-4:], FLAME_2020),))
    assert describe(source).version == FLAME_2020
    before = source
    for file in ("a.npz", "b", "c.pkl", "d.safetensors"):
        convert(before, tmp_path / file)
        assert describe(tmp_path / file).version == FLAME_2020
        before = tmp_path / file


def test_a_small_basis_is_not_taken_for_the_open_release(tmp_path: Path) -> None:
    """A pickle of it needs the entry by which that release is known."""
    convert(PUBLISHED["10+10"](tmp_path), tmp_path / "small.pkl")
    model = load_model(tmp_path / "small.pkl")
    assert (model.shape_count, model.expression_count) == (10, 10)
    assert model.version != FLAME_2023_OPEN
    convert(PUBLISHED["2023 Open"](tmp_path), tmp_path / "open.npz")
    assert load_model(tmp_path / "open.npz").version == FLAME_2023_OPEN


def test_notes_of_strangers_are_not_believed(tmp_path: Path) -> None:
    source = PUBLISHED["folder"](tmp_path)
    (source / "notes.json").write_text('{"version": "FLAME 2020", "licence": "public domain"}')
    assert load_model(source).version == UNKNOWN_HEAD
    assert load_model(source).licence != "public domain"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1, 2]", b'{"version": 3, "licence": "a\\nb"}', b"\xff" * 9]
)
def test_damaged_notes_do_not_keep_a_model_from_opening(tmp_path: Path, content: bytes) -> None:
    source = PUBLISHED["folder"](tmp_path)
    (source / "notes.json").write_bytes(content)
    assert load_model(source).vertex_count == 40


def test_nothing_is_replaced(tmp_path: Path) -> None:
    source = PUBLISHED["safetensors"](tmp_path)
    model, other, taken = tmp_path / "model.npz", tmp_path / "other.npz", tmp_path / "taken"
    convert(source, model)
    np.savez(other, mine=np.zeros(3))
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    before = {path: path.read_bytes() for path in (source, model, other, taken / "mine.txt")}
    for target, words in (
        (source, "would be lost"),
        (model, "is a head model, which would be lost"),
        (other, "is there already and would be lost"),
        (taken, "there is a folder of that name already"),
        (tmp_path / "none" / "m.npz", "its folder does not exist"),
        (tmp_path / f"{'m' * 300}.npz", "the name is too long"),
    ):
        with pytest.raises(StudioError, match=words):
            convert(source, target, "folder" if target == taken else "npz")
    assert {path: path.read_bytes() for path in before} == before
    convert(source, other, replace=True)
    assert differences(load_model(other), load_model(source)) == []
    with pytest.raises(StudioError, match="is a head model"):
        convert(source, model, replace=True)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    convert(PUBLISHED["npz"](tmp_path), tmp_path / "empty")
    assert load_model(tmp_path / "empty").vertex_count == 40


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_cancelling_leaves_nothing(tmp_path: Path, kind: ModelKind, after: int) -> None:
    source = PUBLISHED["npz"](tmp_path)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > after

    job = ConvertJob(source, tmp_path / NAMES[kind], kind)
    try:
        job.run(lambda _: None, cancelled)
    except JobCancelled:
        assert list(tmp_path.iterdir()) == [source]
    else:
        assert len(asked) <= after


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = PUBLISHED["npz"](tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.flame.writing.np.save", full)
    with pytest.raises(StudioError, match="the disk is full"):
        convert(source, tmp_path / "arrays")
    assert list(tmp_path.iterdir()) == [source]


def test_what_is_no_model_is_told_by_kind(tmp_path: Path) -> None:
    (tmp_path / "text.pkl").write_text("hello")
    with pytest.raises(UnfitFileError, match="is not a head model but a text file"):
        convert(tmp_path / "text.pkl", tmp_path / "m.npz")
    with pytest.raises(StudioError, match="does not exist"):
        convert(tmp_path / "none.pkl", tmp_path / "m.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["text.pkl"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PKL", "pickle"),
        ("x/a.npz", "npz"),
        ("a.b.safetensors", "safetensors"),
        ("a", "folder"),
        ("v2.1/", "folder"),
    ],
)
def test_the_name_says_the_layout(name: str, kind: str) -> None:
    assert kind_for(name) == kind


def test_other_endings_are_told() -> None:
    with pytest.raises(StudioError, match=r"a\.obj: a head model cannot be saved to \.obj"):
        kind_for("a.obj")


@pytest.mark.parametrize("kind", NAMES)
def test_damaged_copies_are_told_in_a_sentence_or_read_as_they_are(tmp_path: Path, kind: ModelKind) -> None:
    """Cut short, or with some bytes changed where the layout is told."""
    random = np.random.default_rng(0)
    path = tmp_path / NAMES[kind]
    convert(PUBLISHED["10+10"](tmp_path), path, kind)
    file = path / "v_template.npy" if kind == "folder" else path
    whole = file.read_bytes()
    for _ in range(25):
        file.write_bytes(whole[: random.integers(len(whole))])
        with pytest.raises(StudioError):
            load_model(path)
        changed = bytearray(whole)
        for place in random.integers(min(len(whole), 2000), size=3):
            changed[place] = random.integers(256)
        file.write_bytes(changed)
        with suppress(StudioError):
            load_model(path)


def test_progress_reaches_its_end(tmp_path: Path) -> None:
    steps: list[Progress] = []
    ConvertJob(OPEN_HEAD, tmp_path / "m.npz", "npz").run(steps.append, lambda: False)
    assert [step.done for step in steps] == [0, 1, 2, 3]
    assert {step.total for step in steps} == {3}
