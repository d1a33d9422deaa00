"""A head that follows a performer: frames from a phone or a camera, made into parameters, and recorded."""
