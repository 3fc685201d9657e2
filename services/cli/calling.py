"""A command line, from its arguments to its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError
from rich.console import Console

from services.cli.boundary import MISUSED
from services.cli.output import Out

HELP = "The trail of a neighbourhood: one subsidy call from publication to the last euro, in one unalterable log."


def bare() -> App:
    """The command `wijkspoor`, still without commands of its own."""
    return App(
        name="wijkspoor",
        help=HELP,
        version=lambda: version("wijkspoor"),
        help_on_error=False,
        error_console=Console(stderr=True),
    )


def answered(app: App, arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. Wrong use is one sentence and 2."""
    try:
        code = app(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        out = Out(as_json="--json" in arguments)
        sentence = " ".join(str(error).split()).rstrip(".") + ". See wijkspoor --help."
        if out.as_json:
            out.answer({"ok": False, "exitCode": MISUSED, "message": sentence})
        out.say(sentence)
        return MISUSED
    return code if isinstance(code, int) else 0
