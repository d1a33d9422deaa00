"""What is known of a photo, from files of any origin: pixels, landmarks, masks, and faces found in it."""
