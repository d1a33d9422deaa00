"""Curves: the channels of the active take over time, as they are seen. Imported when first shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QWidget

from studio.flame.model import HeadModel
from studio.panels.words import component_titles
from studio.sequence.channels import Channel, channels_of, degrees_for_unit, reach
from studio.sequence.clip import Clip
from studio.theme import current
from studio.theme.series import series_colour
from studio.widgets.curve_legend import DASHES, CurveLegend, LegendEntry
from studio.widgets.curve_plot import Curve, CurvePlot, Scales

_NOTHING_MOVES = "Nothing moves in this take"


class CurvesView(QWidget):
    """A legend beside a plot. It shows what it is told and asks for another frame."""

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._hint = hint
        self._channels: tuple[Channel, ...] = ()
        self._hidden: set[str] = set()
        self._count = 0
        self._sigma = False
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "secondary")
        self._legend = CurveLegend()
        self._plot = CurvePlot()
        self._lay_out()
        self._legend.shown_changed.connect(self._on_shown)
        self._legend.pointed.connect(self._plot.point_at)
        self._plot.scrub_started.connect(self.scrub_started)
        self._plot.scrubbed.connect(self.scrubbed)
        self._plot.scrub_finished.connect(self.scrub_finished)

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

    def set_clip(self, clip: Clip, model: HeadModel) -> None:
        """Show the channels of ``clip``, made for ``model``; curves hidden before stay hidden."""
        count = clip.expr.shape[1]
        titles = component_titles(model.expression_names, count, "Expression")
        self._sigma = bool((model.expression_ranges < 0.0).any())
        before = [channel.title for channel in self._channels]
        self._channels = channels_of(clip, titles) if len(clip) > 1 else ()
        self._empty.setText(_NOTHING_MOVES if len(clip) > 1 else self._hint)
        self._pages.setCurrentIndex(1 if self._channels else 0)
        if len(clip) != self._count:
            self._count = len(clip)
            self._plot.set_length(len(clip))
        if [channel.title for channel in self._channels] != before:
            self._fill_legend()
        self._show_channels()

    def set_range(self, first: int, last: int) -> None:
        """Show the first and the last frame played."""
        self._plot.set_range(first, last)

    def set_position(self, position: float) -> None:
        """Move the cursor."""
        self._plot.set_position(position)

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
        self._show_channels()

    def _show_channels(self) -> None:
        shown = [channel.title not in self._hidden for channel in self._channels]
        seen = [channel for channel, on in zip(self._channels, shown, strict=True) if on]
        unit = degrees_for_unit(seen)
        colours = _colours(self._channels)
        self._plot.set_curves(
            [
                Curve(channel.values * (1.0 if channel.is_angle else unit), colour, DASHES[channel.member])
                for channel, colour in zip(self._channels, colours, strict=True)
            ]
        )
        self._plot.set_shown(shown)
        self._plot.set_scales(self._scales(seen, unit))

    def _scales(self, seen: Sequence[Channel], unit: float) -> Scales:
        angles, units = reach(seen, angles=True), reach(seen, angles=False)
        low, high = min(angles[0], units[0] * unit), max(angles[1], units[1] * unit)
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
                self._show_channels()


def _colours(channels: Sequence[Channel]) -> list[str]:
    """A colour for each of ``channels``: one for each family, in which dashes tell the members apart."""
    families = list(dict.fromkeys(channel.family for channel in channels))
    return [series_colour(families.index(channel.family), current()) for channel in channels]
