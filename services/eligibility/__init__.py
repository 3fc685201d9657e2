"""Eligibility: a submitted application is held against the conditions of its call."""
