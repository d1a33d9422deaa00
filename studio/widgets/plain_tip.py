"""Words in hints and questions as they are: Qt takes what looks like HTML for that, pictures in it too."""

from __future__ import annotations

from html import escape


def escaped(text: str) -> str:
    """``text`` as HTML that shows it as it is."""
    return escape(text).replace("\n", "<br>")


def plain_tip(text: str) -> str:
    """``text``, which a stranger may have written, for a hint or a question."""
    return f"<p>{escaped(text)}</p>" if "<" in text else text
