"""The sound of a film on the command line."""

from __future__ import annotations

import math

from studio.cli.stage import Stage
from studio.document.media import Media
from studio.document.take import LONGEST_TAKE
from studio.export.film_formats import has_sound
from studio.sequence.layers import held
from studio.sequence.stream import FrameSource
from studio.sound.mixdown import SoundSource
from studio.sound.reading import sound_facts
from studio.sound.sound import sound_notice
from studio.storage.errors import StudioError


def sound_of(stage: Stage) -> SoundSource | None:
    """What is heard in the film: of the flags, else of the session; looked at before anything is drawn.

    What is wrong with it becomes a notice.

    Raises:
        StudioError: it cannot be read, or the film carries no sound and the flags ask for one.

    """
    arguments, output = stage.arguments, stage.arguments.output
    if getattr(arguments, "no_sound", False):
        return None
    path = getattr(arguments, "sound", None)
    if path is not None:
        if not has_sound(output):
            raise StudioError(f"{output.name} would carry no sound; choose mp4, webm or mov.")
        source = SoundSource(Media(str(path)), arguments.sound_offset)
    else:
        found = SoundSource.of(stage.session.sound) if stage.session is not None else None
        if found is None or not has_sound(output):
            return None
        source = found
    notice = sound_notice(source.media)
    if notice:
        stage.notices.append(notice)
    return source


def lasting(stage: Stage, source: SoundSource | None) -> FrameSource:
    """The frames of the film; a still lasts until the sound that the flags gave it ends."""
    frames = stage.frames
    if source is None or stage.session is not None or len(frames) > 1:
        return frames
    seconds = sound_facts(source.media).seconds
    if seconds is None:
        stage.notices.append(f"{source.media.name} does not say how long it is; the film has one frame.")
        return frames
    count = math.ceil((source.offset + seconds) * frames.fps - 1e-6)
    return held(stage.clip, min(max(count, 1), LONGEST_TAKE))
