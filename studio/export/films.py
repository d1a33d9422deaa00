"""Moving pictures in files: mp4, webm, mov, gif, animated WebP, and PNG frames in a folder."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.export.encoders import Reel, gif, mov, mp4, webm
from studio.export.ffmpeg import Feed, stream_frames
from studio.export.film_formats import FILMS, NUMBERED, has_alpha, has_sound, is_numbered
from studio.export.matte import underpaint
from studio.export.pictures import check_picture, encode, exif
from studio.export.target import check_format, check_target
from studio.export.watched import watched
from studio.jobs.job import Cancelled
from studio.render.shot import never
from studio.storage.atomic import atomic_folder, atomic_path, cannot_write
from studio.storage.errors import StudioError

Image = NDArray[np.uint8]

MOST_FRAMES = 100_000
_ENCODERS = {".mp4": mp4, ".webm": webm, ".mov": mov, ".gif": gif}


def check_film(path: Path, transparent: bool = False) -> None:
    """Make sure that a film can be written to ``path``.

    Raises:
        StudioError: the format is unknown or has no transparency, or it cannot be written there.

    """
    if is_numbered(path):
        check_picture(path, transparent)
    elif path.suffix:
        suffix = check_format(path, FILMS, "a film")
        if transparent and not has_alpha(path):
            raise StudioError(
                f"{path.name}: {suffix[1:].upper()} has no transparency here; choose WebM, MOV, WebP, "
                "PNG frames or a background."
            )
        check_target(path)
    else:
        check_target(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise StudioError(
                f"{path.name} is there already and is not an empty folder; choose a new one for the frames."
            )


def write_film(path: Path, frames: Iterator[Image], reel: Reel, cancelled: Cancelled = never) -> None:
    """Write ``frames`` (H, W, 4) in the format that ``path`` asks for, one at a time.

    A name without an ending is a folder of PNG frames, one with "%05d" in it numbered pictures.
    Whatever ``frames`` raises comes through, with nothing left behind.

    Raises:
        JobCancelled: ``cancelled`` answered yes; nothing is left behind.
        StudioError: it cannot be written.

    """
    if is_numbered(path):
        _write_numbered(path, frames, reel, cancelled)
    elif not path.suffix:
        with atomic_folder(path) as folder:
            for index, frame in enumerate(frames):
                _write_frame(folder / f"{index:05d}.png", "PNG", frame, reel, cancelled)
    else:
        with atomic_path(path) as temporary:
            if path.suffix.lower() == ".webp":
                _write_webp(temporary, frames, reel, cancelled)
            else:
                _encode(temporary, path.suffix.lower(), frames, reel, cancelled)


def _encode(path: Path, ending: str, frames: Iterator[Image], reel: Reel, cancelled: Cancelled) -> None:
    alpha = reel.transparent and has_alpha(path)
    feed = Feed(reel.size, reel.fps, alpha, reel.sound if has_sound(path) else None)
    shown = map(underpaint, frames) if alpha else frames
    stream_frames(path, shown, feed, _ENCODERS[ending](reel), cancelled)
    if ending == ".gif":
        _note_in_gif(path, reel.note)


def _note_in_gif(path: Path, note: str) -> None:
    """Put ``note`` behind the header as a comment block."""
    content = path.read_bytes()
    start = _gif_header_length(content)
    path.write_bytes(content[:start] + _gif_comment(note) + content[start:])


def _gif_header_length(content: bytes) -> int:
    """Bytes of signature, screen descriptor and global colour table (GIF89a, sections 17 to 19)."""
    flags = content[10]
    return 13 + (3 << ((flags & 0b111) + 1) if flags & 0b1000_0000 else 0)


def _gif_comment(note: str) -> bytes:
    """A comment extension of GIF89a: blocks of at most 255 bytes, ended by an empty one."""
    text = note.encode("ascii", "replace")
    blocks = [text[start : start + 255] for start in range(0, len(text), 255)]
    return b"\x21\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\x00"


def _write_webp(path: Path, frames: Iterator[Image], reel: Reel, cancelled: Cancelled) -> None:
    from studio.export.frame_stream import FrameStream

    def save() -> None:
        FrameStream(frames, reel.count).save(
            path,
            "WEBP",
            save_all=True,
            duration=1000.0 / reel.fps,
            loop=0,
            quality=reel.quality,
            method=2,
            exif=exif(reel.note),
        )

    if cancelled is never:  # a renderer without a window draws on the thread that made it
        save()
    else:
        watched(save, cancelled)


def _write_numbered(path: Path, frames: Iterator[Image], reel: Reel, cancelled: Cancelled) -> None:
    """All pictures in a folder beside their target first, then moved to their names."""
    form = check_picture(path, transparent=False)
    with scratch_folder(path) as folder:
        made = []
        for index, frame in enumerate(frames):
            made.append(folder / numbered(path.name, index))
            _write_frame(made[-1], form, frame, reel, cancelled)
        for picture in made:
            os.replace(picture, path.with_name(picture.name))


def numbered(name: str, index: int) -> str:
    """``name`` with ``index`` in the place of its "%05d"."""
    return NUMBERED.sub(lambda match: f"{index:0{int(match[1] or 0)}d}", name, count=1)


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """A folder beside ``path`` that is gone afterwards, for files that go to their names all together.

    Raises:
        StudioError: it cannot be written, or one of the files could not be moved.

    """
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=".frames-", dir=path.parent))
        yield folder
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _write_frame(path: Path, form: str, frame: Image, reel: Reel, cancelled: Cancelled) -> None:
    def encoded() -> memoryview:
        memory = io.BytesIO()
        encode(memory, form, frame, reel.note, reel.quality, effort=3)
        return memory.getbuffer()

    path.write_bytes(watched(encoded, cancelled))
