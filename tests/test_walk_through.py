"""What docs/walk_through.md says is done, and what comes out is read back by others' readers."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import subprocess
from pathlib import Path

import imageio.v3 as imageio
import imageio_ffmpeg
import numpy as np
import pytest
import soundfile

from studio.backends import create_backend
from studio.cli.command_line import main
from studio.document.keying import set_layers
from studio.flame.open_head import load_open_head
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from tests.export.gltf.reader import Player
from tests.export.gltf.validator import assert_valid

PAGE = Path(__file__).parents[1] / "docs" / "walk_through.md"
RATE = 48_000
NEAR = 1e-5  # metres
NTSC = 30_000 / 1001


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> tuple[Path, dict]:
    """The folder in which the page's script and its lines for the shell were run, and the script's names."""
    folder = tmp_path_factory.mktemp("walk")
    times = np.arange(6 * RATE) / RATE
    soundfile.write(folder / "voice.wav", 0.3 * np.sin(2 * np.pi * (200 + 60 * times) * times), RATE)
    (script,), (lines,) = blocks("python"), blocks("sh")
    names: dict = {}
    with contextlib.chdir(folder):
        exec(compile(script, str(PAGE), "exec"), names)
        for line in lines.splitlines():
            command = shlex.split(line)
            assert command[:2] == ["python", "run_studio.py"], line
            assert main([*command[2:], "--json"]) == 0, line
    return folder, names


def jitter(clip) -> float:
    """The root mean square of the second differences of everything that moves."""
    values = np.concatenate([clip.expr, clip.pose, clip.translation], axis=1).astype(np.float64)
    return float(np.sqrt((np.diff(values, 2, axis=0) ** 2).mean()))


def heard(path: Path) -> np.ndarray:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vn", "-f", "f32le"]
    done = subprocess.run([*command, "-ac", "1", "-ar", str(RATE), "-"], capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32)


def assert_plays(path: Path, clip, step: int = 1) -> None:
    """Every ``step``-th frame of the GLB is where the forward pass has it."""
    assert_valid(path)
    backend, player = create_backend("torch", load_open_head(), "cpu"), Player.open(path)
    for frame in range(0, len(clip), step):
        wanted = backend.forward(clip.frame(frame)).vertices
        shown = player.vertices(frame / clip.fps)
        assert np.linalg.norm(shown - wanted[player.rows], axis=1).max() < NEAR, frame


def test_the_track_is_mended_and_smoother(done) -> None:
    folder, names = done
    studio = names["studio"]
    raw, _ = read_clip(example_path("tracked"), studio.model)
    smooth, _ = read_clip(folder / "smooth.npz", studio.model)
    assert jitter(smooth) < 0.25 * jitter(raw)
    np.testing.assert_allclose(studio.document.take.clip.expr, smooth.expr, atol=1e-6)
    assert len(smooth) == len(raw)


def test_three_keys_lay_a_smile_over_it(done) -> None:
    _, names = done
    studio = names["studio"]
    take = studio.document.take
    assert [layer.blend for layer in take.layers] == ["add"]
    assert {tuple(curve.frames) for curve in take.layer.curves.values()} == {(30.0, 60.0, 90.0)}
    places = [studio.model.expression_names.index(f"mouthSmile{side}") for side in ("Left", "Right")]
    over = take.baked().expr[:, places] - take.clip.expr[:, places]
    np.testing.assert_allclose(over[60], 0.8, atol=1e-5)
    np.testing.assert_allclose(over[[0, 30, 90, 125]], 0.0, atol=1e-6)
    assert (np.diff(over[30:61], axis=0) > 0).all()
    assert (np.diff(over[60:91], axis=0) < 0).all()
    others = np.delete(take.baked().expr - take.clip.expr, places, axis=1)
    assert np.abs(others).max() < 1e-6


def test_the_glb_is_the_head_in_every_frame(done) -> None:
    folder, names = done
    take = names["studio"].document.take
    assert_plays(folder / "smiling.glb", take.baked())
    assert_plays(folder / "again.glb", take.baked(), step=25)
    assert_plays(folder / "smooth.glb", take.clip, step=25)


@pytest.mark.parametrize("name", ["smiling.mp4", "smooth.mp4"])
def test_the_film_has_its_frames_and_its_sound(done, name) -> None:
    folder, names = done
    path, count = folder / name, len(names["studio"].document.take)
    frames, _ = imageio_ffmpeg.count_frames_and_secs(str(path))
    facts = next(imageio_ffmpeg.read_frames(str(path)))
    assert frames == count
    assert facts["size"] == (640, 360)
    assert facts["fps"] == pytest.approx(NTSC, abs=0.01)
    sound = heard(path)
    assert len(sound) / RATE == pytest.approx(count / NTSC, abs=1 / NTSC)
    voice, _ = soundfile.read(folder / "voice.wav", dtype="float32")
    assert np.corrcoef(sound, voice[: len(sound)])[0, 1] > 0.95


def frame_of(path: Path, index: int) -> np.ndarray:
    reader = imageio_ffmpeg.read_frames(str(path))
    width, height = next(reader)["size"]
    for _ in range(index):
        next(reader)
    return np.frombuffer(next(reader), np.uint8).reshape(height, width, 3).astype(float)


def test_the_film_shows_the_smile(done) -> None:
    """Its frame 60 is the picture of frame 60, and not that of the clip without the keys."""
    folder, names = done
    studio = names["studio"]
    filmed = frame_of(folder / "smiling.mp4", 60)
    studio.go_to(60)
    apart = {}
    for muted in (False, True):
        layers = tuple(layer.replace(muted=muted) for layer in studio.document.take.layers)
        studio.push(set_layers(studio.document, "Mute", layers))
        picture = imageio.imread(studio.render(folder / f"{muted}.png", size=(640, 360)))[..., :3]
        apart[muted] = np.abs(filmed - picture).mean()
    studio.undo()
    assert apart[False] < 1.5
    assert apart[True] > 1.2 * apart[False]


def test_every_line_of_the_shell_tells_what_it_did(done, capsys) -> None:
    folder, _ = done
    with contextlib.chdir(folder):
        assert main(["info", "smooth.npz", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["frames"] == 126
