"""Which names stand for which parameter, in the files of everybody."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from studio.sequence.offsets import OFFSETS
from studio.sequence.report import Dropped

ALIASES = {
    "shape": ("shape", "betas", "shape_params", "shapecode", "identity"),
    "expr": ("expr", "exp", "expression", "expression_params", "expcode"),
    "rotation": ("rotation", "global_orient", "head_pose", "global_pose", "rot"),
    "neck_pose": ("neck_pose", "neck"),
    "jaw_pose": ("jaw_pose", "jaw"),
    "eyes_pose": ("eyes_pose", "eye_pose", "eyes"),
    "translation": ("translation", "transl", "trans"),
    "eyelids": ("eyelids", "eyelid_params"),
}
FULL_POSES = ("pose", "pose_params", "posecode", "full_pose")
FULL_POSE_PARTS = {
    3: ("jaw_pose",),
    6: ("rotation", "jaw_pose"),
    12: ("neck_pose", "jaw_pose", "eyes_pose"),
    15: ("rotation", "neck_pose", "jaw_pose", "eyes_pose"),
    18: ("rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation"),
}
EYE_SIDES = ("leye_pose", "reye_pose")
RATES = ("fps", "frame_rate", "framerate")
TIMES = ("timestamps", "timestamp", "times", "time")  # seconds of each frame, or parts of one
LABELS = (*RATES, "model_name", "model_digest", "expr_names", "licence", *TIMES)
KEYS = frozenset((*(alias for aliases in ALIASES.values() for alias in aliases), *FULL_POSES, *EYE_SIDES))
ALL_KEYS = KEYS | {*OFFSETS, *LABELS}

_TEXTURE = "texture, which the studio does not fit"
_LIGHT = "the light of a photo, which the look of the studio is not made of"
_CAMERA = "a camera; the head is shown by the studio's own"
_DETAIL = "wrinkles of another network"
_LIST = "a count or label of the frames"
_PICTURE = "of the pictures it was made from"
_REASONS = MappingProxyType(
    {
        **dict.fromkeys(("tex", "texcode", "tex_extra", "albedo", "tex_params", "texture"), _TEXTURE),
        **dict.fromkeys(("light", "lights", "lightcode", "sh", "sh_params"), _LIGHT),
        **dict.fromkeys(
            ("cam", "camera", "opencv", "focal_length", "fov", "K", "R", "t", "intrinsics", "world_mat",
             "cam_pose", "fl", "pp"),
            _CAMERA,
        ),
        **dict.fromkeys(("detail", "detailcode", "displacement_map"), _DETAIL),
        **dict.fromkeys(
            ("timestep_id", "n_processed_frames", "frame_id", "name", "file_path", "frame", "licence",
             "fid", "original_images", "len"),
            _LIST,
        ),
        **dict.fromkeys(
            ("image_size", "img_size", "images", "img", "img_aligned", "lmks_68", "lmks_dense", "bbox",
             "flame_keypoints", "seg", "lmks_eyes", "lmks_ears", "mp_bs", "img_rgb"),
            _PICTURE,
        ),
        "euler_jaw_pose": "the jaw again, as angles",
    }
)  # fmt: skip


def left_out(names: Collection[str], read: Collection[str] = ALL_KEYS) -> tuple[Dropped, ...]:
    """Those of ``names`` that are not ``read``, each with the reason."""
    return tuple(
        Dropped(
            name, _REASONS.get(name.rpartition("/")[2], "no parameter of a head that is known by this name")
        )
        for name in names
        if name not in read
    )


def chosen(keys: Collection[str], aliases: Collection[str]) -> str | None:
    """The name of a parameter that is read: the first of its ``aliases`` among ``keys``."""
    return next((alias for alias in aliases if alias in keys), None)


def keys_in_time(keys: Collection[str]) -> list[str]:
    """Those of ``keys`` that vary in time and are read."""
    groups = [FULL_POSES, *(aliases for name, aliases in ALIASES.items() if name != "shape")]
    found = [chosen(keys, aliases) for aliases in groups]
    whole_eyes = not set(ALIASES["eyes_pose"]).isdisjoint(keys)
    sides = () if whole_eyes or not set(EYE_SIDES) <= set(keys) else EYE_SIDES
    return [key for key in found if key is not None] + list(sides)


def repeated(keys: Collection[str]) -> tuple[Dropped, ...]:
    """Those of ``keys`` that are another name of a parameter that is read already."""
    said = []
    for aliases in (*ALIASES.values(), FULL_POSES):
        first = chosen(keys, aliases)
        said += [Dropped(key, f"the same as {first}") for key in aliases if key in keys and key != first]
    return tuple(said)
