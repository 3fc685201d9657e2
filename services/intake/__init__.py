"""Intake: calls are published, local authorities apply."""
