"""How fast it is, beside its peers: `make bench`, figures of one run on one machine, never a timed test."""
