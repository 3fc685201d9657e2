"""The call of 2021, played to its end on a real database: what it adds up to, and what can be asked of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from events import codec
from events.adapters.postgres.store import PostgresStore
from events.catalog import KINDS
from events.decision import GrantAwarded, GrantRefused
from events.ledger import UNLIMITED, Transfer, transfers_of
from events.store import EventStore, Recorded
from events.times import instant
from projections.audit.explain import explain
from projections.audit.export import export
from projections.audit.restore import read as read_export
from projections.audit.restore import restore
from projections.audit.verify import verify
from services.cli.summary import summary
from services.runtime import Runtime
from services.story.call_2021 import steps
from services.story.script import Script, load
from tests import comparing
from tests.conftest import fresh_database
from tests.e2e.conftest import bearer, client_of
from tests.given import actor

pytestmark = pytest.mark.asyncio(loop_scope="module")

AWARDS = {
    "Stad Beringen": 580_000_00,
    "Stad Brugge": 768_000_00,
    "Gemeente Denderleeuw": 575_306_00,
    "Stad Dendermonde": 326_000_00,
    "Stad Genk": 800_000_00,
    "Stad Gent": 800_000_00,
    "Stad Hasselt": 675_347_00,
    "Stad Mechelen": 800_000_00,
    "Stad Oostende": 800_000_00,
    "Stad Sint-Niklaas": 675_347_00,
    "Stad Vilvoorde": 800_000_00,
}
"""Domain.md §1.8, in cents; Hasselt and Sint-Niklaas share the rest of the envelope (synthetic)."""


@pytest.fixture(scope="module")
def story() -> Script:
    return Script(load("2021.json"))


class Accounts:
    """An independent model of the ledger: posted and pending sums from the facts alone."""

    def __init__(self) -> None:
        self.posted: Counter[str] = Counter()
        self.pending: dict[str, Transfer] = {}
        self.flow: Counter[str] = Counter()

    def take(self, recorded: Recorded) -> None:
        fact = codec.read(recorded).fact
        for transfer in transfers_of(fact):
            self._move(transfer)
        for name in ("amount_cents", "increase_cents"):
            if hasattr(fact, name):
                self.flow[recorded.type] += getattr(fact, name)

    def _move(self, transfer: Transfer) -> None:
        if transfer.kind == "pending":
            assert transfer.pending_id is not None
            assert transfer.pending_id not in self.pending
            self.pending[transfer.pending_id] = transfer
            return
        if transfer.pending_id is not None:
            waiting = self.pending.pop(transfer.pending_id)
            debit, credit = waiting.debit, waiting.credit
        else:
            debit, credit = transfer.debit, transfer.credit
        self.posted[str(debit)] -= transfer.amount_cents
        self.posted[str(credit)] += transfer.amount_cents

    def total(self, kind: str) -> int:
        return sum(value for account, value in self.posted.items() if account.startswith(f"{kind}:"))


async def test_the_summary_is_that_of_the_call(played: Runtime) -> None:
    told = await summary(played.store)
    expected = {
        "applications": 20,
        "admissible": 17,
        "contracts": 11,
        "envelopeCents": 7_600_000_00,
        "awardedCents": 7_600_000_00,
    }
    assert {name: told[name] for name in expected} == expected
    assert [one["local"] for one in told["deadlines"]] == ["2021-07-10T23:59:59", "2021-07-19T23:59:59"]
    assert told["committedCents"] + told["availableCents"] == told["envelopeCents"]


async def test_the_awards_are_those_of_the_sources_and_invented_ones_say_so(played: Runtime) -> None:
    facts = [codec.read(one).fact for one in await comparing.whole_log(played.store) if one.type == "GrantAwarded"]
    awards = [fact for fact in facts if isinstance(fact, GrantAwarded)]
    assert {fact.beneficiary.name: fact.amount_cents for fact in awards} == AWARDS
    invented = {fact.beneficiary.name for fact in awards if fact.synthetic}
    assert invented == {"Stad Hasselt", "Stad Sint-Niklaas"}


async def test_every_refusal_gives_its_reason_in_two_languages(played: Runtime) -> None:
    facts = [codec.read(one).fact for one in await comparing.whole_log(played.store) if one.type == "GrantRefused"]
    refusals = [fact for fact in facts if isinstance(fact, GrantRefused)]
    assert Counter(fact.code for fact in refusals) == {"unfavourable_advice": 3, "envelope_exhausted": 2}
    assert all(reason.nl and reason.en for fact in refusals for reason in fact.reasons)


async def test_the_books_balance_at_every_position(played: Runtime) -> None:
    accounts = Accounts()
    for recorded in await comparing.whole_log(played.store):
        accounts.take(recorded)
        assert sum(accounts.posted.values()) == 0
        for account, value in accounts.posted.items():
            held = sum(one.amount_cents for one in accounts.pending.values() if one.debit == account)
            assert account.startswith(UNLIMITED) or value >= held, f"{account} at position {recorded.position}"
        paid = accounts.total("BANK") + accounts.total("OFFSET")
        committed = accounts.flow["FundsCommitted"] - accounts.flow["FundsDecommitted"]
        assert paid <= committed <= accounts.flow["GrantAwarded"]
    ledger = {one.account: one.posted for one in await played.store.balances() if one.posted}
    assert ledger == {account: value for account, value in accounts.posted.items() if value}
    assert not accounts.pending


async def test_no_reaction_or_timer_was_refused_and_nobody_stopped(played: Runtime) -> None:
    assert not played.failures
    head = (await played.store.head()).position
    # How far public events are given on is measured once a second, a head is signed now and then: nobody waits for it.
    assert {place for name, place in played.lag().items() if name not in {"publish", "checkpoint"}} == {head}


async def test_why_575_306_euro_for_denderleeuw(played: Runtime, story: Script) -> None:
    case = story.case("denderleeuw")
    events = [*await played.store.read_case(case), *await played.store.read_case(story.call)]
    rules = {(rule.id, rule.version): rule.test for service in played.services.values() for rule in service.rules}
    told = explain(sorted(events, key=lambda one: one.position), rules)
    checks = [check for fact in told for check in fact.checks]
    assert all(check.same for check in checks), "run again, every rule gives what was recorded"
    readings = [(check.outcome, check.inputs) for check in checks if check.rule == "E3"]
    assert readings[0][0] == "fail"
    assert readings[0][1]["total_cost_cents"] == 690_367_20
    assert readings[-1][0] == "pass"
    assert readings[-1][1]["total_cost_cents"] == 719_132_50


async def test_no_personal_data_stands_in_clear_anywhere(played: Runtime, tmp_path: Path) -> None:
    secrets = _canaries()
    assert len(secrets) > 50
    await exported(played, played.store, tmp_path / "log")
    bodies = [recorded.body for recorded in await comparing.whole_log(played.store)]
    files = [path.read_bytes() for path in (tmp_path / "log").iterdir()]
    for secret in secrets:
        assert not any(secret in body for body in bodies), secret
        assert not any(secret in file for file in files), secret


def _canaries() -> set[bytes]:
    found = set()
    for step in steps():
        for name, value in step.body.items():
            if name in ("contactName", "contactEmail", "contactPhone", "iban", "statement", "name"):
                found.add(str(value).encode())
        found |= {member["name"].encode() for member in step.body.get("members", []) if isinstance(member, dict)}
    return found


async def exported(played: Runtime, store: EventStore, out: Path) -> None:
    await export(store, out, origin=played.log_info.origin, signer=played.signers["log"], kinds=KINDS)


async def test_an_export_is_verified_and_restored_byte_for_byte(played: Runtime, tmp_path: Path, postgres: Any) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    await exported(played, played.store, first)
    assert verify(first).findings == []
    async with fresh_database(postgres) as dsn:
        store = await PostgresStore.open(dsn)
        try:
            await restore(first, store)
            await exported(played, store, second)
            ours = sorted(await played.store.balances(), key=str)
            assert sorted(await store.balances(), key=str) == ours
        finally:
            await store.close()
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


CUTS = [
    {"knownAt": "2021-07-15T12:00:00Z"},
    {"asOf": "2021-10-10T12:00:00Z"},
    {"asOf": "2022-02-01T12:00:00Z"},
    {"asOf": "2024-04-25T12:00:00Z"},
]


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: "-".join(f"{name}-{value[:10]}" for name, value in cut.items()))
async def test_the_budget_at_a_moment_is_the_exported_log_cut_there(
    played: Runtime, story: Script, tmp_path: Path, cut: dict[str, str]
) -> None:
    await exported(played, played.store, tmp_path / "log")
    accounts = Accounts()
    for recorded in read_export(tmp_path / "log"):
        if _inside(recorded, cut):
            accounts.take(recorded)
    async with client_of(played) as client:
        answer = await client.get(
            f"/v1/calls/{story.call}/budget", params=cut, headers=bearer(played, actor("auditor", "OVO900001", "p"))
        )
    totals = answer.json()["totals"]
    assert answer.status_code == 200
    pending = sum(one.amount_cents for one in accounts.pending.values() if str(one.debit).startswith("AVAILABLE"))
    assert totals["availableCents"] == accounts.total("AVAILABLE") - pending
    assert totals["reservedCents"] == pending
    assert totals["envelopeCents"] == -accounts.total("CONTROL")
    assert totals["paidCents"] == accounts.total("BANK") + accounts.total("OFFSET")
    assert totals["awardedCents"] == accounts.flow["GrantAwarded"]
    assert totals["committedCents"] == accounts.flow["FundsCommitted"] - accounts.flow["FundsDecommitted"]
    assert totals["recoveredCents"] == accounts.total("RECOVERED")


def _inside(recorded: Recorded, cut: dict[str, str]) -> bool:
    known = cut.get("knownAt", "9999").replace("Z", ".000000Z")
    true = cut.get("asOf", "9999").replace("Z", ".000000Z")
    fact = codec.read(recorded)
    effective = getattr(fact.fact, "effective_at", fact.envelope.occurred_at)
    return instant(recorded.recorded_at) <= known and effective <= true


async def test_on_15_july_2021_the_old_deadline_is_history_and_nobody_has_an_award(
    played: Runtime, story: Script
) -> None:
    async with client_of(played) as client:
        who = bearer(played, actor("auditor", "OVO900001", "p"))
        then = {"knownAt": "2021-07-15T21:59:59Z"}
        listed: list[dict[str, Any]] = []
        page = (await client.get("/v1/contracts", params={**then, "limit": 50}, headers=who)).json()
        listed += page["items"]
    assert len(listed) == 16
    assert {row["status"] for row in listed} == {"submitted"}
    known = [one for one in await _known(played, "2021-07-15T21:59:59.000000Z") if one.stream == f"call-{story.call}"]
    assert [one.type for one in known] == ["CallPublished", "CallOpened", "CallDeadlineExtended"]
    extended = json.loads(known[2].body)["data"]
    assert extended["previous"]["local"] == "2021-07-10T23:59:59"
    assert extended["deadline"]["local"] == "2021-07-19T23:59:59"


async def _known(played: Runtime, until: str) -> Sequence[Recorded]:
    return [one for one in await comparing.whole_log(played.store) if instant(one.recorded_at) <= until]
