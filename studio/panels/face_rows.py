"""Which named controls the Face panel shows, in which groups, and what their rows are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studio.controls.arkit import GROUPS, mirrored_name
from studio.controls.emotions import EMOTIONS
from studio.controls.head_turns import AXES
from studio.controls.named_controls import EYELIDS, JAW_SIDEWAYS, MIRRORED_SIGN, Control, ControlSet
from studio.controls.unit_space import EXACT, Fidelity
from studio.flame.model import HeadModel
from studio.widgets.slider_scale import SliderScale

_DEGREES = 180.0 / math.pi
_UNIT_BEYOND = 1.0  # how far a typed number may go beyond a slider of 0..1, either way
_HEAD_BEYOND = 180.0  # degrees

GAZE = "Gaze"  # the group that has rows of its own
_JAW = ("jawOpen", "jawForward", JAW_SIDEWAYS, "jawLeft", "jawRight")
FACE_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Emotions": tuple(EMOTIONS),
        "Head": tuple(AXES),
        GAZE: (),
        "Eyelids": EYELIDS,
        "Jaw": _JAW,
        **{title: names for title, names in GROUPS.items() if title != "Jaw"},
    }
)
_SAID = {"Head": "Head", "Brows": "Brow", "Eyes": "Eye", "Jaw": "Jaw", "Mouth": "Mouth"}
_TIPS = {
    "headTurn": "Positive: to the subject's left; neck and whole head share it",
    "headNod": "Positive: chin to the chest; neck and whole head share it",
    "headTilt": "Positive: towards the subject's right shoulder; neck and whole head share it",
    "eyelidLeft": "0 open, 1 closed; with a blink the eye closes only once",
    "eyelidRight": "0 open, 1 closed; with a blink the eye closes only once",
    JAW_SIDEWAYS: "Positive: chin to the subject's left",
    "mouthClose": "Closes the lips over an open jaw, and opens the jaw as far as that needs",
}


@dataclass(frozen=True)
class FaceRow:
    """A row over one control, shown ``factor`` times as large as the control's own value."""

    name: str
    title: str  # of the step, for the Edit menu
    scale: SliderScale
    factor: float = 1.0

    def shown(self, value: float) -> float:
        """The control's ``value`` as the row shows it, without the digits that rounding made up.

        A face that is a little against an emotion, as any is against some, is told to have none of it.
        """
        if self.name in EMOTIONS:
            value = max(value, 0.0)
        return round(value * self.factor, self.scale.decimals + 2)


def face_rows(controls: ControlSet, model: HeadModel, group: str) -> tuple[FaceRow, ...]:
    """The rows of ``group`` in order; those that the model has no control for are left out."""
    names = (name for name in FACE_GROUPS[group] if name in controls.controls)
    return tuple(_row(controls.controls[name], model) for name in names)


def mirrored_values(values: Mapping[str, float], names: tuple[str, ...]) -> dict[str, float]:
    """What the controls ``names`` come to where the face of ``values`` is seen in a mirror."""
    mirrored = {}
    for name in names:
        value = values[mirrored_name(name)]
        mirrored[name] = MIRRORED_SIGN.get(name, 1.0) * value
    if "jawLeft" in mirrored:
        mirrored.pop(JAW_SIDEWAYS, None)  # the two ways together say it
    return mirrored


def has_sides(names: tuple[str, ...]) -> bool:
    """Whether a mirror changes anything of ``names``."""
    return any(mirrored_name(name) != name or name in MIRRORED_SIGN for name in names)


def fidelity_text(fidelity: Fidelity) -> str:
    """How well a control comes out, in words; empty where it is the model's own."""
    if fidelity == EXACT:
        return ""
    share = math.floor(100.0 * fidelity.score + 1e-9)
    return f"Shown to {share} %, within {1000.0 * fidelity.error:.1f} mm of the open head's"


def _row(control: Control, model: HeadModel) -> FaceRow:
    if control.name in AXES:
        low, high = (_DEGREES * end for end in (control.lowest, control.highest))
        scale = SliderScale(
            _label(control),
            low,
            high,
            decimals=1,
            unit="°",
            hard_low=-_HEAD_BEYOND,
            hard_high=_HEAD_BEYOND,
            tip=_TIPS[control.name],
            full_title=control.title,
        )
        return FaceRow(control.name, control.title, scale, _DEGREES)
    available = bool(control.changes)
    scale = SliderScale(
        _label(control),
        control.lowest,
        control.highest,
        hard_low=control.lowest - _UNIT_BEYOND,
        hard_high=control.highest + _UNIT_BEYOND,
        tip=_tip(control, model, available),
        quality=None if control.fidelity == EXACT or not available else control.fidelity.score,
        available=available,
        full_title=control.title,
    )
    return FaceRow(control.name, control.title, scale)


def _label(control: Control) -> str:
    """The title without the word that the group already says."""
    first, _, rest = control.title.partition(" ")
    return rest[:1].upper() + rest[1:] if rest and first == _SAID.get(control.group) else control.title


def _tip(control: Control, model: HeadModel, available: bool) -> str:
    if not available:
        return f"{control.title}: {model.name} has no component that moves like this."
    about = _TIPS.get(control.name, "" if control.name in EMOTIONS else control.name)
    first = f"{control.title} ({about})" if about == control.name else about
    return "\n".join(line for line in (first, fidelity_text(control.fidelity)) if line)
