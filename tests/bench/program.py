"""The program as people start it: how long the demo plays, and how much memory it holds afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.measuring import Figure, Target, timed
from tests.bench.scale import Scale

WIJKSPOOR = str(Path(sys.executable).parent / "wijkspoor")
MIB = 2**20


def program(folder: Path, scale: Scale) -> list[Figure]:
    """Wall time of `wijkspoor demo`; memory of `wijkspoor up --demo` with its database, shared pages once."""
    plays = []
    for number in range(scale.plays):
        with timed() as watch:
            subprocess.run(
                [WIJKSPOOR, "demo", "--json", "--data", folder / f"demo{number}"], check=True, stdout=subprocess.DEVNULL
            )
        plays.append(watch.seconds)
    with _served(folder / "up") as process:
        house, server = _resident(process)
    part = "the program"
    note = f"program {house / MIB:.0f} MiB, database {server / MIB:.0f} MiB; shared pages counted once (PSS)"
    return [
        Figure(part, "wijkspoor demo, from start to end", "s", plays, Target("≤", 20)),
        Figure(part, "wijkspoor up --demo after the play", "MiB", [(house + server) / MIB], Target("≤", 400), note),
    ]


@contextmanager
def _served(folder: Path) -> Iterator[psutil.Process]:
    """The program serving, its play over."""
    started = subprocess.Popen(
        [WIJKSPOOR, "up", "--demo", "--json", "--port", "0", "--data", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        # Its answer on stdout comes when it is ready to serve.
        if not (started.stdout and started.stdout.readline()):
            raise RuntimeError("the program did not start")
        time.sleep(3)
        yield psutil.Process(started.pid)
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(30)


def _resident(process: psutil.Process) -> tuple[int, int]:
    """Bytes of the program, and of the processes below it."""
    return process.memory_full_info().pss, sum(one.memory_full_info().pss for one in process.children(recursive=True))
