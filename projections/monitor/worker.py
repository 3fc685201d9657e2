"""The worker's process: primes, runs the Faust app, and tells its watchdog every second how far it is.

Started by `main` with `multiprocessing`, so that Faust, its loop and its warnings stay in a process of their own, which
can be killed without a word.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaError

from events.failures import CannotRun
from projections.monitor.clock import now_ms
from projections.monitor.figures import Figures
from projections.monitor.prime import prime
from projections.monitor.reading import Reader
from projections.monitor.setup import Setup
from projections.monitor.tell import Outside, tell
from projections.monitor.watch import Report


@dataclass(slots=True)
class _Told:
    """What the watchdog tells the worker."""

    behind: int | None = None


def work(setup: Setup, restarts: int, door: Connection) -> None:
    """The process's whole life. What it cannot run with goes through the door as text."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who ends us is the watchdog.
    setup.prepare()
    try:
        asyncio.run(_work(setup, restarts, door))
    except CannotRun as error:
        door.send(str(error))
    except (KafkaError, OSError) as error:
        door.send(f"{setup.access.unreachable()} ({type(error).__name__})")


async def _work(setup: Setup, restarts: int, door: Connection) -> None:
    # Only this process needs Faust: whoever starts it does not carry it along.
    from projections.monitor.app import guarded, make_app, make_pages, make_reader, raw_of_first  # noqa: PLC0415 -- see above

    first = await prime(setup)
    with tempfile.TemporaryDirectory(prefix="wijkspoor-monitor-") as folder:
        app = make_app(setup, Path(folder))
        reader, told = make_reader(app, setup), _Told()
        for record in first:
            take = reader.log if record.topic in setup.log_topics else reader.park
            guarded(reader, take, raw_of_first(record))

        def figures() -> Figures:
            outside = Outside(now_ms(), told.behind, restarts, reader.places)
            return tell(reader.tables, outside, setup.limits)

        make_pages(app, figures, lambda: told.behind is not None and told.behind <= setup.limits.behind)
        await _serve(app, setup, reader, told, door)


async def _serve(app: Any, setup: Setup, reader: Reader, told: _Told, door: Connection) -> None:
    """Run until told to end by a signal, until Faust has crashed, or until the watchdog is gone."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    app.finalize()
    try:
        await app.start()
        # Not before: whoever cannot start has nothing to report.
        beating = asyncio.create_task(_beat(app, setup, reader, told, door))
        beating.add_done_callback(lambda _: over.set())
        await over.wait()
        beating.cancel()
    finally:
        await app.stop()


async def _beat(app: Any, setup: Setup, reader: Reader, told: _Told, door: Connection) -> None:
    """Report, and hear how much is left; ends when Faust has given up or nobody listens any more."""
    while not (app.crashed or app.should_stop):
        try:
            door.send(Report(dict(reader.places.offsets), tuple(reader.places.gaps)))
            while door.poll():
                told.behind = door.recv()
        except (OSError, EOFError):
            return
        await asyncio.sleep(setup.timing.beat)
