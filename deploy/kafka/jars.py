"""Kafka's jars: fetched once by Maven into `build/`, and the Java that runs them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from events.adapters.engine import explained
from events.failures import CannotRun

POM = Path(__file__).with_name("pom.xml")
CACHE = Path(__file__).parents[2] / "build" / "kafka"
LEAST_JAVA = 17
FETCH_SECONDS = 600
LONGEST_CAUSE = 200

OPTIONS = (
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.net.preferIPv4Stack=true",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    # Each start asks for settings that do not exist yet, and says so at length.
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=error",
)


@dataclass(frozen=True, slots=True)
class Jvm:
    """A Java that can run Kafka: the program, where the classes are, and their archive to start from or to write."""

    java: str
    classes: str
    archive: Path | None = None
    writes: Path | None = None

    def run(self, main: str, *arguments: str) -> list[str]:
        """The command line of a program of Kafka's."""
        archive = [f"-XX:SharedArchiveFile={self.archive}"] if self.archive else []
        return [self.java, *OPTIONS, *archive, "-cp", self.classes, main, *arguments]

    def serve(self, main: str, *arguments: str) -> list[str]:
        """The command line of one that runs until it is ended, and may write the archive then."""
        java, *rest = self.run(main, *arguments)
        return [java, *([f"-XX:ArchiveClassesAtExit={self.writes}"] if self.writes else []), *rest]


def missing() -> str | None:
    """What this machine lacks to run Kafka, in words; None when it has all. Quick: nothing is started."""
    lacks = [name for name, program in (("Java 17", "java"), ("Maven", "mvn")) if shutil.which(program) is None]
    return " and ".join(lacks) or None


def jvm(train: Callable[[Jvm], None], cache: Path = CACHE) -> Jvm:
    """The Java to run, with Kafka's classes; CannotRun says what is missing. Starters in parallel fetch once.

    `train` runs a node to its end, once for each Java: the classes that it loads are kept as Java keeps its own
    (class data sharing), and every later start takes half the time.
    """
    java, version = _java()
    jars = cache / f"jars-{hashlib.sha256(POM.read_bytes()).hexdigest()[:16]}"
    archive = jars / f"classes-{hashlib.sha256(version.encode()).hexdigest()[:16]}.jsa"
    bare = Jvm(java, f"{jars}/*")
    if not archive.exists():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with _alone(cache / "lock"):
                if not jars.is_dir():
                    _fetch(jars)
                if not archive.exists():
                    _train(bare, archive, train)
        except OSError as error:
            raise explained(error, cache) from error
    return replace(bare, archive=archive) if archive.exists() else bare


def _train(bare: Jvm, archive: Path, train: Callable[[Jvm], None]) -> None:
    fresh = archive.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    train(replace(bare, writes=fresh))
    if fresh.exists():
        fresh.rename(archive)


def _java() -> tuple[str, str]:
    found = shutil.which("java")
    if found is None:
        raise CannotRun("Kafka needs Java 17 or later and there is no java on PATH: install a JRE.")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < LEAST_JAVA:
        first = (told.splitlines() or ["it does not say its version"])[0]
        raise CannotRun(f"Kafka needs Java 17 or later and {found} is another ({first}): put a later one on PATH.")
    return found, told


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotRun("Kafka's jars are fetched by Maven and there is no mvn on PATH: install Maven.")
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as fresh:
        jars = Path(fresh) / "jars"
        command = [maven, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise CannotRun("Maven did not fetch Kafka's jars in ten minutes: check the network.") from error
        if done.returncode != 0:
            raise CannotRun(
                f"Maven could not fetch Kafka's jars ({_cause(done.stdout + done.stderr)}): check the network."
            )
        # Only a complete set gets the name that counts.
        with suppress(FileExistsError):
            jars.rename(folder)


def _cause(told: str) -> str:
    lines = [line for line in told.splitlines() if "ERROR" in line] or told.splitlines() or ["it does not say why"]
    return re.sub(r"\x1b\[[0-9;]*m", "", lines[0]).replace("[ERROR]", "").strip()[:LONGEST_CAUSE]
