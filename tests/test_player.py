"""Playing: by the clock, within the frames played, and taken along when the user moves the cursor."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from studio.document.commands import open_clip
from studio.document.document import Document
from studio.player import Player
from studio.sequence.clip import CHANNELS, Clip

FPS = 50.0
COUNT = 20


@pytest.fixture
def document(tiny_model):
    made = Document(tiny_model)
    channels = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3, "expr": 4}
    clip = Clip(
        shape=np.zeros(6), fps=FPS, **{name: np.zeros((COUNT, width)) for name, width in channels.items()}
    )
    open_clip(made, "test", clip).apply(made)
    return made


@pytest.fixture
def player(qtbot, document):
    made = Player(document)
    yield made
    made.pause()


def test_plays_at_the_clips_own_rate_however_slow_the_screen(qtbot, document, player):
    """A receiver that takes five frames' time for each picture is shown about every fifth frame."""
    seen = []

    def draw_slowly(names):
        seen.append(document.position)
        time.sleep(5.0 / FPS)

    document.set(playback=document.playback.replace(loop=False))
    document.changed.connect(draw_slowly)
    started = time.perf_counter()
    player.play()
    qtbot.waitUntil(lambda: not player.playing, timeout=5000)
    assert time.perf_counter() - started >= COUNT / FPS
    assert document.position == COUNT - 1
    assert len(seen) <= COUNT / 5 + 3
    assert all(later - sooner >= 4.0 for sooner, later in pairwise(seen[1:-1]))


def test_pause_rests_on_a_whole_frame(qtbot, document, player):
    player.play()
    qtbot.waitUntil(lambda: document.position > 1.0, timeout=5000)
    player.pause()
    assert document.position == round(document.position)
    assert not player.playing


def test_steps_stay_within_in_and_out(document, player):
    document.set(playback=document.playback.replace(first=5, last=7))
    document.set(position=6.0)
    player.step(5)
    assert document.position == 7.0
    player.step(-9)
    assert document.position == 5.0


def test_play_begins_at_in_when_the_cursor_is_at_out(qtbot, document, player):
    document.set(playback=document.playback.replace(first=5, last=17))
    document.set(position=17.0)
    player.play()
    assert 5.0 <= document.position < 17.0


def test_moving_the_cursor_by_hand_while_playing_goes_on_from_there(qtbot, document, player):
    document.set(playback=document.playback.replace(loop=False))
    player.play()
    player.go_to(15.0)
    qtbot.waitUntil(lambda: document.position > 15.0, timeout=2000)
    assert document.position >= 15.0


def test_a_still_does_not_play(document, player):
    document.set(active=0)
    player.play()
    assert not player.playing


def test_j_and_l_play_faster_with_each_press_and_turn(document, player):
    heard = []
    player.rate_changed.connect(heard.append)
    document.set(position=10.0)
    for direction in (1, 1, 1, -1, -1, 1):
        player.shuttle(direction)
    assert player.playing
    assert heard == [2.0, 4.0, -1.0, -2.0, 1.0]
    player.shuttle(-1)
    player.pause()
    assert player.rate == 1.0


def test_backwards_runs_down_to_the_first_frame(qtbot, document, player):
    document.set(playback=document.playback.replace(loop=False), position=6.0)
    player.shuttle(-1)
    qtbot.waitUntil(lambda: not player.playing, timeout=5000)
    assert document.position == 0.0
    player.shuttle(-1)
    assert document.position == COUNT - 1


def test_ping_pong_comes_back(qtbot, document, player):
    document.set(playback=document.playback.replace(ping_pong=True, last=12), position=9.0)
    seen = []
    document.changed.connect(lambda names: seen.append(document.position))
    player.play()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] < max(seen) - 2, timeout=5000)
    assert max(seen) > 11.0


def of_length(document, count):
    """The take with its first frame ``count`` times."""
    take = document.take
    held = {name: np.repeat(getattr(take.clip, name)[:1], count, 0) for name in CHANNELS}
    return replace(take, clip=replace(take.clip, **held))


def test_a_longer_take_that_is_tried_out_plays_to_its_own_end(qtbot, document, player):
    owner, seen = object(), []
    document.changed.connect(lambda _: seen.append(document.position))
    document.preview.show(owner, document.model, of_length(document, 2 * COUNT))
    assert document.play_range == (0, COUNT - 1)  # what is exported
    player.go_to(COUNT - 2.0)
    player.play()
    qtbot.waitUntil(lambda: max(seen, default=0.0) > COUNT + 2.0, timeout=5000)
    document.preview.clear(owner)
    assert document.position <= COUNT - 1.0
    player.pause()


def test_a_shorter_take_that_is_tried_out_ends_where_it_ends(qtbot, document, player):
    owner, seen = object(), []
    document.set(position=COUNT - 1.0, playback=document.playback.replace(loop=True))
    document.preview.show(owner, document.model, of_length(document, COUNT // 4))
    assert document.position == COUNT - 1.0  # it comes back to where it was
    player.play()
    document.changed.connect(lambda _: seen.append(document.position))
    qtbot.waitUntil(lambda: len(seen) > 30, timeout=5000)
    assert max(seen) <= COUNT // 4 - 1.0
