"""What the pointer does in the window: it hears the canvas and makes commands."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence

from studio.canvas.hand import Touch
from studio.canvas.landmark_hover import REACH, landmark_at
from studio.controls.handles import Pin
from studio.document.commands import change, set_params, set_where_unlocked
from studio.document.take import Take
from studio.document.tools import RADII, Pulls, Tool
from studio.flame.model import HeadModel
from studio.pointing.aim import Aim, aim_at
from studio.pointing.grab import Grab
from studio.pointing.marks import gizmo_shapes, joint_at, selection_shapes
from studio.pointing.pinning import pin_at, pin_shapes
from studio.pointing.turning import RingGrab, gizmo_of
from studio.render.picking import Pick, pick
from studio.render.shot import Shot
from studio.render.skin_map import SkinMap
from studio.widgets.gesture import next_gesture

if TYPE_CHECKING:
    from studio.window import StudioWindow

TOOLS: tuple[Tool, ...] = ("orbit", "pose", "pull")
RADIUS_STEP = 1.15
JOINT_REACH = 10.0  # pixels around a joint's dot
_PATIENCE = 1.0  # seconds that a press waits for what pulls need
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Held:
    """A drag under way."""

    grab: Grab
    gesture: int
    takes: tuple[Take, ...]  # at the press
    pins: tuple[Pin, ...]  # likewise


class PointerTools(QObject):
    """The hand over the canvas of one window."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window, self._document, self._canvas = window, window.document, window.canvas
        self._held: _Held | None = None
        self._is_pushing = False  # whether the document changes by this hand
        self._aim = Aim()
        self._prepared: tuple[HeadModel, bool] | None = None  # what pulls are ready for, or will be
        self._preparing: Thread | None = None
        self._skin = SkinMap()
        self._touch: Touch | None = None  # the last one over the canvas
        self._key: int | None = None  # of a tool, while it is down
        self._key_used = False  # whether a drag began meanwhile
        self._back: Tool = "orbit"  # the tool before that key went down
        self._canvas.set_hand(self)
        self._canvas.view_changed.connect(self._on_view)
        self._document.changed.connect(self._on_document)

    def hover(self, touch: Touch) -> None:
        """Show what a press would take."""
        self._touch = touch
        shot = self._shot()
        if shot is None:
            return
        aim = aim_at(self._document, shot, touch, self._aim, self._skin)
        self._canvas.set_readout(aim.told, touch.place)
        self._canvas.set_cursor(aim.cursor)
        if aim != self._aim:
            self._aim = aim
            self._draw()

    def leave(self) -> None:
        """Nothing is under the pointer any more."""
        self._touch = None
        self._lose_aim()

    def press(self, touch: Touch) -> bool:
        """Take hold of a ring of the gizmo, or of what the tool in use takes."""
        shot = self._shot()
        if self._is_unready():
            self._window.notify("This head is still being measured for pulling; try again in a moment.")
            return True
        grab = None if shot is None else self._grab(shot, touch)
        if grab is None:
            self._lose_aim()
            return False
        self._held = _Held(grab, next_gesture(), self._document.takes, self._document.pins)
        self._key_used = self._key is not None
        self._canvas.set_cursor(Qt.CursorShape.ClosedHandCursor)
        self._aim = Aim(ring=grab.ring if isinstance(grab, RingGrab) else None)
        self._draw()
        return True

    def drag(self, touch: Touch) -> None:
        """Move what is held."""
        held = self._held
        if held is None:
            return
        self._window.player.pause()
        grab = held.grab
        setting = set_where_unlocked if grab.keeps_locks else set_params
        command = setting(self._document, grab.name, grab.to(touch), held.gesture, grab.lead)
        self._push(held, grab.pins(), **command.new)
        self._canvas.set_readout(grab.told(self._document.params), touch.place)
        self._draw()

    def release(self) -> None:
        """Let go."""
        self._held = None
        self._canvas.set_readout("")
        self._canvas.set_cursor(Qt.CursorShape.ArrowCursor)
        self._lose_aim()

    def cancel(self) -> bool:
        """Take the drag under way back, else let go of what is selected."""
        held = self._held
        if held is not None:
            pins = None if held.grab.pins() is None else held.pins
            self._push(held, pins, takes=held.takes)
            self.release()
            return True
        tools = self._document.tools
        bare = tools.replace(joint=None, vertex=None, landmark=None)
        self._document.set(tools=bare)
        return bare != tools

    def click(self, touch: Touch) -> None:
        """Choose the joint, landmark or vertex there; beside the head, nothing."""
        shot = self._shot()
        if shot is None or self._on_gizmo(shot, touch):
            return
        joint = joint_at(shot, touch.place, JOINT_REACH)
        if joint is not None:
            self.choose_joint(joint)
            return
        mark = landmark_at(shot, touch.place, REACH)
        if mark is not None:
            self._set_tools(landmark=mark.landmark.index, vertex=None)
            return
        found = self.pick(shot, touch)
        if found is not None:
            self._set_tools(vertex=found.vertex, landmark=None)
        else:
            self._set_tools(vertex=None, landmark=None, joint=None)

    def menu(self, touch: Touch, at: QPoint) -> None:
        """Offer what can be done there."""
        from studio.pointing.menu import canvas_menu

        shot = self._shot()
        if shot is not None:
            canvas_menu(self._window, shot, self.pick(shot, touch), touch).popup(at)

    def wheel(self, steps: float, touch: Touch) -> bool:
        """With Ctrl, take more skin or less along in a pull."""
        if self._document.tools.tool != "pull" or not touch.control or self._held is not None:
            return False
        self.change_radius(steps, touch)
        return True

    def key_pressed(self, key: int) -> None:
        """Remember which tool to go back to where a tool's key is only held."""
        if self._chooses_tool(key):
            self._key, self._key_used, self._back = key, False, self._document.tools.tool

    def key_released(self, key: int) -> None:
        """Go back to the tool before, where this one was only held for a drag."""
        if key == self._key:
            self._key = None
            if self._key_used and self._held is None:
                self.choose_tool(self._back)

    def choose_tool(self, tool: Tool) -> None:
        """Let a drag on the head do what ``tool`` does."""
        self._set_tools(tool=tool)
        self._lose_aim()

    def choose_pulls(self, pulls: Pulls) -> None:
        """Let expression, identity or both follow a pull."""
        self._set_tools(pulls=pulls)

    def change_radius(self, steps: float, touch: Touch | None = None) -> None:
        """Take more skin along in a pull, or with negative ``steps`` less."""
        low, high = RADII
        radius = min(max(self._document.tools.radius * RADIUS_STEP**steps, low), high)
        self._set_tools(radius=radius)
        last = touch or self._touch
        if last is not None:
            self.hover(last)
            self._canvas.set_readout(f"{1e3 * radius:.0f} mm", last.place)

    def choose_joint(self, joint: int | None) -> None:
        """Show the gizmo of ``joint``, or none."""
        self._set_tools(joint=joint)

    def next_joint(self) -> None:
        """Show the gizmo of the next joint, after the last one none."""
        joint = self._document.tools.joint
        following = 0 if joint is None else joint + 1
        self._set_tools(joint=following if following < len(self._document.model.parents) else None)

    def toggle_axes(self) -> None:
        """Let the gizmo turn about the joint's own axes, or about those of the world."""
        self._set_tools(axes="local" if self._document.tools.axes == "world" else "world")

    def toggle_telling(self) -> None:
        """Tell what is under the pointer, or be quiet."""
        self._set_tools(telling=not self._document.tools.telling)

    def clear_selection(self) -> None:
        """Let go of everything chosen."""
        self._set_tools(joint=None, vertex=None, landmark=None)

    def pick(self, shot: Shot, touch: Touch) -> Pick | None:
        """The point of the surface under the pointer."""
        return pick(shot.model, shot.surface.vertices, shot.camera, shot.size, touch.place)

    def _push(self, held: _Held, pins: tuple[Pin, ...] | None, **values: object) -> None:
        """Do one move of a drag; all of its moves are one step."""
        if pins is not None:
            values["pins"] = pins
        self._is_pushing = True
        try:
            self._window.push(change(self._document, held.grab.name, held.gesture, **values))
        finally:
            self._is_pushing = False

    def _prepare(self) -> None:
        """Have ready what the first pull needs, on a thread of its own."""
        wanted = self._document.model, self._document.tools.symmetric
        if self._document.tools.tool == "pull" and wanted != self._prepared:
            self._prepared = wanted
            self._preparing = Thread(target=_prepare_pull, args=wanted, name="prepare pull")
            self._preparing.start()

    def _is_unready(self) -> bool:
        """Whether a pull would hold up the window for longer than a moment."""
        if self._document.tools.tool != "pull" or self._preparing is None:
            return False
        self._preparing.join(_PATIENCE)
        return self._preparing.is_alive()

    def _shot(self) -> Shot | None:
        """What is on the screen, where it is the document's head and nothing stands in for it."""
        if self._document.preview.owner is not None:
            return None
        shot = self._canvas.logical_shot()
        return shot if shot is not None and shot.model is self._document.model else None

    def _grab(self, shot: Shot, touch: Touch) -> Grab | None:
        from studio.pointing.posing import take_hold
        from studio.pointing.pulling import PullGrab, pulled_handle

        gizmo = gizmo_of(self._document, shot)
        ring = None if gizmo is None else gizmo.ring_at(touch.place)
        if gizmo is not None and ring is not None:
            return RingGrab(self._document, gizmo, ring, touch)
        tool = self._document.tools.tool
        pin = pin_at(self._document, shot, touch.place) if tool == "pull" else None
        if pin is not None:
            return PullGrab(self._document, shot, self._document.pins[pin].handle, touch, pin)
        found = self.pick(shot, touch) if tool != "orbit" else None
        if found is None:
            return None
        if tool == "pose":
            return take_hold(self._document, shot, found, touch)
        handle = pulled_handle(shot, found, touch, self._document.tools.radius)
        return None if handle is None else PullGrab(self._document, shot, handle, touch)

    def _on_gizmo(self, shot: Shot, touch: Touch) -> bool:
        gizmo = gizmo_of(self._document, shot)
        return gizmo is not None and gizmo.ring_at(touch.place) is not None

    def _chooses_tool(self, key: int) -> bool:
        """Whether ``key``, with no other, chooses a tool."""
        actions = (self._window.actions_by_id[f"tool.{tool}"] for tool in TOOLS)
        return any(QKeySequence(key) in action.shortcuts() for action in actions)

    def _set_tools(self, **changes: object) -> None:
        self._document.set(tools=self._document.tools.replace(**changes))

    def _lose_aim(self) -> None:
        if self._aim != Aim():
            self._aim = Aim()
            self._draw()

    def _on_view(self) -> None:
        if self._held is None and self._aim.shapes:
            self._aim = Aim()
        self._draw()

    def _on_document(self, names: frozenset[str]) -> None:
        tools = self._document.tools
        if self._held is not None and not self._is_pushing and names & {"model", "takes", "active"}:
            self.release()  # what it took hold of is not there any more
        if "model" in names and (tools.vertex or 0) >= self._document.model.vertex_count:
            self._document.set(tools=tools.replace(vertex=None))
        if names & {"tools", "model"}:
            self._prepare()
        if "tools" in names:
            self._canvas.set_telling(tools.telling)
        if names & {"tools", "model", "pins"}:
            self._draw()

    def _draw(self) -> None:
        shot, tools = self._shot(), self._document.tools
        if shot is None:
            self._canvas.set_overlay(())
            return
        held = () if self._held is None else self._held.grab.shapes(shot)
        shapes = [
            *self._aim.shapes,
            *held,
            *pin_shapes(self._document, shot),
            *selection_shapes(shot, tools),
        ]
        gizmo = gizmo_of(self._document, shot)
        if gizmo is not None:
            shapes += gizmo_shapes(gizmo, self._aim.ring)
        self._canvas.set_overlay(tuple(shapes))


def _prepare_pull(model: HeadModel, symmetric: bool) -> None:
    from studio.controls.surface_drag import prepare

    try:
        prepare(model, symmetric)
    except Exception:  # noqa: BLE001 - the first pull does it then, and says what is wrong
        _log.debug("a pull on %s could not be prepared", model.name, exc_info=True)
