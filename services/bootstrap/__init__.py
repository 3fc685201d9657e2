"""The composition root: the only place that names adapters. Nothing is built at import; what is opened is closed in
reverse. Each door stands in a file of its own, so that a process loads what it opens and no more."""
