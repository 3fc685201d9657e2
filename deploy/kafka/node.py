"""One node of Kafka as a process that ends with its owner: formatted, started, killed, paused, and its last words."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.kafka.jars import Jvm
from deploy.kafka.settings import Cluster, settings
from events.adapters.engine import FREE_BYTES_NEEDED, explained, tied_to_us
from events.failures import CannotRun, DiskFull

CLUSTER_ID = "d2lqa3Nwb29yLWxvY2FsIQ"
FORMAT_SECONDS = 60
LONGEST_WORDS = 400

# What goes wrong on a machine, and what to do about it; the rest is told in the broker's own words.
KNOWN = (
    ("Address already in use", "its port is taken: end the program that has it, or start again"),
    ("No space left on device", "the disk is full: make room"),
    ("java.lang.OutOfMemoryError", "it has no memory left: end other programs"),
    ("Failed to acquire lock", "another Kafka works on the same folder: end it"),
)


@dataclass
class Node:
    """Node `number` of a cluster, with its folder. `start` must be called in a thread that outlives the process."""

    number: int
    folder: Path
    jvm: Jvm
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _paused: bool = field(default=False, init=False)

    @property
    def pid(self) -> int | None:
        """Its process while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "broker.log"

    def configure(self, cluster: Cluster) -> None:
        """Write its settings, and format its folder the first time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            place = os.statvfs(self.folder)
            if place.f_bavail * place.f_frsize < FREE_BYTES_NEEDED:
                raise DiskFull(f"Less than 128 MiB is free below {self.folder}: make room for Kafka.")
            lines = [f"{name}={value}" for name, value in settings(cluster, self.number, self._data).items()]
            self._settings.touch(mode=0o600)
            self._settings.write_text("\n".join(lines) + "\n")
        except OSError as error:
            raise explained(error, self.folder) from error
        if not (self._data / "meta.properties").exists():
            self._format(cluster.passwords)

    def start(self) -> None:
        """Begin its process; whether it is ready is for the cluster to see."""
        if self.pid is not None:
            return
        self._paused = False
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self.jvm.serve("kafka.Kafka", str(self._settings)),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=_environment(),
                # By force: an orderly end waits for a quorum, which may be ending too.
                preexec_fn=tied_to_us(signal.SIGKILL),  # noqa: PLW1509 -- it makes one system call, looked up before
            )

    def signal(self, number: signal.Signals) -> None:
        """Send its process a signal, if it runs."""
        if self._process is not None and self.pid is not None:
            self._process.send_signal(number)
            self._paused = number == signal.SIGSTOP or (self._paused and number != signal.SIGCONT)

    def end(self, seconds: float) -> None:
        """Wait for the end of a process that was told to end; by force after so many seconds."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0 if self._paused else seconds)
        self._process.kill()
        self._process.wait()

    def why(self) -> CannotRun:
        """Why it ended, with its last words."""
        told = self.log.read_text(errors="replace") if self.log.exists() else ""
        for sign, meaning in KNOWN:
            if sign in told:
                return CannotRun(f"Kafka's node {self.number} cannot run: {meaning} ({self.log}).")
        return CannotRun(f"Kafka's node {self.number} has ended: {last_words(told)} ({self.log}).")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    def _format(self, passwords: Mapping[str, str] | None) -> None:
        users = [f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in (passwords or {}).items()]
        added = [part for user in users for part in ("--add-scram", user)]
        command = self.jvm.run(
            "kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER_ID, "--config", str(self._settings), *added
        )
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=_environment(),
            timeout=FORMAT_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise CannotRun(f"Kafka's node {self.number} cannot be set up: {last_words(done.stdout + done.stderr)}.")


def last_words(told: str) -> str:
    """The line that says most about why: the first cause of the last error, else the last line."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"\b(ERROR|FATAL)\b|Exception|Error:", line)]
    return (errors or lines or ["it said nothing"])[-1][:LONGEST_WORDS]


def _environment() -> dict[str, str]:
    # A caller's KAFKA_* or JAVA_TOOL_OPTIONS would change what runs.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
