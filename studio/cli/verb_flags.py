"""The flags of every command that needs no window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from studio.cli import values
from studio.cli.animation_flags import add_animation_flags
from studio.cli.arguments import MAPS, OPEN_HEAD, PICTURE_SIZE, PROGRAM, model_path
from studio.cli.film_flags import add_film_flags
from studio.cli.looks import add_look_flags
from studio.cli.pose_flags import add_pose_flags
from studio.cli.reading_flags import add_reading_flags
from studio.cli.sound_flags import add_sound_flags
from studio.cli.train_flags import add_train_flags
from studio.export.options import FilmOptions, SheetOptions, TurntableOptions
from studio.flame.landmark_sets import SET_NAMES
from studio.sequence.writers import LAYOUTS

CLIP_HELP = (
    "a clip of any program that the README lists (npz, json, csv, npy, bvh, mat, frame, pkl), a folder of "
    "files of one frame each or a pattern for their names ({:04}.npz, %%05d.json), a folder of npy files or "
    "of meshes, the name of an example (look_around, speak, "
    "blink, smile, tracked), neutral, which is also what is taken without it, or a session (.flame): its "
    "take, frame, look and camera, as far as flags do not say otherwise"
)


def _info(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Say what a file is: kind, sizes, version, problems. A file that cannot be used ends with exit "
        "status 1 and what is wrong with it on standard error; mere notices do not."
    )
    parser.add_argument(
        "file",
        type=model_path,
        metavar="FILE",
        help=f"a file, a folder of arrays or frames, the name of an example clip, or {OPEN_HEAD}",
    )


def _convert(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Save a head model in another layout, every array bit for bit; float64 is rounded to float32, once. "
        "What the target has no place for is told. Nothing is ever replaced."
    )
    parser.add_argument(
        "source",
        type=model_path,
        metavar="SRC",
        help=f"a head model: a file, or a folder of npy files; {OPEN_HEAD} is the studio's own",
    )
    parser.add_argument(
        "target",
        metavar="DST",
        help="a name in .pkl (as FLAME_PyTorch and smplx read it), .npz or .safetensors, or without an "
        "ending, or with a slash behind it, for a folder of npy files",
    )


def _forward(parser: argparse.ArgumentParser) -> None:
    _clip_and_output(parser, "npz file")
    parser.add_argument(
        "--contour",
        choices=("screen", "flame_pytorch"),
        default="screen",
        help="which way the contour landmarks turn: with the picture, or as FLAME_PyTorch has them",
    )
    parser.add_argument(
        "--landmarks",
        choices=SET_NAMES,
        help="which landmarks are written: 68 (the default), 51 without the contour, 70 with the eyes, "
        "68 with a contour that does not turn, or MediaPipe's, where the model has them",
    )


def _render(parser: argparse.ArgumentParser) -> None:
    _clip_and_output(parser, "png, jpg or webp file; with %%05d in its name, all frames")
    parser.add_argument("--frame", type=values.frame, metavar="N", help="frame to draw, from 0; default 0")
    _picture_flags(parser, PICTURE_SIZE)


def _turntable(parser: argparse.ArgumentParser) -> None:
    _clip_and_output(parser, "mp4, webm, mov, gif or webp file, or a folder for PNG frames")
    parser.add_argument("--frame", type=values.frame, metavar="N", help="frame to turn, from 0; default 0")
    usual = TurntableOptions()
    parser.add_argument(
        "--seconds",
        type=values.above_zero,
        default=usual.seconds,
        help=f"length of the turn; default {usual.seconds:g}",
    )
    parser.add_argument(
        "--fps", type=values.film_rate, default=usual.fps, help=f"frames per second; default {usual.fps:g}"
    )
    parser.add_argument("--playing", action="store_true", help="the clip plays, over and over, meanwhile")
    add_sound_flags(parser)
    _picture_flags(parser, usual.size)


def _export(parser: argparse.ArgumentParser) -> None:
    _clip_and_output(
        parser,
        "obj or ply (mesh of one frame; with %%05d in its name, of all), glb, usdc, usda, mdd or pc2 (moving "
        "mesh), npz, json, csv or npy (clip; npy: its vertices), mp4, webm, mov, gif, webp or a folder "
        "(film)",
    )
    parser.add_argument(
        "--layout",
        choices=sorted(LAYOUTS.values()),
        help="of a clip, where the ending does not say it: frames is a folder with an npz for each frame",
    )
    parser.add_argument(
        "--frame",
        type=values.frame,
        metavar="N",
        help="frame of the mesh, default 0; of all others this frame alone, default all",
    )
    add_animation_flags(parser)
    add_film_flags(parser)
    add_sound_flags(parser)
    _picture_flags(parser, FilmOptions.size)


def _clip(parser: argparse.ArgumentParser) -> None:
    from studio.cli.clip_flags import add_clip_flags  # the table of operations is for this command alone

    add_clip_flags(parser, PROGRAM, CLIP_HELP)


def _normals(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Save what a calibrated camera sees of the head, pixel by pixel, without smoothing: as a png one "
        "map, as an npz all of them as numbers. What a picture's numbers mean is noted inside it."
    )
    _clip_and_output(parser, "png or npz file; with %%05d in its name, all frames")
    parser.add_argument("--frame", type=values.frame, metavar="N", help="frame to show, from 0; default 0")
    parser.add_argument(
        "--map",
        choices=MAPS,
        help="what a png shows; default normal. Depth: 16 bits, in 0.1 mm. Position: 16 bits, in 0.1 mm "
        "from 32768. Region: a palette. uv: 16 bits, red u, green v",
    )
    parser.add_argument(
        "--space",
        choices=("camera", "world"),
        default="camera",
        help="axes of normals: right, up and towards the camera, or the model's; default camera",
    )
    parser.add_argument(
        "--transparent", action="store_true", help="an alpha channel, 0 where there is no head"
    )
    camera = parser.add_argument_group("camera")
    camera.add_argument(
        "--camera",
        type=Path,
        metavar="JSON",
        help="intrinsics (K, or fx fy cx cy, or field_of_view in degrees) and extrinsics (R and t, "
        "world_to_camera, or transform_matrix); without it a camera before the face that the head fills",
    )
    camera.add_argument("--view", metavar="NAME", help="which camera of a list: its name, or number from 0")
    camera.add_argument(
        "--size",
        type=values.size,
        metavar="WxH",
        help=f"pixels; default the camera's, or {PICTURE_SIZE[0]}x{PICTURE_SIZE[1]}",
    )


def _sample(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Draw points evenly over the surface of the head: an npz has position, normal, face_index and "
        "barycentric; a ply has positions and normals. The same seed gives the same points."
    )
    _clip_and_output(parser, "npz or ply file")
    parser.add_argument(
        "-n", "--count", type=values.count, default=10_000, metavar="N", help="how many points; default 10000"
    )
    parser.add_argument("--seed", type=values.seed, default=0, metavar="K", help="which points; default 0")
    parser.add_argument(
        "--region",
        action="append",
        default=[],
        metavar="NAME",
        help="draw on this region of the model only; may be given several times",
    )
    parser.add_argument("--frame", type=values.frame, metavar="N", help="frame to draw on, from 0; default 0")
    parser.add_argument(
        "--all-frames",
        action="store_true",
        help="follow the points drawn on that frame through the clip: position and normal are (T, N, 3)",
    )


def _fit(parser: argparse.ArgumentParser) -> None:
    from studio.cli.fit_flags import add_fit_flags  # what fitting knows is for this command alone

    add_fit_flags(parser)


def _measure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Measure the head in every frame: between eyes and pupils, face, nose, mouth, jaw and lids, in "
        "millimetres and degrees. A csv has a row for each frame, a json the definitions too."
    )
    parser.add_argument("what", choices=("head",), metavar="WHAT", help="head")
    _clip_and_output(parser, "csv or json file")


def _sheet(parser: argparse.ArgumentParser) -> None:
    usual = SheetOptions()
    _clip_and_output(parser, "png, jpg or webp file")
    parser.add_argument(
        "--of", choices=("texture", "shape", "expression"), default="texture", help="whose; default texture"
    )
    parser.add_argument(
        "--components",
        type=values.positive,
        default=usual.count,
        metavar="N",
        help=f"how many; default {usual.count}",
    )
    parser.add_argument(
        "--sigma",
        type=values.above_zero,
        default=usual.sigma,
        help=f"deviations from the middle; default {usual.sigma:g}",
    )
    parser.add_argument(
        "--frame", type=values.frame, metavar="N", help="frame of the clip it is made on, from 0; default 0"
    )
    _picture_flags(parser, usual.size)


def _clip_and_output(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("clip", nargs="?", default="neutral", metavar="CLIP", help=CLIP_HELP)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=what)
    add_reading_flags(parser)
    add_pose_flags(parser)


def _picture_flags(parser: argparse.ArgumentParser, size: tuple[int, int]) -> None:
    picture = parser.add_argument_group("picture")
    add_look_flags(picture)
    picture.add_argument(
        "--size", type=values.size, default=size, metavar="WxH", help=f"pixels; default {size[0]}x{size[1]}"
    )
    picture.add_argument(
        "--texture", metavar="NAME", help="texture by its name or its file's, or plain; default the first"
    )
    picture.add_argument(
        "--appearance",
        type=values.coefficients,
        default=(),
        metavar="NAME=X,…",
        help="components of the texture in standard deviations, as 'Skin tone=1.5,Freckles=2' or '1=-2'",
    )
    picture.add_argument("--transparent", action="store_true", help="no background, where the format can")
    picture.add_argument(
        "--samples", type=int, choices=(1, 4, 9, 16), default=4, help="antialiasing a pixel; default 4"
    )
    picture.add_argument(
        "--quality",
        type=values.quality,
        default=92,
        metavar="N",
        help="of jpg, webp and films, 1 to 100",
    )
    camera = parser.add_argument_group("camera")
    camera.add_argument(
        "--azimuth", type=values.number, default=0.0, metavar="DEG", help="around the head, towards its left"
    )
    camera.add_argument("--elevation", type=values.number, default=0.0, metavar="DEG", help="above the head")
    camera.add_argument(
        "--distance",
        type=values.above_zero,
        metavar="M",
        help="metres; without it the head fills the picture",
    )
    camera.add_argument(
        "--fov", type=values.angle, default=20.0, metavar="DEG", help="vertical view; default 20"
    )
    camera.add_argument("--orthographic", action="store_true", help="without perspective")


ADD: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "info": _info,
    "convert": _convert,
    "forward": _forward,
    "render": _render,
    "turntable": _turntable,
    "export": _export,
    "clip": _clip,
    "normals": _normals,
    "sheet": _sheet,
    "sample": _sample,
    "fit": _fit,
    "train": add_train_flags,
    "measure": _measure,
}
