"""Docks, toolbar, dynamic menus and the chips over the canvas: where things are in the window."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu, QTabWidget, QToolBar, QWidget

from studio.actions.building import fill_toolbar, plain
from studio.backends import available
from studio.canvas_chips import CanvasChips
from studio.document.moment import shown_kind
from studio.late_panels import LatePanels
from studio.panels.face_panel import FacePanel
from studio.panels.late import LatePanel
from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.examples import example_clips
from studio.settings import Settings
from studio.status import backend_title
from studio.theme import keep_fitted, scaled
from studio.tool_strip import ToolStrip
from studio.widgets.dock_tabs import DockTabs
from studio.widgets.floating_docks import bring_to_front, floating

if TYPE_CHECKING:
    from studio.window import StudioWindow

_FIRST_SIZE = (1600, 1000)
_PANEL_WIDTH = 420
_LIBRARY_WIDTH = 320
_ROOMY = 1200  # pixels of a first window from which the library stands beside the head
_TIMELINE_SHARE = 0.32  # of the window, at most
_TOOL = 20  # pixels of an icon of the toolbar, at the usual size of text
_TIMELINE_HEIGHT, _EMPTY_HEIGHT = 236, 126  # with something to play, and without
_CONSOLE_SIZE = (900, 204)
_LOW_HEIGHT = 150  # up to which the timeline counts as low
_SCREEN_MARGIN = 48  # pixels left free around the window on a small screen


class Workspace:
    """The arrangement of one window's panels, bars and menus."""

    timeline: TimelinePanel

    def __init__(self, window: StudioWindow) -> None:
        self._window = window
        document, push = window.document, window.push
        self.timeline = TimelinePanel(document, push)
        self.face = FacePanel(document, push)
        self.face.mapping_asked.connect(window.files.ask_mapping)
        self.late = LatePanels(window)
        late = self.late
        self.docks = self._build_docks(
            {
                "Face": self.face,
                "Shape": LatePanel(lambda: late.shape),
                "Components": LatePanel(lambda: late.components),
                "Pose": LatePanel(lambda: late.pose),
                "Appearance": LatePanel(lambda: late.appearance),
                "Look": LatePanel(lambda: late.look),
                "Fit": LatePanel(lambda: late.fit),
                "Layers": LatePanel(lambda: late.layers),
                "Export": LatePanel(lambda: late.export),
                "Compare": LatePanel(lambda: late.compare),
                "Live": LatePanel(lambda: late.live),
                "History": LatePanel(lambda: late.history),
            }
        )
        window.fitting.show_actions("idle")
        self._build_toolbar()
        self._build_menus()
        self._chips = CanvasChips(window)
        self._strip = ToolStrip(window)
        window.sounding.connect_strip(self.timeline.sound)
        window.resize(self._first_size())
        window.resizeDocks([self.docks["Face"]], [_PANEL_WIDTH], Qt.Orientation.Horizontal)
        window.resizeDocks([self.docks["Library"]], [_LIBRARY_WIDTH], Qt.Orientation.Horizontal)
        self.docks["Library"].setVisible(window.width() >= _ROOMY)
        window.resizeDocks([self.docks["Timeline"]], [scaled(_EMPTY_HEIGHT)], Qt.Orientation.Vertical)
        self._can_play = False
        document.changed.connect(self._fit_timeline)
        self._first_state = window.saveState()

    def _first_size(self) -> QSize:
        """Comfortable, and not larger than the screen."""
        room = self._window.screen().availableGeometry().size() - QSize(_SCREEN_MARGIN, _SCREEN_MARGIN)
        return QSize(*_FIRST_SIZE).boundedTo(room)

    def _fit_timeline(self, names: frozenset[str]) -> None:
        """Make the timeline higher when there is something to play in it, unless somebody did before."""
        if not names & {"takes", "active"}:
            return
        began = not self._can_play
        self._can_play = len(self._window.document.take) > 1
        dock = self.docks["Timeline"]
        if began and self._can_play and dock.height() <= scaled(_LOW_HEIGHT):
            height = min(scaled(_TIMELINE_HEIGHT), round(_TIMELINE_SHARE * self._window.height()))
            self._window.resizeDocks([dock], [height], Qt.Orientation.Vertical)

    def _build_docks(self, panels: dict[str, QWidget]) -> dict[str, QDockWidget]:
        window = self._window
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setDockNestingEnabled(True)
        docks = {
            title: self._dock(title, panel, Qt.DockWidgetArea.RightDockWidgetArea)
            for title, panel in panels.items()
        }
        first, *others = docks.values()
        for dock in others:
            window.tabifyDockWidget(first, dock)
        for title in ("Fit", "Layers", "Export", "Compare", "Live", "History"):
            docks[title].hide()
        first.raise_()
        library = self._window.poses.make_panel()
        docks["Library"] = self._dock("Library", library, Qt.DockWidgetArea.LeftDockWidgetArea)
        docks["Timeline"] = self._dock("Timeline", self.timeline, Qt.DockWidgetArea.BottomDockWidgetArea)
        console = LatePanel(lambda: self.late.console, QSize(*_CONSOLE_SIZE))
        docks["Console"] = self._dock("Console", console, Qt.DockWidgetArea.BottomDockWidgetArea)
        docks["Console"].hide()
        window.tabifyDockWidget(docks["Timeline"], docks["Console"])
        self._tabs = DockTabs(window, tuple(docks.values()))
        return docks

    def _dock(self, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock.{title}")
        dock.setWidget(panel)
        keep_fitted(dock, lambda: dock.setFont(_title_font()))
        self._window.addDockWidget(area, dock)
        return dock

    def _build_toolbar(self) -> None:
        bar = QToolBar("Toolbar", self._window)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        keep_fitted(bar, lambda: bar.setIconSize(QSize(scaled(_TOOL), scaled(_TOOL))))
        fill_toolbar(bar, self._window.actions_by_id)
        self._window.addToolBar(bar)

    def _build_menus(self) -> None:
        file_menu = self._menu("File")
        models_action = self._window.actions_by_id["models"]
        self._examples = self._submenu(file_menu, "Examples", before=models_action)
        self._recent = self._menu("Open recent")
        self._models = self._submenu(file_menu, "Switch model", before=models_action)
        self._recent.aboutToShow.connect(self._fill_recent)
        for title, path in example_clips():
            action = self._examples.addAction(title)
            action.triggered.connect(
                lambda _checked=False, t=title, p=path: self._window.files.open_example(t, p)
            )
        self._backends = self._menu("View").addMenu("Compute with")
        panels = self._menu("View").addMenu("Panels")
        for dock in self.docks.values():
            panels.addAction(dock.toggleViewAction())

    def _menu(self, title: str) -> QMenu:
        return next(
            menu for menu in self._window.menuBar().findChildren(QMenu) if plain(menu.title()) == title
        )

    def _submenu(self, menu: QMenu, title: str, before: QAction) -> QMenu:
        submenu = QMenu(title, menu)
        menu.insertMenu(before, submenu)
        return submenu

    def _fill_recent(self) -> None:
        self._recent.clear()
        paths = self._window.settings.recent
        for path, title in zip(paths, _told_apart(paths), strict=True):
            action = self._recent.addAction(title.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, p=path: self._open_recent(p))
        if not paths:
            self._recent.addAction("Nothing opened yet").setEnabled(False)
        self._recent.addSeparator()
        clear = self._window.actions_by_id["clear_recent"]
        clear.setEnabled(bool(paths))
        self._recent.addAction(clear)

    def _open_recent(self, path: Path) -> None:
        if path.is_file():
            self._window.files.open([path])
        else:
            self._window.settings.forget_recent(path)
            self._window.warn(f"{path.name} is no longer in {path.parent}, so it was taken off the list.")

    def offer_models(self) -> None:
        """Fill the menu of loaded models."""
        self._models.clear()
        for model in self._window.files.models:
            action = self._models.addAction(model.name)
            action.setCheckable(True)
            action.setChecked(model is self._window.document.model.original)
            action.triggered.connect(lambda _checked=False, m=model: self._window.files.use_model(m))

    def offer_backends(self) -> None:
        """Fill the menus of backends and devices that this machine has."""
        offers: list[tuple[str, str | None]] = [("auto", None), *available()]
        self._window.status.offer_backends(offers, self._window.use_backend)
        self._backends.clear()
        for name, device in offers:
            action = self._backends.addAction(backend_title(name, device))
            action.triggered.connect(lambda _checked=False, n=name, d=device: self._window.use_backend(n, d))

    def show_checks(self) -> None:
        """Tick what is on in menus and chips."""
        document, actions = self._window.document, self._window.actions_by_id
        look = document.look
        actions[f"mode.{look.mode}"].setChecked(True)
        self._chips.show_look(look, document.model)
        for name, on in (
            ("landmarks", look.show_landmarks),
            ("landmark_numbers", look.show_landmark_numbers),
            ("joints", look.show_joints),
            ("wire_over", look.wire_over),
            ("orthographic", document.camera.orthographic),
            ("onion", look.onion.shown),
            ("compare_wipe", shown_kind(document) == "wipe"),
            ("compare_distance", shown_kind(document) == "distance"),
            ("dimensions", document.comparison.dimensions),
            ("loop", document.playback.loop),
            ("auto_key", document.tools.auto_key),
            ("follow_camera", document.tools.follows_keys),
            ("ping_pong", document.playback.loop and document.playback.ping_pong),
            (f"time.{document.tools.time}", True),
            ("symmetric", document.tools.symmetric),
            (f"tool.{document.tools.tool}", True),
            (f"pulls.{document.tools.pulls}", True),
            (f"joint.{'none' if document.tools.joint is None else document.tools.joint}", True),
            ("world_axes", document.tools.axes == "world"),
            ("telling", document.tools.telling),
            (f"photo.{document.reference.showing if document.reference else 'off'}", True),
        ):
            actions[name].setChecked(on)
        self._window.comfort.show_checks()
        self._window.sounding.show_checks()

    def commands(self) -> list[QAction]:
        """Every action of the menus, with its title as data, behind the titles of submenus, and its menu."""
        self._fill_recent()
        return [action for menu in self._window.menuBar().actions() for action in _leaves(menu, "", "")]

    def restore(self, settings: Settings) -> None:
        """Put everything where it was at the end of the last session."""
        layout = settings.layout()
        if layout:
            self._window.restoreGeometry(layout[0])
            self._window.restoreState(layout[1], self._version)
            places = floating(self._window)
            self._window.painted.connect(lambda: bring_to_front(places))

    @property
    def _version(self) -> int:
        """Tells arrangements of other panels, which would leave new ones no place, from those of these."""
        return zlib.crc32(",".join(self.docks).encode()) & 0x7FFFFFFF

    def show_history(self) -> None:
        """Bring the History dock to the front, the keys in its list."""
        self.show_dock("History")
        self.late.history.focus()

    def show_console(self) -> None:
        """Bring the Console dock to the front, the keys in its prompt."""
        self.show_dock("Console")
        QTimer.singleShot(0, self.late.console.focus)  # it is built once it is seen

    def show_dock(self, title: str) -> None:
        """Bring a dock to the front."""
        self.docks[title].show()
        self.docks[title].raise_()

    def save(self, settings: Settings) -> None:
        """Remember where everything is, and what was typed."""
        settings.console_history = self.late.typed
        settings.save_layout(self._window.saveGeometry(), self._window.saveState(self._version))

    def reset(self) -> None:
        """Go back to the first start's arrangement."""
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.show()
        self._window.restoreState(self._first_state)
        self.docks["Face"].raise_()


def _title_font() -> QFont:
    """The application's font with a hint that changes nothing: or Qt draws titles in their old size."""
    font = QFont(QApplication.font())
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font


def _told_apart(paths: list[Path]) -> list[str]:
    """The names of ``paths``, with their folders where a name comes twice."""
    names = [path.name for path in paths]
    return [
        name if names.count(name) == 1 else f"{name} — {path.parent}"
        for name, path in zip(names, paths, strict=True)
    ]


def _leaves(action: QAction, prefix: str, top: str) -> list[QAction]:
    menu = action.menu()
    if not isinstance(menu, QMenu):
        action.setData(f"{prefix}{plain(action.text())}")
        action.setProperty("menu", top)
        return [] if action.isSeparator() else [action]
    title = plain(menu.title())
    inner, top = (f"{title}: ", top) if top else ("", title)
    return [leaf for entry in menu.actions() for leaf in _leaves(entry, inner, top)]
