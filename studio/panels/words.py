"""What parameters and modes are called in front of people."""

from __future__ import annotations

from collections.abc import Sequence

from studio.controls.titles import component_titles as component_titles
from studio.controls.titles import sentence as sentence
from studio.document.look import Mode

MODE_TITLES: dict[Mode, str] = {
    "textured": "Skin",
    "shaded": "Clay",
    "matcap": "Matcap",
    "flat": "Flat",
    "wireframe": "Wire",
    "normals": "Normals",
    "regions": "Regions",
    "depth": "Depth",
}

_FACE_GROUPS = {
    "brow": "Brows",
    "eye": "Eyes",
    "cheek": "Cheeks",
    "nose": "Nose",
    "jaw": "Jaw",
    "mouth": "Mouth",
    "tongue": "Tongue",
}
OTHER = "Other"


def _part(title: str) -> str:
    return _FACE_GROUPS.get(title.partition(" ")[0].lower(), OTHER)


def face_groups(titles: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Indices of ``titles`` by part of the face, from the brows down; empty where most name no part."""
    parts = [_part(title) for title in titles]
    if parts.count(OTHER) * 2 >= len(parts):
        return {}
    order = (*_FACE_GROUPS.values(), OTHER)
    groups = {group: tuple(i for i, part in enumerate(parts) if part == group) for group in order}
    return {group: members for group, members in groups.items() if members}


def within_group(title: str) -> str:
    """``title`` without the part of the face it begins with: Mouth smile left is Smile left."""
    first, _, rest = title.partition(" ")
    return rest[:1].upper() + rest[1:] if rest and first.lower() in _FACE_GROUPS else title
