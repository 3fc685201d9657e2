"""The composition root: the only place that names adapters. Nothing is built at import; what is opened is closed in
reverse."""

from __future__ import annotations

from services.bootstrap.cluster import open_cluster
from services.bootstrap.offline import open_empty, prepare, rebuild_views
from services.bootstrap.roles import open_role
from services.bootstrap.whole import open_shared, open_whole

__all__ = ["open_cluster", "open_empty", "open_role", "open_shared", "open_whole", "prepare", "rebuild_views"]
