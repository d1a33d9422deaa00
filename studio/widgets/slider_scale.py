"""What a slider row stands for: its range, its neutral value, and how its number is written."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")


@dataclass(frozen=True)
class SliderScale:
    """The scale of one row, in the unit that is shown.

    The slider runs over ``low..high``; typing reaches ``hard_low..hard_high`` (the slider's range
    where None). ``usual`` is the anatomical part of the range; what lies beyond is shaded. The unit
    stands behind the number, or behind the label where ``unit_at_label``. ``quality`` 0..1, where it is
    known, is drawn as one to three bars behind the label. A scale that is not ``available`` is shown, and
    cannot be moved. ``full_title`` is what the row is called where its group is not seen; empty: as in the
    label. With ``bend`` above 1 the low end of the slider is stretched by that power.
    """

    label: str
    low: float = 0.0
    high: float = 1.0
    neutral: float = 0.0
    decimals: int = 2
    unit: str = ""
    unit_at_label: bool = False
    hard_low: float | None = None
    hard_high: float | None = None
    usual: tuple[float, float] | None = None
    tip: str = ""
    quality: float | None = None
    available: bool = True
    bend: float = 1.0
    full_title: str = ""

    @property
    def limits(self) -> tuple[float, float]:
        """Lowest and highest value that may be typed."""
        low = self.low if self.hard_low is None else self.hard_low
        high = self.high if self.hard_high is None else self.hard_high
        return low, high

    @property
    def step(self) -> float:
        """One key press: a hundredth of the range, rounded to 1, 2 or 5 of a decimal place."""
        rough = (self.high - self.low) / 100.0
        magnitude = 10.0 ** math.floor(math.log10(rough))
        factor = next(candidate for candidate in (1, 2, 5, 10) if rough <= candidate * magnitude * 1.0001)
        return max(factor * magnitude, 10.0**-self.decimals)

    def is_unusual(self, value: float) -> bool:
        """Whether ``value`` lies beyond the anatomical range, by more than its last digit."""
        if self.usual is None:
            return False
        slack = 10.0**-self.decimals
        return not self.usual[0] - slack <= value <= self.usual[1] + slack

    def clamped(self, value: float) -> float:
        """``value`` within the limits of typing."""
        low, high = self.limits
        return min(max(value, low), high)

    def fraction(self, value: float) -> float:
        """Where ``value`` lies on the slider, 0..1, held at both ends."""
        held = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return float(held ** (1.0 / self.bend))

    def value_at(self, fraction: float) -> float:
        """The value at ``fraction`` of the slider, in whole digits of the number shown."""
        held = min(max(fraction, 0.0), 1.0)
        return float(round(self.low + held**self.bend * (self.high - self.low), self.decimals))

    def text(self, value: float, decimals: int | None = None) -> str:
        """``value`` as the row shows it, with its own ``decimals`` or fewer."""
        if not math.isfinite(value):
            return "\N{EN DASH}"
        decimals = self.decimals if decimals is None else decimals
        rounded = round(value, decimals) + 0.0  # -0.0 becomes 0.0
        gap = " " if self.unit[:1].isalpha() else ""
        return f"{rounded:.{decimals}f}" + ("" if self.unit_at_label else f"{gap}{self.unit}")

    @property
    def title(self) -> str:
        """The label, with the unit if it stands there."""
        return f"{self.label} ({self.unit})" if self.unit_at_label else self.label

    def parse(self, text: str) -> float | None:
        """The number in ``text`` within the limits, unit or none, point or comma; None if there is none."""
        value = self._number(text)
        return None if value is None else self.clamped(value)

    def takes(self, text: str) -> bool:
        """Whether ``text``, or a number that the row itself shows, is within the limits."""
        value, slack = self._number(text), 0.5 * 10.0**-self.decimals
        return value is not None and abs(self.clamped(value) - value) <= slack

    @property
    def range_text(self) -> str:
        """What may be typed: "0.00 to 3.00"."""
        low, high = self.limits
        return f"{self.text(low)} to {self.text(high)}"

    def _number(self, text: str) -> float | None:
        body = text.strip().replace("\u2212", "-").removesuffix(self.unit).strip()
        return float(body.replace(",", ".")) if _NUMBER.fullmatch(body) else None
