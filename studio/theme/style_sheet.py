"""The application's style sheet, filled with a theme's colours."""

from __future__ import annotations

import re
from dataclasses import asdict
from string import Template

from studio import resources
from studio.theme.roles import Roles
from studio.theme.text_size import scaled

_SHEET = """
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $window; width: 3px; height: 3px; }
QMainWindow::separator:hover { background: $accent; }
QDockWidget { titlebar-close-icon: url("$icon_close"); titlebar-normal-icon: url("$icon_float");
    border: 1px solid $disabled; }
QDockWidgetGroupWindow { border: 1px solid $disabled; }
QDockWidget::title { background: $panel; padding: 6px 12px; border-bottom: 1px solid $line; }
QDockWidget > QWidget { background: $panel; }
QMenuBar { background: $window; color: $text; padding: 1px 8px; }
QMenuBar::item { padding: 4px 9px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $panel; color: $text; border: 1px solid $line; padding: 4px 0; }
QMenu { icon-size: 16px; }
QMenu::item { padding: 5px 24px 5px 12px; }
QMenu::icon { padding-left: 10px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 5px; }
QMenu::indicator:checked { image: url("$icon_tick"); }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; padding: 4px 8px; spacing: 2px; }
QToolBar::separator { background: $line; width: 1px; margin: 4px 6px; }
QStatusBar { background: $window; color: $secondary; border-top: 1px solid $line; }
QStatusBar QLabel { color: $secondary; padding: 0 4px; }
QStatusBar::item { border: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="chip"] { background: $raised; color: $text; border: 1px solid $line; border-radius: 4px;
    padding: 3px 8px; }
QTabBar { background: $panel; qproperty-drawBase: 0; }
QTabBar::tab { background: $panel; color: $secondary; padding: 7px 8px 6px 8px;
    border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover:!selected { color: $text; }
QTabBar::tab:focus { color: $text; background: $raised; }
QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: 4px;
    min-height: 16px; padding: 3px 10px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; }
QPushButton:default { border-color: $accent; }
QPushButton:checked { border-color: $accent; color: $accent_text; }
QPushButton[role="chip"] { padding: 3px 10px; }
QPushButton[role="menu"] { padding: 3px 20px 3px 10px; }
QPushButton::menu-indicator { image: url("$icon_down"); width: 10px; height: 10px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 6px; }
QPushButton[role="text"] { background: transparent; border: 1px solid transparent; color: $secondary;
    padding: 0 1px; min-height: 16px; }
QPushButton[role="text"]:hover { color: $text; }
QPushButton[role="text"]:focus { border-color: $accent; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 4px;
    padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $line; }
QToolButton:focus { border-color: $accent; }
QToolButton:checked { border-color: $accent; }
QToolButton[role="raised"] { background: $raised; border-color: $line; padding: 3px 6px; }
QToolButton[role="raised"]:hover { background: $hover; }
QToolButton[role="raised"]:focus, QToolButton[role="raised"]:checked { border-color: $accent; }
QToolButton[role="raised"]:checked { color: $accent_text; }
#tool_strip { background: $panel; border: 1px solid $line; border-radius: 4px; }
#tool_strip_line { background: $line; }
#tool_strip QToolButton:checked { background: $raised; border-color: $accent; }
QToolButton[role="primary"] { background: $accent; border-color: $accent; padding: 3px 6px; }
QToolButton[role="primary"]:hover { background: $accent_text; }
QToolButton[role="primary"]:focus { border-color: $text; }
QToolButton[role="primary"]:disabled { background: $raised; border-color: $line; }
QToolButton::menu-indicator { image: url("$icon_down"); width: 10px; height: 10px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 3px; }
QStatusBar QToolButton { color: $secondary; padding: 1px 4px; }
QStatusBar QToolButton[popupMode="2"] { padding-right: 16px; }
QStatusBar QToolButton:hover { color: $text; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextBrowser {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 4px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit { icon-size: 16px; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 16px; }
QLineEdit { padding: 3px 7px 2px 7px; }
QSpinBox, QDoubleSpinBox { padding: 1px 7px; }
QComboBox { padding: 2px 7px; }
QPlainTextEdit[role="console"] { background: $panel; border: none; border-radius: 0; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus,
QTextBrowser:focus { border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $disabled; }
QLineEdit[role="number"] { padding: 0 7px; min-height: 0; border-color: $accent; }
QLineEdit[role="number"][wrong="true"] { border-color: $warning; color: $warning; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 14px; border: none; background: transparent; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$icon_up"); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$icon_down"); width: 10px; height: 10px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$icon_down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $panel; color: $text; border: 1px solid $line;
    selection-background-color: $hover; selection-color: $text; outline: none; padding: 2px; }
QCheckBox { color: $text; spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $line; border-radius: 4px;
    background: $raised; }
QCheckBox::indicator:hover { border-color: $secondary; }
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icon_check"); }
QCheckBox:disabled { color: $disabled; }
QProgressBar { background: $groove; border: none; border-radius: 2px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
#prompt { color: $accent_text; background: $panel; padding: 1px 0 0 8px; }
#console_entry { border-top: 1px solid $line; }
#notice { background: $raised; border-bottom: 1px solid $line; }
#photo_editor { background: $panel; }
#card { background: $panel; border: 1px solid $line; border-radius: 6px; }
#card QLabel { background: transparent; }
#footer { border-top: 1px solid $line; }
#swatch { text-align: left; }
QScrollArea { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; border: none; width: 0; height: 0; }
QListView, QTreeView, QTableView { background: $panel; color: $text; border: 1px solid $line;
    border-radius: 4px; selection-background-color: $hover; selection-color: $text; }
QListView[role="plain"] { border: none; border-radius: 0; outline: none; }
QHeaderView::section { background: $panel; color: $secondary; border: none;
    border-bottom: 1px solid $line; padding: 4px 8px; }
"""


_GROWING = re.compile(r"(?<![-\w])(\d+)px")
_THINNEST = 6  # pixels; thinner things are lines, corners and gaps, which stay as they are


def style_sheet(roles: Roles) -> str:
    """The style sheet in the colours of ``roles``, its lengths in keeping with the size of text."""
    names = ("up", "down", "close", "float", "check", "tick")
    files = {f"icon_{name}": resources.icon_path(f"sheet-{name}").as_posix() for name in names}
    return Template(_GROWING.sub(_grown, _SHEET)).substitute(asdict(roles) | files)


def _grown(length: re.Match[str]) -> str:
    pixels = int(length[1])
    return f"{scaled(pixels) if pixels >= _THINNEST else pixels}px"
