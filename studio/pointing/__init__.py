"""What the pointer does on the canvas beside moving the camera: pose, pull, turn, choose."""
