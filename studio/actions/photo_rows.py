"""Rows of the Fit menu that show the photo and work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.actions.row import Action, Run
from studio.document.reference import Showing

if TYPE_CHECKING:
    from studio.panels.photo_editor import Mode


def _showing(showing: Showing, title: str, tip: str, shortcut: str = "") -> Action:
    return Action(
        f"photo.{showing}",
        title,
        "Fit/Show the photo",
        lambda w: w.photos.show(showing),
        "",
        shortcut,
        tip,
        checkable=True,
        group="photo",
    )


def _edit(name: str, mode: Mode, title: str, shortcut: str, tip: str) -> Action:
    return Action(f"photo.{name}", title, "Fit", lambda w: w.photos.editing.edit(mode), "", shortcut, tip)


def _does(name: str, title: str, run: Run, tip: str, separator: bool = False) -> Action:
    return Action(f"photo.{name}", title, "Fit/Face, points and mask", run, tip=tip, separator=separator)


PHOTO: tuple[Action, ...] = (
    Action(
        "photo.open",
        "Open photo…",
        "Fit",
        lambda w: w.photos.ask(),
        "photo",
        "Ctrl+I",
        "Choose the photo that the head is fitted to",
    ),
    Action(
        "photo.look_through",
        "Look through the photo",
        "Fit",
        lambda w: w.photos.look_through(),
        "photo-camera",
        "6",
        "See the head from where the photo was taken",
    ),
    _showing("off", "Not at all", "Do not show the photo"),
    _showing("behind", "Behind the head", "Show the photo behind the head"),
    _showing("over", "Head over it", "Show the head over the photo, as strongly as you say"),
    _showing("wipe", "Beside the head", "Show the head left of a line, the photo right of it"),
    _showing("difference", "Difference", "Colour the head by how far it is from the photo"),
    _edit(
        "faces",
        "face",
        "Choose a face…",
        "Ctrl+Shift+B",
        "Choose among the faces on the photo, or draw a box",
    ),
    _edit("points", "points", "Place points by hand…", "Ctrl+Shift+I", "Drag the 68 points onto the face"),
    _edit("mask", "mask", "Paint the mask…", "Ctrl+Shift+M", "Paint where skin is seen on the photo"),
    _does("find", "Find faces", lambda w: w.photos.editing.find(), "Look for faces on the photo", True),
    _does("load_points", "Load points…", lambda w: w.photos.editing.load_points(), "Take points from a file"),
    _does(
        "save_points", "Save points…", lambda w: w.photos.editing.save_points(), "Save the points as a file"
    ),
    _does("load_mask", "Load mask…", lambda w: w.photos.editing.load_mask(), "Take a mask from a file"),
    _does(
        "mask_from_head",
        "Mask from the head",
        lambda w: w.photos.editing.mask_from_head(),
        "Mark where the skin of the head is seen on the photo",
    ),
    _does(
        "clear_mask",
        "Clear the mask",
        lambda w: w.photos.editing.clear_mask(),
        "Have no mask: all of it counts",
    ),
    Action(
        "photo.remove",
        "Remove the photo",
        "Fit",
        lambda w: w.photos.remove(),
        tip="Have no photo to fit the head to; undo brings it back",
    ),
)
