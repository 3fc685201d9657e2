"""`make cluster`: real Kafka and a process for every role on this machine, and the call of 2021 played through them.

Kafka is local and throw-away unless WIJKSPOOR_KAFKA names brokers that are there already.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from deploy.kafka.local import LocalKafka
from events.failures import CannotRun

ROOT = Path(__file__).parent.parent
UP = (sys.executable, "-m", "services.cli.main", "up", "--profile", "cluster", "--demo")


def main(arguments: list[str]) -> int:
    """Start Kafka, then the program with these further arguments; its exit code."""
    with ExitStack() as stack:
        environment = dict(os.environ)  # noqa: TID251 -- the program gets what we have, and where Kafka is
        if "WIJKSPOOR_KAFKA" not in environment:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wijkspoor-kafka-"))
            print("Starting Kafka …", file=sys.stderr)
            access = stack.enter_context(LocalKafka(Path(folder), sasl=True)).access()
            environment |= {
                "WIJKSPOOR_KAFKA": access.bootstrap,
                "WIJKSPOOR_KAFKA_SECURITY": access.security,
                "WIJKSPOOR_KAFKA_USER": access.user or "",
                "WIJKSPOOR_KAFKA_PASSWORD": access.password or "",
            }
        program = subprocess.Popen([*UP, *arguments], env=environment, cwd=ROOT)
        while True:
            try:
                return program.wait()
            except KeyboardInterrupt:
                # Ctrl-C reaches the program too: it ends first, and then Kafka.
                continue


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotRun as error:
        print(error, file=sys.stderr)
        sys.exit(3)
