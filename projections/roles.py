"""Roles that see less than all of a view; what they see is each view's own predicate, beside its queries."""

from __future__ import annotations

OWN_ONLY = frozenset({"applicant", "partner"})
"""They see the cases of their own organisation and no other."""

JURY = frozenset({"jury_member", "jury_chair"})
"""They see a file once it was assigned to them or lies on their table, and never one with a conflict (J3)."""
