"""Session files: everything in the document, whole, in one ``.flame`` file."""
