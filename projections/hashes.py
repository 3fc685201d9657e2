"""The fingerprint of a view, to compare two plays of one story.

Positions, times of recording and identifiers differ between plays without meaning anything: they are left out, and so
is the order that they give the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

import msgspec

from projections.view import RowT, View

_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def view_hash(view: View[RowT], rows: Iterable[RowT]) -> str:
    """Hex SHA-256 over the rows without what may differ between two plays."""
    lines = sorted(_line(view, row) for row in rows)
    return sha256(b"\n".join(lines)).hexdigest()


def _line(view: View[RowT], row: RowT) -> bytes:
    kept = {name: getattr(row, name) for name in row.__struct_fields__ if name not in view.volatile}
    return _ID.sub(b"", msgspec.json.encode(kept, order="sorted"))
