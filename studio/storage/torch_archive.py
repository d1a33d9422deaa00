"""Files of ``torch.save``, a zip of one pickle and the numbers of its tensors, read without torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from studio.storage.archive import Archive
from studio.storage.errors import DamagedFileError
from studio.storage.pickle_torch import Storage, promised
from studio.storage.restricted_pickle import parse_pickle

TITLE = "a file of PyTorch"
MOST_STORAGES = 10_000


def read_torch(path: Path) -> Any:
    """What the file at ``path`` holds, as arrays, dicts, lists, tuples, text and numbers.

    By the restricted reader of pickles: nothing in the file runs, and what is neither an array nor a plain
    container is refused. Files of PyTorch before 1.6, which are no zip, are not read.

    Raises:
        StudioError: it cannot be read, is cut short or damaged, would unpack to an absurd size, or asks for
            anything else.

    """
    with Archive(path, path.name, TITLE) as archive:
        pickles = [name for name in archive.members if name == "data.pkl" or name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise archive.damaged()
        folder = pickles[0].removesuffix("data.pkl")
        numbers = _Numbers(archive, folder)
        return parse_pickle(archive.content(pickles[0]), path.name, numbers)


class _Numbers:
    """The numbers of tensors, which lie beside the pickle and are read when it asks for them."""

    def __init__(self, archive: Archive, folder: str) -> None:
        self._archive, self._folder = archive, folder
        self._read: dict[str, Storage] = {}

    def __call__(self, key: Any) -> Storage:
        storage = promised(key)
        if storage.key in self._read:
            return self._read[storage.key]
        name = f"{self._folder}data/{storage.key}"
        if name not in self._archive.members or len(self._read) >= MOST_STORAGES:
            raise self._archive.damaged()
        raw = self._archive.content(name)
        if len(raw) < storage.count * storage.dtype.itemsize:
            raise DamagedFileError(
                f"{self._archive.name} is damaged: a tensor in it does not have the size it claims; "
                "get the file again."
            )
        storage.numbers = np.frombuffer(raw, storage.dtype, storage.count)
        self._read[storage.key] = storage
        return storage
