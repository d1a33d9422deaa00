from __future__ import annotations

import pytest

from studio.sequence.timecode import (
    clock,
    drops_frames,
    frame_of_timecode,
    read_time,
    timecode,
    write_time,
)

NTSC = 30000 / 1001


def test_the_clock():
    assert clock(1.2) == "00:01.20"
    assert clock(75.456) == "01:15.46"
    assert clock(59.999) == "01:00.00"


@pytest.mark.parametrize(
    ("frame", "fps", "wanted"),
    [
        (0, 25, "00:00:00:00"),
        (36, 30, "00:00:01:06"),
        (25 * 3600 + 25 * 61 + 3, 25, "01:01:01:03"),
        (24, 24000 / 1001, "00:00:01:00"),
        (1799, NTSC, "00:00:59;29"),
        (1800, NTSC, "00:01:00;02"),
        (17981, NTSC, "00:09:59;29"),
        (17982, NTSC, "00:10:00;00"),
        (107892, 29.97, "01:00:00;00"),
        (215784, 59.94, "01:00:00;00"),
        (3600, 59.94, "00:01:00;04"),
        (130, 120, "00:00:01:010"),
    ],
)
def test_timecode(frame, fps, wanted):
    assert timecode(frame, fps) == wanted


def dropped_by_counting(count):
    """Drop-frame labels of the first ``count`` frames, counted one after the other."""
    labels, minute, second, frame = [], 0, 0, 0
    while len(labels) < count:
        if not (second == 0 and frame < 2 and minute % 10):
            labels.append(f"{minute // 60:02d}:{minute % 60:02d}:{second:02d};{frame:02d}")
        frame += 1
        if frame == 30:
            frame, second = 0, second + 1
        if second == 60:
            second, minute = 0, minute + 1
    return labels


def test_drop_frame_is_what_counting_gives_and_is_read_back():
    labels = dropped_by_counting(40_000)
    assert [timecode(frame, NTSC) for frame in range(40_000)] == labels
    assert [frame_of_timecode(label, NTSC) for label in labels] == list(range(40_000))


def test_a_dropped_number_is_the_next_one_there_is():
    assert frame_of_timecode("00:01:00;00", NTSC) == frame_of_timecode("00:01:00;02", NTSC) == 1800


def test_which_rates_drop():
    assert [drops_frames(fps) for fps in (23.976, 25, 29.97, 30, 59.94, 60)] == [0, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("text", "unit", "wanted"),
    [
        ("12", "frames", 12),
        ("12", "timecode", 12),
        ("1.5", "seconds", 45),
        ("1,5", "seconds", 45),
        ("1.5s", "frames", 45),
        ("45f", "seconds", 45),
        ("+10", "frames", 110),
        ("-10", "frames", 90),
        ("+1", "seconds", 130),
        ("-500", "frames", 0),
        ("1:02.5", "seconds", 1875),
        ("1:02", "seconds", 1860),
        ("1:02", "timecode", 32),
        ("0:1:02", "timecode", 32),
        ("00:00:01:06", "seconds", 36),
        ("", "frames", None),
        ("soon", "frames", None),
        ("1:99", "timecode", None),
        ("9" * 32, "frames", 2**31 - 1),
        ("+" + "9" * 31, "seconds", 2**31 - 1),
        ("9" * 400, "frames", None),
        ("9" * 5000, "frames", None),
        ("9" * 400 + ":10", "seconds", None),
        ("1:" + "9" * 5000, "timecode", None),
        ("0." + "1" * 400, "seconds", None),
    ],
)
def test_typed_time(text, unit, wanted):
    assert read_time(text, 100.0, 30.0, unit) == wanted


def test_time_at_no_finite_rate_means_nothing():
    assert read_time("5s", 0.0, float("inf"), "frames") is None
    assert read_time("5", 0.0, float("nan"), "seconds") is None


@pytest.mark.parametrize("unit", ["seconds", "frames", "timecode"])
@pytest.mark.parametrize("fps", [24.0, 25.0, NTSC, 30.0, 60.0])
def test_what_is_written_is_read(unit, fps):
    for frame in (0, 1, 59, 1800, 17_982, 100_000):
        assert read_time(write_time(frame, fps, unit), 0.0, fps, unit) == frame
