"""A second checker, written without the deciders: what a stranger finds in an exported log with a JSON parser alone.

It knows the format (contract.md §4) and the field (domain.md §6), not this program: nothing here imports it, and a test
sees to that. So a mistake in a decider is not a mistake here too.
"""
