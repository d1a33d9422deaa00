"""The player goes by the clock it is given: it waits for what is heard first, and follows its rate."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.commands import open_clip
from studio.document.document import Document
from studio.player import Player
from studio.sequence.clip import Clip


class HandClock:
    """A clock that a test sets, whose sound comes ``delay`` seconds late."""

    def __init__(self, delay=0.0):
        self.now, self.delay, self.courses, self.stops = 0.0, delay, [], 0

    def begin(self, course):
        self.courses.append(course)
        return self.now + self.delay

    def stop(self):
        self.stops += 1

    def seconds(self):
        return self.now


@pytest.fixture
def document(tiny_model):
    made = Document(tiny_model)
    channels = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3, "expr": 4}
    frames = {name: np.zeros((100, width)) for name, width in channels.items()}
    open_clip(made, "test", Clip(shape=np.zeros(6), fps=25.0, **frames)).apply(made)
    return made


def test_the_picture_waits_for_the_sound_and_follows_it(qtbot, document):
    clock = HandClock(delay=0.2)
    player = Player(document, clock)
    player.play()
    clock.now = 0.15
    qtbot.wait(50)
    assert document.position == 0.0
    clock.now = 1.2
    qtbot.waitUntil(lambda: document.position == pytest.approx(25.0), timeout=5000)
    player.pause()
    assert clock.stops == 1


def test_the_course_begins_anew_only_where_it_is_another_one(qtbot, document):
    clock = HandClock()
    player = Player(document, clock)
    player.play()
    document.set(takes=(*document.takes, document.take))
    assert len(clock.courses) == 1
    document.set(position=50.0)
    document.set(playback=document.playback.replace(speed=2.0))
    assert [(course.start, course.speed) for course in clock.courses] == [
        (0.0, 1.0),
        (50.0, 1.0),
        (50.0, 2.0),
    ]
    player.pause()
