"""The command line of a process that has one role in a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from services.bootstrap.roles import open_role
from services.cli.calling import answered, bare
from services.cli.roles import Roles


def run(arguments: Sequence[str]) -> int:
    """Work in the role until stopped; the exit code."""
    app, roles = bare(), Roles(open_role)
    for command in (roles.serve, roles.work, roles.relay, roles.project, roles.timers, roles.publish):
        app.command(command)
    return answered(app, arguments)
