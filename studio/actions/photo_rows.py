"""Rows of the Fit menu that show the photo and work on it."""

from __future__ import annotations

from studio.actions.row import Action
from studio.document.reference import Showing


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
    Action(
        "photo.remove",
        "Remove the photo",
        "Fit",
        lambda w: w.photos.remove(),
        tip="Have no photo to fit the head to; undo brings it back",
    ),
)
