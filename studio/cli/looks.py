"""The flags that say how a picture looks: light, background, caption, lines."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from pathlib import Path

from studio.cli.appearance import chosen_texture
from studio.document.environment_file import read_environment
from studio.document.lights import PRESETS
from studio.document.look import MATCAPS, MODES, Backdrop, Caption, Colour, Finish, Look
from studio.document.media import Media
from studio.flame.model import HeadModel
from studio.render.media_pictures import media_picture
from studio.storage.errors import StudioError

TRANSPARENT = "transparent"
_NAMES = {name.lower().replace(" ", "_").replace("-", "_"): name for name in PRESETS}
_OWN_MATCAPS = tuple(name for name in MATCAPS if name != "picture")


def add_look_flags(group: argparse._ArgumentGroup) -> None:
    """Add the flags to a group of a command's parser."""
    group.add_argument("--mode", choices=MODES, default="textured", help="shading; default textured")
    group.add_argument(
        "--light",
        choices=tuple(_NAMES),
        default=next(iter(_NAMES)),
        metavar="NAME",
        help=f"{', '.join(_NAMES)}; default {next(iter(_NAMES))}",
    )
    group.add_argument(
        "--environment",
        type=Path,
        metavar="FILE",
        help="light from all around: a panorama (hdr, png, jpg), or 9 or 27 spherical harmonics "
        "(json, npy, npz); the lamps of --light stay",
    )
    group.add_argument(
        "--matcap",
        metavar="NAME",
        help=f"{', '.join(_OWN_MATCAPS)}, or a picture of a ball; for --mode matcap, which it implies",
    )
    group.add_argument(
        "--background",
        metavar="WHAT",
        help="a colour as #20242a, two of them from top to bottom as #445566,#101214, a picture, or "
        f"{TRANSPARENT}",
    )
    group.add_argument(
        "--caption",
        default="",
        metavar="TEXT",
        help="words in the lower left corner; {take}, {frame}, {time} and {model} are filled in",
    )
    group.add_argument("--wire", action="store_true", help="the model's edges over the shading")
    group.add_argument(
        "--exposure", type=float, default=0.0, metavar="EV", help="all light times two to this; default 0"
    )


def look_of(arguments: argparse.Namespace, model: HeadModel) -> Look:
    """The look of the flags.

    Raises:
        StudioError: a file cannot be read, a colour is none, or the model has no such texture.
    """
    look = Look(
        mode="matcap" if arguments.matcap else arguments.mode,
        light=PRESETS[_NAMES[arguments.light]],
        finish=_finish(arguments.matcap),
        texture=chosen_texture(arguments, model),
        wire_over=arguments.wire,
        exposure=min(max(arguments.exposure, -20.0), 20.0),
        caption=Caption(arguments.caption.replace("\\n", "\n")),
    )
    if arguments.environment is not None:
        look = look.replace(environment=read_environment(arguments.environment))
    return _on_background(look, arguments.background) if arguments.background else look


_FIELDS: Mapping[str, tuple[str, ...]] = {  # of the look, by the flag that says them
    "mode": ("mode",),
    "light": ("light",),
    "environment": ("environment",),
    "matcap": ("mode", "finish"),
    "background": ("background", "backdrop"),
    "caption": ("caption",),
    "wire": ("wire_over",),
    "exposure": ("exposure",),
    "texture": ("texture",),
    "appearance": ("texture",),
}


def look_over(look: Look, arguments: argparse.Namespace, given: Collection[str], model: HeadModel) -> Look:
    """``look`` with what the flags that were ``given`` say.

    Raises:
        StudioError: as :func:`look_of`.
    """
    fields = {field for flag in given for field in _FIELDS.get(flag, ())}
    if not fields:
        return look
    told = look_of(arguments, model)
    return look.replace(**{field: getattr(told, field) for field in fields})


def _finish(name: str | None) -> Finish:
    if name is None:
        return Finish()
    for known in _OWN_MATCAPS:
        if known.replace(" ", "_") == name.lower().replace(" ", "_"):
            return Finish(matcap=known)
    return Finish(matcap="picture", matcap_picture=_picture(name))


def _on_background(look: Look, wanted: str) -> Look:
    if wanted.lower() == TRANSPARENT:
        return look.replace(backdrop=Backdrop("transparent"))
    if not wanted.startswith("#"):
        return look.replace(backdrop=Backdrop("picture", picture=_picture(wanted)))
    colours = [_colour(part) for part in wanted.split(",")]
    if len(colours) == 1:
        return look.replace(background=colours[0], backdrop=Backdrop("plain"))
    if len(colours) == 2:
        return look.replace(backdrop=Backdrop("gradient", top=colours[0], bottom=colours[1]))
    raise StudioError(f"{wanted} has {len(colours)} colours; give one, or two from top to bottom.")


def _picture(name: str) -> Media:
    media = Media(str(Path(name).absolute()))
    media_picture(media)
    return media


def _colour(text: str) -> Colour:
    digits = text.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError as error:
        raise StudioError(f"{text.strip()} is no colour; write it as #20242a.") from error
    return (red / 255.0, green / 255.0, blue / 255.0)
