"""The channels that can have keys, by name: what each is of a head's parameters.

``rotation``, ``neck_pose``, ``jaw_pose``, ``left_eye`` and ``right_eye`` are rotations, ``translation``
three metres, ``expr/12`` one component, ``eyelids/left`` and ``eyelids/right`` one lid, and
``control/jawOpen`` a named unit, whose keys come on top of the face.
"""

from __future__ import annotations

from studio.flame.params import Params

JOINTS = ("rotation", "neck_pose", "jaw_pose", "left_eye", "right_eye")  # in the order of the full pose
TRANSLATION = "translation"
LIDS = ("eyelids/left", "eyelids/right")
EXPRESSION = "expr/"
CONTROL = "control/"
CAMERA = "camera/"
CAMERA_TARGET = "camera/target"  # three metres; the camera's other channels are one number each


def width_of(channel: str) -> int:
    """How many numbers a key of ``channel`` has."""
    return 3 if channel in JOINTS or channel in (TRANSLATION, CAMERA_TARGET) else 1


def turns(channel: str) -> bool:
    """Whether the values of ``channel`` are rotations."""
    return channel in JOINTS


def component_of(channel: str) -> int:
    """The expression component that ``channel`` is; -1 where it is something else."""
    number = channel.removeprefix(EXPRESSION)
    return int(number) if channel.startswith(EXPRESSION) and number.isdecimal() else -1


def unit_of(channel: str) -> str:
    """The unit whose keys ``channel`` holds; empty where it is something else."""
    return channel.removeprefix(CONTROL) if channel.startswith(CONTROL) else ""


def is_channel(channel: str, expression_count: int) -> bool:
    """Whether a layer of a head with this many components can have keys of ``channel``."""
    if channel in JOINTS or channel in LIDS or channel == TRANSLATION or unit_of(channel):
        return True
    return 0 <= component_of(channel) < expression_count and channel == f"{EXPRESSION}{component_of(channel)}"


def channels_of_field(field: str, indices: list[int] | None = None, count: int = 0) -> tuple[str, ...]:
    """The channels that the parameter ``field`` (of ``count`` components), or ``indices`` of it, are in."""
    match field:
        case "expr":
            return tuple(f"{EXPRESSION}{index}" for index in (range(count) if indices is None else indices))
        case "eyes_pose":
            places = {0, 1} if indices is None else {index // 3 for index in indices}
            return tuple(JOINTS[3 + place] for place in sorted(places))
        case "eyelids":
            return tuple(LIDS[index] for index in (range(2) if indices is None else indices))
        case _:
            return (field,) if field in JOINTS or field == TRANSLATION else ()


def value_of(params: Params, channel: str) -> list[float]:
    """What ``params`` has in ``channel``, which is no control."""
    if channel in JOINTS:
        place = JOINTS.index(channel)
        return [float(number) for number in params.pose[3 * place : 3 * place + 3]]
    if channel == TRANSLATION:
        return [float(number) for number in params.translation]
    if channel in LIDS:
        return [float(params.eyelids[LIDS.index(channel)])]
    return [float(params.expr[component_of(channel)])]
