"""An npz that cannot be believed is refused by whoever reads it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from studio.storage import zip_checks
from studio.storage.arrays import npz_headers, read_npz
from studio.storage.errors import DamagedFileError
from studio.storage.tables import npz_table, verify_npz

READERS = (
    read_npz,
    npz_headers,
    verify_npz,
    lambda path: npz_table(path, ("expr",)),
)


@pytest.fixture(params=READERS, ids=["read_npz", "npz_headers", "verify_npz", "npz_table"])
def read(request):
    return request.param


def save(path: Path, names: tuple[str, ...]) -> Path:
    content = io.BytesIO()
    np.save(content, np.zeros(1000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content.getvalue())
    return path


def test_two_arrays_of_one_name_are_refused(tmp_path, read):
    with pytest.raises(DamagedFileError, match=r"twice\.npz is cut short or is not an npz"):
        read(save(tmp_path / "twice.npz", ("expr.npy", "expr")))


def test_far_too_many_arrays_are_refused(tmp_path, monkeypatch, read):
    monkeypatch.setattr(zip_checks, "MOST_MEMBERS", 2)
    with pytest.raises(DamagedFileError):
        read(save(tmp_path / "many.npz", ("expr.npy", "shape.npy", "pose.npy")))


def test_growth_beyond_belief_is_refused(tmp_path, monkeypatch, read):
    monkeypatch.setattr(zip_checks, "ALWAYS_ALLOWED", 100)
    path = save(tmp_path / "bomb.npz", ("expr.npy", "shape.npy"))
    monkeypatch.setattr(zip_checks, "MOST_GROWTH", 2)
    with pytest.raises(DamagedFileError, match=r"bomb\.npz would unpack to"):
        read(path)
