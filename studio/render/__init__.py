"""Pictures of a head: the scene, cameras and off-screen drawing."""
