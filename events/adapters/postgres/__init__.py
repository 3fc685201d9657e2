"""The event store, the tail, places and the vault on PostgreSQL 18."""
