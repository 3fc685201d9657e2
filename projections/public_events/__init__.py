"""The public log as a view: every public event with its sequence, and what the next one needs to know."""
