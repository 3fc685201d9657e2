"""Requests to an S3-compatible store are signed as its maker documents: the published example, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from events.adapters.s3_files import Bucket, signed

EXAMPLE = Bucket(
    endpoint="https://examplebucket.s3.amazonaws.com",
    name="",
    region="us-east-1",
    access_key="AKIAIOSFODNN7EXAMPLE",
    secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)
AT = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = sha256(b"").hexdigest()


def signature(method: str, path: str, headers: dict[str, str], payload: str) -> str:
    made = signed(EXAMPLE, method, EXAMPLE.endpoint + path, headers, payload, AT)
    return made["authorization"].rpartition("Signature=")[2]


def test_the_documented_example_of_a_get_has_its_documented_signature() -> None:
    headers = {"range": "bytes=0-9", "x-amz-content-sha256": NOTHING}
    assert signature("GET", "/test.txt", headers, NOTHING) == (
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_the_documented_example_of_a_put_has_its_documented_signature() -> None:
    payload = sha256(b"Welcome to Amazon S3.").hexdigest()
    headers = {
        "date": "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": payload,
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
    }
    assert signature("PUT", "/test%24file.text", headers, payload) == (
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )


def test_every_part_of_a_request_is_signed() -> None:
    one = signature("GET", "/a", {"x-amz-content-sha256": NOTHING}, NOTHING)
    others = {
        signature("PUT", "/a", {"x-amz-content-sha256": NOTHING}, NOTHING),
        signature("GET", "/b", {"x-amz-content-sha256": NOTHING}, NOTHING),
        signature("GET", "/a", {"x-amz-content-sha256": "0" * 64}, "0" * 64),
        signature("GET", "/a", {"x-amz-content-sha256": NOTHING, "x-other": "1"}, NOTHING),
    }
    assert len(others | {one}) == 5


def test_a_secret_stays_out_of_what_is_written_of_a_bucket() -> None:
    assert "wJalr" not in repr(EXAMPLE)


def test_an_address_is_path_style_with_its_prefix() -> None:
    bucket = Bucket("https://s3.example.org", "my files", "eu", "k", "s", "wijk/")
    assert bucket.address("ab") == "https://s3.example.org/my%20files/wijk/ab"
