"""A second verifier, written from contract §4 and guarantees alone: json, hashlib and cryptography, nothing of ours.

It answers one question: is this folder whole? A test holds it against the first one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


class Wrong(Exception):
    """Something is not as the contract says."""


def need(truth: object, what: str) -> None:
    if not truth:
        raise Wrong(what)


def plain(body: bytes) -> Any:
    """JSON in its one form: sorted, compact, UTF-8."""
    value = json.loads(body.decode())
    need(canon(value) == body, "not canonical")
    return value


def canon(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def unbase(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64")
    return data


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def note(body: bytes, origin: str, keys: list[bytes]) -> str:
    """The text of a signed note that one of the keys signed."""
    text, gap, tail = body.decode().rpartition("\n\n")
    need(gap and tail.endswith("\n"), "note")
    good = False
    for line in tail[:-1].split("\n"):
        match = re.fullmatch(r"— (\S+) (\S+)", line)
        need(match, "note line")
        assert match
        blob = unbase(match[2])
        good |= match[1] == origin and any(
            blob[:4] == hashlib.sha256(f"{origin}\n\x01".encode() + key).digest()[:4]
            and signed(key, (text + "\n").encode(), blob[4:])
            for key in keys
        )
    need(good, "note signature")
    return text + "\n"


def whole(folder: Path) -> bool:
    """Whether the folder is an export with nothing wrong."""
    try:
        _whole(folder)
    except (Wrong, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return False
    return True


def _whole(folder: Path) -> None:
    manifest_body = (folder / "manifest.json").read_bytes()
    need(manifest_body.endswith(b"\n"), "line break")
    manifest = plain(manifest_body[:-1])
    origin, last = manifest["origin"], manifest["last"]
    keys_body = (folder / "keys.json").read_bytes()
    need(hashlib.sha256(keys_body).hexdigest() == manifest["keys"]["sha256"], "keys")
    keys = {key["keyId"]: key for key in plain(keys_body[:-1])}
    for name, key in keys.items():
        raw = unbase(key["publicKey"])
        need(name == f"{key['service']}-{hashlib.sha256(raw).hexdigest()[:16]}", "key id")
    log_keys = [unbase(key["publicKey"]) for key in keys.values() if key["service"] == "log"]
    text = note((folder / "manifest.sig").read_bytes(), origin, log_keys)
    need(text == f"{origin}\nmanifest.json\n{hashlib.sha256(manifest_body).hexdigest()}\n", "manifest.sig")
    need({file.name for file in folder.glob("events-*.jsonl")} == {file["name"] for file in manifest["files"]}, "files")
    leaves = _events(folder, manifest, keys)
    need(len(leaves) == last, "size")
    digest = root(leaves)
    need(digest.hex() == manifest["root"], "root")
    point = (folder / "checkpoint.txt").read_bytes()
    fixed = manifest["checkpoint"]
    need(hashlib.sha256(point[: fixed["bytes"]]).hexdigest() == fixed["sha256"], "checkpoint")
    need(note(point, origin, log_keys) == f"{origin}\n{last}\n{base64.b64encode(digest).decode()}\n", "checkpoint")


def _events(folder: Path, manifest: Any, keys: Any) -> list[bytes]:
    leaves: list[bytes] = []
    streams: dict[str, tuple[int, str]] = {}
    before, ids = "", set()
    for file in manifest["files"]:
        body = (folder / file["name"]).read_bytes()
        need(hashlib.sha256(body).hexdigest() == file["sha256"] and body.endswith(b"\n"), "file")
        for raw in body[:-1].split(b"\n"):
            line = plain(raw)
            position, at, data = line["position"], line["recordedAt"], unbase(line["envelope"])
            need(type(position) is int and position == len(leaves) + 1, "position")
            need(re.fullmatch(TIME, at) and at >= before, "time")
            before = at
            event = plain(data)
            stream, version = event["stream"], event["version"]
            known, prev = streams.get(stream, (0, "0" * 64))
            need(version == known + 1 and event["prev_hash"] == prev, "chain")
            streams[stream] = version, hashlib.sha256(data).hexdigest()
            need(event["event_id"] not in ids, "event id")
            ids.add(event["event_id"])
            _origin(line["signatures"], keys, manifest["kinds"][stream[:-37]], at, data)
            micros = datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) - datetime(
                1970, 1, 1, tzinfo=UTC
            )
            place = position.to_bytes(8, "big") + (micros // timedelta(microseconds=1)).to_bytes(8, "big")
            leaves.append(hashlib.sha256(b"\x00" + place + data).digest())
    return leaves


def _origin(signatures: Any, keys: Any, owner: str, at: str, data: bytes) -> None:
    need(signatures, "unsigned")
    kind = b"application/vnd.wijkspoor.event+json"
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(data), data)
    for item in signatures:
        key = keys[item["keyId"]]
        need(key["service"] == owner, "owner")
        need(key["notBefore"] <= at and (key["notAfter"] is None or at <= key["notAfter"]), "validity")
        need(signed(unbase(key["publicKey"]), message, unbase(item["sig"])), "signature")
