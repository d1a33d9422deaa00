"""A session where a command takes a clip: its take, frame, look and camera, and what flags change of them."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.cli.looks import look_over
from studio.cli.posing import posed_clip, posing_of
from studio.document.camera_keys import camera_path
from studio.document.carry import carried_over
from studio.document.commands import use_model
from studio.document.control_state import units_between
from studio.document.document import Document
from studio.document.take import Take
from studio.flame import load_model
from studio.flame.model import Variant
from studio.flame.open_head import load_open_head
from studio.flame.variants import make_variant
from studio.session.on_model import open_session

_ANGLES = {"azimuth": "azimuth", "elevation": "elevation", "fov": "field_of_view"}


def opened_session(path: Path, arguments: argparse.Namespace, notices: list[str]) -> Document:
    """The session at ``path`` as the flags want it; what is to be told goes to ``notices``.

    Raises:
        StudioError: it cannot be read, or a flag asks for what its model has not.

    """
    given: frozenset[str] = getattr(arguments, "given", frozenset())
    at_hand = load_model(arguments.model) if arguments.model else load_open_head()
    opened = open_session(path, (at_hand,), at_hand)
    notices += opened.notices
    document = Document(opened.state.model)
    opened.state.put_into(document)
    if arguments.model:
        units = units_between(document.takes, document.model, document.controls, at_hand)
        takes, notice = carried_over(document.takes, document.model, at_hand, units)
        use_model(document, at_hand, takes).apply(document)
        notices += [notice] if notice else []
    if arguments.teeth or arguments.without:
        variant = Variant(arguments.teeth, frozenset(arguments.without))
        model = make_variant(document.model, variant)
        takes, _ = carried_over(document.takes, document.model, model)
        document.set(model=model, takes=takes)
    _take_flags(document, arguments, given)
    return document


def _take_flags(document: Document, arguments: argparse.Namespace, given: frozenset[str]) -> None:
    """Let ``document`` have what the flags that were ``given`` say."""
    posing = posing_of(arguments, document.model)
    if posing is not None:
        take = document.take
        posed = replace(Take.of(take.name, posed_clip(take.baked(), posing)), camera_keys=take.camera_keys)
        document.set(
            takes=(*document.takes[: document.active], posed, *document.takes[document.active + 1 :])
        )
    if getattr(arguments, "frame", None) is not None:
        document.set(position=float(arguments.frame))
    if "azimuth" in vars(arguments):
        document.set(look=look_over(document.look, arguments, given, document.model))
        _camera_flags(document, arguments, given)


def _camera_flags(document: Document, arguments: argparse.Namespace, given: frozenset[str]) -> None:
    """Put the camera where its keys want it, or, where flags say something of it, where those do."""
    told, way = _camera(arguments, given), camera_path(document)
    if told:
        document.set(tools=document.tools.replace(follows_keys=False))
    elif way is not None:
        document.set(camera=way(document.position))
    document.set(camera=document.camera.replace(**told))


def _camera(arguments: argparse.Namespace, given: frozenset[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        field: math.radians(getattr(arguments, flag)) for flag, field in _ANGLES.items() if flag in given
    }
    if "distance" in given:
        changes["distance"] = arguments.distance
    if "orthographic" in given:
        changes["orthographic"] = True
    return changes
