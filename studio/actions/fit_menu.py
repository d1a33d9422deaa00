"""Fit menu: the photo that the head is fitted to, and fitting it."""

from __future__ import annotations

from studio.actions.film_rows import FILMS
from studio.actions.fit_rows import FIT
from studio.actions.photo_rows import PHOTO
from studio.actions.row import Action
from studio.actions.scan_rows import SCANS

ACTIONS: tuple[Action, ...] = (*PHOTO, *FIT, *FILMS, *SCANS)
