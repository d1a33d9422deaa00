"""Exports as command lines: what the window saves, from a session file and without a window."""

from __future__ import annotations

import shlex
from pathlib import Path

from studio.export.animation_options import AnimationOptions
from studio.export.film_formats import FORMATS
from studio.export.gltf.options import GltfOptions
from studio.export.options import FilmOptions, PictureOptions, SheetOptions, TurntableOptions
from studio.export.pictures import QUALITY
from studio.export.sheet_plan import Subject

PROGRAM = ("python", "run_studio.py")
ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", **{entry.key: entry.ending for entry in FORMATS}}


def picture_line(session: Path, options: PictureOptions) -> str:
    """The command that draws the picture."""
    words = ["render", str(session), "-o", f"head{ENDINGS[options.format]}", *_size(options.size)]
    return _line([*words, *_drawn(options.samples, options.transparent)])


def turntable_line(session: Path, options: TurntableOptions) -> str:
    """The command that films one turn."""
    words = ["turntable", str(session), "-o", f"turntable{ENDINGS[options.format]}", *_size(options.size)]
    words += ["--seconds", f"{options.seconds:g}", "--fps", f"{options.fps:g}"]
    words += ["--playing"] if options.playing else []
    return _line([*words, *_drawn(options.samples, options.transparent), *_quality(options.quality)])


def film_line(session: Path, options: FilmOptions) -> str:
    """The command that films the frames played, or all."""
    words = ["export", str(session), "-o", f"film{ENDINGS[options.format]}", *_size(options.size)]
    words += [] if options.fps is None else ["--fps", f"{options.fps:g}"]
    words += [*(["--all-frames"] if options.whole else []), *([] if options.sound else ["--no-sound"])]
    return _line([*words, *_drawn(options.samples, options.transparent), *_quality(options.quality)])


def animation_line(session: Path, options: AnimationOptions) -> str:
    """The command that saves the frames played as moving meshes."""
    usual, chosen = GltfOptions(), options.gltf
    name = options.target(Path(f"head{options.shape.ending}" if options.shape.ending else "frames"))
    words = ["export", str(session), "-o", str(name)]
    if options.format == "glb":
        for field in ("targets", "count", "rest", "identity", "correctives", "offsets"):
            value = getattr(chosen, field)
            words += [] if value == getattr(usual, field) else [f"--{field}", str(value)]
        words += [] if chosen.target_normals else ["--plain-targets"]
    return _line(words)


def mesh_line(session: Path, ending: str) -> str:
    """The command that saves the mesh."""
    return _line(["export", str(session), "-o", f"head.{ending}"])


def parameters_line(session: Path, frame: int) -> str:
    """The command that saves the parameters of a frame."""
    return _line(["export", str(session), "-o", "parameters.npz", "--frame", str(frame)])


def sheet_line(session: Path, subject: Subject, count: int, options: SheetOptions) -> str:
    """The command that saves a sheet of components."""
    words = ["sheet", str(session), "-o", f"{subject}.png", "--of", subject, "--components", str(count)]
    words += ["--sigma", f"{options.sigma:g}", *_size(options.size)]
    return _line([*words, *_drawn(options.samples, transparent=False)])


def _size(size: tuple[int, int]) -> list[str]:
    return ["--size", f"{size[0]}x{size[1]}"]


def _drawn(samples: int, transparent: bool) -> list[str]:
    return ["--samples", str(samples), *(["--transparent"] if transparent else [])]


def _quality(chosen: int) -> list[str]:
    return [] if chosen == QUALITY else ["--quality", str(chosen)]


def _line(words: list[str]) -> str:
    return shlex.join((*PROGRAM, *words))
