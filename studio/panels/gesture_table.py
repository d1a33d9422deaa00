"""What mouse, wheel and keys do on the canvas, on sliders, in the timeline and in lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gesture:
    """One thing that a hand does somewhere, and what comes of it."""

    where: str
    does: str
    hand: str


GESTURES: tuple[Gesture, ...] = (
    Gesture("Canvas", "Turn around the head", "Drag"),
    Gesture("Canvas", "Move the view", "Shift+drag, middle drag, two fingers"),
    Gesture("Canvas", "Zoom to the pointer", "Wheel, pinch, Ctrl+two fingers"),
    Gesture("Canvas", "Choose a vertex, a landmark or a joint", "Click"),
    Gesture("Canvas", "See what can be done there", "Right click"),
    Gesture("Canvas", "Take a drag back, or let go of what is chosen", "Esc"),
    Gesture("Pose tool", "Move jaw, head, neck or eyes", "Drag; with Alt one eye alone"),
    Gesture("Pull tool", "Let the face follow the hand", "Drag skin or a landmark"),
    Gesture("Pull tool", "Take more skin along, or less", "Ctrl+wheel"),
    Gesture("Rings of a joint", "Turn it", "Drag; Ctrl snaps to 5°, Ctrl+Shift to 1°"),
    Gesture("Sliders", "Change the value", "Drag the handle or the number, click the groove"),
    Gesture("Sliders", "Change it finely", "Shift+drag, Shift+wheel, Shift+arrows"),
    Gesture("Sliders", "Go a step, or ten", "Arrows, Page up and Page down, wheel once it has the keys"),
    Gesture("Sliders", "Go to the lowest or highest value", "Home, End"),
    Gesture("Sliders", "Type the number", "Click the number, Return, F2"),
    Gesture("Sliders", "Back to neutral", "Double click, Delete, Backspace"),
    Gesture("Sliders", "Lock or unlock", "K, or click the padlock"),
    Gesture("Timeline", "Move through time", "Drag the ruler; anywhere while there are no keys"),
    Gesture("Timeline", "Go one frame, or ten", "Left and Right, with Shift ten"),
    Gesture("Timeline", "Go to the next or previous key", "Up, Down"),
    Gesture("Timeline", "Set what is played", "Drag the marks in the ruler"),
    Gesture("Timeline", "Zoom time", "Ctrl+wheel, + and -; Shift+Home or a double click on the ruler: all"),
    Gesture("Timeline", "Move what is seen of time", "Middle drag, Shift+wheel"),
    Gesture("Timeline", "Choose keys", "Click, with Shift more; drag a box; A all, Esc none, Ctrl+I others"),
    Gesture("Timeline", "Move keys", "Drag; with Shift between frames; Esc takes it back"),
    Gesture(
        "Timeline",
        "Spread keys",
        "Alt+drag, or drag the ends of their bar; with Alt about the cursor",
    ),
    Gesture("Timeline", "Copy keys", "Ctrl+drag, Shift+D; Ctrl+C, Ctrl+X and Ctrl+V, to another take too"),
    Gesture("Timeline", "Delete keys", "Delete, Backspace"),
    Gesture("Timeline", "Set a key of a track", "Double click"),
    Gesture("Timeline", "Choose tracks", "Click their names, with Shift or Ctrl several"),
    Gesture("Timeline", "Move or rename a marker", "Drag, double click; right click for more"),
    Gesture("Curves", "Zoom time", "Wheel; double click shows all of it"),
    Gesture("Curves", "Show one curve alone", "Ctrl+click its name"),
    Gesture("Panels", "Move a panel", "Drag its tab or title; right click to float or close it"),
    Gesture("Files", "Open or add", "Drop files on the window"),
)
