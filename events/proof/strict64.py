"""Base64 with one spelling: what decodes must encode to the same text, so that no byte can change unseen."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64


class NotBase64(ValueError):
    """The text is not the one standard base64 spelling of any bytes."""


def encode(data: bytes) -> str:
    """Standard alphabet, padded, no line breaks."""
    return b2a_base64(data, newline=False).decode()


def decode(text: str) -> bytes:
    """The bytes; NotBase64 for other alphabets, white space, missing padding or stray bits in the last sign."""
    try:
        data = a2b_base64(text, strict_mode=True)
    except (Error, ValueError) as error:
        raise NotBase64(f"not base64: {error}") from error
    # Strict mode still lets unused bits of the last sign differ; only encoding again finds them.
    if b2a_base64(data, newline=False).decode() != text:
        raise NotBase64("not base64: another spelling of the same bytes")
    return data
