"""Where every command ends: an exit code, and one sentence that says what to do. Never a stack trace unasked."""

from __future__ import annotations

import asyncio
import errno
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import uvloop

from events.failures import CannotRun
from events.store import StoreUnavailable
from projections.audit.export import LogHasHole, TargetNotEmpty
from projections.audit.restore import CannotRestore, NotVerified, TargetHasHistory
from services.auth import BadClaims
from services.cli.common import Common, Finding, WrongUse, settings_of
from services.cli.output import Out
from services.house import ForeignKeys
from services.keys import BrokenKey
from services.logging import Level, configure, scrub
from services.supervisor import Stopped

OK, FOUND, MISUSED, COULD_NOT = 0, 1, 2, 3

Work = Callable[[Out], Coroutine[Any, Any, None]]

_SENTENCES: dict[int, str] = {
    errno.ENOSPC: "The disk is full: make room, or choose another folder.",
    errno.EDQUOT: "The disk quota is used up: make room, or choose another folder.",
    errno.EACCES: "{name} may not be read or written: choose another folder, or mend its rights.",
    errno.EPERM: "{name} may not be read or written: choose another folder, or mend its rights.",
    errno.EROFS: "{name} cannot be written: choose another folder.",
    errno.ENOENT: "{name} does not exist: check the name.",
    errno.ENOTDIR: "{name} is not a folder: check the name.",
    errno.EISDIR: "{name} is a folder: name a file.",
    errno.EADDRINUSE: "The port is taken: choose another with --port.",
    errno.ECONNREFUSED: "The database cannot be reached: start it, or check --dsn.",
}


def run(common: Common, work: Work, *, serves: bool = False) -> int:
    """Do a command's work in an event loop of its own; the exit code. One that serves writes log lines as set."""
    out = Out(as_json=common.json)
    try:
        configure_logs(common, serves=serves)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work(out))
    except Finding:
        return FOUND
    except KeyboardInterrupt:
        out.say("Stopped.")
        return COULD_NOT
    except BrokenPipeError:
        return OK
    except Exception as error:  # noqa: BLE001 -- the boundary of the process
        # Whatever it is, people get a sentence and programs a code.
        return ended(out, common, error)
    return OK


def configure_logs(common: Common, *, serves: bool) -> None:
    """Log lines as the settings say; a command that just answers is quiet unless it is asked not to be."""
    settings = settings_of(common)
    quiet = settings.log_level == "info" and not serves
    level: Level = "debug" if common.debug else "warning" if quiet else settings.log_level
    configure(level, settings.log_format)


def ended(out: Out, common: Common, error: Exception) -> int:
    """Tell the error, and give its exit code."""
    code, sentence = told(error)
    if sentence is None:
        code, sentence = COULD_NOT, _unexpected(error, common)
    if out.as_json:
        out.answer({"ok": False, "exitCode": code, "message": sentence})
    out.say(sentence)
    return code


def told(error: Exception) -> tuple[int, str | None]:
    """The exit code and the sentence of an error that can be expected; no sentence for one that cannot."""
    match error:
        case ExceptionGroup(exceptions=(Exception() as only,)):
            return told(only)
        case WrongUse() | BadClaims() | TargetNotEmpty():
            return MISUSED, _sentence(error)
        case NotVerified() | TargetHasHistory() | CannotRestore() | LogHasHole():
            return FOUND, _sentence(error)
        case CannotRun() | ForeignKeys() | BrokenKey():
            return COULD_NOT, _sentence(error)
        case Stopped():
            return COULD_NOT, f"A consumer has stopped ({_bare(error)}): run wijkspoor doctor."
        case StoreUnavailable() if "No space left" in str(error):
            return COULD_NOT, "The disk of the database is full: make room, then start again."
        case StoreUnavailable():
            return COULD_NOT, "The database cannot be reached or does not answer: start it, or check --dsn and --data."
        case OSError() if error.errno in _SENTENCES:
            return COULD_NOT, _SENTENCES[error.errno].format(name=error.filename or "The folder")
        case _:
            return COULD_NOT, None


def _bare(error: Exception) -> str:
    return scrub(str(error)).strip().rstrip(".")


def _sentence(error: Exception) -> str:
    text = _bare(error)
    return text[:1].upper() + text[1:] + "."


def _unexpected(error: Exception, common: Common) -> str:
    trace = scrub("".join(traceback.format_exception(error)))
    if common.debug:
        sys.stderr.write(trace)
        return f"Unexpected {type(error).__name__}: see above, and report it."
    with tempfile.NamedTemporaryFile("w", prefix="wijkspoor-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(trace)
    return f"Unexpected {type(error).__name__}: report it with {Path(file.name)}, or repeat with --debug."
