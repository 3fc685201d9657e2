"""Why the program cannot run on this machine just now: one sentence each, that says what to do."""

from __future__ import annotations


class CannotRun(Exception):
    """The program stops with exit code 3 and prints this message; it is one sentence and says what to do."""


class FolderNotWritable(CannotRun):
    """The data folder cannot be made or written."""


class LockedByAnother(CannotRun):
    """Another live instance of the program uses the data folder."""


class DiskFull(CannotRun):
    """The disk below the data folder has no room for a log that may not lose anything."""


class ServerDidNotStart(CannotRun):
    """The database server ended, or did not become ready in time."""


class MigrationFailed(CannotRun):
    """The database has no schema, or one that this version cannot work with."""
