"""What the studio remembers from one start to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_RECENT_MOST = 10


class Settings:
    """Typed access to the platform's settings store; every value has a safe default."""

    def __init__(self) -> None:
        self._store = QSettings()

    @property
    def theme(self) -> str:
        """The theme's name, dark or light."""
        value = str(self._store.value("theme", "dark"))
        return value if value in ("dark", "light") else "dark"

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

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
        value = self._store.value("recent", [])
        paths = [str(path) for path in value] if isinstance(value, list) else [str(value)]
        return [Path(path) for path in paths if path]

    def remember_recent(self, path: Path) -> None:
        """Put ``path`` on top of the files opened lately."""
        paths = [path.resolve(), *(old for old in self.recent if old != path.resolve())]
        self._store.setValue("recent", [str(entry) for entry in paths[:_RECENT_MOST]])

    def forget_recent(self, path: Path | None = None) -> None:
        """Take ``path``, or all, off the files opened lately."""
        kept = [] if path is None else [str(old) for old in self.recent if old != path]
        self._store.setValue("recent", kept)

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
