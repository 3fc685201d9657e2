"""Eligibility, rule by rule."""
