"""Session files in, without trust: bounded, plain arrays only, and whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from studio.document.document import Playback
from studio.document.locks import TEXTURE, Locks, unit_of
from studio.document.media import Media
from studio.document.take import Take
from studio.flame.model import Variant
from studio.flame.params import FIELD_WIDTHS
from studio.session.control_file import CONTROLS, controls_from
from studio.session.media_members import MediaReader, missing_notice
from studio.session.pin_file import PINS, pins_from
from studio.session.plain import LONGEST, from_plain
from studio.session.state import (
    AUTOSAVE,
    FORMAT,
    SESSION_MEMBER,
    USUAL,
    VERSION,
    Kept,
    KeptTake,
    Origin,
    Session,
    places,
)
from studio.session.take_arrays import take_of, unknown_in
from studio.storage.archive import Archive
from studio.storage.arrays import parse_npz
from studio.storage.errors import DamagedFileError
from studio.storage.json_files import parse_json

ALLOWED = 64 << 20  # bytes that a file may unpack to, however small it is
MOST_TAKES = 1000
MOST_NAMES = 10_000


def read_session(path: Path) -> Session:
    """The session at ``path``; what this studio does not know in it is kept.

    Raises:
        StudioError: it cannot be read, is cut short, damaged or no session, would unpack to an absurd
            size, or asks for Python objects.

    """
    with Archive(path, path.name, "a session of the studio", allowed=ALLOWED) as archive:
        if SESSION_MEMBER not in archive.members:
            raise archive.damaged()
        told = parse_json(archive.content(SESSION_MEMBER), f"{path.name} ({SESSION_MEMBER})")
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise archive.damaged()
        version = told.get("version")
        if type(version) is not int or version < 1:
            _damaged(path, "it does not say which version of the format it has")
        entries = _take_entries(path, told.get("takes"))
        takes, kept_takes = _takes(archive, entries)
        used = {SESSION_MEMBER, *(entry["arrays"] for entry in entries)}
        faults: list[str] = []
        media = MediaReader(archive, path)
        settings = {
            name: from_plain(usual, told.get(name, {}), name, faults, media.media)
            for name, usual in USUAL.items()
        }
        settings["playback"] = _playable(settings["playback"], faults)
        used |= media.used
        members = {name: archive.content(name) for name in archive.members if name not in used}
    fields = {key: value for key, value in told.items() if key not in ("takes", "version", AUTOSAVE)}
    kept = Kept(version, fields, members, kept_takes, media.known)
    return _session(path, told, takes, settings, kept, faults, media.missing)


def left_behind_of(path: Path) -> Path | None:
    """The session file that the autosave at ``path`` is a later state of; None where there is none.

    Raises:
        StudioError: it cannot be read or is damaged.

    """
    with Archive(path, path.name, "a session of the studio", allowed=ALLOWED) as archive:
        if SESSION_MEMBER not in archive.members:
            raise archive.damaged()
        told = parse_json(archive.content(SESSION_MEMBER), path.name)
    return _saved_as(told.get(AUTOSAVE)) if isinstance(told, dict) else None


def _damaged(path: Path, what: str) -> NoReturn:
    raise DamagedFileError(f"{path.name} is damaged: {what}; open an older copy of it.")


def _take_entries(path: Path, given: object) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_TAKES:
        _damaged(path, "it lists no takes")
    for entry in given:
        texts = [entry.get("name"), entry.get("arrays")] if isinstance(entry, dict) else []
        if not texts or not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
            _damaged(path, "a take has no name or no arrays")
    return given


def _takes(
    archive: Archive, entries: list[dict[str, Any]]
) -> tuple[tuple[Take, ...], dict[tuple[str, int], KeptTake]]:
    takes, kept = [], {}
    for entry, place in zip(entries, places([entry["name"] for entry in entries]), strict=True):
        label = f"{archive.name} ({entry['arrays'][:80]})"
        if entry["arrays"] not in archive.members:
            raise DamagedFileError(f"{label} is missing; open an older copy of the session.")
        arrays = parse_npz(archive.content(entry["arrays"]), label)
        takes.append(take_of(entry["name"], arrays, label))
        unknown = {key: value for key, value in entry.items() if key not in ("name", "arrays")}
        kept[place] = KeptTake(unknown, unknown_in(arrays))
    return tuple(takes), kept


def _session(
    path: Path,
    told: dict[str, Any],
    takes: tuple[Take, ...],
    settings: dict[str, Any],
    kept: Kept,
    faults: list[str],
    missing: list[Media],
) -> Session:
    origin = _origin(path, told.get("model"))
    for take in takes:
        _check_names(path, origin.shape_names, len(take.clip.shape))
        _check_names(path, origin.expression_names, take.clip.expr.shape[1])
    active = told.get("active", 0)
    if type(active) is not int or not 0 <= active < len(takes):
        active = 0
        faults.append("active")
    position = told.get("position", 0.0)
    if type(position) not in (int, float) or not 0.0 <= position <= len(takes[active]) - 1:
        position = 0.0
        faults.append("position")
    return Session(
        path=path,
        origin=origin,
        takes=takes,
        active=active,
        position=float(position),
        settings=settings,
        locks=_locks(told.get("locks", []), takes[0], faults),
        controls=controls_from(told.get(CONTROLS, {}), takes[0].clip.expr.shape[1], faults),
        pins=pins_from(told.get(PINS, []), faults),
        kept=kept,
        notices=_notices(path, kept.version, faults, missing),
        is_autosave=AUTOSAVE in told,
        saved_as=_saved_as(told.get(AUTOSAVE)),
    )


def _check_names(path: Path, names: tuple[str, ...], count: int) -> None:
    if names and len(names) != count:
        _damaged(path, f"it names {len(names)} components where a take has {count}")


def _locks(given: object, take: Take, faults: list[str]) -> Locks:
    """The locks in ``given`` of components that there are."""
    counts = {
        "shape": len(take.clip.shape),
        "expr": take.clip.expr.shape[1],
        TEXTURE: LONGEST,
        **FIELD_WIDTHS,
    }
    entries = given if isinstance(given, list) else [None]
    pairs = [tuple(entry) for entry in entries if isinstance(entry, list) and len(entry) == 2]
    locks = frozenset(
        (name, index)
        for name, index in pairs
        if isinstance(name, str) and type(index) is int and 0 <= index < counts.get(name, bool(unit_of(name)))
    )
    if len(pairs) != len(entries) or len(locks) != len(pairs):
        faults.append("locks")
    return locks


def _playable(playback: Playback, faults: list[str]) -> Playback:
    """``playback``, of all frames where its last comes before its first."""
    if not playback.is_empty:
        return playback
    faults += ("playback.first", "playback.last")
    return playback.replace(first=0, last=None)


def _notices(path: Path, version: int, faults: list[str], missing: list[Media]) -> tuple[str, ...]:
    notices = []
    if version > VERSION:
        notices.append(
            f"{path.name} was saved by a newer studio: what this one does not know is not shown, and is kept "
            "when you save."
        )
    if faults:
        notices.append(f"{path.name} has settings that cannot be used ({', '.join(faults)}); the usual are.")
    if missing:
        notices.append(missing_notice(path.name, missing))
    return tuple(notices)


def _origin(path: Path, given: object) -> Origin:
    if not isinstance(given, dict):
        _damaged(path, "it does not say which head model it is for")
    variant = given.get("variant")
    variant = variant if isinstance(variant, dict) else {}
    return Origin(
        name=_text(given.get("name")) or "another head model",
        digest=_text(given.get("digest")),
        source=_text(given.get("path")),
        variant=Variant(variant.get("teeth") is True, frozenset(_texts(variant.get("without")))),
        shape_names=_texts(given.get("shape_names")),
        expression_names=_texts(given.get("expression_names")),
    )


def _text(given: object) -> str:
    return given if isinstance(given, str) and len(given) <= LONGEST else ""


def _texts(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > MOST_NAMES:
        return ()
    return tuple(given) if all(isinstance(entry, str) for entry in given) else ()


def _saved_as(given: object) -> Path | None:
    text = _text(given.get("session")) if isinstance(given, dict) else ""
    return Path(text) if text else None
