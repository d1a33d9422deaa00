"""Who wrote a clip, told by the names in it, and with which release of FLAME they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.flame.versions import FLAME_2020, FLAME_2023
from studio.sequence.report import Dropped


@dataclass(frozen=True)
class Facts:
    """What is known of a file beside its arrays."""

    layout: str = ""  # whose it is; empty: told by the names
    version: str = ""  # the release of FLAME that its kind is made with
    names: Mapping[str, str] | None = (
        None  # what an entry is called in the file, where it is called otherwise
    )
    how: Mapping[str, str] | None = None  # what was done to an entry on the way
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    about_origin: bool = (
        False  # whether rotation turns about the origin of the head's space, and not the root
    )
    rate: str = ""  # where the rate is from, if the file says it in its own way

    def called(self, key: str) -> str:
        """What the entry ``key`` is called in the file."""
        return (self.names or {}).get(key, key)


NO_FACTS = Facts()


def producer_of(shapes: Mapping[str, tuple[int, ...]], others: frozenset[str]) -> tuple[str, str]:
    """Whose layout has entries of these ``shapes`` and ``others`` beside them, and the release it is for.

    The release is empty where it cannot be told.
    """
    keys = shapes.keys() | others
    widths = {key: shape[-1] if shape else 1 for key, shape in shapes.items()}
    if "model_digest" in keys:
        return "a clip of the studio", ""
    if {"timestep_id", "n_processed_frames"} & others:
        return "tracking of VHAP", FLAME_2023
    if "head_pose" in keys and {"exp", "expression"} & keys:
        return "frames of flame-head-tracker", FLAME_2020
    if {"expcode", "posecode", "shapecode"} & keys:
        return "codes of EMOCA or DECA", FLAME_2020
    if {"exp", "pose"} <= keys and widths.get("pose") == 6 and {"cam", "light", "detail", "tex"} & others:
        return "codes of DECA or EMOCA", FLAME_2020
    if {"cam", "pose", "shape", "expression"} <= keys and widths.get("pose") == 6:
        return "parameters of RingNet", ""
    if widths.get("pose") == 12:
        return "parameters of TF_FLAME", ""
    if {"expr", "rotation", "jaw_pose"} <= keys:
        return "parameters of VHAP or GaussianAvatars", FLAME_2023
    if {"expression", "pose"} <= keys and widths.get("pose") == 15:
        return "frames of oxigaf-flame or IMavatar", ""
    if keys & {"identity"}:
        return "an identity of MICA", FLAME_2020
    return "parameters by name", ""
