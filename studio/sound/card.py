"""The sound card, by PortAudio, where there are both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from studio.sound.reading import Samples
from studio.storage.errors import StudioError

CHANNELS = 2

Fill = Callable[[Samples, float], None]  # writes (n, 2); told in how many seconds its first sample is heard


class CardError(StudioError):
    """There is no sound card that can be used."""


class Card(Protocol):
    """A sound card that asks for samples while it runs, on a thread of its own."""

    @property
    def rate(self) -> float:
        """Samples a second."""

    @property
    def running(self) -> bool:
        """Whether it asks; False also once it is gone."""

    def start(self) -> None:
        """Let it ask.

        Raises:
            CardError: it does not any more.

        """

    def stop(self) -> None:
        """Let it ask no more, at once."""

    def close(self) -> None:
        """Give it back."""


def open_card(fill: Fill, rate: float) -> Card:
    """The card that the system plays on, at ``rate`` or, where it cannot, at its own rate; not running yet.

    No other card may be open.

    Raises:
        CardError: there is no PortAudio or no card.

    """
    try:
        import sounddevice  # brings PortAudio: not at start
    except OSError:
        raise CardError(
            "Sound is not heard: PortAudio is missing (libportaudio2 on Debian and Ubuntu); all else plays."
        ) from None
    try:
        # PortAudio looks for cards once; begun anew, it finds those that were plugged in since.
        sounddevice._terminate()
        sounddevice._initialize()
        return _PortAudioCard(sounddevice, fill, rate)
    except (sounddevice.PortAudioError, ValueError, OSError):
        raise CardError(
            "Sound is not heard: no sound card was found, or it is in use; all else plays."
        ) from None


class _PortAudioCard:
    """A stream of PortAudio to the system's own output."""

    def __init__(self, library: Any, fill: Fill, rate: float) -> None:
        self._library, self._fill = library, fill
        try:
            library.check_output_settings(channels=CHANNELS, dtype="float32", samplerate=rate)
        except library.PortAudioError:
            rate = float(library.query_devices(kind="output")["default_samplerate"])
        self._stream = library.OutputStream(
            samplerate=rate, channels=CHANNELS, dtype="float32", latency="high", callback=self._asked
        )

    @property
    def rate(self) -> float:
        return float(self._stream.samplerate)

    @property
    def running(self) -> bool:
        return bool(self._stream.active)

    def start(self) -> None:
        try:
            self._stream.start()
        except self._library.PortAudioError as error:
            raise CardError(f"The sound card does not answer ({error}); playing goes on without.") from None

    def stop(self) -> None:
        self._stream.abort(ignore_errors=True)

    def close(self) -> None:
        self._stream.close(ignore_errors=True)

    def _asked(self, out: Samples, _count: int, times: Any, _status: Any) -> None:
        """Called by PortAudio's thread. Some systems tell no times; their latency then stands for them."""
        delay = times.outputBufferDacTime - times.currentTime
        self._fill(out, delay if times.outputBufferDacTime > 0.0 and delay >= 0.0 else self._stream.latency)
