"""The group of the Fit panel for films: to fit to one, and how well each of its frames fits."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from studio.document.document import Document
from studio.document.film_errors import error_at, mean_error, worst_frames
from studio.panels.bars import side_by_side, word_button
from studio.panels.look_section import note, say
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group

_COUNT = 4  # frames that can be gone to
_WORST = "Go to a frame that misses most"


class FilmGroup(Group):
    """Tells of the active take where it was fitted to a film; ``asked`` names an action."""

    asked = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("Film", parent)
        self._document = document
        self._errors: tuple[float, ...] | None = None
        self._frames: tuple[int, ...] = ()
        self._told = note()
        self._worst = [self._button(place) for place in range(_COUNT)]
        self._row = FormRow("Worst frames", side_by_side(*self._worst))
        self.add(
            word_button(
                "Fit to film…",
                lambda: self.asked.emit("fit.film"),
                "Follow a face through a film; the head becomes a take that moves like it",
            )
        )
        self.add(self._told)
        self.add(self._row)
        self.show_document()

    def _button(self, place: int) -> QPushButton:
        button = word_button("", lambda: self._document.set(position=float(self._frames[place])), _WORST)
        button.setAccessibleName(_WORST)
        return button

    def show_document(self) -> None:
        """Tell what the frame under the cursor misses, and offer the worst ones."""
        take = self._document.take
        if take.fit_errors != self._errors:
            self._errors, self._frames = take.fit_errors, worst_frames(take, _COUNT)
            self._show_worst()
        mean = mean_error(take)
        if mean is None:
            say(self._told, "")
            return
        error = error_at(take, self._document.position)
        here = "is not known" if error is None else f"is {error:.1f} %"
        say(
            self._told,
            f"Between the points and the head in frame {round(self._document.position)} {here} of the eye "
            f"distance; {mean:.1f} % on average.",
        )

    def _show_worst(self) -> None:
        self._row.setVisible(bool(self._frames))
        for place, button in enumerate(self._worst):
            has = place < len(self._frames)
            button.setVisible(has)
            if not has:
                continue
            frame = self._frames[place]
            error = self._document.take.fit_errors[frame]
            button.setText(str(frame))
            button.setToolTip(f"Go to frame {frame}, which misses {error:.1f} % of the eye distance")
            button.setAccessibleName(f"Go to frame {frame}")
