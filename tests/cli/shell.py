"""What the tests of the command line share: a renderer that draws nothing, and ways to run and listen."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from studio.cli import main
from studio.render.shot import Shot


class Grey:
    """A renderer that remembers what it was asked for."""

    name = "grey"

    def __init__(self) -> None:
        self.shots: list[Shot] = []

    def render(self, shot: Shot, cancelled: Any = None) -> np.ndarray:
        self.shots.append(shot)
        pixels = np.full((shot.size[1], shot.size[0], 4), 128, np.uint8)
        pixels[..., 3] = 0 if shot.transparent else 255
        return pixels


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one object on standard output."""
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.count("\n") == 1
    return json.loads(captured.out)


def run(*words: object) -> int:
    return main([str(word) for word in words])
