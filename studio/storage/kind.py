"""What a file is, told by its content and not by its name."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.storage.npy import MAGIC
from studio.storage.paths import file_size, is_folder, read_start
from studio.storage.safetensors import is_safetensors, safetensors_names
from studio.storage.zip_checks import begins_at_start

Container = Literal[
    "empty",
    "pickle",
    "npy",
    "npz",
    "zip",
    "session",
    "safetensors",
    "png",
    "jpeg",
    "webp",
    "gif",
    "bmp",
    "tiff",
    "wav",
    "flac",
    "ogg",
    "mp3",
    "mp4",
    "matroska",
    "avi",
    "glb",
    "ply",
    "obj",
    "pose",
    "json",
    "text",
    "folder",
    "unknown",
]

IMAGES: frozenset[Container] = frozenset(("png", "jpeg", "webp", "gif", "bmp", "tiff"))
SOUNDS: frozenset[Container] = frozenset(("wav", "flac", "ogg", "mp3"))
FILMS: frozenset[Container] = frozenset(("mp4", "matroska", "avi"))

SIGNATURES: tuple[tuple[bytes, Container], ...] = (
    (MAGIC, "npy"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"glTF", "glb"),
    (b"ply\n", "ply"),
    (b"ply\r\n", "ply"),
)
RIFF: dict[bytes, Container] = {b"WAVE": "wav", b"WEBP": "webp", b"AVI ": "avi"}

START = 4096
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
OBJ_WORDS = frozenset(("v", "vn", "vt", "f", "o", "g", "mtllib", "usemtl", "s"))
LARGEST_TEXT_PICKLE_LINE = 200


TITLES: dict[Container, str] = {
    "empty": "an empty file",
    "pickle": "a Python pickle",
    "npy": "a NumPy array",
    "npz": "an archive of NumPy arrays",
    "zip": "a zip archive",
    "session": "a session of the studio",
    "safetensors": "a safetensors file",
    "png": "a PNG picture",
    "jpeg": "a JPEG picture",
    "webp": "a WebP picture",
    "gif": "a GIF picture",
    "bmp": "a BMP picture",
    "tiff": "a TIFF picture",
    "wav": "a WAV sound",
    "flac": "a FLAC sound",
    "ogg": "an Ogg sound",
    "mp3": "an MP3 sound",
    "mp4": "an MP4 film",
    "matroska": "a Matroska film",
    "avi": "an AVI film",
    "glb": "a glTF file",
    "ply": "a PLY mesh",
    "obj": "an OBJ mesh",
    "pose": "a pose of the studio",
    "json": "a JSON file",
    "text": "a text file",
    "folder": "a folder",
    "unknown": "a file of an unknown kind",
}
POSE_FORMAT = "flamepose"
_SAYS_POSE = re.compile(rf'"format"\s*:\s*"{POSE_FORMAT}"')
SESSION_MEMBER, SESSION_ENDING = "session.json", ".flame"
MODEL_MEMBERS = frozenset(("v_template", "shapedirs", "posedirs"))


@dataclass(frozen=True)
class FileKind:
    """What a file is: its container, and the names of the arrays in it where it lists them."""

    container: Container
    members: frozenset[str] = frozenset()

    @property
    def is_model(self) -> bool:
        """Whether it may be a head model: a pickle, or a container of one's arrays."""
        return self.container == "pickle" or self.members >= MODEL_MEMBERS

    @property
    def is_clip(self) -> bool:
        """Whether it may be a clip: a container of arrays that are not a model's."""
        return self.container == "npz" and not self.is_model

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.container in IMAGES

    @property
    def is_sound(self) -> bool:
        """Whether it is a sound."""
        return self.container in SOUNDS

    @property
    def is_film(self) -> bool:
        """Whether it is a film."""
        return self.container in FILMS

    @property
    def title(self) -> str:
        """What it is, with an article, to be used in a sentence."""
        return TITLES[self.container]


def sniff(path: Path) -> FileKind:
    """What the file or folder at ``path`` is, from its content.

    Raises:
        StudioError: it is missing or cannot be read.

    """
    if is_folder(path):
        names = frozenset(entry.stem for entry in path.glob("*.npy"))
        return FileKind("folder", names)
    size = file_size(path)
    start = read_start(path, START)
    if start.startswith(ZIP_SIGNATURES):
        return _archive(path)
    container = container_of(start, size)
    members = safetensors_names(path) if container == "safetensors" else frozenset()
    return FileKind(container, members)


def container_of(start: bytes, size: int) -> Container:
    """The kind of a file of ``size`` bytes that begins with ``start`` (a zip is not looked into)."""
    if not start:
        return "empty"
    for signature, kind in SIGNATURES:
        if start.startswith(signature):
            return kind
    if start.startswith((b"RIFF", b"RF64")):
        return RIFF.get(start[8:12], "unknown")
    if start[4:8] == b"ftyp":
        return "mp4"
    if start.startswith(ZIP_SIGNATURES):
        return "zip"
    if is_safetensors(start, size):
        return "safetensors"
    if start[:1] == b"\x80" and start[1:2] <= b"\x05":
        return "pickle"
    if start[0] == 0xFF and start[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2"):
        return "mp3"
    return _text_kind(start, whole=size <= len(start))


def _archive(path: Path) -> FileKind:
    """A zip of nothing but npy members is an npz; a damaged one is what its name claims."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            whole = begins_at_start(archive)
    except Exception:  # noqa: BLE001 - a damaged directory makes zipfile fail in many ways
        return FileKind(_claimed(path.suffix.lower()))
    if not whole:
        return FileKind(_claimed(path.suffix.lower()))
    if SESSION_MEMBER in names:
        return FileKind("session")
    if names and all(name.endswith(".npy") for name in names):
        return FileKind("npz", frozenset(name.removesuffix(".npy") for name in names))
    return FileKind("zip")


def _claimed(ending: str) -> Container:
    return "npz" if ending == ".npz" else "session" if ending == SESSION_ENDING else "zip"


def _text_kind(start: bytes, whole: bool) -> Container:
    if _is_text_pickle(start):
        return "pickle"
    text = start.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if "\x00" in text or text.count("\ufffd") > 8:
        return "unknown"
    if text[:1] == "{" and _SAYS_POSE.search(text):
        return "pose"
    if text[:1] in ("{", "[") and _is_json(text, whole):
        return "json"
    words = [line.split(maxsplit=1)[0] for line in text.splitlines() if line.strip() and line[0] != "#"]
    if words and words[0] in OBJ_WORDS and all(word in OBJ_WORDS for word in words[:20]):
        return "obj"
    return "text"


def _is_json(text: str, whole: bool) -> bool:
    if not whole:
        return text[1:].lstrip()[:1] in '"{[]}-0123456789tfn'
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_text_pickle(start: bytes) -> bool:
    """Protocols 0 and 1 have no signature: a container opens, and a memo entry or a name follows."""
    if start[:2] in (b"(d", b"(l", b"(t") and start[2:3] in (b"p", b"."):
        return True
    if start[:1] in (b"}", b"]") and start[1:2] in (b"q", b"r", b"."):
        return True
    if start[:1] not in (b"c", b"(") or b"\n" not in start:
        return False
    lines = start.split(b"\n", 2)
    first = lines[0].removeprefix(b"(").removeprefix(b"i")
    named = first[:1] == b"c" and _is_dotted(first[1:]) and len(lines) > 1 and _is_dotted(lines[1])
    return named or (lines[0][:2] == b"(i" and len(lines) > 1 and _is_dotted(first) and _is_dotted(lines[1]))


def _is_dotted(name: bytes) -> bool:
    return 0 < len(name) < LARGEST_TEXT_PICKLE_LINE and name.replace(b".", b"").replace(b"_", b"").isalnum()
