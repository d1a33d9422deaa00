from __future__ import annotations

import pytest

from studio.document.look import MODES
from studio.panels.words import MODE_TITLES, component_titles, face_groups, sentence, within_group


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mouthSmileLeft", "Mouth smile left"),
        ("tongueOut", "Tongue out"),
        ("nose_width", "Nose width"),
        ("AU12", "AU 12"),
        ("", ""),
    ],
)
def test_names_become_words(name, words):
    assert sentence(name) == words


def test_components_without_names_are_counted():
    assert component_titles(("jawForward",), 3, "Expression") == (
        "Jaw forward",
        "Expression 2",
        "Expression 3",
    )


def test_groups_go_down_the_face_and_lose_nothing():
    groups = face_groups(["Mouth left", "Brow inner up", "Sparkle", "Eye blink left"])
    assert list(groups) == ["Brows", "Eyes", "Mouth", "Other"]
    assert sorted(index for members in groups.values() for index in members) == [0, 1, 2, 3]
    assert face_groups(["Expression 1", "Expression 2"]) == {}


def test_labels_within_a_group():
    assert within_group("Mouth smile left") == "Smile left"
    assert within_group("Sparkle") == "Sparkle"
    assert within_group("Mouth") == "Mouth"


def test_every_mode_has_a_title():
    assert set(MODE_TITLES) == set(MODES)
