"""Every published form of a head model gives the same model; every wrong one a sentence."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import sys
import tracemalloc
import types
import zipfile

import numpy as np
import pytest
import scipy.sparse
from safetensors.numpy import save_file

from studio.flame import load_model
from studio.flame.describe import describe
from studio.flame.open_head import OPEN_HEAD
from studio.flame.versions import FLAME_2023_OPEN, OPEN_LICENCE
from studio.storage.errors import DamagedFileError, RefusedFileError, StudioError, UnfitFileError
from tests.flame.published_files import split


def write_pickle(path, entries, protocol=2):
    path.write_bytes(pickle.dumps(entries, protocol))
    return path


def assert_same(model, entries, shapes=300):
    np.testing.assert_array_equal(model.v_template, np.float32(entries["v_template"]))
    np.testing.assert_array_equal(model.faces, entries["f"])
    np.testing.assert_array_equal(model.shapedirs, np.float32(entries["shapedirs"][:, :, :shapes]))
    np.testing.assert_array_equal(model.expressiondirs, np.float32(entries["shapedirs"][:, :, shapes:]))
    np.testing.assert_array_equal(model.posedirs, np.float32(entries["posedirs"]))
    np.testing.assert_array_equal(model.j_regressor, np.float32(np.asarray(entries["J_regressor"])))
    np.testing.assert_array_equal(model.lbs_weights, np.float32(entries["weights"]))
    for name in (
        "v_template",
        "shapedirs",
        "expressiondirs",
        "posedirs",
        "j_regressor",
        "lbs_weights",
        "faces",
    ):
        array = getattr(model, name)
        assert array.dtype == (np.int32 if name == "faces" else np.float32)
        assert array.flags.c_contiguous
    assert model.shape_ranges.shape == (shapes, 2)
    assert model.expression_ranges.shape == (entries["shapedirs"].shape[2] - shapes, 2)


def dense(entries):
    return entries


def sparse(entries):
    return entries | {"J_regressor": scipy.sparse.csc_matrix(entries["J_regressor"])}


def matrix(entries):
    return entries | {"J_regressor": np.asmatrix(entries["J_regressor"])}


def signed_tree(entries):
    return entries | {"kintree_table": np.array([[-1, 0, 1, 1, 1], [0, 1, 2, 3, 4]], np.int64)}


def float_tree(entries):
    return entries | {"kintree_table": entries["kintree_table"].astype(np.float32)}


def byte_keys(entries):
    return {key.encode(): value for key, value in entries.items()}


def chumpy_bases(entries):
    from chumpy.ch import Ch

    wrapped = {}
    for name in ("shapedirs", "J"):
        wrapped[name] = Ch()
        wrapped[name].x = entries[name]
    return entries | wrapped


@pytest.fixture
def _chumpy(monkeypatch):
    package, module = types.ModuleType("chumpy"), types.ModuleType("chumpy.ch")
    module.Ch = type("Ch", (), {"__module__": "chumpy.ch"})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "chumpy", package)
    monkeypatch.setitem(sys.modules, "chumpy.ch", module)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.usefixtures("_chumpy")
@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
@pytest.mark.parametrize("form", [dense, sparse, matrix, signed_tree, float_tree, byte_keys, chumpy_bases])
def test_pickles(tmp_path, entries, form, protocol):
    path = write_pickle(tmp_path / "generic_model.pkl", form(entries), protocol)
    model = load_model(path)
    assert_same(model, entries)
    assert model.name == "generic_model"
    assert model.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert model.source == path


def test_neither_chumpy_nor_scipy_is_imported(tmp_path, entries, monkeypatch):
    path = write_pickle(tmp_path / "m.pkl", sparse(entries))
    for name in list(sys.modules):
        if name.split(".")[0] in ("scipy", "chumpy"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "chumpy", None)
    assert_same(load_model(path), entries)


def test_npz_with_the_same_keys(tmp_path, entries):
    np.savez(tmp_path / "m.npz", **entries)
    assert_same(load_model(tmp_path / "m.npz"), entries)


def test_npz_made_from_a_pickle_with_a_sparse_regressor(tmp_path, entries):
    np.savez(tmp_path / "m.npz", **sparse(entries))
    assert_same(load_model(tmp_path / "m.npz"), entries)


@pytest.mark.parametrize("rows", [1, 2])
def test_safetensors_and_folder(tmp_path, entries, rows):
    tensors = split(entries)
    tensors["kintree_table"] = tensors["kintree_table"][:rows]
    save_file(tensors, tmp_path / "m.safetensors", {"format": "FLAME", "version": "1.0"})
    folder = tmp_path / "flame"
    folder.mkdir()
    for name, values in tensors.items():
        np.save(folder / name, values)
    for path in (tmp_path / "m.safetensors", folder):
        model = load_model(path)
        assert_same(model, entries)
        assert len(model.digest) == 64
        assert model.name == path.stem


def test_a_changed_folder_has_another_digest(tmp_path, entries):
    digests = []
    for scale in (1.0, 1.0, 2.0):
        for name, values in split(entries).items():
            np.save(
                tmp_path / name, values * (np.float32(scale) if name == "posedirs" else values.dtype.type(1))
            )
        digests.append(load_model(tmp_path).digest)
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("columns", "metadata", "shapes"),
    [
        (400, None, 300),
        (400, {"n_expr": 50, "expr_components": "last_50"}, 350),
        (150, {"n_expr": np.int64(50)}, 100),
        (110, {"n_expr": np.array([100])}, 10),
        (20, None, 10),
        (15, None, 10),
        (60, None, 10),
        (300, None, 300),
        (10, None, 10),
        (4, None, 4),
    ],
)
def test_where_the_expressions_begin(tmp_path, entries, columns, metadata, shapes):
    entries["shapedirs"] = np.random.default_rng(0).random((40, 3, columns))
    if metadata:
        entries["supr_expression_metadata"] = metadata
    model = load_model(write_pickle(tmp_path / "m.pkl", entries))
    assert_same(model, entries, shapes)


def test_the_open_release_is_told_by_its_keys(tmp_path, entries):
    entries["supr_expression_metadata"] = {"supr_gender": "neutral", "n_expr": 100, "expr_source": "x"}
    model = load_model(write_pickle(tmp_path / "anything.pkl", entries))
    assert model.version == FLAME_2023_OPEN
    assert model.licence == OPEN_LICENCE


def broken(**changes):
    def apply(entries):
        for key, change in changes.items():
            if change is None:
                del entries[key]
            else:
                entries[key] = change(entries[key])
        return entries

    return apply


def with_value(index, value):
    def apply(array):
        array = array.copy()
        array[index] = value
        return array

    return apply


BROKEN = {
    "v_template has shape (40, 2) where (any, 3)": broken(v_template=lambda a: a[:, :2]),
    "v_template has shape (120,) where (any, 3)": broken(v_template=np.ravel),
    "v_template has 0 vertices": broken(v_template=lambda a: a[:0]),
    "v_template holds NaN or infinity at (7, 1)": broken(v_template=with_value((7, 1), np.nan)),
    "v_template holds NaN or infinity at (7, 2)": broken(v_template=with_value((7, 2), 1e300)),
    "v_template is <U1 where an array of numbers": broken(v_template=lambda a: np.full(a.shape, "x")),
    "v_template is str where an array of numbers": broken(v_template=lambda a: "x"),
    "f is missing": broken(f=None),
    "f has shape (70, 2) where (any, 3)": broken(f=lambda a: a[:, :2]),
    "f has shape (0, 3)": broken(f=lambda a: a[:0]),
    "f refers to vertex 40, but there are 40 vertices": broken(f=with_value((3, 0), 40)),
    "f refers to vertex -1": broken(f=lambda a: a.astype(np.int64) * 0 - 1),
    "f holds numbers that are not whole": broken(f=lambda a: a + 0.5),
    "shapedirs has shape (39, 3, 400) where (40, 3, any)": broken(shapedirs=lambda a: a[:39]),
    "shapedirs holds NaN or infinity at (0, 0, 399)": broken(shapedirs=with_value((0, 0, 399), np.inf)),
    "posedirs has shape (40, 3, 27) where (40, 3, 36)": broken(posedirs=lambda a: a[:, :, :27]),
    "J_regressor is missing": broken(J_regressor=None),
    "J_regressor has shape (24, 40) where (5, 40)": broken(J_regressor=lambda a: np.ones((24, 40))),
    "kintree_table has shape (2, 24) where (2, 5)": broken(kintree_table=lambda a: np.zeros((2, 24), int)),
    "kintree_table has parents [-1, 0, 1, 2, 1]": broken(
        kintree_table=lambda a: np.array([[-1, 0, 1, 2, 1], [0, 1, 2, 3, 4]])
    ),
    "kintree_table has parents [0, 0, 1, 1, 1]": broken(kintree_table=lambda a: np.array([[0, 0, 1, 1, 1]])),
    "weights add up to 0.5 at vertex 3": broken(weights=with_value((3,), 0.1)),
    "weights has shape (40, 4)": broken(weights=lambda a: a[:, :4]),
    "weights is bool where an array of numbers": broken(weights=lambda a: a > 0.5),
    "v_template is complex128 where an array of numbers": broken(v_template=lambda a: a + 1j),
    "v_template is |S9 where an array of numbers": broken(v_template=lambda a: a.astype("S9")),
    "v_template is list where an array of numbers": broken(v_template=lambda a: a.tolist()),
    "v_template has shape (3, 40) where (any, 3) is needed and looks transposed; save it with its axes as "
    "(1, 0)": broken(v_template=lambda a: a.T),
    "shapedirs has shape (400, 40, 3) where (40, 3, any) is needed and looks transposed; save it with its "
    "axes as (1, 2, 0)": broken(shapedirs=lambda a: np.moveaxis(a, 2, 0)),
    "shapedirs has shape (40, 400, 3) where (40, 3, any) is needed and looks transposed; save it with its "
    "axes as (0, 2, 1)": broken(shapedirs=lambda a: a.transpose(0, 2, 1)),
    "shapedirs has shape (120, 400) where (40, 3, any) is needed and looks flattened": broken(
        shapedirs=lambda a: a.reshape(-1, 400)
    ),
    "posedirs has shape (36, 120) where (40, 3, 36) is needed and looks flattened": broken(
        posedirs=lambda a: a.reshape(-1, 36).T
    ),
    "J_regressor has shape (40, 5) where (5, 40) is needed and looks transposed": broken(
        J_regressor=lambda a: a.T
    ),
    "f has shape (3, 70) where (any, 3) is needed and looks transposed": broken(f=lambda a: a.T),
    "weights has shape (5, 40) where (40, 5) is needed and looks transposed": broken(weights=lambda a: a.T),
    "kintree_table has shape (5, 2) where (2, 5) is needed and looks transposed": broken(
        kintree_table=lambda a: a.T
    ),
    "kintree_table has shape (5,) where (2, 5) is needed": broken(kintree_table=lambda a: a[0]),
}


@pytest.mark.parametrize("words", BROKEN)
def test_wrong_entries_are_named_with_what_was_wanted(tmp_path, entries, words):
    path = write_pickle(tmp_path / "bad.pkl", BROKEN[words](entries))
    with pytest.raises(UnfitFileError) as caught:
        load_model(path)
    assert str(caught.value).startswith("bad.pkl is not a usable head model: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert describe(path).problem == str(caught.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path, entries):
    entries["posedirs"] = entries["posedirs"][:, :, :3]
    entries["f"] = entries["f"] + 100
    del entries["weights"]
    problems = describe(write_pickle(tmp_path / "bad.pkl", entries)).problems
    assert len(problems) == 3
    for problem, words in zip(
        problems, ("f refers to", "posedirs has shape", "weights is missing"), strict=True
    ):
        assert words in problem


def fortran(entries):
    return {key: np.asfortranarray(value) if is_table(value) else value for key, value in entries.items()}


def big_endian(entries):
    return {key: value.astype(">f8") if is_table(value) else value for key, value in entries.items()}


def is_table(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim > 1


@pytest.mark.parametrize("form", [fortran, big_endian])
def test_order_in_memory_and_of_bytes_do_not_matter(tmp_path, entries, form):
    assert_same(load_model(write_pickle(tmp_path / "m.pkl", form(entries))), entries)
    np.savez(tmp_path / "m.npz", **form(entries))
    assert_same(load_model(tmp_path / "m.npz"), entries)


def npy(shape, data=b"", dtype="<f8"):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": dtype, "fortran_order": False, "shape": shape})
    return header.getvalue() + data


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (npy((10**9, 3), bytes(100)), DamagedFileError, "holds 100 bytes of data where its header claims"),
        (npy((2**62, 2**62)), DamagedFileError, "a shape that makes no sense"),
        (npy((0, 2**39)), UnfitFileError, "has shape"),
        (npy((1,), b"x", "<U200000000"), DamagedFileError, "v_template"),
        (npy((3,), b"\x80\x02]q\x00.", "|O"), RefusedFileError, "Python objects"),
        (npy((2,), bytes(16), "<M8[s]"), RefusedFileError, "neither numbers nor text"),
    ],
)
def test_sizes_that_a_header_claims_are_not_believed(tmp_path, entries, content, kind, words):
    arrays = split(entries)
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        for name, values in arrays.items():
            whole = io.BytesIO()
            np.save(whole, values)
            archive.writestr(f"{name}.npy", content if name == "v_template" else whole.getvalue())
    folder = tmp_path / "arrays"
    folder.mkdir()
    for name, values in arrays.items():
        np.save(folder / name, values)
    (folder / "v_template.npy").write_bytes(content)
    for path in (tmp_path / "m.npz", folder):
        tracemalloc.start()
        with pytest.raises(kind, match=words):
            load_model(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
        tracemalloc.stop()


@pytest.mark.parametrize(
    "table",
    [
        {"v_template": {"dtype": "F32", "shape": [10**9, 3], "data_offsets": [0, 12 * 10**9]}},
        {"v_template": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}},
        {"v_template": 3, "shapedirs": None, "posedirs": []},
    ],
)
def test_safetensors_that_claim_what_is_not_there(tmp_path, table):
    header = json.dumps(table).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    with pytest.raises(DamagedFileError, match=r"m\.safetensors is cut short"):
        load_model(path)


def test_an_expression_count_that_cannot_be(tmp_path, entries):
    entries["supr_expression_metadata"] = {"n_expr": 500}
    with pytest.raises(StudioError, match="n_expr"):
        load_model(write_pickle(tmp_path / "m.pkl", entries))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pkl", b"", "a.pkl is not a head model but an empty file"),
        ("a.pkl", b"\x89PNG\r\n\x1a\n0000", "a.pkl is not a head model but a PNG picture"),
        ("a.pkl", pickle.dumps({"lmk_face_idx": 1}), "a.pkl is not a head model: it lacks posedirs"),
        ("a.pkl", pickle.dumps([1, 2]), "a.pkl is not a head model: it lacks"),
        ("a.npz", b"PK\x03\x04 and then nothing", "a.npz is cut short"),
    ],
)
def test_files_that_are_no_models(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudioError) as caught:
        load_model(tmp_path / name)
    assert str(caught.value).startswith(words)


def test_missing_file_and_empty_folder(tmp_path):
    with pytest.raises(StudioError, match="does not exist"):
        load_model(tmp_path / "none.pkl")
    with pytest.raises(StudioError, match="folder without a head model"):
        load_model(tmp_path)


def test_without_a_path_the_first_model_in_the_folders_is_taken(tmp_path, entries, monkeypatch):
    monkeypatch.setenv("FLAME_STUDIO_MODELS", str(tmp_path))
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({"no": "model"}))
    (tmp_path / "b.pkl").write_bytes(b"damaged")
    assert load_model().name != "m"
    path = write_pickle(tmp_path / "m.pkl", entries)
    assert load_model().source == path


def test_models_that_cannot_be_read_are_told_when_there_is_no_other(tmp_path, entries, monkeypatch):
    monkeypatch.setenv("FLAME_STUDIO_MODELS", str(tmp_path))
    write_pickle(tmp_path / "a.pkl", {key: value for key, value in entries.items() if key != "f"})
    with pytest.raises(StudioError, match=r"a\.pkl .* f is missing"):
        load_model()
    path = write_pickle(tmp_path / "b.pkl", entries)
    assert load_model().source == path


def test_a_folder_with_a_model_file_in_it(tmp_path, entries):
    path = write_pickle(tmp_path / "generic_model.pkl", entries)
    assert load_model(tmp_path).source == path


def test_without_any_file_the_open_head_is_taken():
    from studio.flame.open_head import load_open_head

    assert load_model().digest == load_open_head().digest


def test_truncated_models_are_told_quickly(tmp_path, entries):
    raw = pickle.dumps(sparse(entries), 2)
    path = tmp_path / "m.pkl"
    for end in range(0, len(raw), len(raw) // 50):
        path.write_bytes(raw[:end])
        with pytest.raises(StudioError, match=r"^m\.pkl "):
            load_model(path)


def test_the_open_head_is_a_model_file_like_any_other(tmp_path):
    copy = tmp_path / "copy.npz"
    copy.write_bytes(OPEN_HEAD.read_bytes())
    assert load_model(OPEN_HEAD).name == load_model(copy).name == "Open head"
    described = describe(copy)
    assert (described.kind, described.title, described.problems) == ("model", "Open head", ())
    assert described.counts["shape"] == 100
