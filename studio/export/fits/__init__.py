"""What a fit leaves in files: the head, its texture, camera and light, pictures of it, and a report."""
