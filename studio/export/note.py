"""What every exported file says of the head model it was made with."""

from __future__ import annotations

from studio.flame.model import HeadModel


def licence_note(model: HeadModel) -> str:
    """One sentence for a file's comment: which model, and under which licence it came."""
    version = f" (version {model.version})" if model.version and model.version != model.name else ""
    licence = model.licence.rstrip(". ") or "unknown"
    return f"Made in FLAME Studio with the head model {model.name}{version}. Licence of the model: {licence}."
