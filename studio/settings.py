"""What the studio remembers from one start to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_RECENT_MOST = 10
_THEMES = ("dark", "light", "system")


def _whole(value: object, usual: int) -> int:
    """A whole number of the store, ``usual`` for anything else."""
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else usual


class Settings:
    """Typed access to the platform's settings store; every value has a safe default."""

    def __init__(self) -> None:
        self._store = QSettings()

    @property
    def theme(self) -> str:
        """The theme's name: dark, light, or system for what the system has."""
        value = str(self._store.value("theme", "dark"))
        return value if value in _THEMES else "dark"

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def text_size(self) -> int:
        """The size of text, in per cent."""
        return _whole(self._store.value("text_size"), 100)

    @text_size.setter
    def text_size(self, per_cent: int) -> None:
        self._store.setValue("text_size", per_cent)

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing may move by itself."""
        return _whole(self._store.value("reduced_motion"), 0) != 0

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._store.setValue("reduced_motion", int(reduced))

    @property
    def scrub_sound(self) -> bool:
        """Whether a grain of the sound is heard where the time cursor is moved to."""
        return _whole(self._store.value("scrub_sound"), 1) != 0

    @scrub_sound.setter
    def scrub_sound(self, heard: bool) -> None:
        self._store.setValue("scrub_sound", int(heard))

    @property
    def first_steps_seen(self) -> bool:
        """Whether the card of the first start was closed."""
        return _whole(self._store.value("first_steps_seen"), 0) != 0

    @first_steps_seen.setter
    def first_steps_seen(self, seen: bool) -> None:
        self._store.setValue("first_steps_seen", int(seen))

    @property
    def shortcuts(self) -> dict[str, str]:
        """The keys of the actions that the user gave others, by the actions' ids; "" for none."""
        self._store.beginGroup("shortcuts")
        found = {name: str(self._store.value(name, "")) for name in self._store.childKeys()}
        self._store.endGroup()
        return found

    @shortcuts.setter
    def shortcuts(self, keys: dict[str, str]) -> None:
        self._store.remove("shortcuts")
        for name, text in keys.items():
            self._store.setValue(f"shortcuts/{name}", text)

    @property
    def recent_commands(self) -> list[str]:
        """What was run from the palette lately, newest first."""
        return self._texts("recent_commands")

    @recent_commands.setter
    def recent_commands(self, names: list[str]) -> None:
        self._store.setValue("recent_commands", names)

    @property
    def backend(self) -> tuple[str, str | None]:
        """Backend and device the user chose last."""
        device = str(self._store.value("device", ""))
        return str(self._store.value("backend", "auto")), device or None

    @backend.setter
    def backend(self, choice: tuple[str, str | None]) -> None:
        self._store.setValue("backend", choice[0])
        self._store.setValue("device", choice[1] or "")

    @property
    def folder(self) -> Path:
        """The folder the last file dialog ended in, else home."""
        folder = Path(str(self._store.value("folder", "")))
        return folder if str(folder) != "." and folder.is_dir() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._store.setValue("folder", str(folder))

    @property
    def model(self) -> Path | None:
        """The model file in use when the studio was closed; None for the open head."""
        value = str(self._store.value("model", ""))
        return Path(value) if value else None

    @model.setter
    def model(self, path: Path | None) -> None:
        self._store.setValue("model", str(path) if path else "")

    @property
    def recent(self) -> list[Path]:
        """Sessions and clips opened lately, newest first; some may be gone."""
        return [Path(path) for path in self._texts("recent")]

    def _texts(self, name: str) -> list[str]:
        """A list of texts, which the store gives back as one text where it has one entry."""
        value = self._store.value(name)
        if value is None:
            return []
        texts = [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
        return [text for text in texts if text]

    def remember_recent(self, path: Path) -> None:
        """Put ``path`` on top of the files opened lately."""
        paths = [path.resolve(), *(old for old in self.recent if old != path.resolve())]
        self._store.setValue("recent", [str(entry) for entry in paths[:_RECENT_MOST]])

    def forget_recent(self, path: Path | None = None) -> None:
        """Take ``path``, or all, off the files opened lately."""
        kept = [] if path is None else [str(old) for old in self.recent if old != path]
        self._store.setValue("recent", kept)

    @property
    def console_history(self) -> list[str]:
        """What was typed into the console lately, the last one last."""
        value = self._store.value("console", [])
        return [str(text) for text in value] if isinstance(value, list) else [str(value)]

    @console_history.setter
    def console_history(self, texts: list[str]) -> None:
        self._store.setValue("console", texts)

    @property
    def live(self) -> str:
        """How the head is driven, as text; empty before it was ever set."""
        return str(self._store.value("live", ""))

    @live.setter
    def live(self, text: str) -> None:
        self._store.setValue("live", text)

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Window geometry and dock state, or None on the first start."""
        geometry, state = self._store.value("geometry"), self._store.value("state")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            return geometry, state
        return None

    def save_layout(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember window geometry and dock state."""
        self._store.setValue("geometry", geometry)
        self._store.setValue("state", state)
