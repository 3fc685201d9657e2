"""The processes of a cluster on this machine: started together, watched, and ended with whoever started them.

For trying and for tests. In production an orchestrator does this; a process does not know the difference.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from events.failures import CannotRun
from services.cluster.roles import Role

log = structlog.get_logger()

READY_SECONDS = 180.0
"""On a busy machine a start takes most of a minute; a process that ends is noticed at once."""
AT_ONCE = 4
"""How many start side by side: more of them only keep each other waiting."""
STOP_SECONDS = 20.0
AGAIN_SECONDS = 0.5


@dataclass
class Member:
    """One process: its role, where it answers, and the process itself."""

    role: Role
    number: int
    port: int = 0
    address: str = ""
    process: asyncio.subprocess.Process | None = None
    starts: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name: the role, and a number where several have it."""
        return self.role.title if self.number == 1 else f"{self.role.title}-{self.number}"

    @property
    def pid(self) -> int | None:
        """The process while it runs."""
        return self.process.pid if self.process is not None and self.process.returncode is None else None


class Fleet:
    """Starts and watches members. `command` runs the program, `environment` is what a process of a role gets.

    `tie` is run in the child before the program: it ends the child when we end. A member that ends unasked is started
    again while `watch` runs. Output goes to a file for each member in `folder`.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Callable[[Role], Mapping[str, str]],
        folder: Path,
        tie: Callable[[], None],
    ) -> None:
        self._command = command
        self._environment = environment
        self._folder = folder
        self._tie = tie
        self._wanted: set[str] = set()
        self.members: dict[str, Member] = {}

    async def start(self, roles: Sequence[tuple[Role, int]], ports: Mapping[str, int] | None = None) -> None:
        """Start so many processes of each role and wait until all answer; CannotRun names one that does not."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for role, count in roles:
            for number in range(1, count + 1):
                member = Member(role, number)
                member.port = (ports or {}).get(member.title, 0)
                self.members[member.title] = member
        room = asyncio.Semaphore(AT_ONCE)

        async def begin(title: str) -> None:
            async with room:
                await self.begin(title)

        await asyncio.gather(*map(begin, self.members))

    async def begin(self, title: str) -> None:
        """Start one member that does not run, and wait until it answers."""
        member = self.members[title]
        with (self._folder / f"{title}.log").open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                member.role.kind,
                *member.role.names,
                "--json",
                "--port",
                str(member.port),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=output,
                env={**self._environment(member.role), **member.environment},
                preexec_fn=self._tie,
            )
        member.process = process
        member.starts += 1
        # Only now: `watch` would start a second one in its place before the first is there.
        self._wanted.add(title)
        try:
            async with asyncio.timeout(READY_SECONDS):
                told = json.loads(await process.stdout.readline()) if process.stdout else {}
        except (TimeoutError, ValueError) as error:
            raise CannotRun(f"{title} does not start: read {self._folder / title}.log.") from error
        if "address" not in told:
            raise CannotRun(f"{title} does not start: {told.get('message', 'no reason given')}")
        member.address = told["address"]
        # It comes back where it was: whoever knew its address still does.
        member.port = int(member.address.rpartition(":")[2])

    async def watch(self) -> None:
        """Start again whatever ends unasked; for ever, until cancelled."""
        while True:
            for title in sorted(self._wanted):
                # While another was started again, this one may have been stopped.
                if title in self._wanted and self.members[title].pid is None:
                    log.warning("a process has ended and is started again", process=title)
                    with suppress(CannotRun):
                        await self.begin(title)
            await asyncio.sleep(AGAIN_SECONDS)

    def signal(self, title: str, number: signal.Signals) -> None:
        """Send a signal to a member that runs."""
        process = self.members[title].process
        if process is not None and process.returncode is None:
            process.send_signal(number)

    async def kill(self, title: str) -> None:
        """Kill a member (-9) and wait until it is gone; it stays wanted, so `watch` starts it again."""
        self.signal(title, signal.SIGKILL)
        await self._gone(title)

    async def stop(self, title: str) -> None:
        """End a member in order, by force after a while; it is not started again."""
        self._wanted.discard(title)
        self.signal(title, signal.SIGTERM)
        # A frozen one hears nothing until it is woken.
        self.signal(title, signal.SIGCONT)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._gone(title)
        except TimeoutError:
            log.warning("a process does not end and is killed", process=title)
            await self.kill(title)

    async def close(self) -> None:
        """End all of them: first who takes commands, then who carries what follows from them."""
        order = {"serve": 0, "timers": 1, "work": 2}
        for rank in range(4):
            titles = [title for title, one in self.members.items() if order.get(one.role.kind, 3) == rank]
            await asyncio.gather(*(self.stop(title) for title in titles))

    def addresses(self) -> Mapping[str, str]:
        """Where each member answers."""
        return {title: member.address for title, member in self.members.items()}

    async def _gone(self, title: str) -> None:
        process = self.members[title].process
        if process is not None:
            await process.wait()
