"""Many processes as one program: when they are quiet, and how they are started together."""
