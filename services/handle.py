"""The one road in: load, fold, decide, seal, sign, append; and where nothing was appended, look for a repeat.

Every command of every service, from people, reactions and timers, goes through `Handler.handle`. Nothing is half done:
one command ends in one append to one stream, or in none.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakValueDictionary

import msgspec

from events import canonical, codec, envelope
from events.catalog import KINDS, AnyFact, legal_basis_of
from events.codec import Event
from events.envelope import GENESIS, Envelope
from events.ledger import transfers_of
from events.sealing import Erased, seal, subjects_of
from events.store import (
    Appended,
    AppendRequest,
    CommandRecord,
    Conflict,
    Duplicate,
    EventStore,
    Outcome,
    Prepared,
    RefusedByGuard,
    StoreUnavailable,
    Unchanged,
)
from events.unique import keys_of
from events.vault import Vault
from events.vocabulary import CaseFact, Fact
from services.answers import (
    Answer,
    Busy,
    Denied,
    Done,
    EventRef,
    GuardDenied,
    Issued,
    KeyReused,
    NotFound,
    Refusal,
    Stale,
    TooBig,
)
from services.deciding import CommandSpec, Context, Decision, Refused, Service
from services.loading import Loaded, context, fold, wanted
from services.seen import Seen

ATTEMPTS = 5
HOUSE = "00000000-0000-0000-0000-000000000000"
"""The vault's subject for the house's own secret, which keys the content hash of commands."""


class Signs(Protocol):
    """A service's signing key."""

    @property
    def key_id(self) -> str:
        """Names the public key in the log."""

    def sign(self, body: bytes) -> bytes:
        """Ed25519 over DSSE's pre-authentication encoding of the envelope bytes."""


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the store keeps of an answer, so that a repeat gets it again."""

    events: list[EventRef]
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything one attempt works on."""

    issued: Issued
    spec: CommandSpec
    service: Service
    content_hash: bytes
    target: Loaded
    prev_hash: str
    others: tuple[Loaded, ...]
    context: Context
    from_memory: bool


@dataclass
class Handler:
    """Handles commands of the given services on one store. Safe for concurrent use in one event loop."""

    services: Mapping[str, Service]
    store: EventStore
    vault: Vault
    signers: Mapping[str, Signs]
    new_id: Callable[[], str]
    _secret: bytes | None = None
    _seen: Seen = field(default_factory=Seen)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def handle(self, issued: Issued) -> Answer:
        """Decide one command and record what was decided.

        StoreUnavailable if the store cannot be reached; then nothing was acknowledged, and the same command id can be
        sent again safely.
        """
        service = self.services[issued.service]
        spec = service.commands[type(issued.command)]
        content_hash = await self._content_hash(issued)
        lock = self._locks.setdefault(issued.stream, asyncio.Lock())
        try:
            async with lock:
                answer = await self._decided(issued, spec, service, content_hash)
        except Erased:
            # Of somebody erased meanwhile nothing can be written anew; what was answered before still counts.
            if before := await self._before(issued, content_hash):
                return before
            raise
        if isinstance(answer, Done):
            return answer
        # A repeat that would have been recorded twice the store tells by itself. Any other is looked for only here: it
        # is rare, and nearly every command would pay for the question.
        return await self._before(issued, content_hash) or answer

    async def _before(self, issued: Issued, content_hash: bytes) -> Answer | None:
        """What was answered to this key before, whatever is true by now."""
        record = await self.store.find_command(issued.command_id)
        return await self._repeat(record, content_hash) if record is not None else None

    async def _decided(self, issued: Issued, spec: CommandSpec, service: Service, content_hash: bytes) -> Answer:
        # The first time with the streams that it only reads as they last stood, if they are known.
        for fresh in (False, *[True] * ATTEMPTS):
            case = await self._load(issued, spec, service, content_hash, fresh=fresh)
            answer = await self._attempt(case)
            if isinstance(answer, Done) or (answer is not None and not case.from_memory):
                self._seen.forget(service.name, issued.stream)
                return answer
        return Busy()

    async def _attempt(self, case: _Case) -> Answer | None:
        """Decide and append; None when another process won the race."""
        issued, spec, service = case.issued, case.spec, case.service
        if case.target.version == 0 and not spec.creates:
            return NotFound(issued.stream)
        if issued.expected_version not in (None, case.target.version):
            return Stale(case.target.version)
        decision = service.decide(case.target.state, issued.command, case.context)
        if isinstance(decision, Refused) and not decision.facts:
            return Denied(_refusal(decision))
        try:
            return await self._record(case, decision)
        except (envelope.TooLarge, canonical.NotCanonical) as error:
            return TooBig(str(error))

    async def _record(self, case: _Case, decision: Decision) -> Answer | None:
        refusal = _refusal(decision) if isinstance(decision, Refused) else None
        request, answer = await self._request(case, decision.facts, decision.rules, refusal)
        outcome = await self.store.append(request)
        if isinstance(outcome, RefusedByGuard):
            facts = case.service.refused_by_guard(
                case.target.state, case.issued.command, case.context, outcome.guard, outcome.code
            )
            if not facts:
                return GuardDenied(outcome.guard, outcome.code, outcome.detail)
            refusal = Refusal(rule=outcome.guard, code=outcome.code, inputs={"detail": outcome.detail})
            request, answer = await self._request(case, facts, decision.rules, refusal)
            outcome = await self.store.append(request)
        return await self._answer(case, outcome, answer)

    async def _answer(self, case: _Case, outcome: Outcome, answer: _Answer) -> Answer | None:
        match outcome:
            case Appended(record):
                return _done(record, answer)
            case Duplicate(record):
                return await self._repeat(record, case.content_hash)
            case Conflict() if case.issued.expected_version is not None:
                return Stale(outcome.current_version)
            case Conflict():
                return None
            case RefusedByGuard(guard, code, detail):
                return GuardDenied(guard, code, detail)

    async def _load(
        self, issued: Issued, spec: CommandSpec, service: Service, content_hash: bytes, *, fresh: bool
    ) -> _Case:
        target, prev_hash = await self._fold(service, issued.stream)
        loaded, from_memory = {issued.stream: target}, False
        while missing := wanted(spec, issued.command, issued.stream, loaded):
            known = {} if fresh else {one: seen for one in missing if (seen := self._seen.get(service.name, one))}
            from_memory = from_memory or bool(known)
            read = await asyncio.gather(*(self._fold(service, stream) for stream in missing if stream not in known))
            for one, _ in read:
                self._seen.keep(service.name, one)
            loaded.update({one.stream: one for one, _ in read} | known)
        base = Context(issued.at, issued.actor, issued.stream, issued.id, target.version, issued.command_id)
        others = tuple(one for stream, one in loaded.items() if stream != issued.stream)
        return _Case(issued, spec, service, content_hash, target, prev_hash, others, context(base, loaded), from_memory)

    async def _fold(self, service: Service, stream: str) -> tuple[Loaded, str]:
        try:
            recorded = await self.store.read_stream(stream)
        except StoreUnavailable:
            self._seen.clear()
            raise
        events: list[Event] = [codec.read_again(one) for one in recorded]
        return fold(service, stream, events), envelope.digest(recorded[-1].body) if recorded else GENESIS

    async def _request(
        self, case: _Case, facts: Sequence[AnyFact], rules: int | None, refusal: Refusal | None
    ) -> tuple[AppendRequest, _Answer]:
        issued = case.issued
        subjects = sorted(set().union(*(subjects_of(fact) for fact in facts)))
        keys = await self.vault.keys(subjects, create=True) if subjects else {}
        sealed = [seal(fact, keys, issued.command_id) for fact in facts]
        events = self._prepare(case, sealed, rules)
        refs = [
            EventRef(event_id=event.event_id, type=event.type, version=version)
            for version, event in enumerate(events, case.target.version + 1)
        ]
        answer = _Answer(events=refs, refusal=refusal)
        request = AppendRequest(
            stream=issued.stream,
            expected_version=case.target.version,
            events=events,
            command_id=issued.command_id,
            content_hash=case.content_hash,
            answer=msgspec.json.encode(answer).decode(),
            transfers=[transfer for fact in facts for transfer in transfers_of(fact)],
            keys=[change for fact in facts for change in keys_of(fact)],
            unchanged=[Unchanged(other.stream, other.version) for other in case.others],
        )
        return request, answer

    def _prepare(self, case: _Case, facts: Sequence[AnyFact], rules: int | None) -> list[Prepared]:
        signer = self.signers[KINDS[case.issued.kind]]
        prepared, prev_hash = [], case.prev_hash
        for version, fact in enumerate(facts, case.target.version + 1):
            frame = _frame(case.issued, fact, version, prev_hash, rules, self.new_id())
            body = envelope.to_bytes(frame)
            prev_hash = envelope.digest(body)
            prepared.append(
                Prepared(
                    event_id=frame.event_id,
                    type=frame.type,
                    schema_version=frame.schema_version,
                    correlation_id=frame.correlation_id,
                    body=body,
                    key_id=signer.key_id,
                    signature=signer.sign(body),
                )
            )
        return prepared

    async def _repeat(self, record: CommandRecord, content_hash: bytes) -> Answer:
        if record.content_hash is not None and not hmac.compare_digest(record.content_hash, content_hash):
            return KeyReused()
        if record.answer is not None:
            return _done(record, msgspec.json.decode(record.answer, type=_Answer), replayed=True)
        # A restored log knows a command by its events alone.
        events = await self.store.read_stream(record.stream, record.version - record.count)
        refs = [EventRef(event_id=_id_of(one.body), type=one.type, version=one.version) for one in events]
        return _done(record, _Answer(events=refs[: record.count], refusal=None), replayed=True)

    async def _content_hash(self, issued: Issued) -> bytes:
        if self._secret is None:
            self._secret = (await self.vault.keys([HOUSE], create=True))[HOUSE]
        body = issued.command.model_dump_json(by_alias=True)
        what = [issued.service, issued.stream, issued.command.command_name, body, issued.stated_at]
        parts = [*what, issued.actor, issued.on_behalf_of]
        return hmac.digest(self._secret, msgspec.json.encode(parts), "sha256")


def _frame(issued: Issued, fact: AnyFact, version: int, prev_hash: str, rules: int | None, event_id: str) -> Envelope:
    row = codec.row_of(fact)
    return Envelope(
        event_id=event_id,
        stream=issued.stream,
        version=version,
        type=type(fact).__name__,
        schema_version=row.schema_version,
        occurred_at=issued.at,
        actor=issued.actor,
        on_behalf_of=issued.on_behalf_of,
        correlation_id=issued.correlation_id or _correlation(issued, fact),
        causation_id=issued.causation_id,
        command_id=issued.command_id,
        rules=rules,
        legal_basis=legal_basis_of(fact),
        classification=row.classification,
        prev_hash=prev_hash,
        data=codec.data_of(fact),
    )


def _correlation(issued: Issued, fact: AnyFact) -> str:
    """The case if the fact is about one, else the call, else (house facts) the stream itself."""
    match fact:
        case CaseFact():
            return fact.case
        case Fact():
            return fact.call
        case _:
            return issued.id


def _refusal(decision: Refused) -> Refusal:
    return Refusal(rule=decision.rule, code=decision.code, inputs=dict(decision.inputs))


def _done(record: CommandRecord, answer: _Answer, *, replayed: bool = False) -> Done:
    return Done(
        command_id=record.command_id,
        stream=record.stream,
        version=record.version,
        position=record.position,
        events=tuple(answer.events),
        refusal=answer.refusal,
        replayed=replayed,
    )


def _id_of(body: bytes) -> str:
    return envelope.from_bytes(body).event_id
