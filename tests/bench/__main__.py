"""`python -m tests.bench [--quick | --full] [PART …]`: every figure of one run, ours and our peers'."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import uvloop
from rich.console import Console

from tests.bench.appends import appends
from tests.bench.clustering import clustering
from tests.bench.commanding import commanding
from tests.bench.folding import folding
from tests.bench.grants import grants
from tests.bench.ground import Ground, ground, machine
from tests.bench.measuring import Figure
from tests.bench.program import program
from tests.bench.rebuilding import rebuilding
from tests.bench.relaying import relaying
from tests.bench.reporting import show, write
from tests.bench.scale import FULL, QUICK, USUAL, Scale
from tests.bench.seeing import seeing
from tests.bench.verifying import verifying


def _apart(run: Coroutine[Any, Any, list[Figure]]) -> list[Figure]:
    """In the event loop that the program itself uses."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run)


PARTS: dict[str, Callable[[Ground, Scale], list[Figure]]] = {
    "appends": lambda here, scale: _apart(appends(here, scale)),
    "grants": lambda here, scale: _apart(grants(here, scale)),
    "rebuild": lambda here, scale: _apart(rebuilding(here, scale)),
    "fold": lambda _here, scale: folding(scale),
    "verify": lambda _here, scale: verifying(scale),
    "visible": lambda here, scale: _apart(seeing(here.folder, scale)),
    "commands": commanding,
    "program": lambda here, scale: program(here.folder, scale),
    "relay": lambda here, scale: _apart(relaying(here, scale)),
    "cluster": lambda here, scale: clustering(here.folder, scale),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the parts that were asked for (none: all) and tell. It judges the machine too, so it never fails."""
    parser = ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--full", action="store_true", help="verify a million events, not a fifth of them")
    parser.add_argument("--quick", action="store_true", help="a minute's look, one round each")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    scale = FULL if asked.full else QUICK if asked.quick else USUAL
    progress, figures = Console(stderr=True), list[Figure]()
    with ground() as here:
        found = machine(here.folder)
        try:
            for name, measure in PARTS.items():
                if not asked.parts or name in asked.parts:
                    progress.print(f"Measuring {name} …")
                    figures += measure(here, scale)
        finally:
            # What was measured before a part broke off is told all the same.
            write(found, figures)
            show(Console(width=max(Console().width, 120)), found, figures)


if __name__ == "__main__":
    main()
