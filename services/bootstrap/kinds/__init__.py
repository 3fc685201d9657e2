"""One file a kind of role, each with `opened`: a process loads the file of its own kind and no other."""
