"""Sizes of what is drawn over the head, shared by both renderers."""

from __future__ import annotations

WIRE_WIDTH = 0.0011  # of a line, as a share of the picture's height; at least one sample
