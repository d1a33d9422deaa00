"""Every user action, as rows of one table."""
