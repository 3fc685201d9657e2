"""What other agencies are told: a small, stable set of CloudEvents, and the port through which they are read."""
