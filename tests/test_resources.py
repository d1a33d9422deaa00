"""Files that ship with the studio are found."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from studio.resources import checkout_folder, icon_folder, icon_path


def test_icons_are_drawings_on_the_24_pixel_grid() -> None:
    icons = sorted(set(icon_folder().glob("*.svg")) - {icon_path("flame-studio")})
    assert icons
    for path in icons:
        root = ElementTree.parse(path).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg", path.name
        assert root.get("viewBox") == "0 0 24 24", path.name


def test_icon_is_found_by_name() -> None:
    first = min(icon_folder().glob("*.svg"))
    assert icon_path(first.stem) == first


def test_unknown_icon_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icon_path("no-such-icon")


def test_checkout_is_recognised() -> None:
    folder = checkout_folder()
    assert folder is not None
    assert (folder / "pyproject.toml").is_file()
