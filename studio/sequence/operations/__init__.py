"""Operations on clips: pure functions from a clip, and settings, to a clip."""
