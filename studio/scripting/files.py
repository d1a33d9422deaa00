"""What a script opens, saves and exports, without a window."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from studio.controls.mapping_file import is_mapping
from studio.document.camera import Camera
from studio.jobs.job import Progress
from studio.render.framing import frame_head
from studio.sequence.files import is_clip
from studio.sequence.frame_names import is_pattern
from studio.sequence.writers import LAYOUTS
from studio.storage.errors import StudioError
from studio.storage.kind import POSE_FORMAT, SESSION_ENDING, TITLES, sniff

if TYPE_CHECKING:
    from studio.backends import Backend, Surface
    from studio.document.document import Document
    from studio.jobs.job import Job
    from studio.render.shot import Shot
    from studio.scripting.studio import Studio

Kind = Literal["session", "model", "mapping", "clip", "pose", "sound", "photo"]

_OWN_FILES = {SESSION_ENDING: TITLES["session"], f".{POSE_FORMAT}": TITLES["pose"]}


def kind_of(path: Path) -> Kind:
    """What the studio can open ``path`` as.

    Raises:
        StudioError: it cannot be read, or is something else.

    """
    if is_pattern(path):
        return "clip"
    kind = sniff(path)
    if kind.container == "session":
        return "session"
    if kind.container == "pose":
        return "pose"
    if kind.is_sound:
        return "sound"
    if kind.is_image or kind.is_film:
        return "photo"
    if kind.is_model and not (kind.container == "pickle" and is_clip(path, kind)):
        return "model"
    if is_mapping(path, kind):
        return "mapping"
    if is_clip(path, kind):
        return "clip"
    _refuse_companion(path)
    claimed = _OWN_FILES.get(path.suffix.lower())
    if claimed is not None:
        raise StudioError(f"{path.name} is cut short or is not {claimed}; get the file again.")
    raise StudioError(
        f"{path.name} is {kind.title}, which the studio does not open; drop a session (.flame), a clip "
        "(.npz, .json, .csv, .npy, .bvh and more, or a folder of them), a photo (.jpg, .png and more), a "
        "film, a sound (.wav, .flac, .ogg or .mp3), a pose (.flamepose) or a head model (.pkl, .npz, "
        ".safetensors or a folder of .npy)."
    )


def _refuse_companion(path: Path) -> None:
    """Say where a file belongs that goes with a head model.

    Raises:
        StudioError: it is one, or cannot be read.

    """
    from studio.flame.companions import recognise
    from studio.flame.describe import TITLES
    from studio.flame.folders import user_folder

    role = recognise(path).role
    if role != "other":
        raise StudioError(
            f"{path.name} is not a head but belongs to one ({TITLES[role].lower()}): put it beside the "
            f"model or into {user_folder()}, then open the head model again."
        )


def title_of_clip(path: Path) -> str:
    """What a take from the file, folder or pattern ``path`` is called."""
    return path.parent.name if is_pattern(path) else path.stem


def with_ending(path: Path) -> Path:
    """``path`` with the ending of a session."""
    return path if path.suffix.lower() == SESSION_ENDING else path.with_name(path.name + SESSION_ENDING)


def export(studio: Studio, path: Path, options: dict[str, Any], choices: dict[str, Any]) -> Path:
    """What is shown as the file ``path``: a mesh, parameters, a picture, or the frames played.

    ``options`` are those of a picture, ``choices`` of a GLB.

    Raises:
        StudioError: the ending is not known, or it cannot be made or written.

    """
    from studio.document.camera_keys import camera_path
    from studio.document.moment import Moment
    from studio.export.animations import is_animation
    from studio.export.film import FilmJob
    from studio.export.film_formats import FILMS, has_sound
    from studio.export.film_sound import with_sound
    from studio.export.mesh import MESHES, MeshJob
    from studio.export.parameters import ParametersJob
    from studio.render.extras_maker import extras_of_frames
    from studio.sound.mixdown import SoundSource
    from studio.sound.sound import sound_notice

    ending = path.suffix.lower()
    if is_animation(path):
        return animation(studio, path, choices)
    if ending in MESHES:
        return run(MeshJob(studio.model, studio.surface(), path, look=studio.document.look))
    if ending and ending in LAYOUTS:
        return run(ParametersJob(studio.model, studio.document.take.baked(), path))
    if ending not in FILMS or len(studio.document.take) == 1:
        return render(studio, path, options)
    first, last = studio.document.play_range
    clip = studio.document.take.baked()
    renderer, backend = studio.renderer, studio.backend
    extras = extras_of_frames(Moment.of(studio.document), backend.forward)
    shot, way = shot_of(studio, options), camera_path(studio.document)
    job = FilmJob(renderer, backend, clip, shot, path, first, last, extras=extras, camera=way)
    source = SoundSource.of(studio.document.sound) if has_sound(path) else None
    notice = sound_notice(source.media) if source is not None else ""
    studio.notices += [notice] if notice else []
    return run(with_sound(job, source))


def animation(studio: Studio, path: Path, choices: dict[str, Any]) -> Path:
    """The frames played as moving meshes at ``path``; ``choices`` are those of GltfOptions.

    Raises:
        StudioError: there is no such choice, or it cannot be made or written.

    """
    from studio.export.animations import Shown, animation_job, notices_of
    from studio.export.gltf.options import GltfOptions

    try:
        options = GltfOptions(**choices)
    except (TypeError, ValueError) as error:
        raise StudioError(f"A GLB cannot be made so: {error}") from error
    document = studio.document
    first, last = document.play_range
    shown = Shown(document.take.name, document.look, options, document.controls)
    frames = document.take.baked().part(first, last + 1)
    result = run(animation_job(studio.backend, frames, path, shown))
    studio.notices += notices_of(result)
    return path


def render(studio: Studio, path: Path, options: dict[str, Any]) -> Path:
    """A picture of what is shown.

    Raises:
        StudioError: the ending is not known, or it cannot be drawn or written.

    """
    from studio.export.screenshot import ScreenshotJob

    return run(ScreenshotJob(studio.renderer, shot_of(studio, options), path))


def turntable(studio: Studio, path: Path, seconds: float, fps: float, options: dict[str, Any]) -> Path:
    """A film of one turn around the head.

    Raises:
        StudioError: the ending is not known, or it cannot be drawn or written.

    """
    from studio.export.turntable import TurntableJob

    return run(TurntableJob(studio.renderer, shot_of(studio, options), path, seconds, fps))


def shot_of(studio: Studio, options: dict[str, Any]) -> Shot:
    """What is shown, in a picture of ``size`` with ``samples``, ``transparent`` or not.

    Raises:
        StudioError: no picture can be of that size or have so many samples.

    """
    try:
        return shot_of_document(studio.document, studio.backend, studio.surface(), **options)
    except ValueError as error:
        raise StudioError(str(error)) from error


def shot_of_document(
    document: Document,
    backend: Backend,
    surface: Surface,
    size: tuple[int, int],
    samples: int = 4,
    transparent: bool = False,
) -> Shot:
    """What ``document`` shows, whose head is ``surface``, with what is beside it; see :class:`Shot`."""
    from studio.document.moment import Moment
    from studio.document.occasion import occasion_of
    from studio.render.extras_maker import ExtrasMaker
    from studio.render.shot import Shot

    beside = ExtrasMaker(backend.forward).make(Moment.of(document), document.params, surface)
    look, camera = document.look, document.camera
    return Shot(
        document.model, surface, look, camera, size, samples, transparent, beside, occasion_of(document)
    )


def framed(studio: Studio, camera: Camera, aspect: float = 1.0) -> Camera:
    """``camera`` moved so that the whole head is seen."""
    return frame_head(studio.surface().vertices, camera, aspect)


def turned(camera: Camera, degrees: dict[str, float]) -> Camera:
    """``camera`` with its angles given in degrees."""
    angles: dict[str, Any] = {name: math.radians(value) for name, value in degrees.items()}
    return replace(camera, **angles)


def run(job: Job) -> Any:
    """What ``job`` gives, done here and now."""
    return job.run(_quietly, lambda: False)


def _quietly(_progress: Progress) -> None:
    """Nobody watches."""
