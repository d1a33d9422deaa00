"""What the canvas tells of the pointer, and who hears it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QSinglePointEvent


@dataclass(frozen=True)
class Touch:
    """The pointer at one moment."""

    x: float  # logical pixels of the view, from its left
    y: float  # from its top
    shift: bool = False
    control: bool = False
    alt: bool = False

    @classmethod
    def of(cls, event: QSinglePointEvent) -> Touch:
        """Where a mouse or wheel event happened, and with which keys held."""
        place, keys = event.position(), event.modifiers()
        modifier = Qt.KeyboardModifier
        return cls(
            place.x(),
            place.y(),
            bool(keys & modifier.ShiftModifier),
            bool(keys & modifier.ControlModifier),
            bool(keys & modifier.AltModifier),
        )

    @property
    def place(self) -> tuple[float, float]:
        """Both coordinates."""
        return self.x, self.y


class Hand(Protocol):
    """What is done with the pointer where it does not move the camera."""

    def hover(self, touch: Touch) -> None:
        """The pointer moved with no button held."""

    def leave(self) -> None:
        """The pointer left the canvas."""

    def press(self, touch: Touch) -> bool:
        """The left button went down; True takes the drag that may follow, False leaves it to the camera."""

    def drag(self, touch: Touch) -> None:
        """A drag that was taken has come to here; places in between may have been left out."""

    def release(self) -> None:
        """A drag that was taken has ended where it last was."""

    def cancel(self) -> bool:
        """Escape: take a drag back, or let go of what is selected; False where there was neither."""

    def click(self, touch: Touch) -> None:
        """The left button went down and up in one place."""

    def menu(self, touch: Touch, at: QPoint) -> None:
        """A menu is asked for; ``at`` is the place on the screen."""

    def wheel(self, steps: float, touch: Touch) -> bool:
        """The wheel was turned away from the user by ``steps``; False leaves it to the camera."""

    def key_pressed(self, key: int) -> None:
        """A key went down while the canvas had the keys, before any action takes it."""

    def key_released(self, key: int) -> None:
        """A key went up while the canvas had the keys."""
