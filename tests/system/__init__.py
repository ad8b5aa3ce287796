"""System tests: the real pickupd, driven from outside as its users drive it."""
