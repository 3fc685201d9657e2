"""Everything that happened in a case, in order, in words."""
