"""Packets of Live Link Face: what is read of them, and that anything else is none."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.arkit import UNITS
from studio.flame.rotations import to_matrices
from studio.live.packet import CHANNELS, build, parse
from studio.live.turns import head_turn
from tests.live.packets import ORDER, malformed, packet


def unit(read, name):
    return read.units[UNITS.index(name)]


def test_every_unit_is_found_at_its_place():
    values = [round(0.01 * place, 2) for place in range(52)] + [0.0] * 9
    read = parse(packet(values))
    for place, name in enumerate(ORDER[:52]):
        assert unit(read, name[0].lower() + name[1:]) == pytest.approx(0.01 * place, abs=1e-6)


def test_who_sends_and_when():
    read = parse(packet(device="0F-22", subject="Léa's phone\x00", number=120, part=0.5, rate=30))
    assert (read.device, read.subject, read.frame, read.rate) == ("0F-22", "Léa's phone", 120.5, 30.0)


@pytest.mark.parametrize(
    ("named", "axis", "sign"),
    [({"HeadYaw": 0.3}, 1, 1.0), ({"HeadPitch": 0.3}, 0, 1.0), ({"HeadRoll": 0.3}, 2, 1.0)],
)
def test_the_head_turns_left_nods_down_and_tilts_right(named, axis, sign):
    expected = np.zeros(3)
    expected[axis] = sign * 0.3
    np.testing.assert_allclose(parse(packet(**named)).head, expected, atol=1e-6)


@pytest.mark.parametrize("angles", [(0.4, -0.3, 0.2), (-2.9, 0.1, 1.5), (3.1, 1.4, -3.0), (0.0, 0.0, 0.0)])
def test_a_turn_is_roll_then_pitch_then_yaw(angles):
    yaw, pitch, roll = angles
    single = [to_matrices(turn) for turn in ((0, yaw, 0), (pitch, 0, 0), (0, 0, roll))]
    np.testing.assert_allclose(to_matrices(head_turn(*angles)), single[0] @ single[1] @ single[2], atol=1e-12)
    assert np.linalg.norm(head_turn(*angles)) <= np.pi + 1e-12


@pytest.mark.parametrize("values", [[], None])
def test_a_packet_without_a_face_is_whole_and_has_no_units(values):
    data = packet([]) if values is not None else packet([])[:-1]
    read = parse(data)
    assert read is not None
    assert read.units is None
    assert read.subject == "Phone"


@pytest.mark.parametrize("seed", range(6))
def test_anything_else_is_none(seed):
    made = malformed(seed, 80)
    assert len(made) >= 80
    for data in made:
        assert parse(data) is None, data[:40]


@pytest.mark.parametrize("seed", range(4))
def test_a_bit_that_falls_over_never_raises_and_never_gives_what_is_not_finite(seed):
    rng = np.random.default_rng(seed)
    good = np.frombuffer(packet(JawOpen=0.5, HeadYaw=0.2), np.uint8)
    for _ in range(300):
        data = good.copy()
        data[rng.integers(len(data), size=rng.integers(1, 4))] ^= np.uint8(1 << rng.integers(8))
        read = parse(data.tobytes())
        if read is not None and read.units is not None:
            assert np.isfinite(read.units).all()
            assert np.isfinite(read.head).all()
            assert np.abs(read.units).max() <= 2.0


def test_what_is_built_is_what_the_app_sends():
    units = np.zeros(52)
    units[UNITS.index("jawOpen")], units[UNITS.index("mouthSmileLeft")] = 0.5, 0.25
    angles = np.linspace(-0.4, 0.4, 9)
    named = dict(zip(ORDER[52:], np.float32(angles).tolist(), strict=True))
    expected = packet(JawOpen=0.5, MouthSmileLeft=0.25, number=7, rate=30, part=0.0, **named)
    assert build("A1B2", "Phone", 7, 30, units, angles) == expected
    assert [name.lower() for name in CHANNELS] == [name.lower() for name in ORDER]
