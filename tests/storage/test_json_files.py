"""JSON that is wrong in every way people and programs find."""

from __future__ import annotations

import json
import random

import pytest

from studio.storage import json_files
from studio.storage.errors import StudioError
from studio.storage.json_files import read_json, read_json_items


def save(folder, text):
    path = folder / "some.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def anything(chance, depth=0):
    """A random JSON value."""
    kind = chance.randrange(7 if depth < 4 else 5)
    if kind == 5:
        return [anything(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 6:
        return {f'k"{i}\\é': anything(chance, depth + 1) for i in range(chance.randrange(4))}
    return [None, True, chance.randrange(-9, 9), chance.random(), 'te"xt\\ ]}'][kind]


@pytest.mark.parametrize("seed", range(60))
def test_what_was_written_comes_back_whole_and_by_items(tmp_path, seed):
    chance = random.Random(seed)
    items = [anything(chance) for _ in range(chance.randrange(5))]
    before = {f"a{i}": anything(chance) for i in range(chance.randrange(3))}
    after = {f"b{i}": anything(chance) for i in range(chance.randrange(3))}
    layout = {"indent": chance.choice((None, 0, 2)), "ensure_ascii": chance.random() < 0.5}
    whole = {**before, "frames": items, **after}
    path = save(tmp_path, "\ufeff" * (seed % 2) + " \n" + json.dumps(whole, **layout) + "\n ")
    assert read_json(path) == whole
    taken = []
    assert read_json_items(path, "frames", taken.append) == {**before, **after}
    assert taken == items


def test_what_is_no_list_stays_where_it_is(tmp_path):
    path = save(tmp_path, '{"frames": {"a": 1}, "n": {"frames": [1]}}')
    taken = []
    assert read_json_items(path, "frames", taken.append) == {"frames": {"a": 1}, "n": {"frames": [1]}}
    assert taken == []


BROKEN = {
    '{"frames": [1, 2': "not whole JSON",
    '{"frames": [1 2]}': "not whole JSON",
    '{"frames": [1,]}': "not whole JSON",
    '{"frames": [1],}': "not whole JSON",
    '{"frames": [1]} [2]': "extra data",
    '{"frames": [1]}}': "extra data",
    '{"frames" [1]}': "not whole JSON",
    '{frames: [1]}': "not whole JSON",
    '{1: [1]}': "not whole JSON",
    '{"frames": [1], "frames": [2]}': "'frames' twice",
    '{"frames": [{"a": 1, "a": 2}]}': "'a' twice",
    '{"b": 1, "b": 1, "frames": []}': "'b' twice",
    '{"frames": [' + "1" * 5000 + "]}": "too many digits",
    '{"frames": ' + "[" * 100_000: "nested deeper",
    '{"frames": ' + '{"a":' * 200 + "1" + "}" * 201: "nested deeper",
    b'{"frames": "\xff\xfe"}': "UTF-8",
    "{": "not whole JSON",
}  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_broken_json_is_told_in_one_sentence(tmp_path, text):
    path = save(tmp_path, text)
    for read in (read_json, lambda path: read_json_items(path, "frames", lambda item: None)):
        with pytest.raises(StudioError, match=r"^some\.json .*; [a-z ]+\.$") as told:
            read(path)
        assert BROKEN[text].lower() in str(told.value).lower()


@pytest.mark.parametrize("text", ["[1]", "3", "", "  "])
def test_items_come_from_an_object(tmp_path, text):
    with pytest.raises(StudioError, match="no JSON object"):
        read_json_items(save(tmp_path, text), "frames", print)


def test_brackets_in_strings_are_not_nesting(tmp_path):
    text = json.dumps({"frames": ["[{" * 500, '\\"[' * 500]})
    assert read_json(save(tmp_path, text))["frames"][0] == "[{" * 500


def test_huge_files_are_refused_before_they_are_read(tmp_path, monkeypatch):
    path = save(tmp_path, "[]")
    with path.open("r+b") as stream:
        stream.truncate(json_files.LARGEST_JSON + 1)
    monkeypatch.setattr(json_files, "read_bytes", None)
    with pytest.raises(StudioError, match="larger than 512 MiB"):
        read_json(path)
