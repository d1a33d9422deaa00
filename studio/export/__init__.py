"""What leaves the studio: pictures, films, meshes and parameters."""
