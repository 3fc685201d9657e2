"""What every event store promises about money and keys: judged in the commit, all of a request or none of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from events.ledger import Transfer, limited
from events.store import Appended, AppendRequest, Balance, RefusedByGuard, Unacceptable
from events.unique import KeyChange
from tests.contract.making import AnyStore, fresh, request

CONTROL, AVAILABLE, COMMITTED, PAYABLE = "CONTROL:call", "AVAILABLE:call", "COMMITTED:case", "PAYABLE:case"


def fund(cents: int) -> Transfer:
    return Transfer("posted", cents, CONTROL, AVAILABLE)


def hold(cents: int, ident: str = "p", debit: str = AVAILABLE, credit: str = COMMITTED) -> Transfer:
    return Transfer("pending", cents, debit, credit, ident)


def post(cents: int, ident: str = "p") -> Transfer:
    return Transfer("post", cents, pending_id=ident)


def void(ident: str = "p") -> Transfer:
    return Transfer("void", 0, pending_id=ident)


def moving(*transfers: Transfer) -> AppendRequest:
    return request(f"grant-{fresh()}", transfers=transfers)


def refused(code: str, detail: str) -> RefusedByGuard:
    return RefusedByGuard("unique" if code == "key_taken" else "transfer", code, detail)


async def done(log: AnyStore, *transfers: Transfer) -> None:
    outcome = await log.append(moving(*transfers))
    assert isinstance(outcome, Appended), outcome


async def balance(log: AnyStore, account: str) -> Balance:
    return next((one for one in await log.balances() if one.account == account), Balance(account))


async def test_a_posted_transfer_debits_one_account_and_credits_another(log: AnyStore) -> None:
    await done(log, fund(100))

    assert await balance(log, CONTROL) == Balance(CONTROL, debits_posted=100)
    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, credits_posted=100)
    assert (await balance(log, AVAILABLE)).posted == 100


async def test_a_pending_transfer_is_held_on_both_sides(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))

    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, credits_posted=100, debits_pending=60)
    assert await balance(log, COMMITTED) == Balance(COMMITTED, credits_pending=60)


async def test_what_is_held_cannot_be_held_or_spent_again(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))

    assert await log.append(moving(hold(41, "q"))) == refused("exceeds_balance", AVAILABLE)
    assert await log.append(moving(Transfer("posted", 41, AVAILABLE, COMMITTED))) == refused(
        "exceeds_balance", AVAILABLE
    )
    await done(log, hold(40, "r"))
    assert await log.append(moving(hold(1, "s"))) == refused("exceeds_balance", AVAILABLE)


async def test_what_is_only_pending_cannot_be_spent_by_its_receiver(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))

    assert await log.append(moving(hold(1, "q", COMMITTED, PAYABLE))) == refused("exceeds_balance", COMMITTED)


async def test_posting_in_part_returns_the_rest(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))
    await done(log, post(45))

    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, credits_posted=100, debits_posted=45)
    assert await balance(log, COMMITTED) == Balance(COMMITTED, credits_posted=45)
    await done(log, hold(55, "q"))


async def test_a_void_returns_everything(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))
    await done(log, void())

    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, credits_posted=100)
    assert await balance(log, COMMITTED) == Balance(COMMITTED)


@pytest.mark.parametrize("first", [post(60), post(0), void()])
@pytest.mark.parametrize("second", [post(1), void()])
async def test_a_pending_transfer_is_resolved_at_most_once(log: AnyStore, first: Transfer, second: Transfer) -> None:
    await done(log, fund(100), hold(60))
    await done(log, first)

    assert await log.append(moving(second)) == refused("pending_resolved", "p")


async def test_more_than_was_held_cannot_be_posted(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))

    assert await log.append(moving(post(61))) == refused("exceeds_pending", "p")
    await done(log, post(60))


async def test_nothing_unknown_can_be_posted_or_voided(log: AnyStore) -> None:
    assert await log.append(moving(post(1))) == refused("pending_unknown", "p")
    assert await log.append(moving(void())) == refused("pending_unknown", "p")


@pytest.mark.parametrize("resolved", [False, True])
async def test_a_pending_id_serves_once_for_ever(log: AnyStore, resolved: bool) -> None:
    await done(log, fund(100), hold(10))
    if resolved:
        await done(log, void())

    assert await log.append(moving(hold(10))) == refused("pending_exists", "p")


async def test_control_has_no_limit_and_every_other_account_has(log: AnyStore) -> None:
    await done(log, Transfer("posted", 10**12, CONTROL, AVAILABLE), Transfer("posted", 1, "RECOVERABLE:call", PAYABLE))

    assert await log.append(moving(Transfer("posted", 1, "BANK:case", COMMITTED))) == refused(
        "exceeds_balance", "BANK:case"
    )


async def test_a_request_moves_all_of_its_money_or_none(log: AnyStore) -> None:
    await done(log, fund(100))
    before = await log.balances()

    answer = await log.append(moving(hold(60), post(60), hold(30, "q", COMMITTED, PAYABLE), hold(41, "r")))

    assert answer == refused("exceeds_balance", AVAILABLE)
    assert await log.balances() == before
    assert (await log.head()).position == 1
    await done(log, hold(60), post(60), hold(30, "q", COMMITTED, PAYABLE), hold(40, "r"))


async def test_a_refused_command_may_be_tried_again_under_its_own_id(log: AnyStore) -> None:
    wanted = moving(hold(60))
    assert await log.append(wanted) == refused("exceeds_balance", AVAILABLE)

    await done(log, fund(60))

    assert await log.find_command(wanted.command_id) is None
    assert isinstance(await log.append(wanted), Appended)


async def test_a_repeat_moves_no_money(log: AnyStore) -> None:
    once = moving(fund(100))
    await log.append(once)
    await log.append(once)

    assert (await balance(log, AVAILABLE)).posted == 100


async def test_money_of_a_group_is_judged_in_its_order(log: AnyStore) -> None:
    outcomes = await log.append_many(
        [
            moving(hold(60)),
            moving(fund(100)),
            moving(hold(60)),
            moving(hold(60, "q")),
            moving(void()),
            moving(hold(60, "q")),
        ]
    )

    assert outcomes[0] == refused("exceeds_balance", AVAILABLE)
    assert outcomes[3] == refused("exceeds_balance", AVAILABLE)
    assert [type(one).__name__ for one in outcomes].count("Appended") == 4
    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, credits_posted=100, debits_pending=60)


async def test_what_a_refused_request_had_begun_is_undone_for_the_next_of_its_group(log: AnyStore) -> None:
    await done(log, fund(100), hold(60))
    too_much = hold(10**6, "too much")

    outcomes = await log.append_many(
        [
            moving(post(50), too_much),
            moving(hold(10, "q"), too_much),
            replace(moving(void(), too_much), keys=[claim("a")]),
            replace(keyed(claim("b")), transfers=[too_much]),
            moving(hold(10, "q"), post(60)),
            keyed(claim("c")),
        ]
    )

    assert outcomes[:4] == [refused("exceeds_balance", AVAILABLE)] * 4
    assert [type(one) for one in outcomes[4:]] == [Appended, Appended]
    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, 10, 60, 0, 100)


async def test_a_key_that_a_refused_request_had_taken_is_free_for_the_next_of_its_group(log: AnyStore) -> None:
    await log.append(keyed(claim("z", "taken")))

    outcomes = await log.append_many([keyed(claim("a"), claim("a", "taken")), keyed(claim("b"))])

    assert outcomes[0] == refused("key_taken", "taken")
    assert isinstance(outcomes[1], Appended)


async def test_many_at_once_never_take_a_cent_too_much(log: AnyStore) -> None:
    await done(log, fund(1_000))

    outcomes = await asyncio.gather(*(log.append(moving(hold(30, fresh()))) for _ in range(100)))

    assert sum(isinstance(one, Appended) for one in outcomes) == 33
    assert await balance(log, AVAILABLE) == Balance(AVAILABLE, credits_posted=1_000, debits_pending=990)


async def test_the_books_balance_after_everything(log: AnyStore) -> None:
    await done(log, fund(1_000), hold(600), post(500), hold(200, "pay", COMMITTED, PAYABLE))
    await done(log, post(200, "pay"), Transfer("posted", 100, COMMITTED, AVAILABLE), hold(50, "open"))

    found = await log.balances()

    assert sum(one.debits_posted for one in found) == sum(one.credits_posted for one in found)
    assert sum(one.debits_pending for one in found) == sum(one.credits_pending for one in found) == 50
    assert [one.account for one in found] == sorted(one.account for one in found)


async def test_a_command_without_facts_may_still_move_money(log: AnyStore) -> None:
    await log.append(replace(moving(fund(7)), events=()))

    assert (await balance(log, AVAILABLE)).posted == 7
    assert (await log.head()).position == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        Transfer("posted", -1, CONTROL, AVAILABLE),
        Transfer("posted", 2**53, CONTROL, AVAILABLE),
        Transfer("posted", 1, CONTROL),
        Transfer("posted", 1, CONTROL, CONTROL),
        Transfer("pending", 1, CONTROL, AVAILABLE),
        Transfer("pending", 1, credit=AVAILABLE, pending_id="p"),
        Transfer("post", 1),
        Transfer("void", 1, pending_id="p"),
    ],
    ids=repr,
)
async def test_a_transfer_without_sense_is_unacceptable(log: AnyStore, nonsense: Transfer) -> None:
    with pytest.raises(Unacceptable):
        await log.append(moving(nonsense))
    assert (await log.head()).position == 0


def claim(holder: str, key: str = "k") -> KeyChange:
    return KeyChange("claim", key, holder)


def release(holder: str, key: str = "k") -> KeyChange:
    return KeyChange("release", key, holder)


def keyed(*keys: KeyChange) -> AppendRequest:
    return request(f"application-{fresh()}", keys=keys)


async def test_a_key_has_one_holder(log: AnyStore) -> None:
    assert isinstance(await log.append(keyed(claim("a"))), Appended)

    assert await log.append(keyed(claim("b"))) == refused("key_taken", "k")
    assert isinstance(await log.append(keyed(claim("a"))), Appended)
    assert isinstance(await log.append(keyed(claim("b", "other"))), Appended)


async def test_a_released_key_is_free_for_another(log: AnyStore) -> None:
    await log.append(keyed(claim("a")))
    await log.append(keyed(release("a")))

    assert isinstance(await log.append(keyed(claim("b"))), Appended)


async def test_only_its_holder_releases_a_key(log: AnyStore) -> None:
    await log.append(keyed(claim("a")))

    assert isinstance(await log.append(keyed(release("b"), release("b", "never claimed"))), Appended)
    assert await log.append(keyed(claim("b"))) == refused("key_taken", "k")


async def test_a_request_takes_all_of_its_keys_or_none(log: AnyStore) -> None:
    await log.append(keyed(claim("a", "k2")))

    assert await log.append(keyed(claim("b", "k1"), claim("b", "k2"))) == refused("key_taken", "k2")
    assert isinstance(await log.append(keyed(claim("c", "k1"), release("a", "k2"), claim("c", "k2"))), Appended)


async def test_a_taken_key_undoes_the_money_of_its_request(log: AnyStore) -> None:
    await log.append(keyed(claim("a")))

    answer = await log.append(replace(moving(fund(100)), keys=[claim("b")]))

    assert answer == refused("key_taken", "k")
    assert list(await log.balances()) == []


async def test_keys_of_a_group_are_judged_in_its_order(log: AnyStore) -> None:
    outcomes = await log.append_many(
        [keyed(claim("a")), keyed(claim("b")), keyed(release("a")), keyed(claim("b")), keyed(claim("a"))]
    )

    assert [type(one).__name__ for one in outcomes] == [
        "Appended",
        "RefusedByGuard",
        "Appended",
        "Appended",
        "RefusedByGuard",
    ]


@pytest.mark.parametrize(
    "account", ["CONTROL", "CONTROL:x", "RECOVERABLE:y", "AVAILABLE:x", "CONTROLS:x", "BANK:z", ":"]
)
async def test_the_database_and_the_chart_agree_on_who_is_limited(log: AnyStore, account: str) -> None:
    answer = await log.append(moving(Transfer("posted", 1, account, "X:1")))

    assert isinstance(answer, RefusedByGuard) == limited(account)
