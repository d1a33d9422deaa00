"""What a fit does to the document, as one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.document.commands import Command, change, replace_take
from studio.document.document import Document, Playback
from studio.document.lights import Lamp, Light
from studio.document.locks import unlocked, without_texture
from studio.document.look import Environment, Look, Texture
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.photo_points import Points
from studio.document.reference import Reference
from studio.document.take import Take
from studio.flame.params import Params
from studio.flame.textures import PICTURE
from studio.sequence.clip import Clip

DARK = Light(strength=0.0, ambient=0.0, fill=Lamp(), rim=Lamp())  # all lamps off: a fit knows its light whole


@dataclass(frozen=True, eq=False)
class Fitted:
    """What was found on a photo: a head, and, where they were sought, its skin, its light and the camera."""

    params: Params
    camera: PhotoCamera
    texture: Texture | None = None
    light: tuple[float, ...] | None = None  # 27 numbers, as those of an environment


def fitted_look(look: Look, fitted: Fitted, name: str) -> Look:
    """``look`` with the skin and the light that were found; ``name`` is what the light is called.

    The light is all there is then: no lamps, no exposure, and no shadows in hollows, which a fit does not
    know. The head is shown with its texture where skin or light were found.
    """
    if fitted.texture is not None:
        texture = look.texture.replace(key=fitted.texture.key, coefficients=fitted.texture.coefficients)
        look = look.replace(texture=texture, mode="textured")
    if fitted.light is not None:
        shadows = type(look.shadows)(0.0, 0.0)
        around = Environment(tuple(fitted.light), name)
        look = look.replace(environment=around, light=DARK, exposure=0.0, shadows=shadows, mode="textured")
    return look


def use_fit(
    document: Document, fitted: Fitted, aspect: float, photo: str = "", reference: Reference | None = None
) -> Command:
    """Show the head that was fitted to ``photo``, as the photo shows it, except for what is locked.

    A still is changed; a take that moves stays as it is, and the head gets a still of its own.

    Args:
        document: what is changed.
        fitted: what was found.
        aspect: width over height of the canvas, into which the photo is fitted.
        photo: what it is called.
        reference: the photo and what is known of it, where it is not the document's.

    """
    photo = photo or "photo"
    params = unlocked(document, document.params, fitted.params)
    values = _with_head(document, params, photo)
    reference = (reference or document.reference).replace(camera=fitted.camera)
    look = fitted_look(document.look, fitted, photo)
    camera = fitted.camera.orbit(aspect) if fitted.camera else document.camera
    return change(document, f"Fit to {photo}", None, **values, look=look, reference=reference, camera=camera)


def use_film(
    document: Document, fitted: Fitted, take: Take, film: Media, aspect: float, points: Points = ()
) -> Command:
    """Have the head that was followed through ``film``, as ``take``, seen as the film shows it.

    Args:
        document: which gets the take, beside those it has.
        fitted: what was found on the first frame.
        take: a frame for each of the film, and what each misses.
        film: the film, which is the reference from now on.
        aspect: width over height of the canvas.
        points: on its first frame, where the reference is not the film yet.

    """
    before = document.reference
    if before.picture != film:
        before = before.replace(picture=film, points=points, points_from="", box=(), mask=Media())
    takes = (*document.takes, take)
    return change(
        document,
        f"Fit to {film.name}",
        takes=takes,
        active=len(takes) - 1,
        playback=Playback(),
        position=0.0,
        look=fitted_look(document.look, fitted, film.name),
        reference=before.replace(camera=fitted.camera),
        camera=fitted.camera.orbit(aspect),
    )


def keep_texture(document: Document, picture: Media) -> Command:
    """Have ``picture``, taken off a photo, as the head's albedo."""
    texture = document.look.texture.replace(key=PICTURE, coefficients=(), picture=picture)
    look = document.look.replace(texture=texture, mode="textured")
    return change(document, "Keep texture", None, look=look, locks=without_texture(document.locks))


def _with_head(document: Document, params: Params, photo: str) -> dict[str, object]:
    take, model = document.take, document.model
    if len(take) == 1:
        return {"takes": replace_take(document, take.edited(document.position, params))}
    still = Clip.still(params, take.fps, model.name, model.digest)
    takes = (*document.takes, Take.of(photo.rsplit(".", 1)[0], still))
    return {"takes": takes, "active": len(takes) - 1, "playback": Playback(), "position": 0.0}


def coefficients(values: Sequence[float]) -> tuple[float, ...]:
    """``values`` as the document keeps numbers: plain, finite to six digits, without zeros at the end."""
    plain = [float(f"{float(value):.6g}") for value in values]
    while plain and not plain[-1]:
        plain.pop()
    return tuple(plain)
