"""A command over HTTP: taken whole, or refused with every mistake at its place and nothing written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response

from events.envelope import Actor
from events.store import StoreUnavailable
from services.answers import (
    Answer,
    Busy,
    Denied,
    Done,
    GuardDenied,
    KeyReused,
    NotFound,
    Refusal,
    Stale,
    TooBig,
)
from services.deciding import CommandSpec
from services.problems import Problem
from services.web.commands import COLLECTIONS
from services.web.outer import BODY_LIMIT
from services.web.reading import CommandForm
from services.web.room import Room
from tests.unit.services.shell.fakes import (
    DONE,
    FILE,
    KEY,
    NOW,
    PROPOSE,
    RAISE,
    TARGET,
    PaperHandler,
    PaperRuntime,
    ProposePlan,
    RaisePlan,
    client,
    plan,
)  # fmt: skip -- one import

JSON = {"Content-Type": "application/json"}


async def send(
    runtime: PaperRuntime,
    path: str = PROPOSE,
    body: Any = None,
    *,
    role: str | None = "applicant",
    key: str | None = KEY,
    raw: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip -- one caller's choices
    """One command to the application."""
    known = {"Idempotency-Key": key} if key is not None else {}
    content = raw if raw is not None else json.dumps(plan() if body is None else body).encode()
    async with client(runtime, role, **JSON, **known, **(headers or {})) as caller:
        return await caller.post(path, content=content)


def issues(answer: Response) -> list[tuple[str, str, str]]:
    """Place, name and code of each issue."""
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:problem-type:belgif:badRequest"
    return [(one["in"], one["name"], one["code"]) for one in answer.json()["issues"]]


async def test_a_command_reaches_the_handler_as_it_was_sent() -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, headers={"If-Match": '"2"'})
    assert answer.status_code == 201
    assert answer.json() == {
        "commandId": KEY,
        "stream": f"application-{TARGET}",
        "version": 3,
        "position": 41,
        "events": [{"eventId": DONE.events[0].event_id, "type": "PlanProposed", "version": 3}],
    }
    assert answer.headers["etag"] == '"3"'
    assert "idempotent-replayed" not in answer.headers
    [issued] = runtime.handler.issued
    assert (issued.service, issued.kind, issued.id, issued.command_id) == ("plans", "application", TARGET, KEY)
    assert (issued.expected_version, issued.at, issued.on_behalf_of) == (2, NOW, None)
    assert issued.actor == Actor(role="applicant", organisation="OVO000001", person="p-1")
    assert isinstance(issued.command, ProposePlan)
    assert issued.command.amount_cents == 100


async def test_a_repeat_says_so() -> None:
    done = Done(DONE.command_id, DONE.stream, 3, 41, DONE.events, None, replayed=True)
    answer = await send(PaperRuntime(PaperHandler(done)))
    assert (answer.status_code, answer.headers["idempotent-replayed"]) == (201, "true")


PARTY_OVO = "/applicant/ovo"

BODIES: list[tuple[bytes, list[tuple[str, str]]]] = [
    (b"", [("", "json_invalid")]),
    (b"{", [("", "json_invalid")]),
    (b"\xff\xfe", [("", "json_invalid")]),
    (b'{"title":"\\ud800"}', [("", "json_invalid")]),
    (b"[" * 5_000, [("", "json_invalid")]),
    (b"[]", [("", "model_type")]),
    (b"null", [("", "model_type")]),
    (b'"text"', [("", "model_type")]),
    (b"{}", [("/title", "missing"), ("/amountCents", "missing"), ("/applicant", "missing")]),
]


@pytest.mark.parametrize(("raw", "expected"), BODIES, ids=[str(raw[:12]) for raw, _ in BODIES])
async def test_a_malformed_body_is_told_by_its_place(raw: bytes, expected: list[tuple[str, str]]) -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, raw=raw)
    assert issues(answer) == [("body", name, code) for name, code in expected]
    assert [one["pointer"] for one in answer.json()["issues"]] == [name for name, _ in expected]
    assert runtime.handler.issued == []


FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"amountCents": -1}, "/amountCents", "greater_than_equal"),
    ({"amountCents": 1.5}, "/amountCents", "int_type"),
    ({"amountCents": 1.0}, "/amountCents", "int_type"),
    ({"amountCents": "100"}, "/amountCents", "int_type"),
    ({"amountCents": True}, "/amountCents", "int_type"),
    ({"amountCents": 2**53}, "/amountCents", "less_than_equal"),
    ({"amountCents": 2**63}, "/amountCents", "less_than_equal"),
    ({"amountCents": 2**64}, "/amountCents", "less_than_equal"),
    ({"amountCents": -(2**70)}, "/amountCents", "greater_than_equal"),
    ({"title": ""}, "/title", "string_too_short"),
    ({"title": "x" * 201}, "/title", "string_too_long"),
    ({"title": 7}, "/title", "string_type"),
    ({"title": "e\u0301"}, "/title", "not_nfc"),
    ({"applicant": {"ovo": "ovo1", "kbo": "0207437468", "name": "Stad"}}, PARTY_OVO, "string_pattern_mismatch"),
    ({"applicant": {"ovo": "OVO000001", "kbo": "0207437469", "name": "Stad"}}, "/applicant/kbo", "kbo_checksum"),
    ({"applicant": {"ovo": "OVO000001", "kbo": "0207437468"}}, "/applicant/name", "missing"),
    ({"applicant": []}, "/applicant", "dict_type"),
    ({"due": {"local": "2021-03-28T02:30:00"}}, "/due", "no_such_time"),
    ({"due": {"local": "2021-02-30T12:00:00"}}, "/due", "no_such_time"),
    ({"due": {"local": "0001-01-01T00:00:00"}}, "/due", "year_out_of_reach"),
    ({"due": {"local": "0000-01-01T00:00:00"}}, "/due", "year_out_of_reach"),
    ({"due": {"local": "2021-03-28 02:30"}}, "/due/local", "string_pattern_mismatch"),
    ({"due": {"local": "2021-03-27T02:30:00", "zone": "Europe/Paris"}}, "/due/zone", "literal_error"),
    ({"start": "2021-02-29"}, "/start", "no_such_day"),
    ({"start": "9999-12-31"}, "/start", "year_out_of_reach"),
    ({"start": "29/02/2020"}, "/start", "string_pattern_mismatch"),
    (
        {"parts": [{"language": "nl", "text": "a"}, {"language": "la", "text": "b"}]},
        "/parts/1/language",
        "literal_error",
    ),
    ({"parts": [{"language": "nl", "text": "a", "a/b~c": 1}]}, "/parts/0/a~1b~0c", "extra_forbidden"),
    ({"surprise": 1}, "/surprise", "extra_forbidden"),
    ({"commandName": "x"}, "/commandName", "extra_forbidden"),
    ({"occurredAt": "2021-05-01T10:00:00Z"}, "/occurredAt", "extra_forbidden"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), FIELDS, ids=[f"{p} {c}" for _, p, c in FIELDS])
async def test_a_wrong_value_is_told_by_its_place(change: dict[str, Any], pointer: str, code: str) -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, body=plan(**change))
    assert issues(answer) == [("body", pointer, code)]
    assert runtime.handler.issued == []


async def test_names_of_python_are_not_names_of_the_wire() -> None:
    answer = await send(PaperRuntime(), body=plan(amountCents=None, amount_cents=5))
    assert issues(answer) == [("body", "/amountCents", "missing"), ("body", "/amount_cents", "extra_forbidden")]


async def test_a_key_that_comes_twice_is_a_mistake() -> None:
    raw = json.dumps(plan()).encode()
    doubled = raw.replace(b'"title": "Park"', b'"title": "Park", "title": "Plein"').replace(
        b'"name": "Stad"', b'"name": "Stad", "name": "Dorp"'
    )
    answer = await send(PaperRuntime(), raw=doubled)
    assert issues(answer) == [("body", "/title", "duplicate_key"), ("body", "/applicant/name", "duplicate_key")]


async def test_an_integer_of_ten_thousand_digits_is_just_a_mistake() -> None:
    raw = json.dumps(plan()).encode().replace(b"100", b"9" * 10_000)
    assert [place for place, name, _ in issues(await send(PaperRuntime(), raw=raw))] == ["body"]


async def test_all_mistakes_come_at_once() -> None:
    runtime = PaperRuntime()
    answer = await send(
        runtime,
        "/v1/plans/applications/18/propose-plan",
        {"amountCents": -1, "q": 1},
        key="no",
        headers={"If-Match": "3"},
    )
    assert issues(answer) == [
        ("path", "id", "not_a_uuid"),
        ("header", "Idempotency-Key", "key_not_uuid"),
        ("header", "If-Match", "not_a_version"),
        ("body", "/title", "missing"),
        ("body", "/amountCents", "greater_than_equal"),
        ("body", "/applicant", "missing"),
        ("body", "/q", "extra_forbidden"),
    ]
    assert runtime.handler.issued == []


async def test_no_problem_repeats_what_was_sent() -> None:
    secret = "an.peeters@stad.be"
    answer = await send(PaperRuntime(), body=plan(title=7, start=secret, applicant={"ovo": secret}, amountCents=secret))
    assert answer.status_code == 400
    assert secret not in answer.text


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "key_missing"),
        ("", "key_not_uuid"),
        ("123", "key_not_uuid"),
        (KEY + "0", "key_not_uuid"),
        (KEY.replace("-", ""), "key_not_uuid"),
        ("018f3f7e-0000-5000-8000-000000000001", "key_reserved"),
    ],
)  # fmt: skip -- a table
async def test_the_idempotency_key_is_a_uuid_that_reactions_do_not_use(key: str | None, code: str) -> None:
    runtime = PaperRuntime()
    assert issues(await send(runtime, key=key)) == [("header", "Idempotency-Key", code)]
    assert runtime.handler.issued == []


async def test_an_upper_case_key_is_the_same_key() -> None:
    runtime = PaperRuntime()
    assert (await send(runtime, key=KEY.upper())).status_code == 201
    assert runtime.handler.issued[0].command_id == KEY


@pytest.mark.parametrize("tag", ["3", 'W/"3"', '"-1"', '"03"', '"3", "4"', "*", '""', '"99999999999999999999"'])
async def test_if_match_is_one_version_in_quotes(tag: str) -> None:
    assert issues(await send(PaperRuntime(), headers={"If-Match": tag})) == [("header", "If-Match", "not_a_version")]


@pytest.mark.parametrize(
    "ident", ["1", TARGET.upper(), TARGET + "0", "%00", "018f3f7e-7c3a-7000-8000-0123456789a%C3%A9"]
)
async def test_the_target_is_a_lower_case_uuid(ident: str) -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, f"/v1/plans/applications/{ident}/propose-plan")
    assert issues(answer) == [("path", "id", "not_a_uuid")]
    assert runtime.handler.issued == []


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/plans/applications/{TARGET}/unknown",
        f"/v1/plans/recoveries/{TARGET}/propose-plan",
        f"/v1/other/applications/{TARGET}/propose-plan",
        f"{PROPOSE}/",
        "/v1/plans",
        f"/v1/plans/applications/../{TARGET}",
    ],
)  # fmt: skip -- a table
async def test_an_address_that_is_not_in_the_registry_is_not_found(path: str) -> None:
    answer = await send(PaperRuntime(), path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:problem-type:belgif:resourceNotFound"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_a_command_is_posted(method: str) -> None:
    async with client(PaperRuntime()) as caller:
        answer = await caller.request(method, PROPOSE)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["type"] == "urn:problem-type:wijkspoor:methodNotAllowed"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/jsonx"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)  # fmt: skip -- a table
async def test_only_plain_json_is_read(headers: dict[str, str]) -> None:
    runtime = PaperRuntime()
    async with client(runtime, **{"Idempotency-Key": KEY}) as caller:
        answer = await caller.post(PROPOSE, content=json.dumps(plan()).encode(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:problem-type:wijkspoor:unsupportedMediaType")
    assert runtime.handler.issued == []


async def test_json_in_utf_8_may_say_so() -> None:
    runtime = PaperRuntime()
    async with client(runtime, **{"Idempotency-Key": KEY}) as caller:
        named = {"Content-Type": "Application/JSON; Charset=UTF-8"}
        assert (await caller.post(PROPOSE, content=json.dumps(plan()).encode(), headers=named)).status_code == 201


def padded(size: int) -> bytes:
    """A good body of exactly this size."""
    raw = json.dumps(plan()).encode()
    return raw + b" " * (size - len(raw))


async def test_a_body_of_a_mebibyte_is_read_and_one_byte_more_is_not() -> None:
    runtime = PaperRuntime()
    assert (await send(runtime, raw=padded(BODY_LIMIT))).status_code == 201
    answer = await send(runtime, raw=padded(BODY_LIMIT + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:problem-type:belgif:payloadTooLarge")
    assert len(runtime.handler.issued) == 1


async def test_the_limit_holds_while_a_body_without_length_streams_in() -> None:
    runtime = PaperRuntime()
    given = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 64 * BODY_LIMIT:
            given += 65_536
            yield b" " * 65_536

    async with client(runtime, **JSON, **{"Idempotency-Key": KEY}) as caller:
        answer = await caller.post(PROPOSE, content=chunks())
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert answer.headers["content-type"] == "application/problem+json"
    assert runtime.handler.issued == []


async def test_without_a_token_nobody_acts() -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, role=None)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem-type:belgif:noAccessToken")
    assert answer.headers["www-authenticate"] == 'Bearer realm="wijkspoor"'
    for scheme in ("Basic eDp5", "Bearer", "Bearer  ", "bearer"):
        assert (await send(runtime, role=None, headers={"Authorization": scheme})).status_code == 401
    assert runtime.handler.issued == []


async def test_a_forged_token_is_not_accepted() -> None:
    runtime, other = PaperRuntime(), PaperRuntime()
    answer = await send(runtime, role=None, headers={"Authorization": f"Bearer {other.token('applicant')}"})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem-type:belgif:invalidAccessToken")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert runtime.handler.issued == []


async def test_an_expired_token_is_told_apart() -> None:
    runtime = PaperRuntime()
    token = runtime.issuer.issue("applicant", "OVO000001", "p-1", timedelta(seconds=-1))
    answer = await send(runtime, role=None, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem-type:belgif:expiredAccessToken")
    assert runtime.handler.issued == []


async def test_a_role_outside_the_registry_may_not() -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, role="auditor")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:problem-type:belgif:missingPermission")
    assert answer.json()["requiredRoles"] == ["applicant", "case_handler"]
    assert (await send(runtime, FILE, {}, role="admin")).status_code == 403
    assert runtime.handler.issued == []
    assert (await send(runtime, FILE, {}, role="service")).status_code == 201


async def test_who_may_not_act_learns_nothing_about_the_body() -> None:
    assert (await send(PaperRuntime(), raw=b"{", role="auditor")).status_code == 403
    assert (await send(PaperRuntime(), raw=b"{", role=None)).status_code == 401


REFUSAL = Refusal(rule="E1", code="over_cap", inputs={"asked_cents": 123456789, "cap_cents": 100})
ANSWERS: list[tuple[Answer | Exception, int, str, dict[str, Any]]] = [
    (
        Denied(REFUSAL),
        409,
        "wijkspoor:refusedByRule",
        {"rule": "E1", "reason": "over_cap", "inputs": dict(REFUSAL.inputs)},
    ),
    (
        GuardDenied("transfer", "exceeds_balance", "AVAILABLE:x"),
        409,
        "wijkspoor:refusedByGuard",
        {"guard": "transfer", "reason": "exceeds_balance", "inputs": {"detail": "AVAILABLE:x"}},
    ),
    (NotFound("application-x"), 404, "belgif:resourceNotFound", {"detail": "application-x bestaat niet."}),
    (Stale(7), 412, "wijkspoor:staleVersion", {"currentVersion": 7}),
    (KeyReused(), 422, "wijkspoor:idempotencyKeyReused", {}),
    (Busy(), 503, "belgif:serviceUnavailable", {}),
    (TooBig("600000 bytes"), 413, "belgif:payloadTooLarge", {}),
    (StoreUnavailable("gone"), 503, "belgif:serviceUnavailable", {}),
    (RuntimeError("a bug with an.peeters@stad.be"), 500, "belgif:internalServerError", {}),
]  # fmt: skip -- a table


@pytest.mark.parametrize(
    ("given", "status", "kind", "members"), ANSWERS, ids=[type(one[0]).__name__ for one in ANSWERS]
)
async def test_each_answer_has_its_problem(
    given: Answer | Exception, status: int, kind: str, members: dict[str, Any]
) -> None:
    answer = await send(PaperRuntime(PaperHandler(given)))
    told = answer.json()
    assert (answer.status_code, told["status"], told["type"]) == (status, status, f"urn:problem-type:{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert told | members == told
    assert ("retry-after" in answer.headers) == (status == 503)
    assert "an.peeters" not in answer.text


async def test_a_refusal_that_is_on_record_says_where_and_is_told_again_to_a_repeat() -> None:
    for replayed in (False, True):
        done = Done(KEY, DONE.stream, 3, 41, DONE.events, REFUSAL, replayed=replayed)
        answer = await send(PaperRuntime(PaperHandler(done)))
        assert answer.status_code == 409
        assert answer.json()["recorded"] == {"stream": DONE.stream, "version": 3, "position": 41}
        assert answer.headers.get("idempotent-replayed") == ("true" if replayed else None)


async def test_a_refusal_is_told_in_the_rules_own_words_in_both_languages() -> None:
    runtime = PaperRuntime(PaperHandler(Denied(REFUSAL)))
    dutch = await send(runtime)
    english = await send(runtime, headers={"Accept-Language": "en-GB, nl;q=0.5"})
    assert dutch.json()["detail"] == "Gevraagd 1.234.567,89 euro, hoogstens 1,00 euro."
    assert english.json()["detail"] == "Asked 1,234,567.89 euro, at most 1.00 euro."
    assert (dutch.headers["content-language"], english.headers["content-language"]) == ("nl", "en")
    assert (dutch.json()["title"], english.json()["title"]) == ("Geweigerd door een regel", "Refused by a rule")


async def test_a_refusal_without_a_sentence_still_names_rule_and_reason() -> None:
    for refusal in (Refusal(rule="STATE", code="closed", inputs={}), Refusal(rule="E1", code="over_cap", inputs={})):
        answer = await send(PaperRuntime(PaperHandler(Denied(refusal))))
        assert answer.json()["detail"] == f"Regel {refusal.rule} laat dit niet toe ({refusal.code})."


async def test_a_past_act_is_recorded_at_its_own_time() -> None:
    runtime = PaperRuntime()
    body = {"amountCents": 5, "occurredAt": "2021-05-01T12:00:00.25+02:00"}
    assert (await send(runtime, RAISE, body, role="budget_officer")).status_code == 201
    [issued] = runtime.handler.issued
    assert issued.at == "2021-05-01T10:00:00.250000Z"
    assert type(issued.command) is RaisePlan
    assert issued.command == RaisePlan(amount_cents=5)
    assert "occurred" not in issued.command.model_dump_json()


async def test_a_past_act_needs_no_time_of_its_own() -> None:
    runtime = PaperRuntime()
    assert (await send(runtime, RAISE, {"amountCents": 5}, role="budget_officer")).status_code == 201
    assert runtime.handler.issued[0].at == NOW


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021-05-03T10:00:00.000001Z", "in_the_future"),
        ("2021-05-01T10:00:00", "not_an_instant"),
        ("2021-02-30T10:00:00Z", "not_an_instant"),
        ("2021-05-01", "not_an_instant"),
        ("yesterday", "not_an_instant"),
        ("2021-05-01T24:00:00Z", "not_an_instant"),
        ("2021-05-01T10:00:00.1234567Z", "not_an_instant"),
        ("0001-01-01T00:00:00+23:59", "not_an_instant"),
        ("2021-05-01T10:00:00+99:99", "not_an_instant"),
        ("x" * 41, "not_an_instant"),
        (20210501, "string_type"),
    ],
)  # fmt: skip -- a table
async def test_the_time_of_a_past_act_exists_and_is_past(text: Any, code: str) -> None:
    runtime = PaperRuntime()
    answer = await send(runtime, RAISE, {"amountCents": 5, "occurredAt": text}, role="budget_officer")
    assert issues(answer) == [("body", "/occurredAt", code)]
    assert runtime.handler.issued == []


async def test_a_flood_is_turned_away() -> None:
    room = Room(1)
    with room.enter(), pytest.raises(Problem, match="429"), room.enter():
        raise AssertionError("there was no room")
    with room.enter():
        pass


async def test_the_trace_id_is_echoed_or_made() -> None:
    assert (await send(PaperRuntime(), headers={"BelGov-Trace-Id": "abc-123"})).headers["belgov-trace-id"] == "abc-123"
    for wrong in ("", "a b", "x" * 65, "a\tb"):
        made = (await send(PaperRuntime(), headers={"BelGov-Trace-Id": wrong})).headers["belgov-trace-id"]
        assert len(made) == 36


async def test_every_answer_has_the_security_headers() -> None:
    for answer in (
        await send(PaperRuntime()),
        await send(PaperRuntime(), "/nope"),
        await send(PaperRuntime(), raw=b""),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["cache-control"] == "no-cache, private"


def test_the_collections_are_the_plurals_of_the_kinds() -> None:
    assert COLLECTIONS["recovery"] == "recoveries"
    assert COLLECTIONS["criteria"] == "criteria"
    assert COLLECTIONS["payment-order"] == "payment-orders"
    assert COLLECTIONS["assessment"] == "assessments"


def test_only_commands_that_record_the_past_have_a_moment() -> None:
    for model, past in ((ProposePlan, False), (RaisePlan, True)):
        form = CommandForm(CommandSpec(model, "application", frozenset(), (), records_past_act=past))
        assert ("occurredAt" in form.model.model_json_schema()["properties"]) == past
