"""Operations on when things happen, as rows of the table."""

from __future__ import annotations

from fractions import Fraction

from studio.operations.names import named
from studio.operations.row import Desk, Operation, Outcome, Parameter, Settings
from studio.sequence.clip import Clip
from studio.sequence.operations import joining, timing
from studio.sequence.operations.moments import Moments
from studio.sequence.operations.parts import PARTS
from studio.sequence.operations.rates import parsed_rate
from studio.sequence.rates import exact_rate

LONGEST_FADE = 10_000  # frames
WHOLE = "all"


def parts_parameter(tip: str) -> Parameter:
    """The setting that says which parts of a clip an operation is held to."""
    return Parameter("parts", "Parts", "parts", PARTS, f"{tip}: {', '.join(PARTS)}, or {WHOLE}")


def _trim(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    return Outcome(clip)


def _split(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    frame = settings["frame"]
    first, second = timing.split(clip, frame)
    moments = Moments(((0.0, 0.0), (1.0, 1.0)), kept=(0.0, frame - 1.0))
    return Outcome(first, moments, {"parts": [len(first), len(second)]}, rest=second)


def _join(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    other = desk.clip_called(settings["other"])
    made, notices = joining.joined(clip, other, settings["fade"])
    return Outcome(made, None, {}, tuple(notices))


def _retime(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    speed = settings["speed"]
    match settings["how"]:
        case "speed":
            return Outcome(timing.retimed(clip, speed), Moments.straight(speed))
        case "duration":
            made = timing.stretched(clip, settings["seconds"])
            pace = (len(clip) - 1) / max(len(made) - 1, 1) or 1.0
            return Outcome(made, Moments.straight(pace))
        case _:
            made = timing.conformed(clip, speed)
            return Outcome(made, None, {"fps": made.fps})


def _resample(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    rate = parsed_rate(settings["rate"])
    made = timing.resampled(clip, rate)
    return Outcome(made, Moments.straight(float(exact_rate(clip.fps) / rate)), {"rate": _told(rate)})


def _told(rate: Fraction) -> str:
    return str(rate.numerator) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"


def _reverse(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    last = len(clip) - 1.0
    return Outcome(
        timing.reversed_in_time(clip), Moments(((0.0, last), (last or 1.0, 0.0 if last else -1.0)))
    )


def _loop(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    made = joining.looped(clip, settings["fade"])
    return Outcome(made, Moments(((0.0, 0.0), (1.0, 1.0)), kept=(0.0, len(made) - 1.0)))


def _shift(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    return Outcome(timing.delayed(clip, settings["parts"], settings["frames"]))


ROWS: tuple[Operation, ...] = (
    Operation(*named("trim"), _trim, "only"),
    Operation(
        *named("split"),
        _split,
        "whole",
        (
            Parameter(
                "frame",
                "First frame of the second part",
                "whole",
                1,
                "The frame that the second part begins with",
                low=1,
                high=timing.LONGEST,
            ),
        ),
    ),
    Operation(
        *named("join"),
        _join,
        "whole",
        (
            Parameter("other", "Second clip", "clip", "", "The clip that follows"),
            Parameter(
                "fade",
                "Cross-fade",
                "whole",
                8,
                "Frames in which one clip passes into the other",
                high=LONGEST_FADE,
                unit="frames",
            ),
        ),
    ),
    Operation(
        *named("retime"),
        _retime,
        "part",
        (
            Parameter(
                "how",
                "How",
                "choice",
                "speed",
                "By a factor, to a duration, or by showing every frame at another rate",
                choices=(
                    ("speed", "Speed, at the same rate"),
                    ("duration", "Duration, at the same rate"),
                    ("conform", "Speed, every frame kept"),
                ),
            ),
            Parameter(
                "speed",
                "Speed",
                "number",
                1.0,
                "2 is twice as fast",
                low=0.01,
                high=100.0,
                when=("how", ("speed", "conform")),
            ),
            Parameter(
                "seconds",
                "Duration",
                "number",
                1.0,
                "How long it lasts then",
                low=0.01,
                high=86_400.0,
                unit="s",
                when=("how", ("duration",)),
            ),
        ),
    ),
    Operation(
        *named("resample"),
        _resample,
        "whole",
        (
            Parameter(
                "rate",
                "Frames a second",
                "rate",
                "30",
                "Such as 25, 60, 23.976 (24000/1001) or 29.97 (30000/1001), which are exact",
            ),
        ),
    ),
    Operation(*named("reverse"), _reverse, "part"),
    Operation(
        *named("loop"),
        _loop,
        "only",
        (
            Parameter(
                "fade",
                "Cross-fade",
                "whole",
                10,
                "Frames of the end that pass into the start; the loop is shorter by them",
                low=1,
                high=LONGEST_FADE,
                unit="frames",
            ),
        ),
    ),
    Operation(
        *named("shift"),
        _shift,
        "frames",
        (
            parts_parameter("What is shifted"),
            Parameter(
                "frames",
                "Later by",
                "number",
                1.0,
                "Negative is earlier; the ends are held",
                low=-10_000.0,
                high=10_000.0,
                unit="frames",
            ),
        ),
    ),
)
