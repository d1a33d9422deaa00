"""The sound under the timeline: its waveform where it is heard, to be muted, moved and scrubbed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from studio.theme import current, icon, keep_fitted, painting, scaled, size_icons, tabular
from studio.widgets.gesture import next_gesture
from studio.widgets.plain_tip import plain_tip
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.waveform import Wave, paint_wave

HEIGHT = 46  # at the usual size of text
_MARGIN = 4
_BESIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MINUS = "\N{MINUS SIGN}"
_TIP = "Alt and drag to move the sound, Alt and an arrow key by a frame; right-click for more"


@dataclass(frozen=True, eq=False)
class ShownSound:
    """What the lane shows."""

    name: str
    offset: float = 0.0  # seconds from frame 0 to its beginning
    volume: float = 1.0
    muted: bool = False
    wave: Wave | None = None  # None: not read
    told: str = ""  # instead of a wave: that it is being read, or why it cannot be


class SoundLane(QWidget):
    """The waveform of one sound over the frames of ``ruler``.

    A drag scrubs; with Alt it moves the sound, which Alt and the arrow keys do by whole frames. It shows
    what it is told and asks for changes.
    """

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()
    offset_changed = Signal(float, object)  # seconds, gesture
    mute_asked = Signal()

    def __init__(self, ruler: Callable[[], TimeRuler], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ruler = ruler
        self._sound = ShownSound("")
        self._fps = 25.0
        self._position, self._range = 0.0, (0, 0)
        self._drawn: tuple[object, ...] = ()
        self._ground: QPixmap | None = None
        self._gesture: int | None = None
        self._grip: tuple[float, float] | None = None  # where a drag took hold, and the offset then
        self._scrubbing = False
        self._mute = QToolButton(self)
        self._mute.setCheckable(True)
        self._mute.setAccessibleName("Mute sound")
        self._mute.setToolTip("Play without the sound")
        self._mute.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        size_icons(self._mute, 16)
        self._mute.clicked.connect(self._on_mute)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Sound")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        keep_fitted(self, self._fit_to_text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as a waveform needs to be read."""
        return QSize(900, scaled(HEIGHT))

    def set_sound(self, sound: ShownSound, fps: float) -> None:
        """Show ``sound`` on frames of which there are ``fps`` a second."""
        self._sound, self._fps = sound, fps
        self._mute.setChecked(sound.muted)
        self._mute.setIcon(icon("mute" if sound.muted else "sound"))
        self._mute.setToolTip("Hear the sound again" if sound.muted else "Play without the sound")
        self.setToolTip(plain_tip(f"{sound.name}. {_TIP}"))
        state = f"{sound.told or f'from {sound.offset:.3f} s'}{', muted' if sound.muted else ''}"
        self.setAccessibleName(f"Sound {sound.name}")
        self.setAccessibleDescription(state)
        self.update()

    def set_position(self, position: float) -> None:
        """Move the cursor."""
        if position != self._position:
            for frame in (self._position, position):
                self.update(round(self._ruler().x(frame)) - 2, 0, 5, self.height())
            self._position = position

    def follow(self, timeline: QWidget) -> None:
        """Draw anew where ``timeline``, whose ruler it is, shows another part of time."""
        timeline.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See that the timeline is drawn."""
        if event.type() == QEvent.Type.Paint and self._drawn and self._drawn[0] != self._ruler():
            self._place_button()
            self.update()
        return super().eventFilter(watched, event)

    def set_range(self, first: int, last: int) -> None:
        """Show which frames are played."""
        self._range = (first, last)
        self.update()

    def _fit_to_text(self) -> None:
        self.setFixedHeight(scaled(HEIGHT))
        self._place_button()
        self._ground = None
        self.update()

    def _place_button(self) -> None:
        side = scaled(26)
        left = round(self._ruler().left)
        self._mute.setGeometry(left - side - 8, (self.height() - side) // 2, side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the button at the end of the name."""
        super().resizeEvent(event)
        self._place_button()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw anew in the colours of another theme."""
        super().changeEvent(event)
        self._ground = None
        self._mute.setIcon(icon("mute" if self._sound.muted else "sound"))
        self.update()

    def _on_mute(self) -> None:
        self._mute.setChecked(self._sound.muted)  # until the document says otherwise
        self.mute_asked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the sound, or bring the cursor here."""
        place = event.position()
        if event.button() != Qt.MouseButton.LeftButton or place.x() < self._ruler().left - 6:
            return
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._grip, self._gesture = (place.x(), self._sound.offset), next_gesture()
        elif self._ruler().count > 1:
            self._scrubbing = True
            self.scrub_started.emit()
            self._scrub_to(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the sound, or scrub."""
        if self._grip is not None:
            self._shift_to(event.position())
        elif self._scrubbing:
            self._scrub_to(event.position())
        else:
            moves = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.setCursor(Qt.CursorShape.SizeHorCursor if moves else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._grip = self._gesture = None
        if self._scrubbing:
            self._scrubbing = False
            self.scrub_finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Alt and an arrow move the sound by a frame."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        self.offset_changed.emit(self._sound.offset + step / self._fps, None)

    def _scrub_to(self, place: QPointF) -> None:
        frame = float(round(self._ruler().frame(place.x())))
        if frame != self._position:
            self.set_position(frame)
            self.scrubbed.emit(frame)

    def _shift_to(self, place: QPointF) -> None:
        assert self._grip is not None
        scale = _scale(self._ruler())
        if scale > 0.0:
            began, offset = self._grip
            moved = round(offset + (place.x() - began) / scale / self._fps, 3)
            if moved != self._sound.offset:
                self.offset_changed.emit(moved, self._gesture)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the still part from its picture, and the cursor over it."""
        ruler, roles = self._ruler(), current()
        scale = self.devicePixelRatioF()
        state = (ruler, self._sound, self._fps, self._range, self.size(), scale, roles.name)
        if self._ground is None or state != self._drawn:
            self._drawn, self._ground = state, self._draw_ground(ruler)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        if ruler.count > 1:
            x = round(ruler.x(self._position)) + 0.5
            painter.setPen(QPen(QColor(roles.accent), 1.5))
            if ruler.left <= x <= ruler.right + 1:
                painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _draw_ground(self, ruler: TimeRuler) -> QPixmap:
        roles, scale = current(), self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(QColor(roles.panel))
        with painting(picture) as painter:
            self._paint_ground(painter, ruler)
        return picture

    def _paint_ground(self, painter: QPainter, ruler: TimeRuler) -> None:
        roles = current()
        painter.setFont(self.font())
        painter.setPen(QPen(QColor(roles.line), 1.0))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        self._paint_label(painter, ruler)
        seen = QRectF(ruler.left, _MARGIN, ruler.right - ruler.left, self.height() - 2 * _MARGIN)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._sound.wave is None or _scale(ruler) <= 0.0:
            painter.setPen(QColor(roles.secondary))
            painter.drawText(seen, _BESIDE, self._sound.told)
        else:
            painter.setClipRect(seen)
            self._paint_sound(painter, ruler, seen, self._sound.wave)
            self._paint_outside(painter, ruler, seen)

    def _paint_label(self, painter: QPainter, ruler: TimeRuler) -> None:
        roles, sound = current(), self._sound
        room = QRectF(12, 0, self._mute.x() - 18, self.height())
        metrics, stem = painter.fontMetrics(), sound.name.rpartition(".")[0] or sound.name
        painter.setPen(QColor(roles.secondary if sound.muted else roles.text))
        name = metrics.elidedText(" ".join(stem.split()), Qt.TextElideMode.ElideMiddle, round(room.width()))
        line = metrics.height()
        top = (self.height() - 2 * line) / 2 if sound.offset else (self.height() - line) / 2
        painter.drawText(QRectF(room.left(), top, room.width(), line), _BESIDE, name)
        if sound.offset:
            painter.setFont(tabular(painter.font()))
            painter.setPen(QColor(roles.secondary))
            text = f"{sound.offset:+.3f} s".replace("-", _MINUS)
            painter.drawText(QRectF(room.left(), top + line, room.width(), line), _BESIDE, text)

    def _paint_sound(self, painter: QPainter, ruler: TimeRuler, seen: QRectF, wave: Wave) -> None:
        roles, sound = current(), self._sound
        left = ruler.x(sound.offset * self._fps)
        right = ruler.x((sound.offset + wave.seconds) * self._fps)
        block = QRectF(left, seen.top(), right - left, seen.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(roles.groove if sound.muted else roles.data_fill))
        painter.drawRoundedRect(block, 4.0, 4.0)
        shown = block.intersected(seen)
        if shown.width() < 1.0:
            return
        begin, end = ((x - left) / _scale(ruler) / self._fps for x in (shown.left(), shown.right()))
        colour = QColor(roles.disabled if sound.muted else roles.data)
        paint_wave(painter, shown.adjusted(0, 2, 0, -2), wave, begin, end, colour, min(sound.volume, 1.0))

    def _paint_outside(self, painter: QPainter, ruler: TimeRuler, seen: QRectF) -> None:
        """Veil what is not played."""
        veil = QColor(current().panel)
        veil.setAlphaF(0.7)
        first, last = (ruler.x(frame) for frame in self._range)
        for left, right in ((seen.left(), first), (last, seen.right())):
            if right - left > 0.5:
                painter.fillRect(QRectF(left, 0, right - left, self.height()), veil)


def _scale(ruler: TimeRuler) -> float:
    """Pixels from frame to frame."""
    return ruler.x(1.0) - ruler.x(0.0) if ruler.count > 1 else 0.0
