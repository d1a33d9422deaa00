"""What the README says can be done."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli.arguments import VERBS, verb_parser, window_parser

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PICTURE_AT_MOST = 300_000  # bytes


def blocks(language: str) -> list[str]:
    """The README's code of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def shell_lines() -> list[list[str]]:
    lines = "\n".join(blocks("sh")).splitlines()
    return [shlex.split(line, comments=True) for line in lines]


def test_files_it_points_to_exist() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (PROJECT / target).is_file()] == []


def test_its_pictures_are_light() -> None:
    pictures = [PROJECT / path for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)]
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > PICTURE_AT_MOST] == []


def test_its_python_runs() -> None:
    (code,) = blocks("python")
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("words", [line for line in shell_lines() if "run_studio.py" in line], ids=" ".join)
def test_its_commands_are_understood(words: list[str]) -> None:
    _, _, *arguments = words
    if arguments[0] in VERBS:
        verb_parser(arguments[0]).parse_args(arguments[1:])
    else:
        window_parser().parse_args(arguments)


def test_its_make_targets_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    rules = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, flags=re.MULTILINE))
    assert {"run", "test", "lint", "bench"} <= named <= rules
