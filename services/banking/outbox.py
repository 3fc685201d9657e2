"""What has to go to the bank, what went, and what the bank has answered: a fold over the log. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.catalog import split_stream
from events.codec import Event
from events.payment import (
    BankFileHandedOver,
    BankFileMade,
    FiledTransfer,
    PaymentExecuted,
    PaymentFileReleased,
    PaymentRejectedByBank,
)
from events.times import Instant

TYPES = tuple(
    one.__name__
    for one in (PaymentFileReleased, PaymentExecuted, PaymentRejectedByBank, BankFileMade, BankFileHandedOver)
)
"""What the outbox is made of."""


@dataclass
class Outbox:
    """`waiting` are released orders in no file, by call, in the order of their release. `files` are by message id."""

    waiting: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, BankFileMade] = field(default_factory=dict)
    handed_over: set[str] = field(default_factory=set)
    made_at: dict[str, Instant] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    _file_of: dict[str, str] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """One more event."""
        order = split_stream(event.envelope.stream)[1]
        match event.fact:
            case PaymentFileReleased(net_cents=net) if net:
                self.waiting.setdefault(event.fact.call, []).append(order)
            case PaymentExecuted():
                # Somebody confirmed by hand before a file was made: nothing has to go any more.
                self._off(event.fact.call, order)
            case PaymentRejectedByBank():
                self._off(event.fact.call, order)
                self.rejected.add(order)
            case BankFileMade():
                self.files[event.fact.message_id] = event.fact
                self.made_at[event.fact.message_id] = event.envelope.occurred_at
                for transfer in event.fact.transfers:
                    self._file_of[transfer.end_to_end_id] = event.fact.message_id
                    self._off(event.fact.call, transfer.order)
            case BankFileHandedOver():
                self.handed_over.add(event.fact.message_id)
            case _:
                pass

    def next_number(self, call: str) -> int:
        """The number of the call's next file."""
        return 1 + max((one.number for one in self.files.values() if one.call == call), default=0)

    def unsent(self) -> list[BankFileMade]:
        """Files that were made and not given to the bank yet."""
        return [one for one in self.files.values() if one.message_id not in self.handed_over]

    def find(self, end_to_end_id: str | None) -> tuple[BankFileMade, FiledTransfer] | None:
        """The transfer of this EndToEndId and the file that holds it."""
        made = self.files.get(self._file_of.get(end_to_end_id or "", ""))
        transfers = made.transfers if made else ()
        found = next((one for one in transfers if one.end_to_end_id == end_to_end_id), None)
        return (made, found) if made and found else None

    def of_file(self, message_id: str | None, *, standing: bool) -> list[FiledTransfer]:
        """The transfers of a file; with `standing` those that the bank has not rejected."""
        made = self.files.get(message_id or "")
        return [one for one in made.transfers if not (standing and one.order in self.rejected)] if made else []

    def _off(self, call: str, order: str) -> None:
        waiting = self.waiting.get(call, [])
        if order in waiting:
            waiting.remove(order)
