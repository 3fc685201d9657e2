"""Other terms on the same facts: who would have come out otherwise, and why. Pure."""
