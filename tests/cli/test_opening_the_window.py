"""The command line where no window can be opened."""

from __future__ import annotations

import sys
from typing import Any

import pytest

import studio.app
from studio.cli import main
from studio.storage.errors import StudioError


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_no_display_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 1
    told = capsys.readouterr().err
    assert "There is no display" in told
    assert len(told.splitlines()) == 1


def test_a_problem_of_the_window_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def fail(*_: object) -> int:
        raise StudioError("The open head is damaged: install the studio again.")

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(studio.app, "run", fail)
    assert main([]) == 1
    assert capsys.readouterr().err == "flame-studio: The open head is damaged: install the studio again.\n"
