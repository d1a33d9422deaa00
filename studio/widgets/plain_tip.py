"""Words in hints as they are: Qt takes what looks like HTML for that, and would load pictures it names."""

from __future__ import annotations

from html import escape


def escaped(text: str) -> str:
    """``text`` as HTML that shows it as it is."""
    return escape(text).replace("\n", "<br>")


def plain_tip(text: str) -> str:
    """``text``, which a stranger may have written, for a hint."""
    return f"<p>{escaped(text)}</p>" if "<" in text else text
