"""Moving pictures in files: mp4, gif, animated WebP, and PNG frames in a folder."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.export.ffmpeg import rate, stream_frames
from studio.export.pictures import PICTURES, QUALITY, WITH_ALPHA, check_picture, encode, exif
from studio.export.target import check_format, check_target
from studio.storage.atomic import atomic_folder, atomic_path, cannot_write
from studio.storage.errors import StudioError

Image = NDArray[np.uint8]

FILMS = (".mp4", ".gif", ".webp")
GIF_FASTEST = 50.0  # frames a second; browsers slow down what is faster
NUMBERED = re.compile(r"%0?(\d*)d")
MOST_FRAMES = 100_000


@dataclass(frozen=True)
class Reel:
    """What a film is, beside its frames."""

    size: tuple[int, int]  # width, height in pixels
    fps: float
    count: int  # frames
    note: str  # of the head model's licence
    quality: int = QUALITY


def is_numbered(path: Path) -> bool:
    """Whether the name has a place for the frame's number, as "head_%05d.png"."""
    return NUMBERED.search(path.name) is not None


def check_film(path: Path, transparent: bool = False) -> None:
    """Make sure that a film can be written to ``path``.

    Raises:
        StudioError: the format is unknown or has no transparency, or it cannot be written there.

    """
    if is_numbered(path):
        check_picture(path, transparent)
    elif path.suffix:
        suffix = check_format(path, FILMS, "a film")
        if transparent and suffix != ".webp":
            raise StudioError(
                f"{path.name}: {suffix[1:].upper()} has no transparency here; choose WebP, PNG frames or a "
                "background."
            )
        check_target(path)
    else:
        check_target(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise StudioError(
                f"{path.name} is there already and is not an empty folder; choose a new one for the frames."
            )


def has_alpha(path: Path) -> bool:
    """Whether frames in the format of ``path`` can be transparent."""
    if is_numbered(path):
        return PICTURES.get(path.suffix.lower()) in WITH_ALPHA
    return path.suffix.lower() in ("", ".webp")


def film_size(path: Path, size: tuple[int, int]) -> tuple[int, int]:
    """``size`` as the format of ``path`` needs it: mp4 has even sides."""
    return (size[0] + size[0] % 2, size[1] + size[1] % 2) if path.suffix.lower() == ".mp4" else size


def write_film(path: Path, frames: Iterator[Image], reel: Reel) -> None:
    """Write ``frames`` (H, W, 4) in the format that ``path`` asks for, one at a time.

    A name without an ending is a folder of PNG frames, one with "%05d" in it numbered pictures.
    Whatever ``frames`` raises comes through, with nothing left behind.

    Raises:
        StudioError: it cannot be written.

    """
    if is_numbered(path):
        _write_numbered(path, frames, reel)
    elif not path.suffix:
        with atomic_folder(path) as folder:
            for index, frame in enumerate(frames):
                _write_frame(folder / f"{index:05d}.png", "PNG", frame, reel)
    else:
        writer = {".mp4": _write_mp4, ".gif": _write_gif, ".webp": _write_webp}[path.suffix.lower()]
        with atomic_path(path) as temporary:
            writer(temporary, frames, reel)


def _write_mp4(path: Path, frames: Iterator[Image], reel: Reel) -> None:
    """H.264 that every player and browser takes: 4:2:0, BT.709, index at the start."""
    sharpness = round(40 - 0.25 * reel.quality)  # constant rate factor: 15 at 100, 17 at 92
    arguments = [
        *("-c:v", "libx264", "-preset", "medium", "-crf", str(sharpness), "-pix_fmt", "yuv420p"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        *("-movflags", "+faststart", "-metadata", f"comment={reel.note}", "-f", "mp4"),
    ]
    stream_frames(path, frames, reel.size, reel.fps, arguments)


def _write_gif(path: Path, frames: Iterator[Image], reel: Reel) -> None:
    """A palette for every frame, so that frames stream; the note as a comment block."""
    slower = f"fps={rate(GIF_FASTEST)}," if reel.fps > GIF_FASTEST else ""
    palette = (
        "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=bayer:bayer_scale=4"
    )
    arguments = ["-filter_complex", f"[0:v]{slower}{palette}", "-loop", "0", "-f", "gif"]
    stream_frames(path, frames, reel.size, reel.fps, arguments)
    content = path.read_bytes()
    start = _gif_header_length(content)
    path.write_bytes(content[:start] + _gif_comment(reel.note) + content[start:])


def _gif_header_length(content: bytes) -> int:
    """Bytes of signature, screen descriptor and global colour table (GIF89a, sections 17 to 19)."""
    flags = content[10]
    return 13 + (3 << ((flags & 0b111) + 1) if flags & 0b1000_0000 else 0)


def _gif_comment(note: str) -> bytes:
    """A comment extension of GIF89a: blocks of at most 255 bytes, ended by an empty one."""
    text = note.encode("ascii", "replace")
    blocks = [text[start : start + 255] for start in range(0, len(text), 255)]
    return b"\x21\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\x00"


def _write_webp(path: Path, frames: Iterator[Image], reel: Reel) -> None:
    from studio.export.frame_stream import FrameStream

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


def _write_numbered(path: Path, frames: Iterator[Image], reel: Reel) -> None:
    """All pictures in a folder beside their target first, then moved to their names."""
    form = check_picture(path, transparent=False)
    with scratch_folder(path) as folder:
        made = []
        for index, frame in enumerate(frames):
            made.append(folder / numbered(path.name, index))
            _write_frame(made[-1], form, frame, reel)
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


def _write_frame(path: Path, form: str, frame: Image, reel: Reel) -> None:
    with path.open("wb") as stream:
        encode(stream, form, frame, reel.note, reel.quality, effort=3)
