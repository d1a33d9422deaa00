"""The head on the screen: draws what it is told, tells what the pointer does."""
