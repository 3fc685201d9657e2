"""Commands on a payment file for the bank (pain.001)."""

from typing import Annotated

from pydantic import Field

from events.vocabulary import Sha256, Uuid
from services.fields import Command, Wire

MOST_TRANSFERS = 200
"""A file of more transfers is two files: its fact must fit in one event."""


class MakeBankFile(Command):
    """Put these released orders of a call into one payment file; `number` counts the files of the call."""

    call: Wire[Uuid]
    number: Annotated[int, Field(ge=1)]
    orders: Annotated[list[Wire[Uuid]], Field(min_length=1, max_length=MOST_TRANSFERS)]


class RecordHandover(Command):
    """The file lies where the bank fetches it; `digest` is the SHA-256 of its bytes."""

    digest: Wire[Sha256]
