"""Pictures and sounds of a session: by reference, found again after a move, or as members of the zip."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.document.media import LARGEST, Media, is_elsewhere, is_there
from studio.storage.archive import Archive

FOLDER = "media/"
LONGEST_PATH = 4096
_DIGESTED = 64 << 20  # bytes up to which a file that is referred to is known by its content
_UNKNOWN = {"relative": "", "size": 0, "digest": ""}

Facts = Mapping[str, Any]  # "relative", "size" and "digest" of a file


class MediaWriter:
    """Pictures and sounds on their way into a session file.

    Args:
        home: the session file they are told relative to; None tells where they are alone.
        known: what an older file says of those that are missing now, by path.

    """

    def __init__(self, home: Path | None, known: Mapping[str, Facts]) -> None:
        self.members: dict[str, bytes] = {}
        self._home, self._known = home, known

    def plain(self, media: Media) -> dict[str, Any]:
        """``media`` as JSON has it; what it carries along is put into :attr:`members`."""
        if media.content is None:
            return {"path": media.path, "member": "", **self._facts(media.path)}
        name = f"{FOLDER}{hashlib.sha256(media.content).hexdigest()[:32]}{_ending(media.path)}"
        self.members[name] = media.content
        return {"path": media.path, "member": name, "relative": "", "size": len(media.content), "digest": ""}

    def _facts(self, path: str) -> dict[str, Any]:
        if not path or not is_there(path):
            known = self._known.get(path, {})
            return {
                key: known.get(key, usual) for key, usual in (("relative", ""), ("size", 0), ("digest", ""))
            }
        status = os.stat(path)
        digest = _digest(path, status.st_mtime_ns, status.st_size) if status.st_size <= _DIGESTED else ""
        return {"relative": _relative(path, self._home), "size": status.st_size, "digest": digest}


class MediaReader:
    """Pictures and sounds out of a session file, which may say anything.

    ``used`` has the members that they are, ``known`` what is told of those by reference, by path, and
    ``missing`` those that are nowhere.
    """

    def __init__(self, archive: Archive, home: Path) -> None:
        self.used: set[str] = set()
        self.known: dict[str, Facts] = {}
        self.missing: list[Media] = []
        self._archive, self._home = archive, home

    def media(self, given: object) -> Media | None:
        """What ``given`` names; None where it cannot be one.

        Raises:
            DamagedFileError: its member is damaged.

        """
        if not isinstance(given, dict):
            return None
        path, member = _text(given.get("path")), _text(given.get("member"))
        if path is None or member is None:
            return None
        if member:
            return self._embedded(path, member)
        return self._referred(path, given) if path else Media()

    def _embedded(self, path: str, member: str) -> Media | None:
        entry = self._archive.members.get(member)
        if entry is None or not member.startswith(FOLDER) or entry.file_size > LARGEST:
            return None
        self.used.add(member)
        return Media(path, self._archive.content(member))

    def _referred(self, path: str, given: Mapping[str, Any]) -> Media:
        size, digest = given.get("size"), _text(given.get("digest")) or ""
        facts = {
            "relative": _text(given.get("relative")) or "",
            "size": size if type(size) is int else 0,
            "digest": digest,
        }
        found = _found(path, facts, self._home)
        self.known[found or path] = facts
        media = Media(found or path)
        if not found:
            self.missing.append(media)
        return media


def missing_notice(session: str, missing: list[Media]) -> str:
    """One sentence on the files of ``session`` that are nowhere."""
    first, others = missing[0], len(missing) - 1
    names = first.name + (f" and {others} more" if others else "")
    what = "which are not where they were" if others else "which is not where it was"
    menu = "File ▸ Pictures and sounds ▸ Locate missing files…"
    return f"{session} refers to {names}, {what}; {menu} finds such files again."


def _found(path: str, facts: Facts, home: Path) -> str:
    """Where the file is now: beside the session as it was, or where it was; empty where it is nowhere."""
    places = []
    relative = facts["relative"]
    if relative and not os.path.isabs(relative) and not is_elsewhere(relative):
        places.append(os.path.normpath(os.path.join(home.parent, relative)))
    places.append(path)
    there = [place for place in dict.fromkeys(places) if is_there(place)]
    same = [place for place in there if len(there) > 1 and _is_same(place, facts)]
    return next(iter((*same, *there)), "")


def _is_same(path: str, facts: Facts) -> bool:
    try:
        status = os.stat(path)
        if status.st_size != facts["size"]:
            return False
        return not facts["digest"] or _digest(path, status.st_mtime_ns, status.st_size) == facts["digest"]
    except OSError:
        return False


@lru_cache(maxsize=256)
def _digest(path: str, _written: int, _size: int) -> str:
    """The SHA-256 of the file at ``path``, read anew once it was written again; empty: unreadable."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _relative(path: str, home: Path | None) -> str:
    if home is None:
        return ""
    try:
        return Path(os.path.relpath(os.path.realpath(path), home.resolve().parent)).as_posix()
    except (OSError, ValueError):  # on another drive of Windows there is no way from one to the other
        return ""


def _ending(path: str) -> str:
    """The ending of ``path`` where it is an ordinary one, so that the member can be looked at."""
    ending = os.path.splitext(path)[1].lower()
    return ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= 8 else ""


def _text(given: object) -> str | None:
    if given is None:
        return ""
    return given if isinstance(given, str) and len(given) <= LONGEST_PATH and "\0" not in given else None
