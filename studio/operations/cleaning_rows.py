"""Operations against noise, as rows of the table."""

from __future__ import annotations

from studio.operations.names import named
from studio.operations.row import Desk, Operation, Outcome, Parameter, Settings
from studio.operations.timing_rows import parts_parameter
from studio.sequence.clip import Clip
from studio.sequence.operations.despiking import despiked
from studio.sequence.operations.one_euro import euro_smoothed
from studio.sequence.operations.smoothing import LONGEST_WINDOW, smoothed

_POLYNOMIAL, _EURO = "savitzky_golay", "one_euro"


def _smooth(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    parts = settings["parts"]
    if settings["method"] == _POLYNOMIAL:
        return Outcome(smoothed(clip, parts, settings["window"], settings["order"]))
    ahead = settings["cutoff"], settings["response"], settings["both_ways"]
    return Outcome(euro_smoothed(clip, parts, *ahead))


def _despike(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    made, spikes = despiked(
        clip, settings["parts"], settings["window"], settings["threshold"], settings["longest"]
    )
    return Outcome(made, None, {"mended": spikes.total, "mended_in": spikes.counts})


def _window(
    tip: str, frames: tuple[int, int, int], when: tuple[str, tuple[str, ...]] | None = None
) -> Parameter:
    """How many frames are looked at together; ``frames`` are the least, the usual and the most."""
    low, usual, high = frames
    return Parameter("window", "Window", "whole", usual, tip, low, high, "frames", when=when)


ROWS: tuple[Operation, ...] = (
    Operation(
        *named("smooth"),
        _smooth,
        "frames",
        (
            Parameter(
                "method",
                "Method",
                "choice",
                _POLYNOMIAL,
                "A polynomial keeps peaks (Savitzky-Golay); one-euro smooths where little moves",
                choices=((_POLYNOMIAL, "Savitzky-Golay"), (_EURO, "One-euro")),
            ),
            parts_parameter("What is smoothed"),
            _window(
                "Frames that a polynomial goes through, an odd number; more is smoother",
                (3, 7, LONGEST_WINDOW),
                when=("method", (_POLYNOMIAL,)),
            ),
            Parameter(
                "order",
                "Order",
                "whole",
                2,
                "Of the polynomial; less is smoother",
                low=0,
                high=9,
                when=("method", (_POLYNOMIAL,)),
            ),
            Parameter(
                "cutoff",
                "Cutoff at rest",
                "number",
                2.0,
                "Less is smoother where little moves",
                low=0.01,
                high=100.0,
                unit="Hz",
                when=("method", (_EURO,)),
            ),
            Parameter(
                "response",
                "Response to speed",
                "number",
                1.0,
                "More follows quick motion better",
                low=0.0,
                high=100.0,
                when=("method", (_EURO,)),
            ),
            Parameter(
                "both_ways",
                "Without lag",
                "switch",
                True,
                "Filter from both ends and take the middle",
                when=("method", (_EURO,)),
            ),
        ),
        measured=True,
    ),
    Operation(
        *named("despike"),
        _despike,
        "frames",
        (
            parts_parameter("What is mended"),
            _window("Frames around each that it is held against, an odd number", (5, 11, 99)),
            Parameter(
                "threshold",
                "Threshold",
                "number",
                4.0,
                "Deviations from the median that make a spike",
                low=0.5,
                high=100.0,
                decimals=1,
            ),
            Parameter(
                "longest",
                "Longest spike",
                "whole",
                2,
                "Frames; what stays away for longer is motion",
                low=1,
                high=24,
                unit="frames",
            ),
        ),
        mends=True,
        measured=True,
    ),
)
