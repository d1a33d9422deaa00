from __future__ import annotations

import numpy as np
import pytest

from studio.document.commands import open_clip
from studio.document.document import Document, Playback
from studio.document.look import Look
from studio.flame.model import HeadModel
from studio.sequence.clip import Clip


@pytest.fixture
def document(tiny_model: HeadModel) -> Document:
    return Document(tiny_model)


@pytest.fixture
def heard(document: Document) -> list[frozenset[str]]:
    """What the document announced, one entry an announcement."""
    announcements: list[frozenset[str]] = []
    document.changed.connect(announcements.append)
    return announcements


def long_clip(model: HeadModel, count: int = 10) -> Clip:
    widths = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: np.zeros((count, width)) for name, width in widths.items()}
    expr = np.tile(np.arange(count, dtype=float)[:, None], (1, model.expression_count))
    return Clip(shape=np.zeros(model.shape_count), expr=expr, **channels)


def test_starts_neutral(document: Document) -> None:
    assert document.take.name == "Pose"
    assert len(document.take.clip) == 1
    assert not document.params.expr.any()
    assert document.play_range == (0, 0)


def test_what_cannot_be_is_refused_and_nothing_changes(
    document: Document, heard: list[frozenset[str]]
) -> None:
    before = document.look
    with pytest.raises(TypeError, match="look"):
        document.set(position=0.5, look=5)
    with pytest.raises(IndexError, match="1 takes"):
        document.set(look=Look(mode="shaded"), active=99)
    with pytest.raises(AttributeError, match="sparkles"):
        document.set(look=Look(mode="shaded"), sparkles=1)
    with pytest.raises(IndexError):
        document.set(takes=())
    assert document.look is before
    assert document.position == 0.0
    assert heard == []


def test_announces_once_which_fields_differ(document: Document, heard: list[frozenset[str]]) -> None:
    document.set(look=Look(mode="flat"), playback=Playback(speed=2.0), active=0)
    assert heard == [frozenset({"look", "playback"})]


def test_equal_values_announce_nothing(document: Document, heard: list[frozenset[str]]) -> None:
    document.set(look=Look(), playback=Playback(), position=0.0, takes=document.takes)
    same = document.take.edited(0.0, document.params)
    document.set(takes=(same,))
    assert heard == []


def test_unknown_fields_are_refused(document: Document, heard: list[frozenset[str]]) -> None:
    with pytest.raises(AttributeError, match="hat"):
        document.set(hat=1)
    assert heard == []


def test_receivers_read_the_new_state(document: Document) -> None:
    seen: list[float] = []
    document.changed.connect(lambda _: seen.append(document.camera.azimuth))
    document.set(camera=document.camera.replace(azimuth=0.7))
    assert seen == [0.7]


def test_cursor_stays_inside_a_shorter_take(
    document: Document, heard: list[frozenset[str]], tiny_model: HeadModel
) -> None:
    still = document.takes
    open_clip(document, "long", long_clip(tiny_model)).apply(document)
    document.set(position=7.5)
    assert document.params.expr[0] == pytest.approx(7.5)
    heard.clear()
    document.set(takes=still, active=0)
    assert document.position == 0.0
    assert heard == [frozenset({"takes", "active", "position"})]


def test_play_range_follows_in_and_out(document: Document, tiny_model: HeadModel) -> None:
    open_clip(document, "long", long_clip(tiny_model)).apply(document)
    assert document.play_range == (0, 9)
    document.set(playback=Playback(first=2, last=5))
    assert document.play_range == (2, 5)
    document.set(playback=Playback(first=20, last=50))
    assert document.play_range == (9, 9)
