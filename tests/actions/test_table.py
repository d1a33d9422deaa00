"""Every row of the action table is whole."""

from __future__ import annotations

import re

import pytest

from studio import resources
from studio.actions.table import ACTIONS, MENUS
from studio.keymap import keys_of

ROWS = [pytest.param(row, id=row.id) for row in ACTIONS]


@pytest.mark.parametrize("row", ROWS)
def test_its_tip_says_in_one_phrase_what_it_does(row):
    assert re.fullmatch(r"[A-Z0-9][^.\n]{8,90}[^.…:\s]", row.tip), row.tip
    assert row.tip != row.title.rstrip("…")


@pytest.mark.parametrize("row", ROWS)
def test_its_title_is_in_sentence_case(row):
    assert re.fullmatch(r"[A-Z0-9]\S*( \S+)*", row.title), row.title
    assert "..." not in row.title


@pytest.mark.parametrize("row", ROWS)
def test_its_icon_exists(row):
    if row.icon:
        assert resources.icon_path(row.icon).is_file()
    assert row.icon or not row.toolbar


@pytest.mark.parametrize("row", ROWS)
def test_its_keys_are_keys(row):
    assert len(keys_of(row.shortcut)) == len([part for part in row.shortcut.split("; ") if part])


def test_no_two_rows_have_the_same_id_or_keys():
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    keys = [one for row in ACTIONS for one in keys_of(row.shortcut)]
    assert sorted(keys) == sorted(set(keys))


def test_every_row_is_in_a_menu():
    assert {row.menu.partition("/")[0] for row in ACTIONS} == set(MENUS)
