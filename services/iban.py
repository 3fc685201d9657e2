"""Account numbers (IBAN), judged by the library that knows the form of every country's."""

from __future__ import annotations


def compact(text: str) -> str:
    """The number without blanks; ValueError unless its form and its checksum are right."""
    # Its table of banks takes 12 MB: only a process that meets an account number needs it.
    from schwifty import IBAN  # noqa: PLC0415 -- see above
    from schwifty.exceptions import SchwiftyException  # noqa: PLC0415 -- see above

    try:
        return str(IBAN(text).compact)
    except SchwiftyException:
        raise ValueError("this is not a valid IBAN") from None
