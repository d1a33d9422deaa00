"""Sound files, what is heard of them while the studio plays, and the clock that this gives."""
