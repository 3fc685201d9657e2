"""`subscription check`: did everything that was published arrive, as it was published?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import httpx2
import msgspec
from cyclopts import Parameter

from events.failures import CannotRun
from events.proof import manifest, strict64
from events.proof.manifest import NotAManifest, Signed
from events.proof.signing import PUBLIC_KEY
from events.public.cloudevent import source_of
from services.cli.boundary import run
from services.cli.common import Common, Finding, WrongUse, settings_of
from services.cli.output import Out, pairs, table
from services.completeness import Received, Report, check
from services.settings import Settings

PLAIN = Common()
PAGE = 1_000
SECONDS = 30.0
SHOWN = 50

ReadsTopic: TypeAlias = Callable[[Settings], AsyncIterator[bytes]]
"""Every CloudEvent on the public topic that the settings lead to; bootstrap is behind it."""


def no_topic(_settings: Settings) -> AsyncIterator[bytes]:
    """A build without Kafka."""
    raise CannotRun("This build cannot read Kafka: install one that can.")


@dataclass(frozen=True)
class SubscriptionTools:
    """The commands, over the door to Kafka."""

    topic: ReadsTopic = no_topic

    def check(
        self,
        received: str,
        /,
        *,
        log_key: str,
        manifest: Annotated[list[str] | None, Parameter(negative="")] = None,
        after: int = 0,
        token_file: Path | None = None,
        common: Common = PLAIN,
    ) -> int:
        """Hold what a subscriber received against the log's signed manifests.

        Parameters
        ----------
        received
            A file of CloudEvents, one in JSON a line (`-`: standard input); the address of the API, to read its feed
            anew; or `kafka`, to read the public topic that the settings name.
        log_key
            The log's public key (base64), as you got it by another way.
        manifest
            Manifests: files, folders of them, or the address of the API. May be given more than once.
        after
            The last sequence before the subscription began.
        token_file
            A file with the bearer token for the API.
        """

        async def work(out: Out) -> None:
            key = _key(log_key)
            token = _text(token_file) if token_file else None
            wanted = manifest or ([received] if _is_address(received) else [])
            days = [day for source in wanted for day in await _manifests(source, token)]
            if not days:
                raise WrongUse(
                    "There is no manifest to check against: name files, a folder or an address (--manifest)."
                )
            came = Received(source_of(days[0].manifest.origin))
            await self._take(came, received, token, settings_of(common))
            report = check(came, days, key, after=after, repeats_allowed=received == "kafka")
            out.answer(_document(report), *_told(report))
            if not report.complete:
                raise Finding

        return run(common, work)

    async def _take(self, came: Received, received: str, token: str | None, settings: Settings) -> None:
        if received != "kafka" and not _is_address(received):
            for line in _lines(received):
                came.take(line)
            return
        async for event in self.topic(settings) if received == "kafka" else _feed(received, token):
            came.take(event)


def _key(text: str) -> bytes:
    try:
        key = strict64.decode(text)
    except strict64.NotBase64 as error:
        raise WrongUse(f"--log-key is {error}.") from error
    if len(key) != PUBLIC_KEY:
        raise WrongUse(f"--log-key has {len(key)} bytes, not {PUBLIC_KEY}.")
    return key


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _text(file: Path) -> str:
    return file.read_text().strip()


def _lines(name: str) -> Iterator[bytes]:
    with open(0 if name == "-" else name, "rb", closefd=name != "-") as file:
        for line in file:
            if line.strip():
                yield line


def _files(source: str) -> Sequence[tuple[str, bytes]]:
    path = Path(source)
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [(str(file), file.read_bytes()) for file in files]


async def _manifests(source: str, token: str | None) -> Sequence[Signed]:
    """Every manifest of a source, each read strictly."""
    found = [one async for one in _published(source, token)] if _is_address(source) else _files(source)
    return [_read(body, name) for name, body in found]


def _read(body: bytes, name: str) -> Signed:
    try:
        return manifest.read(body)
    except NotAManifest as error:
        raise WrongUse(f"{name} is not a manifest: {error}.") from error


async def _published(address: str, token: str | None) -> AsyncIterator[tuple[str, bytes]]:
    """The manifests of an API: the one that the address names, or all."""
    base, marker, day = address.partition("/v1/public/manifests/")
    async with _client(base, token) as client:
        if marker:
            yield address, await _get(client, marker + day)
            return
        page: str | None = f"/v1/public/manifests?limit={PAGE}"
        while page:
            listed: dict[str, Any] = msgspec.json.decode(await _get(client, page))
            for one in listed["items"]:
                yield one["href"], await _get(client, one["href"])
            page = listed.get("next")


async def _feed(address: str, token: str | None) -> AsyncIterator[bytes]:
    """Every event of an API's feed, from the first one on."""
    last = ""
    async with _client(address.partition("/v1/")[0], token) as client:
        while batch := msgspec.json.decode(
            await _get(client, f"/v1/public/events?limit={PAGE}{last}"), type=list[msgspec.Raw]
        ):
            for event in batch:
                yield bytes(event)
            last = f"&lastEventId={msgspec.json.decode(batch[-1])['id']}"


def _client(base: str, token: str | None) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx2.AsyncClient(base_url=base.rstrip("/"), headers=headers, timeout=SECONDS)


async def _get(client: httpx2.AsyncClient, path: str) -> bytes:
    try:
        answer = await client.get(path)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise CannotRun(f"{client.base_url} cannot be reached ({str(error) or type(error).__name__}).") from error
    if answer.status_code in (401, 403):
        raise CannotRun(f"{client.base_url} lets nobody in without a subscriber's token: give one with --token-file.")
    if answer.status_code != 200:
        raise CannotRun(f"{client.base_url}{path} answered {answer.status_code}: check the address.")
    return answer.content


def _document(report: Report) -> dict[str, Any]:
    findings: list[dict[str, Any]] = msgspec.to_builtins(list(report.findings))
    return {
        "ok": report.complete,
        "first": report.first,
        "last": report.last,
        "received": report.received,
        "repeats": report.repeats,
        "beyond": report.beyond,
        "findings": findings,
        "notes": list(report.notes),
    }


def _told(report: Report) -> list[Any]:
    document = _document(report)
    said = f"Complete from {report.first} to {report.last}." if report.complete else "Not complete."
    parts: list[Any] = [said, pairs(None, {name: document[name] for name in ("received", "repeats", "beyond")})]
    if report.findings:
        parts.append(table("Findings", document["findings"][:SHOWN], ("kind", "first", "last", "detail")))
    if len(report.findings) > SHOWN:
        parts.append(f"… and {len(report.findings) - SHOWN} more; --json gives them all.")
    return [*parts, *report.notes]
