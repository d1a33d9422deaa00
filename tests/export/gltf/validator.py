"""The Khronos validator, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "tools" / "gltf_validator"


def report(path: Path) -> dict[str, Any]:
    """What the validator says of the file at ``path``."""
    if shutil.which("node") is None:
        pytest.skip("there is no node, which the Khronos glTF validator needs")
    if not (FOLDER / "node_modules").is_dir():
        pytest.fail("the Khronos glTF validator is missing: run make test, or npm ci in tools/gltf_validator")
    command = ["node", str(FOLDER / "validate.mjs"), str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def assert_valid(path: Path) -> None:
    """No errors, warnings or hints; it may say that texture coordinates have no texture yet."""
    issues = report(path)["issues"]
    found = [issue for issue in issues["messages"] if issue["code"] != "UNUSED_OBJECT"]
    assert (issues["numErrors"], issues["numWarnings"], issues["numHints"], found) == (0, 0, 0, [])
