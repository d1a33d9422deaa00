"""Curves: the channels of the active take over time, and the keys of its active layer on them.

Imported when first shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QWidget

from studio.document.take import Take
from studio.document.take_curves import TakeCurves, clip_values
from studio.flame.model import HeadModel
from studio.panels.curve_menu import key_menu, key_pressed
from studio.panels.key_curves import (
    channel_of,
    chosen_after,
    drag_edit,
    handle_edit,
    keyed_curve,
    name_of,
    sampled,
    scale_of,
)
from studio.panels.key_desk import KeyDesk
from studio.panels.words import component_titles
from studio.sequence.channels import Channel, degrees_for_unit, reach
from studio.sequence.curves import Curve as KeyCurve
from studio.theme import current
from studio.theme.series import series_colour
from studio.widgets.curve_hand import Chosen, HandleDrag, KeyDrag, Way
from studio.widgets.curve_legend import DASHES, CurveLegend, LegendEntry
from studio.widgets.curve_plot import Curve, Scales
from studio.widgets.key_plot import KeyPlot

_NOTHING_MOVES = "Nothing moves in this take"
_LATE = 40  # milliseconds by which curves may come after the hand, so that they never hold it up
_SOON = 8  # the same while a key is dragged, whose curve is to bend with it
_QUICK = 8000  # frames up to which it does
_THIN = 1.0
_MOVE, _HANDLE = "Move keys", "Move handle"  # the steps of drags


class CurvesView(QWidget):
    """A legend beside a plot. It shows what it is told, asks for frames, and edits keys by ``desk``."""

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()

    def __init__(self, hint: str, desk: KeyDesk) -> None:
        super().__init__()
        self._hint = hint
        self._desk = desk
        self._curves = TakeCurves()
        self._take: Take | None = None
        self._model: HeadModel | None = None
        self._titles: tuple[str, ...] = ()
        self._channels: tuple[Channel, ...] = ()
        self._samples: dict[str, tuple[KeyCurve, int, NDArray, NDArray]] = {}
        self._unit = 1.0
        self._hidden: set[str] = set()
        self._held = ""  # the curve of the plot whose key is dragged
        self._count = 0
        self._sigma = False
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self._draw)
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "secondary")
        self._legend = CurveLegend()
        self._plot = KeyPlot()
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self._legend.shown_changed.connect(self._on_shown)
        self._legend.pointed.connect(self._plot.point_at)
        self._plot.scrub_started.connect(self.scrub_started)
        self._plot.scrubbed.connect(self.scrubbed)
        self._plot.scrub_finished.connect(self.scrub_finished)
        self._plot.menu_asked.connect(self._open_menu)
        hand = self._plot.hand
        hand.chosen.connect(self._choose)
        hand.key_asked.connect(self._set_key)
        hand.keys_dragged.connect(self._drag_keys)
        hand.handle_dragged.connect(self._drag_handle)
        hand.drag_finished.connect(self._draw)
        hand.drag_cancelled.connect(self._cancel)
        self._desk.chosen_changed.connect(self._draw_keys)

    def _lay_out(self) -> None:
        curves = QWidget()
        row = QHBoxLayout(curves)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._legend)
        row.addWidget(self._plot, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(curves)

    @property
    def plot(self) -> KeyPlot:
        """The plot beside the legend."""
        return self._plot

    def set_take(self, take: Take, model: HeadModel) -> None:
        """Show the channels of ``take`` on ``model``; curves hidden before stay hidden.

        Keys are drawn at once. The lines come a moment later where it is the clip that is shown already.
        """
        known = self._take is not None and take.clip is self._take.clip and model is self._model
        if known and take is self._take:
            return
        count = take.clip.expr.shape[1]
        if model is not self._model or len(self._titles) != count:
            self._titles = component_titles(model.expression_names, count, "Expression")
            self._sigma = bool((model.expression_ranges < 0.0).any())
        self._take, self._model = take, model
        if len(take) != self._count:
            self._count = len(take)
            self._plot.set_length(len(take))
        if not known:
            self._draw()
            return
        if self._channels:
            self._draw_keys()
        dragged = self._plot.hand.busy
        if not self._late.isActive() and (not dragged or len(take) <= _QUICK):  # else when the hand lets go
            self._late.start(_SOON if dragged else _LATE)

    def set_range(self, first: int, last: int) -> None:
        """Show the first and the last frame played."""
        self._plot.set_range(first, last)

    def set_position(self, position: float) -> None:
        """Move the cursor."""
        self._plot.set_position(position)

    def _draw(self) -> None:
        """List the channels, and draw their lines and keys."""
        take = self._take
        if take is None:
            return
        before = [channel.label for channel in self._channels]
        self._channels = self._curves.channels(take, self._titles) if len(take) > 1 else ()
        self._empty.setText(_NOTHING_MOVES if len(take) > 1 else self._hint)
        self._pages.setCurrentIndex(1 if self._channels else 0)
        if [channel.label for channel in self._channels] != before:
            self._fill_legend()
        self._draw_lines(take)
        self._draw_keys()

    def _fill_legend(self) -> None:
        entries = [
            LegendEntry(channel.title, colour, DASHES[channel.member])
            for channel, colour in zip(self._channels, _colours(self._channels), strict=True)
        ]
        self._legend.set_entries(entries)
        self._legend.set_shown([channel.title not in self._hidden for channel in self._channels])

    def _on_shown(self) -> None:
        for channel, on in zip(self._channels, self._legend.shown, strict=True):
            (self._hidden.discard if on else self._hidden.add)(channel.title)
        if self._take is not None:
            self._draw_lines(self._take)
        self._draw_keys()

    @property
    def _shown(self) -> list[bool]:
        return [channel.title not in self._hidden for channel in self._channels]

    def _draw_lines(self, take: Take) -> None:
        seen = [channel for channel, on in zip(self._channels, self._shown, strict=True) if on]
        if not self._plot.hand.busy:  # the height of a unit stays under the hand
            self._unit = degrees_for_unit(seen)
        colours = _colours(self._channels)
        lines = [
            Curve(channel.values * self._height(channel), colour, DASHES[channel.member])
            for channel, colour in zip(self._channels, colours, strict=True)
        ]
        more, more_shown = self._other_lines(take, colours)
        self._plot.set_curves([*lines, *more])
        self._plot.set_shown([*self._shown, *more_shown])
        self._plot.set_names([name_of(channel.label) for channel in self._channels])
        self._plot.set_scales(self._scales(seen, self._unit))

    def _height(self, channel: Channel) -> float:
        return 1.0 if channel.is_angle else self._unit

    def _other_lines(self, take: Take, colours: Sequence[str]) -> tuple[list[Curve], list[bool]]:
        """Beside what is seen of channels with keys: thin, what the clip has, and what the keys alone say."""
        lines, shown = [], []
        for channel, colour, on in zip(self._channels, colours, self._shown, strict=True):
            curve = self._desk.keys.get(channel.label.channel)
            if curve is None or curve.width <= channel.label.axis:
                continue
            frames, numbers = self._sampled(channel.label.channel, curve, len(take))
            values = numbers[:, channel.label.axis] * scale_of(channel.label, self._unit)
            lines.append(Curve(values.astype(np.float32), colour, Qt.PenStyle.DashDotLine, frames, _THIN))
            shown.append(on)
            if len(take.clip) > 1 and not channel.label.channel.startswith("control/"):
                below = clip_values(take.clip, channel.label.channel, len(take))[:, channel.label.axis]
                scale = scale_of(channel.label, self._unit)
                lines.append(
                    Curve((below * scale).astype(np.float32), colour, Qt.PenStyle.DotLine, width=_THIN)
                )
                shown.append(on)
        return lines, shown

    def _sampled(self, name: str, curve: KeyCurve, count: int) -> tuple[NDArray, NDArray]:
        """Frames (N,) and values (N, W) of what the keys of channel ``name`` say; kept while they stay."""
        known = self._samples.get(name)
        if known is None or known[0] is not curve or known[1] != count:
            known = self._samples[name] = curve, count, *sampled(curve, count)
        return known[2], known[3]

    def _draw_keys(self) -> None:
        keys, chosen = self._desk.keys, self._desk.chosen
        self._plot.set_keyed(
            [
                keyed_curve(keys[channel.label.channel], channel.label, self._unit, chosen, colour)
                for channel, colour, on in zip(
                    self._channels, _colours(self._channels), self._shown, strict=True
                )
                if on and channel.label.channel in keys
            ]
        )

    def _choose(self, chosen: Chosen, way: Way) -> None:
        if chosen:
            self._held = next(iter(chosen))
        self._desk.choose(chosen_after(self._desk.keys, self._desk.chosen, chosen, way))

    def _set_key(self, name: str, frame: float, _value: float) -> None:
        channel, _ = channel_of(name)
        label = next(one.label for one in self._channels if name_of(one.label) == name)
        whole = float(min(max(round(frame), 0), self._count - 1))
        self._desk.set_at(f"Key {label.title}", (channel,), whole)

    def _drag_keys(self, drag: KeyDrag) -> None:
        labels = [channel.label for channel in self._channels]
        held = next((label for label in labels if name_of(label) == self._held), None)
        if held is None:
            return
        unit = self._unit
        self._desk.change(
            _MOVE, lambda keys, chosen: drag_edit(keys, chosen, drag, held, labels, unit), drag.gesture
        )

    def _drag_handle(self, drag: HandleDrag) -> None:
        labels = {name_of(channel.label): channel.label for channel in self._channels}
        unit = self._unit
        self._desk.change(
            _HANDLE, lambda keys, chosen: handle_edit(keys, chosen, drag, labels, unit), drag.gesture
        )

    def _cancel(self, gesture: int, is_handle: bool) -> None:
        self._desk.cancel(gesture, _HANDLE if is_handle else _MOVE)

    def _open_menu(self, place: QPoint) -> None:
        key_menu(self._desk, self.fit_chosen, self).popup(place)

    def fit_chosen(self) -> None:
        """Bring the chosen keys into view, or everything where none is chosen."""
        seen = [
            np.stack([curve.frames[curve.chosen], curve.values[curve.chosen]]) for curve in self._plot.keyed
        ]
        places = np.concatenate([np.zeros((2, 0)), *seen], axis=1)
        if not places.shape[1]:
            self._plot.fit()
            return
        (first, low), (last, high) = places.min(axis=1), places.max(axis=1)
        self._plot.fit_to(float(first), float(last), float(low), float(high))

    def event(self, event: QEvent) -> bool:
        """Keep the keys that edit keys from being taken as shortcuts."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._channels:
            takes = key_pressed(event, self._desk, self.fit_chosen, only_ask=True)
            event.setAccepted(takes)
            return takes
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose, delete, copy, paste, or change keys."""
        if not self._channels or not key_pressed(event, self._desk, self.fit_chosen):
            super().keyPressEvent(event)

    def _scales(self, seen: Sequence[Channel], unit: float) -> Scales:
        angles, units = reach(seen, angles=True), reach(seen, angles=False)
        low, high = min(angles[0], units[0] * unit), max(angles[1], units[1] * unit)
        for curve in self._plot.keyed:
            low, high = min(low, float(curve.values.min())), max(high, float(curve.values.max()))
        has_units = any(not channel.is_angle for channel in seen)
        return Scales(
            low,
            high if high > low else low + 1.0,
            unit,
            "°" if any(channel.is_angle for channel in seen) else "",
            "\N{NARROW NO-BREAK SPACE}\N{GREEK SMALL LETTER SIGMA}" if self._sigma else "",
            "Expression" if has_units else "",
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the curves in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._plot.paint_theme()
            for entry, colour in zip(self._legend.entries, _colours(self._channels), strict=True):
                entry.colour = colour
                entry.update()
            if self._channels:
                self._on_shown()


def _colours(channels: Sequence[Channel]) -> list[str]:
    """A colour for each of ``channels``: one for each family, in which dashes tell the members apart."""
    families = list(dict.fromkeys(channel.family for channel in channels))
    return [series_colour(families.index(channel.family), current()) for channel in channels]
