"""How ffmpeg is told to encode each format: arguments between its inputs and the file."""

from __future__ import annotations

from dataclasses import dataclass

from studio.export.ffmpeg import Sound, rate
from studio.export.pictures import QUALITY

GIF_FASTEST = 50.0  # frames a second; browsers slow down what is faster
_MATRIX = "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int"
_TAGS = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
_COLOURS = ("-vf", f"{_MATRIX},{_TAGS}")


@dataclass(frozen=True, eq=False)
class Reel:
    """What a film is, beside its frames."""

    size: tuple[int, int]  # width, height in pixels
    fps: float
    count: int  # frames
    note: str  # of the head model's licence
    quality: int = QUALITY  # 1..100
    transparent: bool = False  # whether frames have an alpha channel that counts
    sound: Sound | None = None


def mp4(reel: Reel) -> list[str]:
    """H.264 that every player and browser takes: 4:2:0, BT.709, index at the start."""
    sharpness = round(40 - 0.25 * reel.quality)  # constant rate factor: 15 at 100, 17 at 92
    return [
        *("-c:v", "libx264", "-preset", "medium", "-crf", str(sharpness), "-pix_fmt", "yuv420p"),
        *(*_COLOURS, *_sound(reel, "aac", "192k")),
        *("-movflags", "+faststart", *_note(reel), "-f", "mp4"),
    ]


def webm(reel: Reel) -> list[str]:
    """VP9, 4:2:0, with an alpha plane of its own where frames are transparent."""
    sharpness = round(55 - 0.4 * reel.quality)  # constant rate factor: 15 at 100, 18 at 92
    planes = ("yuva420p", "-auto-alt-ref", "0") if reel.transparent else ("yuv420p",)
    return [
        *("-c:v", "libvpx-vp9", "-crf", str(sharpness), "-b:v", "0", "-row-mt", "1", "-cpu-used", "4"),
        *("-pix_fmt", *planes, *_COLOURS, *_sound(reel, "libopus", "160k")),
        *(*_note(reel), "-f", "webm"),
    ]


def mov(reel: Reel) -> list[str]:
    """ProRes 4444: 10 bits, colours in full resolution, 16 bits of alpha where frames are transparent."""
    planes = ("yuva444p10le", "-alpha_bits", "16") if reel.transparent else ("yuv444p10le",)
    return [
        *("-c:v", "prores_ks", "-profile:v", "4444", "-vendor", "apl0", "-pix_fmt", *planes),
        *(*_COLOURS, *_sound(reel, "pcm_s16le")),
        *("-movflags", "+faststart", *_note(reel), "-f", "mov"),
    ]


def gif(reel: Reel) -> list[str]:
    """A palette for every frame, so that frames stream."""
    slower = f"fps={rate(GIF_FASTEST)}," if reel.fps > GIF_FASTEST else ""
    palette = (
        "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=bayer:bayer_scale=4"
    )
    return ["-filter_complex", f"[0:v]{slower}{palette}", "-loop", "0", "-f", "gif"]


def _note(reel: Reel) -> tuple[str, str]:
    return "-metadata", f"comment={reel.note}"


def _sound(reel: Reel, codec: str, bits: str = "") -> list[str]:
    if reel.sound is None:
        return ["-an"]
    return ["-c:a", codec, *(("-b:a", bits) if bits else ())]
