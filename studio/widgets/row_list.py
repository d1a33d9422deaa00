"""Many slider rows of which only those that were in view exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.theme import keep_fitted, scaled
from studio.widgets.slider_paint import KeyState
from studio.widgets.slider_row import ROW_HEIGHT, SliderRow
from studio.widgets.slider_scale import SliderScale
from studio.widgets.thumbnail import THUMBNAIL_SIDE, Thumbnail

_GAP = 8
PITCH = ROW_HEIGHT + _GAP  # from row to row, at the usual size of text
_MARGIN = 2  # rows built beyond each end of the view, so that Tab finds the next one
_PICTURE_GAP = 4  # from picture to picture
_PICTURE_ROOM = 280  # a narrower list leaves its pictures out, at the usual size of text


@dataclass(frozen=True)
class RowPictures:
    """What a list asks for the pictures of its rows: None where one is still to come, and words for it."""

    picture: Callable[[int], QImage | None]
    tip: Callable[[int], str]


class RowList(QWidget):
    """A column of slider rows, built when they come into view and kept from then on.

    A scroll area around it calls :meth:`show_part` as its view moves. Rows ask ``read`` for the
    value they show, ``locked``, where they can be locked, whether it is, and ``key``, where they can have
    keys in time, whether they have; with ``pictures`` each has one at its left.
    """

    value_changed = Signal(int, float, object)  # row, value, gesture or None
    lock_asked = Signal(int)  # row
    key_asked = Signal(int)  # row
    row_focused = Signal(QRect)  # where, in this widget

    def __init__(
        self,
        scales: Sequence[SliderScale],
        read: Callable[[int], float],
        locked: Callable[[int], bool] | None = None,
        pictures: RowPictures | None = None,
        parent: QWidget | None = None,
        key: Callable[[int], KeyState] | None = None,
    ) -> None:
        super().__init__(parent)
        self._scales = tuple(scales)
        self._read = read
        self._locked = locked
        self._pictures = pictures
        self._key = key
        self._rows: dict[int, SliderRow] = {}
        self._thumbnails: dict[int, Thumbnail] = {}
        self._listed = tuple(range(len(self._scales)))
        self._place = {index: index for index in self._listed}
        self._view = range(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keep_fitted(self, self._fit_to_text)

    @property
    def pitch(self) -> int:
        """Pixels from row to row."""
        if self._pictures is not None:
            return scaled(THUMBNAIL_SIDE) + _PICTURE_GAP
        return scaled(ROW_HEIGHT) + _GAP

    @property
    def rows(self) -> dict[int, SliderRow]:
        """The rows that exist, by number."""
        return self._rows

    @property
    def listed(self) -> tuple[int, ...]:
        """The numbers of the rows that are listed now."""
        return self._listed

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as the listed rows."""
        return QSize(300, self.minimumHeight())

    def list_only(self, wanted: Callable[[SliderScale], bool]) -> None:
        """List only rows whose scale is ``wanted``."""
        self._listed = tuple(index for index, scale in enumerate(self._scales) if wanted(scale))
        self._place = {index: place for place, index in enumerate(self._listed)}
        # Hiding the row in focus moves the focus and so the view, which may build rows meanwhile.
        for index, row in tuple(self._rows.items()):
            row.setVisible(index in self._place)
            if index in self._thumbnails:
                self._thumbnails[index].setVisible(index in self._place)
        self._fit_height()
        self._arrange()
        self._view = range(0)

    def show_part(self, area: QRect) -> None:
        """Build and refresh the rows in ``area``, which is in this widget's coordinates."""
        if area.isEmpty():
            self._view = range(0)
            return
        first = max(area.top() // self.pitch - _MARGIN, 0)
        last = min(area.bottom() // self.pitch + _MARGIN, len(self._listed) - 1)
        view = range(first, last + 1)
        if view == self._view:
            return
        self._view = view
        for place in view:
            if self._listed[place] not in self._rows:
                self._build(self._listed[place])
        self.refresh()

    def focus_row(self, index: int) -> None:
        """Give the focus to row ``index``, which must be listed."""
        if index not in self._rows:
            self._build(index)
        self._rows[index].setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read the values of the rows in view again."""
        for place in self._view:
            index = self._listed[place]
            self._rows[index].set_value(self._read(index))
            if self._locked is not None:
                self._rows[index].set_locked(self._locked(index))
            if self._key is not None:
                self._rows[index].set_key(self._key(index))
            if self._pictures is not None and self._thumbnails[index].image is None:
                self._thumbnails[index].set_image(self._pictures.picture(index))

    def _build(self, index: int) -> None:
        row = SliderRow(
            self._scales[index], self, lockable=self._locked is not None, keyable=self._key is not None
        )
        row.key_asked.connect(lambda number=index: self.key_asked.emit(number))
        row.lock_asked.connect(lambda number=index: self.lock_asked.emit(number))
        row.value_changed.connect(
            lambda value, gesture, number=index: self.value_changed.emit(number, value, gesture)
        )
        row.focused.connect(lambda number=index: self._on_focus(number))
        earlier = [other for other in self._rows if other < index]
        before = self._rows[max(earlier)] if earlier else self._before_first()
        if before is not None:
            QWidget.setTabOrder(before, row)
        self._rows[index] = row
        if self._pictures is not None:
            self._thumbnails[index] = Thumbnail(partial(self._pictures.tip, index), self)
            self._thumbnails[index].show()
        self._put(index)
        row.show()

    def _before_first(self) -> QWidget | None:
        """What Tab reaches before the first of the rows there are; whoever holds the list orders new ones."""
        if not self._rows:
            return None
        widget = self._rows[min(self._rows)].previousInFocusChain()
        while widget is not None and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            widget = widget.previousInFocusChain()
        return widget

    def _on_focus(self, index: int) -> None:
        if index in self._place:  # a row that is being hidden passes the focus on to rows yet to be hidden
            self.row_focused.emit(QRect(0, self._place[index] * self.pitch, self.width(), self.pitch))

    def _put(self, index: int) -> None:
        top, left, height = self._place[index] * self.pitch, 0, scaled(ROW_HEIGHT)
        if self._pictures is not None:
            side = scaled(THUMBNAIL_SIDE)
            top += (side - height) // 2
            left = side + _GAP if self.width() >= scaled(_PICTURE_ROOM) else 0
            self._thumbnails[index].setGeometry(
                left - side - _GAP, self._place[index] * self.pitch, side, side
            )
        self._rows[index].setGeometry(left, top, self.width() - left, height)

    def _arrange(self) -> None:
        for index in self._rows:
            if index in self._place:
                self._put(index)

    def _fit_height(self) -> None:
        self.setFixedHeight(len(self._listed) * self.pitch)

    def _fit_to_text(self) -> None:
        self._fit_height()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the rows the new width."""
        super().resizeEvent(event)
        self._arrange()
