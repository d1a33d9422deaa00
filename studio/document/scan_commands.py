"""What a fit to a scan does to the document, as one step."""

from __future__ import annotations

from studio.document.commands import Command, change, replace_take
from studio.document.document import Document, Playback
from studio.document.locks import unlocked
from studio.document.take import Take
from studio.flame.params import Params
from studio.sequence.clip import Clip


def use_scan_fit(document: Document, params: Params, scan: str, surface: Params | None = None) -> Command:
    """Show the head that was fitted to ``scan``, except for what is locked.

    A still is changed; a take that moves stays as it is, and the head gets a still of its own. With
    ``surface``, the head moved onto the scan, that becomes a take too, and the distance to it is shown.
    """
    found, model, take = unlocked(document, document.params, params), document.model, document.take
    values: dict[str, object] = {}
    if len(take) == 1:
        takes = replace_take(document, take.edited(document.position, found))
    else:
        takes = (*document.takes, Take.of(scan, Clip.still(found, take.fps, model.name, model.digest)))
        values = {"active": len(takes) - 1, "playback": Playback(), "position": 0.0}
    if surface is not None:
        still = Clip.still(surface, take.fps, model.name, model.digest)
        takes = (*takes, Take.of(f"{scan}, surface", still))
        values["comparison"] = document.comparison.replace(
            kind="distance", distance="normal", subject="take", take=len(takes) - 1, aligned=False
        )
    return change(document, f"Fit to {scan}", None, takes=takes, **values)
