"""The user's licensed files: what lies in the model folders, what is missing, where to get it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.flame.folders import model_folders
from studio.flame.versions import OPEN_LICENCE, RESEARCH_LICENCE, RINGNET_LICENCE

if TYPE_CHECKING:
    from studio.flame.describe import Description

__all__ = ["WANTED", "Missing", "missing", "model_folders", "scan"]


@dataclass(frozen=True)
class Missing:
    """One published file that would add something, and where it is given out."""

    name: str
    purpose: str
    url: str
    licence: str
    kinds: frozenset[str]  # the kinds of found files that make it unnecessary


FLAME_PAGE = "https://flame.is.tue.mpg.de/download.php"
RINGNET_PAGE = "https://github.com/soubhiksanyal/RingNet/tree/master/flame_model"

WANTED = (
    Missing(
        "flame2023_Open.pkl",
        "The FLAME head; any release from 2017 on will do, the others are for research only.",
        FLAME_PAGE,
        OPEN_LICENCE,
        frozenset({"model"}),
    ),
    Missing(
        "flame_static_embedding.pkl",
        "51 landmarks of the face.",
        RINGNET_PAGE,
        RINGNET_LICENCE,
        frozenset({"landmarks", "static landmarks"}),
    ),
    Missing(
        "flame_dynamic_embedding.npy",
        "17 landmarks of the contour, by the turn of the head.",
        RINGNET_PAGE,
        RINGNET_LICENCE,
        frozenset({"landmarks", "contour landmarks"}),
    ),
    Missing(
        "mediapipe_landmark_embedding.npz",
        "105 landmarks of brows, eyes, nose and lips, by MediaPipe's numbers.",
        FLAME_PAGE,
        RESEARCH_LICENCE,
        frozenset({"mediapipe landmarks"}),
    ),
    Missing(
        "FLAME_masks.pkl",
        "Names for the regions of the head.",
        FLAME_PAGE,
        RESEARCH_LICENCE,
        frozenset({"masks"}),
    ),
    Missing(
        "FLAME_texture.npz",
        "Components of the skin for the Appearance panel; AlbedoMM and the albedo of the BFM do as well.",
        FLAME_PAGE,
        RESEARCH_LICENCE,
        frozenset({"texture model"}),
    ),
    Missing(
        "head_template.obj",
        "Texture coordinates; FLAME_texture.npz has them too.",
        FLAME_PAGE,
        RESEARCH_LICENCE,
        frozenset({"template", "texture", "texture model"}),
    ),
)


def scan(folders: Iterable[Path], quick: bool = False) -> list[Description]:
    """What lies directly in ``folders``, in their order, each file told by content.

    Args:
        folders: usually ``model_folders()``.
        quick: leave out digests and the full check of models; about a hundred times faster.

    """
    # The window imports this module before it stands, and looks into the folders only when asked.
    from studio.flame.companions import candidates
    from studio.flame.describe import describe

    return [describe(path, quick) for folder in folders for path in candidates(folder)]


def missing(found: Sequence[Description]) -> list[Missing]:
    """The published files that nothing usable in ``found`` replaces, in the order of importance."""
    kinds = {entry.kind for entry in found if not entry.problem}
    return [wanted for wanted in WANTED if not kinds & wanted.kinds]
