"""Clips: frames of parameters over time, in memory and in files."""
