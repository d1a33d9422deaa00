"""Finding by a few letters: what matches, and in which order."""

from __future__ import annotations

import pytest

from studio.widgets.fuzzy import match


def best(typed, *titles):
    """The titles that match, the best first."""
    found = [(found.score, title) for title in titles if (found := match(typed, title)) is not None]
    return [title for _, title in sorted(found, key=lambda pair: -pair[0])]


@pytest.mark.parametrize("typed", ["save", "SAVE", "pic sav", "sp", "svpc", "Save picture…"])
def test_what_matches(typed):
    assert match(typed, "Save picture…") is not None


@pytest.mark.parametrize("typed", ["x", "save film", "evas", "avp", "saveee"])
def test_what_does_not(typed):
    assert match(typed, "Save picture…") is None


def test_the_matched_letters_are_told():
    assert match("pic", "Save picture…").places == (5, 6, 7)
    assert match("sp", "Save picture…").places == (0, 5)


def test_starts_of_words_come_first():
    assert best("lo", "Unlock everything", "Look", "Models…")[0] == "Look"
    assert best("un", "Use this run", "Undo")[0] == "Undo"


def test_what_was_typed_in_full_comes_first():
    assert best("undo", "Undo everything else", "Undo")[0] == "Undo"


def test_letters_in_one_piece_beat_scattered_ones():
    assert best("fra", "Fit rows again", "Frame the head")[0] == "Frame the head"
