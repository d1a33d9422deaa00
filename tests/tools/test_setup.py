"""Setting up a checkout: what is installed, and what is said where it may not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.setup import environment, libraries


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, beside what a shell script needs; calls are logged in ``log``."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "env"):
        (folder / name).symlink_to(Path("/usr/bin") / name)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def add_program(path: Path, body: str = "") -> None:
    """A program that logs its arguments beside itself and then does ``body``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/usr/bin/env sh\necho "{path.name} $*" >> {path.parent}/log\n{body}\n')
    path.chmod(0o755)


def log(folder: Path) -> list[str]:
    file = folder / "log"
    return file.read_text().splitlines() if file.exists() else []


def test_nothing_is_run_when_nothing_is_missing(programs: Path) -> None:
    add_program(programs / "apt-get")
    libraries.provide([])
    assert log(programs) == []


def test_root_installs(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    add_program(programs / "apt-get")
    libraries.provide(["libegl1", "xvfb"])
    assert log(programs) == ["apt-get install --yes --no-install-recommends libegl1 xvfb"]


def test_stale_package_lists_are_refreshed(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    known = programs / "lists"
    add_program(programs / "apt-get", f"if [ $1 = update ]; then : > {known}; else test -f {known}; fi")
    libraries.provide(["libegl1"])
    assert [line.split()[1] for line in log(programs)] == ["install", "update", "install"]


def test_sudo_without_password_installs(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    add_program(programs / "apt-get")
    add_program(programs / "sudo", 'shift; exec "$@"')
    (programs / "true").symlink_to("/usr/bin/true")
    libraries.provide(["libegl1"])
    assert log(programs)[-1] == "apt-get install --yes --no-install-recommends libegl1"


def test_without_rights_the_one_command_is_told(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    add_program(programs / "apt-get")
    add_program(programs / "sudo", "exit 1")
    with pytest.raises(libraries.SetupError) as told:
        libraries.provide(["libegl1", "libxcb-cursor0"])
    command = "sudo apt-get install --yes --no-install-recommends libegl1 libxcb-cursor0"
    assert str(told.value).splitlines()[-1] == command
    assert not any(line.startswith("apt-get") for line in log(programs))


def test_other_systems_are_told_what_is_missing(programs: Path) -> None:
    with pytest.raises(libraries.SetupError, match="libegl1, xvfb"):
        libraries.provide(["libegl1", "xvfb"])


def test_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries.sys, "platform", "linux")
    monkeypatch.setattr(libraries, "WINDOW_LIBRARIES", {"libnowhere-to-be-found.so.9": "libnowhere9"})
    assert "libnowhere9" in libraries.missing_for_window()


def test_nothing_is_missing_outside_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries.sys, "platform", "darwin")
    monkeypatch.setattr(libraries, "WINDOW_LIBRARIES", {"libnowhere-to-be-found.so.9": "libnowhere9"})
    assert libraries.missing_for_window() == []
    assert libraries.missing_for_virtual_screen() == []


def installed_into(folder: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> list[str]:
    """What pip is asked for in an environment without torch, where asking for ``fails`` fails."""
    monkeypatch.setattr(environment.sys, "platform", "linux")
    python = folder / "bin" / "python"
    add_program(python, f'case "$*" in *find_spec*) exit 1;; {fails}) exit 1;; esac')
    environment.prepare(folder)
    return [line.split()[-1] for line in log(python.parent) if "pip install" in line]


def test_processor_build_of_torch_comes_first(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = installed_into(tmp_path / "venv", monkeypatch, fails="nothing")
    assert asked == ["torch==2.13.0+cpu", f"{environment.PROJECT}[dev]"]


def test_project_decides_where_there_is_no_processor_build(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = installed_into(tmp_path / "venv", monkeypatch, fails="*torch*")
    assert asked == ["torch==2.13.0+cpu", "torch==2.13.0", f"{environment.PROJECT}[dev]"]


def test_graphics_card_keeps_the_usual_torch(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_program(programs / "nvidia-smi")
    asked = installed_into(tmp_path / "venv", monkeypatch, fails="nothing")
    assert asked == [f"{environment.PROJECT}[dev]"]


def test_failed_installation_is_told(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(libraries.SetupError, match="Python packages failed"):
        installed_into(tmp_path / "venv", monkeypatch, fails="*--editable*")
