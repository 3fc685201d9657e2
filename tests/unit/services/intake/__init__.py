"""Intake, rule by rule."""
