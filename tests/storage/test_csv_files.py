"""Tables of CSV from strangers: what they may hold at most."""

from __future__ import annotations

import numpy as np
import pytest

from studio.storage import csv_files
from studio.storage.csv_files import read_csv
from studio.storage.errors import UnfitFileError


def written(folder, text):
    path = folder / "face.csv"
    path.write_text(text, "utf-8")
    return path


def test_numbers_and_texts_are_read(tmp_path):
    path = written(tmp_path, 'a,name,b\n1,"x\ny",2\n3,z,\n')
    table = read_csv(path, frozenset(("name",)))
    assert table.names == ("a", "name", "b")
    np.testing.assert_array_equal(table.numbers, [[1, np.nan, 2], [3, np.nan, np.nan]])
    assert table.texts == {"name": ["x\ny", "z"]}


def test_there_are_not_more_cells_than_memory_has_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "MOST_CELLS", 12)
    assert read_csv(written(tmp_path, "a,b,c\n" + "0,0,0\n" * 4)).numbers.shape == (4, 3)
    with pytest.raises(UnfitFileError, match=r"face\.csv has more than 4 rows of 3 columns, .* as npz"):
        read_csv(written(tmp_path, "a,b,c\n" + "0,0,0\n" * 5))


def test_texts_take_the_room_of_many_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "MOST_CELLS", 30)
    assert len(read_csv(written(tmp_path, "a,b\n" + "0,0\n" * 15)).numbers) == 15
    path = written(tmp_path, "a,name\n" + "0,x\n" * 4)
    with pytest.raises(UnfitFileError, match="more than 3 rows"):
        read_csv(path, frozenset(("name",)))


@pytest.mark.parametrize("row", ["0" * 100 + ",0", '"' + "0\n" * 50 + '",0', '"0\n",' * 20 + "0"])
def test_a_row_is_of_bounded_length(tmp_path, monkeypatch, row):
    monkeypatch.setattr(csv_files, "LONGEST_ROW", 90)
    with pytest.raises(UnfitFileError, match=r"face\.csv has a row of more than 90 characters"):
        read_csv(written(tmp_path, f"a,b\n{row}\n"))


def test_each_row_may_be_as_long(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "LONGEST_ROW", 12)
    path = written(tmp_path, "a,b\n" + '"x\ny\nz",1.0\n' * 30)
    assert len(read_csv(path, frozenset(("a",))).texts["a"]) == 30
