"""Planted faults: what a careless or a hostile hand does to an export, each with the kinds that rightly name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from projections.audit.findings import Kind

SMALL = ("manifest.json", "manifest.sig", "keys.json", "checkpoint.txt")


@dataclass(frozen=True, slots=True)
class Planted:
    """What was done, and which primary kinds name it rightly."""

    what: str
    names: frozenset[Kind]


def events_files(folder: Path) -> list[Path]:
    """The files of events, in order."""
    return sorted(folder.glob("events-*.jsonl"))


def edit_events(folder: Path, random: Random) -> Planted:
    """Replace one byte of one line of events, wherever it stands: envelope, signature, time, place, form."""
    file = random.choice(events_files(folder))
    place, byte = _flip(file, random)
    names: frozenset[Kind] = frozenset(
        {"altered", "not-canonical", "hole", "duplicate", "time-reversed", "wrong-key", "truncated"}
    )
    return Planted(f"{file.name} byte {place} became {byte}", names)


def edit_small(folder: Path, random: Random) -> Planted:
    """Replace one byte of one of the four small files."""
    file = folder / random.choice(SMALL)
    place, byte = _flip(file, random)
    names: frozenset[Kind] = frozenset({"altered", "not-canonical", "bad-signature"})
    if file.name == "manifest.json":
        names |= {"missing-file", "truncated"}
    return Planted(f"{file.name} byte {place} became {byte}", names)


def delete_line(folder: Path, random: Random) -> Planted:
    """Take out one line that is not the last of all."""
    file = random.choice(events_files(folder))
    lines = file.read_bytes().splitlines(keepends=True)
    place = random.randrange(len(lines) - 1)
    del lines[place]
    file.write_bytes(b"".join(lines))
    return Planted(f"{file.name} line {place} deleted", frozenset({"hole"}))


def swap_lines(folder: Path, random: Random) -> Planted:
    """Let two lines of a file change places."""
    file = random.choice(events_files(folder))
    lines = file.read_bytes().splitlines(keepends=True)
    one, two = random.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    file.write_bytes(b"".join(lines))
    return Planted(f"{file.name} lines {one} and {two} swapped", frozenset({"altered", "time-reversed"}))


def repeat_line(folder: Path, random: Random) -> Planted:
    """Put a copy of a line elsewhere."""
    file = random.choice(events_files(folder))
    lines = file.read_bytes().splitlines(keepends=True)
    one, two = random.randrange(len(lines)), random.randrange(len(lines) + 1)
    lines.insert(two, lines[one])
    file.write_bytes(b"".join(lines))
    return Planted(f"{file.name} line {one} repeated at {two}", frozenset({"duplicate"}))


def insert_line(folder: Path, random: Random) -> Planted:
    """Put a line in that is no event."""
    file = random.choice(events_files(folder))
    lines = file.read_bytes().splitlines(keepends=True)
    place = random.randrange(len(lines) + 1)
    lines.insert(place, random.choice((b"\n", b"{}\n", b"[1]\n", b"null\n", b"\xff\n", b'{"position":7}\n')))
    file.write_bytes(b"".join(lines))
    return Planted(f"{file.name} has {lines[place]!r} at {place}", frozenset({"not-canonical"}))


def cut_end(folder: Path, random: Random) -> Planted:
    """Cut bytes or whole lines from the end of the log."""
    file = events_files(folder)[-1]
    body = file.read_bytes()
    lines = body.splitlines(keepends=True)
    whole = len(b"".join(lines[: random.randrange(len(lines))]))
    keep = random.choice((whole, random.randrange(len(body))))
    file.write_bytes(body[:keep])
    return Planted(f"{file.name} cut to {keep} bytes", frozenset({"truncated"}))


def drop_file(folder: Path, random: Random) -> Planted:
    """Take away one file."""
    file = random.choice([*events_files(folder), *(folder / name for name in SMALL)])
    file.unlink()
    return Planted(f"{file.name} taken away", frozenset({"missing-file"}))


def add_file(folder: Path, random: Random) -> Planted:
    """Add a file of events that nobody signed for."""
    file = random.choice(events_files(folder))
    (folder / "events-000099.jsonl").write_bytes(file.read_bytes())
    return Planted(f"a copy of {file.name} added", frozenset({"altered"}))


def _flip(file: Path, random: Random) -> tuple[int, int]:
    body = bytearray(file.read_bytes())
    place = random.randrange(len(body))
    body[place] = random.choice([byte for byte in range(256) if byte != body[place]])
    file.write_bytes(body)
    return place, body[place]


Fault = Callable[[Path, Random], Planted]
FAULTS: tuple[Fault, ...] = (
    edit_events,
    edit_events,
    edit_events,
    edit_small,
    edit_small,
    delete_line,
    swap_lines,
    repeat_line,
    insert_line,
    cut_end,
    drop_file,
    add_file,
)
