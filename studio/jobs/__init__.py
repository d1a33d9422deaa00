"""Long work: what a job is, its progress and its cancel."""
