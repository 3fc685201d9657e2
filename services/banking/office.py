"""The bank's side put together: what an installation needs to send and to receive, or the sentence that says what."""

from __future__ import annotations

from dataclasses import dataclass

from events.banking import BankBook, BankLine
from events.failures import CannotRun
from services.banking.pain001 import Debtor
from services.banking.reading import LogReader
from services.banking.receiving import Receiving
from services.banking.sending import Clerk, Sending
from services.banking.wording import NotPayable, iban, latin

NO_LINE = "Nobody said where the bank's files go: set WIJKSPOOR_BANK_FOLDER."
NO_DEBTOR = "Nobody said from which account is paid: set WIJKSPOOR_BANK_IBAN and WIJKSPOOR_BANK_NAME."


@dataclass(frozen=True)
class Office:
    """Sends and receives, and keeps the list of what waits. `line` and `debtor` are there where they were set."""

    reader: LogReader
    clerk: Clerk
    book: BankBook
    line: BankLine | None
    debtor: Debtor | None

    def sending(self) -> Sending:
        """CannotRun where a setting is missing."""
        line, debtor = self._set()
        return Sending(self.reader, self.clerk, line, self.book, debtor)

    def receiving(self) -> Receiving:
        """CannotRun where a setting is missing."""
        line, debtor = self._set()
        return Receiving(self.reader, self.clerk, line, self.book, debtor.iban)

    def _set(self) -> tuple[BankLine, Debtor]:
        if self.line is None:
            raise CannotRun(NO_LINE)
        if self.debtor is None:
            raise CannotRun(NO_DEBTOR)
        return self.line, self.debtor


def debtor_of(name: str | None, number: str | None, bic: str | None, kbo: str | None) -> Debtor | None:
    """Who pays, from the settings; CannotRun for an account number that is none, or a name no bank can read."""
    if not name or not number:
        return None
    try:
        latin(name, 70)
        return Debtor(name, iban(number), bic, kbo)
    except NotPayable as why:
        raise CannotRun(f"The agency's account is set wrongly: {why}.") from None
