"""Turns of the head in a BVH file: a skeleton, and the angles of its joints in every frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import compose
from studio.sequence.producers import Facts
from studio.sequence.report import Dropped
from studio.sequence.turns import from_eulers
from studio.storage.errors import DamagedFileError, StudioError
from studio.storage.paths import file_size, read_bytes, read_start

LARGEST_BVH = 512 << 20  # bytes
LONGEST_HEADER = 4 << 20  # characters of the skeleton
PART = 4 << 20  # characters of numbers that are read at a time
MOST_JOINTS, MOST_CHANNELS, DEEPEST = 2_000, 12_000, 200
_CHANNELS = {f"{axis}{kind}": (axis, kind) for axis in "XYZ" for kind in ("rotation", "position")}
_FRAME_TIME = re.compile(r"FRAME\s+TIME:\s*\S+", re.IGNORECASE)
_GAP = re.compile(r"\s")
_NO_HEADS = ("headtop", "head_end", "headend", "forehead", "headnub", "headset")


@dataclass
class Joint:
    """A joint of the skeleton, and where its channels stand in a row."""

    name: str
    parent: int | None
    offset: tuple[float, ...] = (0.0, 0.0, 0.0)
    channels: list[str] = field(default_factory=list)
    first: int = 0


def is_bvh(path: Path) -> bool:
    """Whether the file at ``path`` begins as BVH does."""
    return read_start(path, 64).decode("latin1").lstrip("\ufeffï»¿ \t\r\n").upper().startswith("HIERARCHY")


def bvh_arrays(path: Path) -> tuple[dict[str, NDArray], Facts]:
    """The turn of the head against the chest in the BVH file at ``path``, as ``neck_pose``.

    The joints whose names say neck, from the chest up, and the one whose name says head are put together in
    the order of the skeleton, each with its own order of channels; all others are left out.

    Raises:
        StudioError: it cannot be read, is damaged, or has no such joint.

    """
    if file_size(path) > LARGEST_BVH:
        raise StudioError(f"{path.name} is larger than {LARGEST_BVH >> 20} MiB; cut it into parts.")
    text = read_bytes(path).decode("latin1").removeprefix("ï»¿")
    found = _FRAME_TIME.search(text, 0, LONGEST_HEADER)
    begin = found.end() if found else LONGEST_HEADER
    words = iter(text[:begin].split())
    joints = _hierarchy(path, words)
    count, seconds = _timing(path, words)
    rows = _rows(path, _numbers(path, text, begin), count, joints)
    chain = _chain(path, joints)
    turn = np.zeros((count, 3))
    for index in chain:
        turn = compose(turn, _turn(joints[index], rows))
    upright, note = _upright(joints, chain)
    turn = turn @ upright.T
    names = " and ".join(joints[index].name for index in chain)
    dropped = [
        Dropped(joint.name, "not the neck or the head")
        for index, joint in enumerate(joints)
        if joint.channels and index not in chain
    ]
    facts = Facts(
        layout="motion of a skeleton (BVH)",
        version="any model",
        names={"neck_pose": names},
        how={"neck_pose": "turns put together, made axis-angle"},
        dropped=tuple(dropped),
        notes=(note,) if note else (),
        rate=f"by its frame time of {seconds:g} s",
    )
    return {"neck_pose": turn, "fps": np.array(_rate(seconds))}, facts


def _rate(seconds: float) -> float:
    rate = 1.0 / seconds
    return float(round(rate)) if abs(rate - round(rate)) < 2e-4 * rate else rate


def _hierarchy(path: Path, words: Iterator[str]) -> list[Joint]:
    joints: list[Joint] = []
    open_joints: list[int | None] = []  # None: the end of a bone
    pending: int | None = None
    first = 0
    for word in words:
        upper = word.upper()
        if upper == "MOTION":
            if open_joints or not joints:
                break
            return joints
        if upper in ("ROOT", "JOINT"):
            parent = open_joints[-1] if open_joints else None
            joints.append(Joint(next(words, "")[:80], parent, first=first))
            pending = len(joints) - 1
        elif upper == "END":
            next(words, "")
            pending = None
        elif word == "{":
            open_joints.append(pending)
        elif word == "}":
            if not open_joints:
                break
            open_joints.pop()
        elif upper == "OFFSET":
            offset = tuple(_float(path, next(words, "")) for _ in range(3))
            if open_joints and open_joints[-1] is not None:
                joints[open_joints[-1]].offset = offset
        elif upper == "CHANNELS":
            number = next(words, "")
            if not number.isdigit() or len(number) > 2:
                break
            names = [next(words, "") for _ in range(int(number))]
            if not open_joints or open_joints[-1] is None or any(_channel(name) is None for name in names):
                break
            joints[open_joints[-1]].channels, joints[open_joints[-1]].first = names, first
            first += len(names)
        if len(joints) > MOST_JOINTS or first > MOST_CHANNELS or len(open_joints) > DEEPEST:
            raise StudioError(f"{path.name} has more joints than any skeleton; choose another file.")
    raise _damaged(path)


def _channel(name: str) -> tuple[str, str] | None:
    return _CHANNELS.get(name[:1].upper() + name[1:].lower())


def _timing(path: Path, words: Iterator[str]) -> tuple[int, float]:
    """How many frames there are said to be, and the seconds of one."""
    if next(words, "").upper() != "FRAMES:":
        raise _damaged(path)
    count = next(words, "")
    if [next(words, "").upper(), next(words, "").upper()] != ["FRAME", "TIME:"] or not count.isdigit():
        raise _damaged(path)
    seconds = _float(path, next(words, ""))
    if not 1e-4 <= seconds <= 100.0:
        raise StudioError(f"{path.name} has a frame time of {seconds:g} s, which no clip has; correct it.")
    return int(count[:12]), seconds


def _numbers(path: Path, text: str, begin: int) -> NDArray[np.float64]:
    """The numbers of ``text`` from ``begin`` on, in parts: a word takes ten times what a number does."""
    parts = [np.zeros(0)]
    while begin < len(text):
        gap = _GAP.search(text, begin + PART)
        end = gap.start() if gap else len(text)
        try:
            parts.append(np.array(list(map(float, text[begin:end].split()))))
        except ValueError:
            raise _damaged(path) from None
        begin = end
    return np.concatenate(parts)


def _rows(path: Path, numbers: NDArray[np.float64], count: int, joints: list[Joint]) -> NDArray[np.float64]:
    """``numbers`` as rows (count, D) of all channels."""
    width = sum(len(joint.channels) for joint in joints)
    if width == 0 or len(numbers) == 0 or count == 0:
        raise StudioError(f"{path.name} has no frames; choose another file.")
    if len(numbers) != count * width:
        raise DamagedFileError(
            f"{path.name} has {len(numbers)} numbers where {count} frames of {width} channels are "
            "promised; it may be cut short, get the file again."
        )
    return numbers.reshape(count, width)


def _float(path: Path, word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise _damaged(path) from None


def _damaged(path: Path) -> DamagedFileError:
    return DamagedFileError(f"{path.name} is no whole BVH file; get the file again.")


def _chain(path: Path, joints: list[Joint]) -> list[int]:
    """The neck's joints from the chest up, then the head, as far as there are any that turn."""
    heads = [index for index, joint in enumerate(joints) if _is_head(joint)]
    end = (
        heads[0]
        if heads
        else next((i for i, joint in enumerate(joints) if "neck" in joint.name.lower()), None)
    )
    chain: list[int] = []
    at = end
    while at is not None and (at == end or "neck" in joints[at].name.lower() or _is_head(joints[at])):
        chain.insert(0, at)
        at = joints[at].parent
    chain = [index for index in chain if any(map(_is_turn, joints[index].channels))]
    if not chain:
        known = ", ".join(joint.name for joint in joints[:6])
        raise StudioError(
            f"{path.name} has no joint whose name says head or neck and that turns (it has {known}, …); "
            "rename the one that is meant."
        )
    return chain


def _is_turn(name: str) -> bool:
    channel = _channel(name)
    return channel is not None and channel[1] == "rotation"


def _is_head(joint: Joint) -> bool:
    name = joint.name.lower().rpartition(":")[2]
    return "head" in name and not any(word in name for word in _NO_HEADS)


def _turn(joint: Joint, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turns (T, 3) of a joint, by the order of its channels."""
    columns, axes = [], ""
    for place, name in enumerate(joint.channels):
        if _is_turn(name):
            columns.append(joint.first + place)
            axes += name[0].upper()
    return from_eulers(np.radians(rows[:, columns]), axes)


def _upright(joints: list[Joint], chain: list[int]) -> tuple[NDArray[np.float64], str]:
    """What brings the skeleton's axes to +Y up and +Z ahead, told by where the head is above the rest."""
    up = np.zeros(3)
    at: int | None = chain[-1]
    while at is not None and joints[at].parent is not None:
        up = up + np.array(joints[at].offset)
        at = joints[at].parent
    if np.abs(up).argmax() == 2 and up[2] > 0.0:
        return np.array(
            [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
        ), "Its Z axis points up: turned to +Y up."
    return np.eye(3), ""
