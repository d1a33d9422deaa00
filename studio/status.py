"""The quiet status line: model, backend, device, frame time, running job, last step."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow, QMenu, QStatusBar, QToolButton

from studio.backends.base import TITLES
from studio.flame.model import HeadModel
from studio.flame.open_head import OPEN_HEAD
from studio.widgets.elided_label import ElidedLabel
from studio.widgets.job_bar import JobBar
from studio.widgets.plain_tip import plain_tip

_TIMES_INTERVAL = 500  # milliseconds between two readings of the times shown
_TITLES = {**TITLES, "auto": "Automatic"}


def backend_title(name: str, device: str | None) -> str:
    """Backend and device for people, like PyTorch · cpu."""
    title = _TITLES.get(name, name)
    return f"{title} · {device}" if device else title


class StatusLine:
    """Labels in the window's status bar."""

    def __init__(self, window: QMainWindow) -> None:
        bar = QStatusBar()
        bar.setSizeGripEnabled(False)
        window.setStatusBar(bar)
        self._model = ElidedLabel()
        self._backend = QToolButton(autoRaise=True, popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self._backend.setToolTip("Switch backend and device")
        self._backend.setAccessibleName("Backend")
        self._backend.setText("Backend loading…")
        self._times = ElidedLabel()
        self._last_step = ElidedLabel()
        self._last = self._finding = ""
        self._clock = QTimer(bar, interval=_TIMES_INTERVAL)
        self.job_bar = JobBar()
        for widget in (self._model, self._backend, self._times):
            bar.addWidget(widget)
        bar.addPermanentWidget(self.job_bar)
        bar.addPermanentWidget(self._last_step)
        for label in (self._model, self._times, self._last_step):
            label.setProperty("role", "secondary")

    def show_model(self, model: HeadModel) -> None:
        """Name and sizes of the model in use."""
        is_demo = model.source == OPEN_HEAD
        name = f"{model.name}, a demo model" if is_demo else model.name
        self._model.setText(f"{name} · {model.shape_count} shape · {model.expression_count} expression")
        hint = " · File ▸ Models… tells how to add a licensed FLAME model" if is_demo else ""
        self._model.setToolTip(plain_tip(f"{model.vertex_count} vertices · {model.licence}{hint}"))

    def show_backend(self, name: str, device: str) -> None:
        """Backend and device in use."""
        self._backend.setText(backend_title(name, device))

    def read_times(self, times: Callable[[], tuple[float, float] | None]) -> None:
        """Show now and then the seconds that the last forward pass and drawing took on the CPU.

        ``times`` tells them; None while there are none.
        """

        def show() -> None:
            told = times()
            if told is not None:
                forward, drawing = told
                self._times.setText(f"{1e3 * forward:.1f} ms forward · {1e3 * drawing:.1f} ms drawing")

        self._clock.timeout.connect(show)
        self._clock.start()

    def show_last_step(self, text: str) -> None:
        """What Ctrl+Z would take back."""
        self._last = text
        told = (f"Undo: {text}" if text else "", f"{self._finding} commands" if self._finding else "")
        self._last_step.setText("    ".join(filter(None, told)))

    def show_finding_keys(self, keys: str) -> None:
        """Which keys find commands."""
        self._finding = keys
        self.show_last_step(self._last)

    def offer_backends(
        self, offers: Iterable[tuple[str, str | None]], use: Callable[[str, str | None], object]
    ) -> None:
        """Fill the backend button's menu with pairs of name and device."""
        menu = QMenu(self._backend)
        for name, device in offers:
            action = menu.addAction(backend_title(name, device))
            action.triggered.connect(lambda _checked=False, n=name, d=device: use(n, d))
        self._backend.setMenu(menu)
