"""Torch tensors inside pickles, as landmark embeddings hold them, rebuilt without torch.

A pickled tensor is a view of a storage, and the storage is the bytes of torch's older file layout:
four pickles (a magic number, a version, facts of the machine, the storage by its persistent id),
a fifth with the keys of the storages, then each storage's length and raw numbers.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from studio.storage.pickle_machine import AskedError, Budget, Caller, DamagedError, Machine, Name
from studio.storage.pickle_opcodes import run
from studio.storage.pickle_records import LeftOutRecord, array_of, as_bytes, shape_of

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
STORAGE_TYPES = {
    Name("torch", "DoubleStorage"): "<f8",
    Name("torch", "FloatStorage"): "<f4",
    Name("torch", "HalfStorage"): "<f2",
    Name("torch", "LongStorage"): "<i8",
    Name("torch", "IntStorage"): "<i4",
    Name("torch", "ShortStorage"): "<i2",
    Name("torch", "CharStorage"): "|i1",
    Name("torch", "ByteStorage"): "|u1",
    Name("torch", "BoolStorage"): "|b1",
}
STORAGE_NAMES: dict[Name, Caller | None] = dict.fromkeys(STORAGE_TYPES)


class Storage:
    """The flat numbers behind a tensor."""

    def __init__(self, dtype: np.dtype[Any], key: str, count: int) -> None:
        """Promise ``count`` numbers under ``key``."""
        self.dtype = dtype
        self.key = key
        self.count = count
        self.numbers = np.empty(0, dtype)


def promised(key: Any) -> Storage:
    """The storage that the persistent id ``key`` names, without its numbers."""
    if not isinstance(key, tuple) or len(key) < 5 or key[0] != "storage" or key[1] not in STORAGE_TYPES:
        raise AskedError("a torch object that is not a plain tensor")
    if not isinstance(key[2], str) or type(key[4]) is not int or (len(key) > 5 and key[5] is not None):
        raise AskedError("a torch object that is not a plain tensor")
    return Storage(np.dtype(STORAGE_TYPES[key[1]]), key[2], key[4])


def _load_storage(arguments: tuple[Any, ...], budget: Budget) -> Storage:
    (raw,) = arguments
    data = as_bytes(raw, budget)
    budget.spend(len(data))
    parts = []
    position = 0
    for _ in range(5):
        machine = Machine(data, STORAGE_NAMES, budget, promised, position)
        parts.append(run(machine))
        position = machine.position
    magic, version, _, storage, keys = parts
    if magic != MAGIC or version != VERSION or not isinstance(storage, Storage) or keys != [storage.key]:
        raise DamagedError("is damaged: a torch tensor in it cannot be read")
    count = int.from_bytes(data[position : position + 8], "little")
    if count != storage.count:
        raise DamagedError("is damaged: a torch tensor in it does not have the size it claims")
    storage.numbers = array_of(data[position + 8 :], storage.dtype, (count,), "C")
    return storage


def _rebuild_tensor(arguments: tuple[Any, ...], budget: Budget) -> np.ndarray:
    storage, offset, size, stride = arguments[:4]
    if not isinstance(storage, Storage):
        raise AskedError("a tensor without numbers")
    size, stride, (offset,) = shape_of(size), shape_of(stride), shape_of((offset,))
    if len(size) != len(stride):
        raise DamagedError("is damaged: a torch tensor in it has no sensible shape")
    budget.spend(prod(size) * storage.dtype.itemsize)
    if prod(size) == 0:
        return np.zeros(size, storage.dtype)
    last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
    if last >= len(storage.numbers):
        raise DamagedError("is damaged: a torch tensor in it does not have the size it claims")
    steps = [step * storage.dtype.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage.numbers[offset:], size, steps).copy()


TORCH_NAMES: dict[Name, Caller | None] = {
    Name("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    Name("torch.storage", "_load_from_bytes"): _load_storage,
}


def _left_out(_arguments: tuple[Any, ...], _budget: Budget) -> LeftOutRecord:
    return LeftOutRecord()


CHECKPOINT_NAMES: dict[Name, Caller | None] = {
    **{
        Name("ml_collections.config_dict.config_dict", kind): _left_out
        for kind in ("ConfigDict", "FrozenConfigDict", "FieldReference", "_Op")
    },
    **{
        Name(module, "AttributeDict"): _left_out
        for module in ("pytorch_lightning.utilities.parsing", "lightning_fabric.utilities.data")
    },
    **{Name("pathlib", kind): _left_out for kind in ("PosixPath", "WindowsPath", "PurePosixPath")},
    Name("argparse", "Namespace"): _left_out,
    **dict.fromkeys(
        Name("builtins", kind) for kind in ("int", "long", "float", "str", "unicode", "bool", "tuple")
    ),
}
"""Objects beside the tensors of a checkpoint; they are passed over, and nothing of theirs is looked up."""
