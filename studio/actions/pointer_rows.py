"""The tools on the canvas and the joints they turn: the first rows of the Pose menu."""

from __future__ import annotations

from studio.actions.row import Action
from studio.controls.joint_turns import JOINT_TITLES
from studio.document.pins import remove_pins
from studio.document.tools import Pulls, Tool


def _tool(tool: Tool, title: str, key: str, tip: str) -> Action:
    return Action(
        f"tool.{tool}",
        title,
        "Pose/Tool",
        lambda w: w.pointer.choose_tool(tool),
        f"tool-{tool}",
        key,
        f"{tip}; held, {key} lasts one drag",
        checkable=True,
        group="tool",
    )


def _pulls(pulls: Pulls, title: str, tip: str) -> Action:
    return Action(
        f"pulls.{pulls}",
        title,
        "Pose/Tool",
        lambda w: w.pointer.choose_pulls(pulls),
        tip=tip,
        checkable=True,
        group="pulls",
        separator=pulls == "expression",
    )


def _joint(title: str, joint: int | None) -> Action:
    return Action(
        f"joint.{'none' if joint is None else joint}",
        title,
        "Pose/Turn a joint",
        lambda w: w.pointer.choose_joint(joint),
        tip=f"Show rings that turn the {title.lower()}" if joint is not None else "Hide the rings",
        checkable=True,
        group="joint",
        separator=joint is None,
    )


POINTER: tuple[Action, ...] = (
    _tool("orbit", "Orbit", "Q", "Look around by dragging, choose by clicking"),
    _tool("pose", "Pose", "E", "Drag jaw, head, neck and eyes, with Alt one eye"),
    _tool("pull", "Pull", "R", "Drag skin or a landmark, and the face follows"),
    _pulls("expression", "Pull expression", "Let expression, lids and jaw follow a pull"),
    _pulls("identity", "Pull identity", "Let the shape of the head follow a pull"),
    _pulls("both", "Pull both", "Let expression and shape follow a pull"),
    Action(
        "pull_wider",
        "Wider pull",
        "Pose/Tool",
        lambda w: w.pointer.change_radius(1.0),
        "",
        "]",
        "Take more skin along, as Ctrl and the wheel do",
        separator=True,
    ),
    Action(
        "pull_narrower",
        "Narrower pull",
        "Pose/Tool",
        lambda w: w.pointer.change_radius(-1.0),
        "",
        "[",
        "Take less skin along",
    ),
    Action(
        "remove_pins",
        "Remove all pins",
        "Pose/Tool",
        lambda w: w.push(remove_pins(w.document)),
        tip="Let go of every point that is pinned",
    ),
    *(_joint(title, joint) for joint, title in enumerate(JOINT_TITLES)),
    _joint("None", None),
    Action(
        "next_joint",
        "Next joint",
        "Pose/Turn a joint",
        lambda w: w.pointer.next_joint(),
        "",
        "G",
        "Show the rings of the next joint, and after the last one none",
    ),
    Action(
        "world_axes",
        "World axes",
        "Pose/Turn a joint",
        lambda w: w.pointer.toggle_axes(),
        "axes-world",
        "T",
        "Turn about the axes of the world, not about the joint's own",
        checkable=True,
        separator=True,
    ),
    Action(
        "clear_selection",
        "Clear selection",
        "Pose",
        lambda w: w.pointer.clear_selection(),
        tip="Let go of the vertex, landmark or joint chosen, as Esc does on the canvas",
    ),
)
