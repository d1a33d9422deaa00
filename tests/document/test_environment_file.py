from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from studio.document.environment_file import parse_coefficients, read_environment
from studio.document.harmonics import project
from studio.storage.errors import DamagedFileError, StudioError, UnfitFileError
from studio.storage.radiance import read_radiance


def _rgbe(light):
    top = np.maximum(light.max(axis=2, keepdims=True), 1e-30)
    exponent = np.floor(np.log2(top)) + 1
    mantissa = np.floor(light / np.exp2(exponent) * 256.0)
    return np.concatenate([mantissa, exponent + 128], axis=2).astype(np.uint8)


def _radiance(light, runs):
    height, width = light.shape[:2]
    pixels = _rgbe(light)
    body = b""
    if not runs:
        body = pixels.tobytes()
    else:
        for row in pixels:
            body += bytes([2, 2, width >> 8, width & 255])
            for channel in row.T:
                parts = np.array_split(channel, width // 64 + 1)
                body += b"".join(bytes([len(part), *part]) for part in parts)
    return b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n" + f"-Y {height} +X {width}\n".encode() + body


@pytest.fixture
def light():
    values = np.random.default_rng(0).uniform(0.05, 4.0, (32, 64, 3))
    values[:16] *= 6.0
    return values


@pytest.mark.parametrize("runs", [True, False])
def test_radiance_pictures_are_read_with_runs_and_without(tmp_path, light, runs):
    path = tmp_path / "room.hdr"
    path.write_bytes(_radiance(light, runs))
    environment = read_environment(path)
    assert environment.name == "room.hdr"
    wanted = project(light)
    assert np.reshape(environment.coefficients, (9, 3)) == pytest.approx(wanted, abs=0.01 * wanted.max())


def test_a_run_that_repeats_a_value_fills_the_row(tmp_path):
    row = bytes([2, 2, 0, 64]) + b"".join(bytes([128 + 64, value]) for value in (128, 64, 32, 129))
    path = tmp_path / "even.hdr"
    path.write_bytes(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 32 +X 64\n" + 32 * row)
    red, green, blue = read_environment(path).coefficients[:3]
    assert green / red == pytest.approx(0.5, abs=0.01)
    assert blue / red == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_radiance_picture_cut_short_is_told(tmp_path, light, kept):
    data = _radiance(light, runs=True)
    path = tmp_path / "cut.hdr"
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(DamagedFileError, match=r"cut\.hdr"):
        read_environment(path)


def test_an_ordinary_picture_is_linear_light(tmp_path):
    path = tmp_path / "grey.png"
    Image.fromarray(np.full((50, 100, 3), 128, np.uint8)).save(path)
    first = read_environment(path).coefficients[0]
    assert first * 0.282095 == pytest.approx(((128 / 255 + 0.055) / 1.055) ** 2.4, rel=1e-3)


@pytest.mark.parametrize("shape", [(9, 3), (3, 9), (27,), (1, 9, 3)])
def test_numbers_come_in_every_arrangement(tmp_path, shape):
    wanted = np.arange(27.0).reshape(9, 3)
    values = wanted.T if shape == (3, 9) else wanted.reshape(shape)
    np.save(tmp_path / "light.npy", values)
    np.savez(tmp_path / "light.npz", lights=values)
    (tmp_path / "light.json").write_text(json.dumps({"coefficients": values.tolist()}))
    for name in ("light.npy", "light.npz", "light.json"):
        assert np.allclose(np.reshape(read_environment(tmp_path / name).coefficients, (9, 3)), wanted)


def test_nine_numbers_are_grey():
    typed = parse_coefficients("3, 0 0 1 0 0 0 0 0")
    assert typed.shape == (9, 3)
    assert (typed == typed[:, :1]).all()


@pytest.mark.parametrize("text", ["", "1 2 3", "a b c d e f g h i", " ".join(["1e9"] * 9), "nan " * 9])
def test_what_is_no_light_is_told(text):
    with pytest.raises(UnfitFileError):
        parse_coefficients(text)


@pytest.mark.parametrize("name", ["x.exr", "x.txt", "missing.hdr", "square.png", "x.json"])
def test_other_files_are_told_by_name(tmp_path, name):
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(tmp_path / "square.png")
    (tmp_path / "x.json").write_text('{"a": 1, "b": 2}')
    with pytest.raises(StudioError, match=name):
        read_environment(tmp_path / name)


def test_a_tall_picture_is_refused_before_it_is_made_light(tmp_path):
    path = tmp_path / "tower.png"
    Image.new("RGB", (40, 4000)).save(path)
    with pytest.raises(StudioError, match="twice as wide"):
        read_environment(path)


def test_numbers_that_no_float_can_hold_are_refused(tmp_path):
    path = tmp_path / "sh.json"
    path.write_text(json.dumps([10**400] * 9))
    with pytest.raises(UnfitFileError, match=r"sh\.json"):
        read_environment(path)


def test_light_is_divided_by_the_exposures_of_the_header(tmp_path, light):
    plain, exposed = tmp_path / "plain.hdr", tmp_path / "exposed.hdr"
    data = _radiance(light, True)
    plain.write_bytes(data)
    exposed.write_bytes(data.replace(b"FORMAT", b"EXPOSURE=2.0\nEXPOSURE=4.0\nEXPOSURE=none\nFORMAT"))
    wanted = np.array(read_environment(plain).coefficients) / 8.0
    assert read_environment(exposed).coefficients == pytest.approx(wanted, abs=2e-6)


@pytest.mark.parametrize("width", [64, 63])
def test_a_wide_panorama_is_reduced_as_it_is_read(tmp_path, light, monkeypatch, width):
    light = light[:, :width]
    path = tmp_path / "room.hdr"
    path.write_bytes(_radiance(light, True))
    whole = read_radiance(path)
    monkeypatch.setattr("studio.storage.radiance.WIDEST", 20)
    reduced = read_radiance(path)
    assert reduced.shape == (8, 16, 3)
    np.testing.assert_allclose(reduced[2, 3], whole[8:12, 12:16].mean(axis=(0, 1)), rtol=1e-5)
    np.testing.assert_allclose(reduced[7, 15], whole[28:, 60:].mean(axis=(0, 1)), rtol=1e-5)
