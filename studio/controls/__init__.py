"""Named controls onto parameters, as pure functions."""
