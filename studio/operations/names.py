"""What the operations are called, in the order of their menu: known without loading what does them."""

from __future__ import annotations

from types import MappingProxyType

# By id: the title, which is the name of the step too, and what it does in one phrase.
TITLES = MappingProxyType(
    {
        "trim": ("Trim", "Keep the frames played and leave the others out"),
        "split": ("Split", "Cut in two before a frame; the second part becomes a take of its own"),
        "join": ("Join", "Add another clip behind this one, with a cross-fade"),
        "retime": ("Retime", "Play faster or slower, or for a given time"),
        "resample": ("Resample", "Another frame rate; everything stays at its moment"),
        "reverse": ("Reverse", "Play from the last frame to the first"),
        "loop": (
            "Loop seamlessly",
            "Let the end pass into the start, so that position and speed go on across the seam",
        ),
        "shift": ("Shift in time", "Let some parts come later or earlier than the others"),
        "smooth": ("Smooth", "Take jitter out, rotations on the sphere"),
        "despike": ("Despike", "Mend frames that jump away and back, and numbers that are none"),
        "offset": ("Offset", "Add to one number in every frame"),
        "scale": ("Scale", "More or less of what some parts do"),
        "mirror": ("Mirror", "Exchange left and right, turns and gaze too"),
        "enliven": (
            "Add blinks and small motion",
            "Lay blinks, small eye and head motion over the clip, the same for the same seed",
        ),
        "retarget": ("Retarget", "The same motion on another person's head"),
        "transfer": (
            "Transfer to another model",
            "The same face on another head model, by the named controls that both know",
        ),
        "vertices_to_parameters": (
            "Vertices to parameters",
            "Find expression, jaw and neck whose surfaces are nearest to vertices in correspondence",
        ),
    }
)
ELSEWHERE = ("transfer",)  # done to takes by switching the head model


def named(name: str) -> tuple[str, str, str]:
    """The id, the title and the phrase of the operation ``name``."""
    return (name, *TITLES[name])
