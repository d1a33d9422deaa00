"""How large text is, and what grows with it: rows, icons, and everything that is painted beside text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget

TEXT_SIZES = (100, 110, 125, 150)  # per cent
FONT_PIXELS = 13  # at 100 per cent

_per_cent = [100]


class _Announcer(QObject):
    changed = Signal()


_announcer = _Announcer()


class _Fit(QObject):
    """Calls ``fit`` at every change of the text's size, as long as its owner lives."""

    def __init__(self, owner: QObject, fit: Callable[[], object]) -> None:
        super().__init__(owner)
        self._fit = fit
        _announcer.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._fit()


def text_size() -> int:
    """The size of text in use, in per cent of the usual one."""
    return _per_cent[0]


def set_text_size(per_cent: int) -> None:
    """Use a size of :data:`TEXT_SIZES`, the usual one for anything else; :func:`tell_text_size` tells it."""
    _per_cent[0] = per_cent if per_cent in TEXT_SIZES else 100


def tell_text_size() -> None:
    """Let everything that was fitted to the text be fitted again."""
    _announcer.changed.emit()


def scaled(pixels: float) -> int:
    """``pixels`` of the usual size in whole pixels of the size in use."""
    return round(pixels * _per_cent[0] / 100.0)


def keep_fitted(owner: QObject, fit: Callable[[], object]) -> None:
    """Run ``fit`` now, and again whenever the size of text changes while ``owner`` lives."""
    fit()
    _Fit(owner, fit)


def fix_height(widget: QWidget, pixels: float) -> None:
    """Keep ``widget`` as high as ``pixels`` of the usual size."""
    keep_fitted(widget, lambda: widget.setFixedHeight(scaled(pixels)))


def size_icons(widget: QAbstractButton | QAbstractItemView, pixels: float) -> None:
    """Keep the icons of ``widget`` as large as ``pixels`` of the usual size."""
    keep_fitted(widget, lambda: widget.setIconSize(QSize(scaled(pixels), scaled(pixels))))
