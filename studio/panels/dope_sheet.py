"""Keys and markers of the active take in the rows of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from studio.document.document import Document
from studio.document.key_commands import face_channels, keys_of
from studio.panels.key_desk import KeyDesk
from studio.panels.key_menu import key_menu, marker_menu
from studio.panels.markers import Markers
from studio.panels.timeline_tracks import FACE, GROUPS, SUMMARY, Grounds, keyed_channels, lanes_of
from studio.sequence import key_edits
from studio.sequence.key_selection import KeySelection
from studio.widgets.timeline import Lane, Timeline
from studio.widgets.timeline_paint import Flag


class DopeSheet(QObject):
    """Which rows are open and chosen, what the timeline shows of keys, and what hands ask for there."""

    def __init__(self, document: Document, desk: KeyDesk, markers: Markers) -> None:
        super().__init__()
        self._document, self._desk, self._markers = document, desk, markers
        self._timeline: Timeline | None = None
        self._grounds: Grounds | None = None
        self._opened: frozenset[str] = frozenset()
        self._tracks: frozenset[str] = frozenset()
        self._listed: tuple[object, ...] = ()
        self._hint = ""
        desk.chosen_changed.connect(self._show_chosen)

    def attach(self, timeline: Timeline, hint: str) -> None:
        """Show keys in ``timeline``; ``hint`` is told where there is nothing to play."""
        self._timeline, self._hint = timeline, hint
        desk = self._desk
        timeline.keys_chosen.connect(desk.choose)
        timeline.keys_moved.connect(desk.move)
        timeline.keys_duplicated.connect(desk.duplicate)
        timeline.keys_scaled.connect(
            lambda factor, about, whole, gesture: desk.scale(factor, about, gesture, whole)
        )
        timeline.gesture_cancelled.connect(desk.cancel)
        timeline.key_asked.connect(self._set_key_of)
        timeline.lane_opened.connect(self._open)
        timeline.lanes_chosen.connect(self._choose_tracks)
        timeline.flag_moved.connect(self._markers.move)
        timeline.flag_asked.connect(self._markers.rename)
        timeline.menu_asked.connect(self._show_menu)
        timeline.asked.connect(self.do)

    def show(self) -> None:
        """Show the rows, keys and markers of the document's take."""
        timeline, take = self._timeline, self._document.take
        if timeline is None:
            return
        if self._grounds is None or self._grounds.clip is not take.clip:
            self._grounds = Grounds(take.clip)
            timeline.show_all()
        listed = self._structure()
        if len(listed) != len(self._listed) or any(
            one is not other and one != other for one, other in zip(listed, self._listed, strict=True)
        ):
            self._listed = listed
            lanes = lanes_of(self._document, self._grounds, self._opened) if len(take) > 1 else ()
            timeline.set_clip(len(take), lanes, self._hint)
        timeline.set_flags(tuple(Flag(marker.frame, marker.name, marker.colour) for marker in take.markers))
        timeline.set_time(take.fps, self._document.tools.time)
        others = [layer.curves for layer in take.layers if layer is not take.layer]
        timeline.set_keys(self._desk.keys, others)
        timeline.set_chosen(self._desk.chosen)

    def _structure(self) -> tuple[object, ...]:
        """What the rows follow from."""
        document, take = self._document, self._document.take
        keyed = keyed_channels(take)
        return take.clip, len(take), document.model, self._opened, keyed

    def _show_chosen(self) -> None:
        if self._timeline is not None:
            self._timeline.set_keys(self._desk.keys, self._timeline.dimmed)
            self._timeline.set_chosen(self._desk.chosen)

    def _open(self, name: str) -> None:
        self._opened = self._opened ^ {name}
        self.show()

    def _choose_tracks(self, chosen: frozenset[str]) -> None:
        self._tracks = chosen
        if self._timeline is not None:
            self._timeline.set_chosen_lanes(chosen)

    def do(self, name: str) -> None:
        """What a key of the keyboard asks for: copy, delete, next and so on."""
        desk = self._desk
        acts = {
            "copy": desk.copy,
            "cut": desk.cut,
            "paste": desk.paste,
            "delete": desk.delete,
            "duplicate": lambda: desk.duplicate(1.0),
            "all": desk.choose_all,
            "none": desk.choose_none,
            "invert": desk.invert,
            "next": lambda: self.go_to_key(1),
            "previous": lambda: self.go_to_key(-1),
        }
        acts[name]()

    def set_key(self) -> None:
        """Set keys at the time cursor on the tracks that are chosen, on all of the head where none is."""
        frame = float(round(self._document.position))
        ids = self._tracks or frozenset(group.id for group in GROUPS if group.fields)
        channels = self._channels(ids, frame)
        if not channels:
            channels = ("jaw_pose", "left_eye", "right_eye", "neck_pose", "rotation", "translation")
        self._desk.set_at("Set keys", channels, frame)

    def delete_here(self) -> None:
        """Delete the keys at the time cursor, of the tracks that are chosen or of all."""
        frame = float(round(self._document.position))
        self._desk.delete_at(self._chosen_channels(), frame)

    def go_to_key(self, direction: int) -> None:
        """Move the cursor to the next (1) or previous (-1) key, of the tracks that are chosen or of all."""
        keys = self._desk.keys
        among = {name: keys[name] for name in self._chosen_channels() if name in keys}
        frame = key_edits.next_key(among, self._document.position, direction)
        if frame is not None:
            self._document.set(position=frame)

    def _chosen_channels(self) -> tuple[str, ...]:
        keyed = tuple(self._desk.keys)
        if not self._tracks:
            return keyed
        return tuple(name for name in self._channels(self._tracks, self._document.position) if name in keyed)

    def _channels(self, ids: frozenset[str], frame: float) -> tuple[str, ...]:
        """The channels of the rows ``ids``; of the face those with keys and those not at rest there."""
        found: dict[str, None] = {}
        for name in sorted(ids):
            if name == FACE:
                found |= dict.fromkeys(face_channels(self._document.take, frame))
            elif name == SUMMARY:
                found |= dict.fromkeys(keys_of(self._document.take))
            else:
                group = next((group for group in GROUPS if group.id == name), None)
                found |= dict.fromkeys(
                    group.channels if group is not None else (name,) if _is_channel(name) else ()
                )
        return tuple(found)

    def _set_key_of(self, lane: Lane, frame: float) -> None:
        channels = self._channels(frozenset({lane.id}), frame)
        if channels:
            self._desk.set_at(f"Key {lane.title.lower()}", channels, frame)

    def _show_menu(self, place: QPoint, lane: Lane | None, marker: int | None) -> None:
        timeline = self._timeline
        if timeline is None:
            return
        if marker is not None:
            menu = marker_menu(timeline, self._markers, marker)
        else:
            menu = key_menu(timeline, self._desk, self.do, self._markers.add, timeline.show_all)
            if lane is not None and (lane.channels or self._channels(frozenset({lane.id}), 0.0)):
                self._offer_for(menu, lane)
        menu.popup(place)

    def _offer_for(self, menu: QMenu, lane: Lane) -> None:
        """Put what is done with a row at the top of ``menu``."""
        frame = float(round(self._document.position))
        first = menu.actions()[0]
        title = lane.title
        offers: Sequence[tuple[str, Callable[[], None]]] = (
            (f"Set key: {title}", lambda: self._set_key_of(lane, frame)),
            (f"Choose keys: {title}", lambda: self._choose_keys_of(lane)),
        )
        for text, run in offers:
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked=False, run=run: run())
            menu.insertAction(first, action)
        menu.insertSeparator(first)

    def _choose_keys_of(self, lane: Lane) -> None:
        keys = self._desk.keys
        self._desk.choose(KeySelection.all_of({name: keys[name] for name in lane.channels if name in keys}))


def _is_channel(name: str) -> bool:
    return name.startswith(("expr/", "control/", "camera/", "eyelids/")) or any(
        name in group.channels for group in GROUPS
    )
