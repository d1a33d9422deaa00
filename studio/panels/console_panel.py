"""Console: Python at work on what the window shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.document.document import Document
from studio.panels.panel import Panel, Push
from studio.scripting.interpreter import Interpreter, Kind
from studio.widgets.console_entry import ConsoleEntry
from studio.widgets.console_output import ERROR, IN, OUT, ConsoleOutput

_GREETING = (
    "Python on what you see: studio, document, model, params, backend, np. help(studio) tells what it does,\n"
    "params = … shows parameters. Every change undoes; a long loop holds the window up until it ends.\n"
)
_PROMPT, _GOES_ON = ">>> ", "... "

if TYPE_CHECKING:
    from studio.scripting.studio import Studio


class ConsolePanel(Panel):
    """A prompt and what came of it. ``make_studio`` gives what scripts work on, when it is first seen."""

    def __init__(
        self, document: Document, push: Push, make_studio: Callable[[], Studio], typed: list[str]
    ) -> None:
        super().__init__(document, push)
        self._make_studio = make_studio
        self._typed = typed

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Some lines."""
        return QSize(900, 204)

    @property
    def typed(self) -> list[str]:
        """What was typed, also at earlier starts, the last one last."""
        return self._entry.typed if self._built else self._typed

    def build(self) -> None:
        """Output above, the prompt below."""
        self._output = ConsoleOutput()
        interpreter = Interpreter(self._make_studio(), self._write)
        self._interpreter = interpreter
        self._entry = ConsoleEntry(interpreter.is_whole, interpreter.offers)
        self._entry.remember(self._typed)
        self._entry.entered.connect(self._run)
        self._entry.offered.connect(lambda offers: self._output.write("   ".join(offers) + "\n", IN))
        self._entry.clear_asked.connect(self._output.clear)
        self._prompt = QLabel(_PROMPT.strip())
        self._prompt.setObjectName("prompt")
        self._prompt.setAlignment(Qt.AlignmentFlag.AlignTop)
        line = QWidget()
        line.setObjectName("console_entry")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._prompt)
        row.addWidget(self._entry, 1)
        self._layout.addWidget(self._output, 1)
        self._layout.addWidget(line)
        self._use_fixed_font()
        self._output.write(_GREETING, IN)
        self.setFocusProxy(self._entry)

    def focus(self) -> None:
        """Give the keys to the prompt, once it is there."""
        if self._built:
            self._entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_document(self, names: frozenset[str]) -> None:
        """Nothing of the document is shown: scripts ask for it."""

    def _run(self, text: str) -> None:
        first, *others = text.split("\n")
        shown = [_PROMPT + first, *(_GOES_ON + line for line in others)]
        self._output.write("\n".join(shown) + "\n", IN)
        self._interpreter.run(text)

    def _write(self, text: str, kind: Kind) -> None:
        self._output.write(text, ERROR if kind == "error" else OUT)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the size of the application's text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._built:
            self._use_fixed_font()

    def _use_fixed_font(self) -> None:
        font = QFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        font.setPointSizeF(max(self.font().pointSizeF(), 1.0))
        if self.font().pixelSize() > 0:
            font.setPixelSize(self.font().pixelSize())
        for widget in (self._output, self._entry, self._prompt):
            widget.setFont(font)
        self._entry.fit()
