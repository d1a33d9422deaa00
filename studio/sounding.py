"""The document's sound in the window: read on a thread of its own, and heard while it plays."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from studio.document.media import Media
from studio.document.sound_commands import begin_here, fit_take, remove_sound, toggle_mute, use_sound
from studio.sound import card
from studio.sound.card_clock import GONE, CardClock, Heard
from studio.storage.errors import JobCancelled, StudioError

if TYPE_CHECKING:
    from studio.panels.sound_strip import SoundStrip
    from studio.sound.reading import Samples, SoundFacts
    from studio.sound.sound import Sound
    from studio.window import StudioWindow

_KINDS = "Sounds (*.wav *.flac *.ogg *.oga *.mp3);;All files (*)"
_LOOK_MS = 500  # between two looks at whether the card is idle, or gone
_KEPT = 2  # sounds that are decoded at a time: undo brings the one before back at once
_log = logging.getLogger(__name__)
_NEEDS_SOUND = ("sound.mute", "sound.here", "sound.fit", "sound.remove")

_OFFERED = ("sound.mute", "sound.here", "sound.fit", "sound.scrub", "open_sound", "sound.remove")

Key = tuple[Media, int, int]  # of a file as it was read: its time and size


@dataclass(frozen=True, eq=False)
class _Loaded:
    """A sound, and its samples at the rate of the card; or why there is none."""

    media: Media
    sound: Sound | None = None
    samples: Samples | None = None
    problem: str = ""


class Sounding(QObject):
    """Keeps what is heard in step with the document's sound, and does what its actions do."""

    shown = Signal(object, str)  # the Sound to draw, None while there is none, and why it cannot be read
    _read = Signal(object)  # _Loaded

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window, self._document = window, window.document
        self.clock = CardClock(lambda fill, rate: card.open_card(fill, rate))
        self.sound: Sound | None = None
        self._samples: Samples | None = None
        self._media = Media()  # that was asked for last
        self._kept: dict[Key, Sound] = {}
        self._told: set[str] = set()
        self._position = self._document.position
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")
        self._read.connect(self._on_read)
        self._document.changed.connect(self._on_changed)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def connect_strip(self, strip: SoundStrip) -> None:
        """Show the sound on the lane ``strip``, with all that can be done to it in its menu."""
        actions = self._window.actions_by_id
        self.shown.connect(strip.show_wave)
        self._window.player.playing_changed.connect(self._on_playing)
        strip.offer([actions[name] for name in _OFFERED])

    def ask(self) -> None:
        """Let the user choose a sound."""
        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, "Open sound", str(settings.folder), _KINDS)
        if name:
            settings.folder = Path(name).parent
            self._window.files.open([Path(name)])

    def use(self, path: Path, facts: SoundFacts) -> None:
        """Let the sound at ``path`` be heard; a still gets as long as it is."""
        self._window.push(use_sound(self._document, Media(str(path.absolute())), path, facts.seconds))
        self._window.settings.remember_recent(path)

    def toggle_mute(self) -> None:
        """Mute the sound, or let it be heard again."""
        if self._document.sound:
            self._window.push(toggle_mute(self._document))

    def begin_here(self) -> None:
        """Let the sound begin at the time cursor."""
        if self._document.sound:
            self._window.push(begin_here(self._document))

    def remove(self) -> None:
        """Have no sound."""
        if self._document.sound:
            self._window.push(remove_sound(self._document))

    def fit(self) -> None:
        """Let the take last until the sound ends."""
        if self.sound is None:
            self._window.notify("The sound is not read yet; try again in a moment.")
            return
        self._window.push(fit_take(self._document, self.sound.seconds))

    def toggle_scrubbing(self) -> None:
        """Let a grain of the sound be heard where the time cursor is moved to, or not."""
        settings = self._window.settings
        settings.scrub_sound = not settings.scrub_sound
        self.show_checks()

    def show_checks(self) -> None:
        """Tick and offer what can be done with the sound."""
        actions, sound = self._window.actions_by_id, self._document.sound
        actions["sound.mute"].setChecked(sound.muted)
        actions["sound.scrub"].setChecked(self._window.settings.scrub_sound)
        for name in _NEEDS_SOUND:
            actions[name].setEnabled(bool(sound))

    def close(self) -> None:
        """Stop reading, and give the sound card back."""
        self._media = Media()
        self._timer.stop()
        self._document.changed.disconnect(self._on_changed)
        self._reader.shutdown(wait=True, cancel_futures=True)
        self.clock.close()

    def _on_changed(self, names: frozenset[str]) -> None:
        if "sound" in names:
            media = self._document.sound.media
            if media != self._media:
                self._load(media)
            else:
                self._hear()
            self.show_checks()
        if "position" in names:
            self._on_moved(alone=names == {"position"})

    def _on_moved(self, alone: bool) -> None:
        """Let a grain be heard where the cursor was moved by a hand; coming to rest on a frame is no move."""
        before, self._position = self._position, self._document.position
        if alone and self.sound is not None and abs(self._position - before) > 0.5:
            window = self._window
            if window.settings.scrub_sound and not window.player.playing:
                self.clock.scrub(self._position / self._document.take.fps)
                self._timer.start()

    def _on_playing(self, playing: bool) -> None:
        """Look after the card; where there is none, look whether one came."""
        self._timer.start()
        if playing and self.sound is not None and not self.clock.rate:
            self._reader.submit(self._run, self._media)

    def _load(self, media: Media) -> None:
        self._media, self.sound, self._samples = media, None, None
        self._hear()
        self.shown.emit(None, "")
        if media:
            self._reader.submit(self._run, media)

    def _run(self, media: Media) -> None:
        """Read ``media``, on the reader's thread."""
        from studio.sound.resampling import resampled

        def outdated() -> bool:
            return self._media is not media

        try:
            if outdated():
                return
            sound = self._sound_of(media, outdated)
            samples = resampled(sound.samples, sound.rate, self.clock.prepare(sound.rate), outdated)
            loaded = _Loaded(media, sound, samples)
        except JobCancelled:
            return
        except StudioError as error:
            loaded = _Loaded(media, problem=str(error))
        except Exception as error:  # noqa: BLE001 - the thread must outlive any one file
            _log.debug("reading %s failed", media.name, exc_info=True)
            loaded = _Loaded(media, problem=f"{media.name} could not be read ({error}); try another file.")
        self._read.emit(loaded)

    def _sound_of(self, media: Media, outdated: Callable[[], bool]) -> Sound:
        key = _key(media)
        if key not in self._kept:
            from studio.sound.sound import load_sound

            self._kept[key] = load_sound(media, outdated)
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return self._kept[key]

    def _on_read(self, loaded: _Loaded) -> None:
        if loaded.media is not self._media:
            return
        self.sound, self._samples = loaded.sound, loaded.samples
        if loaded.problem:
            self._window.warn(loaded.problem)
        elif self.sound is not None and self.sound.notice:
            self._tell(self.sound.notice)
        self._hear()
        self.shown.emit(self.sound, loaded.problem)
        self._look()

    def _hear(self) -> None:
        track = self._document.sound
        heard = None if self._samples is None else Heard(self._samples, track.offset, track.gain)
        self.clock.set_heard(heard)
        if heard is not None:
            self._timer.start()

    def _look(self) -> None:
        """Let an idle card rest, and tell what went wrong: once, that there is none."""
        self.clock.rest()
        problem, self.clock.problem = self.clock.problem, ""
        if problem == GONE:
            self._window.notify(problem)
        elif problem:
            self._tell(problem)
        if not self.clock.running:
            self._timer.stop()

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._window.notify(sentence)


def read_facts(path: Path) -> SoundFacts:
    """What the sound at ``path`` is, before it is used.

    Raises:
        StudioError: it cannot be read, is no sound, or one that the studio does not play.

    """
    from studio.sound.reading import sound_facts

    return sound_facts(Media(str(path)))


def _key(media: Media) -> Key:
    """``media`` as it is now: a file that was written again is another one."""
    try:
        status = os.stat(media.path) if media.content is None else None
    except OSError:
        status = None
    return (media, status.st_mtime_ns, status.st_size) if status else (media, 0, 0)
