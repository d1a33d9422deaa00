"""What a script opens becomes part of the document, in one step each; notices on the files are given back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.controls.mapping_file import read_mapping
from studio.document import commands
from studio.document.control_state import ControlState, solve_controls
from studio.document.faces import use_mapping
from studio.document.media import Media
from studio.scripting.files import title_of_clip

if TYPE_CHECKING:
    from studio.scripting.studio import Studio


def open_mapping(studio: Studio, path: Path) -> None:
    """Use the mapping of units in ``path``.

    Raises:
        StudioError: it cannot be read, or not be used with the model.

    """
    mapping = read_mapping(path)
    solve_controls(studio.model, ControlState(mapping, path.name))
    studio.push(use_mapping(studio.document, mapping, path.name, path))


def open_sound(studio: Studio, path: Path) -> list[str]:
    """Let the sound in ``path`` be heard.

    Raises:
        StudioError: it cannot be read.

    """
    from studio.document.sound_commands import use_sound
    from studio.sound.reading import sound_facts
    from studio.sound.sound import sound_notice

    media = Media(str(path.absolute()))
    notice = sound_notice(media)
    studio.push(use_sound(studio.document, media, path, sound_facts(media).seconds))
    return [notice] if notice else []


def open_clip(studio: Studio, path: Path, fill: bool) -> list[str]:
    """Take the clip in ``path`` as a take, its gaps filled if ``fill``.

    Raises:
        StudioError: it cannot be read.

    """
    from studio.controls.captured import on_model
    from studio.sequence.files import read_clip

    clip, notices = read_clip(path, studio.model, fill, on_model)
    studio.push(commands.open_clip(studio.document, title_of_clip(path), clip, path))
    return list(notices)


def open_photo(studio: Studio, path: Path) -> list[str]:
    """Take the photo in ``path`` to fit the head to.

    Raises:
        StudioError: it cannot be read.

    """
    from studio.document.reference_commands import use_photo
    from studio.fitting.reading import photos
    from studio.fitting.reading.seen_faces import seen_faces
    from studio.flame.folders import model_folders, user_folder
    from studio.flame.open_head import OPEN_HEAD

    photo, media = photos.open_photo(path), Media(str(path.absolute()))
    source = studio.model.source
    folders = [*model_folders(None if source == OPEN_HEAD else source), user_folder()]
    faces, notices = seen_faces(photo, media, studio.model, folders)
    studio.push(use_photo(studio.document, media, path, faces[0] if faces else None))
    return [*photo.notices, *notices]
