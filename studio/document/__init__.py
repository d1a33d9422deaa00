"""What the user is making, and the commands that change it."""
