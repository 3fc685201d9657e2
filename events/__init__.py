"""What happened: the shared language of facts, and the log that keeps it."""
