"""`letter`: the decision on a case as its applicant is told it, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from events.failures import CannotRun
from projections.letter.api import letter_of
from projections.letter.model import Letter
from projections.letter.pdf import NotInstalled, render
from projections.past import Cut
from projections.words import Language
from services.cli.asking import Asker
from services.cli.boundary import run
from services.cli.common import Common, WrongUse, settings_of
from services.cli.output import Out
from services.cli.ports import Doors
from services.cli.views import NOW, PLAIN, Past, case_of


@dataclass(frozen=True)
class Letters:
    """The command, over the doors."""

    doors: Doors

    def letter(
        self, case: str, /, *, out: Path, language: Language = "nl", past: Past = NOW, common: Common = PLAIN
    ) -> int:
        """The decision letter of a case with its statement of reasons, as PDF/A from facts alone.

        Parameters
        ----------
        case
            The case's uuid, or its number.
        out
            The file to write.
        language
            Dutch (nl) or English (en).
        """

        async def work(say: Out) -> None:
            settings = settings_of(common)
            moment = past.query()
            async with self.doors.shared(settings) as program:
                ident = await case_of(Asker(program, settings.organisation), case)
                told, found = await letter_of(program.store, ident, Cut(moment["asOf"], moment["knownAt"]))
            if told is None:
                if not found.position:
                    raise WrongUse(f"The log knows no case {case}: check the uuid.")
                raise WrongUse(f"Nothing was decided on case {case} yet: there is no letter.")
            body = _written(told, language, out)
            document = {
                "case": ident,
                "outcome": told.outcome,
                "position": told.position,
                "notified": told.notice is not None,
                "file": str(out),
                "bytes": len(body),
                "sha256": sha256(body).hexdigest(),
            }
            draft = "" if told.notice else " It is a draft: the applicant has not been notified yet."
            say.answer(document, f"{out}: {told.outcome}, decided at position {told.position}.{draft}")

        return run(common, work)


def _written(told: Letter, language: Language, out: Path) -> bytes:
    try:
        body = render(told, language)
        out.write_bytes(body)
    except NotInstalled as error:
        raise CannotRun(str(error)) from error
    except OSError as error:
        raise CannotRun(f"{out} cannot be written ({error.strerror}): name another file.") from error
    return body
