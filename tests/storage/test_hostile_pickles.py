"""A pickle that wants more than arrays is refused by name, and nothing in it runs."""

from __future__ import annotations

import builtins
import contextlib
import os
import pickle
import random
import struct
import subprocess
import time

import numpy as np
import pytest
import scipy.sparse

from studio.storage.errors import DamagedFileError, RefusedFileError, StudioError
from studio.storage.restricted_pickle import parse_pickle

TRAP = "the-trap-was-sprung"


class Call:
    """Pickles as a call of ``function`` with ``arguments``."""

    def __init__(self, function, *arguments):
        self.function = function
        self.arguments = arguments

    def __reduce__(self):
        return self.function, self.arguments


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def call(name: bytes, *arguments: bytes) -> bytes:
    return b"\x80\x02c" + name + b"\n(" + b"".join(arguments) + b"tR."


@pytest.fixture(autouse=True)
def trap(tmp_path, monkeypatch):
    """Every door a hostile file goes through leaves a mark, and the marks are checked."""
    marks = []
    for owner, name in [
        (os, "system"),
        (os, "popen"),
        (builtins, "eval"),
        (builtins, "exec"),
        (pickle, "loads"),
    ]:
        original = getattr(owner, name)

        def guarded(*arguments, _original=original, _name=name, **keywords):
            if any(TRAP in str(argument) for argument in arguments):
                marks.append(_name)
                return None
            return _original(*arguments, **keywords)

        monkeypatch.setattr(owner, name, guarded)
    monkeypatch.chdir(tmp_path)
    yield
    assert not marks
    assert not list(tmp_path.iterdir())


COMMAND = text(f"touch {TRAP}")

HOSTILE = {
    "os.system": call(b"os\nsystem", COMMAND),
    "os.system (posix)": call(b"posix\nsystem", COMMAND),
    "builtins.eval": call(b"__builtin__\neval", text(f"open('{TRAP}', 'w')")),
    "builtins.exec": call(b"builtins\nexec", text(f"open('{TRAP}', 'w')")),
    "builtins.getattr": call(b"__builtin__\ngetattr", text("x"), text("__class__")),
    "builtins.__import__": call(b"builtins\n__import__", text("os")),
    "builtins.open": call(b"builtins\nopen", text(TRAP), text("w")),
    "builtins.map": b"\x80\x02cbuiltins\nmap\ncos\nsystem\n]" + COMMAND + b"a\x86R.",
    "subprocess.Popen": call(b"subprocess\nPopen", text(f"touch {TRAP}")),
    "pickle.loads": call(b"pickle\nloads", text(TRAP)),
    "numpy.load": call(b"numpy\nload", text(TRAP)),
    "numpy.f2py.compile": call(b"numpy.f2py\ncompile", text(TRAP)),
    "numpy.testing._private.utils.runstring": call(b"numpy.testing._private.utils\nrunstring", COMMAND),
    "torch.load": call(b"torch\nload", text(TRAP)),
    "torch.nn.Module": call(b"torch.nn\nModule"),
    "operator.attrgetter": call(b"operator\nattrgetter", text("system")),
    "functools.partial": call(b"functools\npartial", COMMAND),
    "types.CodeType": call(b"types\nCodeType"),
    "os.system by stack": b"\x80\x04" + text("os") + text("system") + b"\x93" + COMMAND + b"\x85R.",
    "os.system by memo": (
        b"\x80\x04"
        + text("system")
        + b"q\x07"
        + text("os")
        + b"q\x08"
        + b"00h\x08h\x07\x93"
        + COMMAND
        + b"\x85R."
    ),
    "os.system by INST": b"(" + b"S'touch " + TRAP.encode() + b"'\nios\nsystem\n.",
    "os.system by OBJ": b"\x80\x02(cos\nsystem\n" + COMMAND + b"o.",
    "os.system by NEWOBJ": b"\x80\x02cos\nsystem\n" + COMMAND + b"\x85\x81.",
    "os.system by NEWOBJ_EX": b"\x80\x04cos\nsystem\n" + COMMAND + b"\x85}\x92.",
    "os.system deep inside": pickle.dumps({"a": [np.eye(2), {"b": (Call(os.system, f"touch {TRAP}"),)}]}, 2),
    "copyreg extension": b"\x80\x02\x82\x05(tR.",
    "copyreg extension 2": b"\x80\x02\x83\x05\x00(tR.",
    "copyreg extension 4": b"\x80\x02\x84\x05\x00\x00\x00(tR.",
    "persistent id": b"\x80\x02" + text("x") + b"Q.",
    "persistent id 0": b"Pabc\n.",
    "outside": b"\x80\x05\x97.",
    "copyreg.__newobj__": call(b"copy_reg\n__newobj__", b"cos\nsystem\n"),
    "numpy.ndarray": call(b"numpy\nndarray", b"(J\x00\x00\x00\x7fJ\x00\x00\x00\x7ft"),
    "builtins.object": call(b"__builtin__\nobject"),
    "os._wrap_close": b"\x80\x02ccopy_reg\n_reconstructor\n(cos\n_wrap_close\nc__builtin__\nobject\nNtR.",
    "builtins.dict": b"\x80\x02ccopy_reg\n_reconstructor\n(c__builtin__\ndict\nc__builtin__\nobject\nNtR.",
    "class builtins.list": b"\x80\x02ccopy_reg\n_reconstructor\n(cchumpy.ch\nCh\nc__builtin__\nlist\nNtR.",
    "encoding": call(b"_codecs\nencode", text(TRAP), text("rot13")),
    "encoding 'idna'": call(b"_codecs\nencode", text(TRAP), text("idna")),
    "setting attributes of numpy.ndarray": b"\x80\x02cnumpy\nndarray\n}" + text("x") + b"K\x01sb.",
    "setting attributes": b"\x80\x02c__builtin__\nset\n)R}" + text("__class__") + b"K\x01sb.",
    "class numpy.dtype as a value": b"\x80\x02}" + text("x") + b"cnumpy\ndtype\ns.",
    "a call of something": b"\x80\x02K\x01)R.",
}


@pytest.mark.parametrize("asked", HOSTILE)
def test_refused_by_name(asked):
    with pytest.raises(RefusedFileError) as caught:
        parse_pickle(HOSTILE[asked], "model.pkl")
    sentence = str(caught.value)
    assert sentence.startswith("model.pkl asks for ")
    assert "which no head model needs, so it was not opened" in sentence
    assert (
        asked.split(" by ")[0].split(" deep")[0].split(" (")[0].rstrip("0124 ").removeprefix("class ")
        in sentence
    )
    assert "\n" not in sentence


WRITTEN_BY_PYTHON = {
    (function.__name__, protocol): pickle.dumps({"f": Call(function, f"touch {TRAP}")}, protocol)
    for function in (os.system, eval, subprocess.Popen, getattr, exec)
    for protocol in range(6)
}


@pytest.mark.parametrize(("name", "protocol"), WRITTEN_BY_PYTHON)
def test_refused_as_python_writes_it(name, protocol):
    with pytest.raises(RefusedFileError, match=rf"asks for \w+\.{name}, "):
        parse_pickle(WRITTEN_BY_PYTHON[name, protocol], "model.pkl")


def scalar(dtype: str, payload: bytes) -> bytes:
    kind = b"cnumpy\ndtype\n" + text(dtype) + b"K\x00K\x01\x87R"
    return b"\x80\x02cnumpy.core.multiarray\nscalar\n" + kind + payload + b"\x86R."


def array(dtype: bytes, shape: bytes, data: bytes) -> bytes:
    return (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01"
        + shape
        + b"cnumpy\ndtype\n"
        + dtype
        + b"K\x00K\x01\x87R\x89"
        + data
        + b"tb."
    )


EVIL = {
    "scalar of objects": scalar("O8", text(TRAP)),
    "scalar of a pickle": scalar("O", b"U\x02N."),
    "scalar too short": scalar("f8", b"U\x02ab"),
    "type with fields": scalar("f8,O", b"U\x08abcdefgh"),
    "type of dates": scalar("M8[ns]", b"U\x08abcdefgh"),
    "array of objects": array(b"U\x02O8", b"K\x02\x85", b"](K\x01K\x02e"),
    "array larger than its data": array(b"U\x02f8", b"J\xff\xff\xff\x7f\x85", b"U\x08abcdefgh"),
    "array of negative size": array(b"U\x02f8", b"J\xff\xff\xff\xff\x85", b"U\x00"),
    "array of absurd dimensions": array(b"U\x02f8", b"(" + b"K\x01" * 60 + b"t", b"U\x08abcdefgh"),
    "array of a size beyond numbers": array(
        b"U\x02f8", b"\x8a\x0c" + b"\x01" * 12 + b"\x85", b"U\x08abcdefgh"
    ),
    "huge item size": array(b"U\x0aS999999999", b"K\x01\x85", b"U\x08abcdefgh"),
    "never filled": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R.",
    "list in itself": b"\x80\x02]q\x00h\x00a.",
    "dict in itself": b"\x80\x02}q\x00K\x01h\x00s.",
    "nested deeply": b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".",
    "tuples nested deeply": b"\x80\x02K\x01" + b"\x85" * 100_000 + b".",
    "list as key": b"\x80\x02}]K\x01s.",
    "long integer as text": b"L" + b"9" * 100_000 + b"L\n.",
    "sparse of absurd shape": (
        b"\x80\x02cscipy.sparse.csc\ncsc_matrix\n)\x81}(U\x06_shapeJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86ub."
    ),
    "no stack": b"\x80\x02R.",
    "no mark": b"\x80\x02t.",
    "no memo": b"\x80\x02h\x05.",
    "append to a number": b"\x80\x02K\x01K\x02a.",
    "frozen bytes from a number": call(b"__builtin__\nbytearray", b"J\xff\xff\xff\x7f"),
    "claims 4 GB of text": b"\x80\x02X\xff\xff\xff\x7fabc.",
    "claims 2**63 bytes": b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fabc.",
}


@pytest.mark.parametrize("name", EVIL)
def test_evil_arguments_end_in_a_sentence_at_once(name):
    start = time.perf_counter()
    with pytest.raises(StudioError):
        parse_pickle(EVIL[name], "model.pkl")
    assert time.perf_counter() - start < 2


def test_copies_of_one_text_cannot_fill_the_memory():
    """A megabyte of text, encoded again by every few bytes of the file, would make gigabytes."""
    body = text("x" * 1_000_000) + b"q\x00"
    body += (b"c_codecs\nencode\nh\x00" + text("latin1") + b"\x86R") * 20_000
    with pytest.raises(DamagedFileError, match="more data than a file of its size"):
        parse_pickle(b"\x80\x02(" + body + b"t.", "model.pkl")


def test_countless_small_objects_are_stopped():
    with pytest.raises(DamagedFileError, match="separate objects"):
        parse_pickle(b"\x80\x02(" + b"]" * 3_000_000 + b"t.", "model.pkl")


def test_strange_names_cannot_break_the_sentence():
    raw = b"\x80\x04" + text("os\n\x1b[31m" + "a" * 500) + text("système") + b"\x93."
    with pytest.raises(RefusedFileError) as caught:
        parse_pickle(raw, "model.pkl")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def samples():
    data = {
        "v": np.arange(30.0).reshape(10, 3),
        "f": np.eye(3, dtype="u4"),
        "s": "lbs",
        "n": {"n_expr": 3},
        "j": scipy.sparse.csc_matrix(np.eye(4)),
    }
    return [pickle.dumps(data, protocol) for protocol in range(6)]


@pytest.mark.parametrize("protocol", range(6))
def test_every_truncation_is_told(protocol):
    raw = samples()[protocol]
    for end in range(len(raw)):
        with pytest.raises(StudioError):
            parse_pickle(raw[:end], "model.pkl")


@pytest.mark.parametrize("protocol", range(6))
def test_random_damage_never_ends_in_anything_but_a_sentence(protocol):
    raw = samples()[protocol]
    chance = random.Random(protocol)
    for _ in range(1500):
        damaged = bytearray(raw)
        for _ in range(chance.choice((1, 1, 2, 8))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        start = time.perf_counter()
        with contextlib.suppress(StudioError):
            parse_pickle(bytes(damaged), "model.pkl")
        assert time.perf_counter() - start < 1
