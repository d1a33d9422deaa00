"""README, CITATION.cff and the About window name the same papers and licences."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from studio.citations import LICENCES, PAPERS, Licence, Paper

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.part)
def test_paper_is_named_everywhere(paper: Paper) -> None:
    assert f"```bibtex\n{paper.bibtex}\n```" in (PROJECT / "README.md").read_text(encoding="utf-8")
    assert f"    title: {paper.title}\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8").replace(
        '"', ""
    )
    title = re.search(r"title = \{(.+)\},\n", paper.bibtex)
    assert title is not None
    assert re.sub(r"[{}]", "", title[1]) == paper.title


@pytest.mark.parametrize("entry", LICENCES, ids=lambda entry: entry.name)
def test_licence_is_in_readme(entry: Licence) -> None:
    row = f"| {entry.name} | {entry.licence} | {entry.where} |"
    assert row in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_licences_name_every_dependency() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = " ".join(entry.name for entry in LICENCES).lower().replace("pytorch", "torch")
    for requirement in project["dependencies"]:
        package = re.split(r"[\[><=;]", requirement)[0].removesuffix("-Essentials").lower()
        assert package in named
