"""A head from a film: one identity, and for each frame its face, its pose and its light.

The first frame is fitted as a photo is. Each frame begins where the one before it ended and is held to it;
then the identity is sought in several frames at once, and all frames are gone through once more in an order
that is shuffled, each with its neighbours. Finished frames lie in a folder, from which a fit goes on.
"""
