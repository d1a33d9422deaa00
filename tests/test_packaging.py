"""The wheel carries all the studio needs away from its checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

LOOK_AROUND = """
import json, studio
from studio.controls.preset_folders import shipped_presets
from studio.flame.open_head import load_open_head
from studio.resources import checkout_folder, icon_folder
from studio.sequence.examples import example_clips
from studio.sequence.files import read_clip
model = load_open_head()
print(json.dumps({
    "package": studio.__file__,
    "checkout": str(checkout_folder()),
    "icons": len(list(icon_folder().glob("*.svg"))),
    "vertices": model.vertex_count,
    "albedo": model.albedo is not None and model.albedo.is_file(),
    "poses": len(shipped_presets()),
    "clips": [len(read_clip(path, model)[0]) for _, path in example_clips()],
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's packages, as pip would lay them out."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_installed(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=installed,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_installed_studio_finds_icons_head_and_clips(installed: Path) -> None:
    result = run_installed(installed, "-c", LOOK_AROUND)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert Path(found["package"]).is_relative_to(installed)
    assert found["checkout"] == "None"
    assert found["icons"] == len(list((PROJECT / "icons").glob("*.svg"))) > 0
    assert found["vertices"] > 1000
    assert found["albedo"]
    assert found["poses"] >= 45
    assert len(found["clips"]) >= 3
    assert min(found["clips"]) > 1


def test_command_runs_without_a_checkout(installed: Path) -> None:
    result = run_installed(installed, "-m", "studio", "--help")
    assert result.returncode == 0, result.stderr
    assert "turntable" in result.stdout


def test_wheel_names_command_and_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        commands = archive.read(entry_points).decode()
    assert "flame-studio = studio.__main__:main" in commands
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_wheel_carries_nothing_but_the_studio(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"studio"}
    assert wheel.stat().st_size < 15e6
