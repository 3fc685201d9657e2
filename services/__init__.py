"""What we decide: five pure deciders in thin shells."""
