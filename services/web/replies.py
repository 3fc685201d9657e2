"""What became of a command, as HTTP tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import JSONResponse, Response

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
from services.deciding import Service
from services.problems import (
    BUSY,
    EVENT_TOO_LARGE,
    GUARD,
    KEY_REUSED,
    NOT_FOUND,
    REFUSED,
    STALE,
    UNAVAILABLE,
    Problem,
    preferred,
    told,
)
from services.rulebook import reason

RETRY_SECONDS = 1


def reply(service: Service, answer: Answer) -> Response:
    """201 for what took effect; a Problem is raised for everything else."""
    if isinstance(answer, Done) and answer.refusal is None:
        return _created(answer)
    raise problem_of(service, answer)


def problem_of(service: Service, answer: Answer) -> Problem:
    """An answer that is not a success, as a problem; AssertionError for a success."""
    match answer:
        case Done(refusal=Refusal() as refusal):
            recorded = {"stream": answer.stream, "version": answer.version, "position": answer.position}
            return _refused(service, refusal, {"recorded": recorded}, _replayed(answer))
        case Done():
            raise AssertionError("a command that took effect is no problem")
        case Denied(refusal):
            return _refused(service, refusal, {}, {})
        case _:
            return _problem(answer)


def _problem(answer: GuardDenied | NotFound | Stale | KeyReused | Busy | TooBig) -> Problem:
    match answer:
        case GuardDenied(guard, code, detail):
            said = {"guard": guard, "reason": code}
            return Problem(GUARD, values=said, extra={**said, "inputs": {"detail": detail}})
        case NotFound(stream):
            return Problem(NOT_FOUND, values={"resource": stream})
        case Stale(current):
            moved = {"currentVersion": current}
            return Problem(STALE, values=moved, extra=moved, headers={"ETag": f'"{current}"'})
        case KeyReused():
            return Problem(KEY_REUSED)
        case Busy():
            return Problem(BUSY, headers={"Retry-After": str(RETRY_SECONDS)})
        case TooBig():
            return Problem(EVENT_TOO_LARGE)


def unavailable() -> Problem:
    """The store cannot be reached just now; nothing was recorded."""
    return Problem(UNAVAILABLE, headers={"Retry-After": str(RETRY_SECONDS)})


def _created(done: Done) -> Response:
    body = {
        "commandId": done.command_id,
        "stream": done.stream,
        "version": done.version,
        "position": done.position,
        "events": [{"eventId": one.event_id, "type": one.type, "version": one.version} for one in done.events],
    }
    headers = {"ETag": f'"{done.version}"', **_replayed(done)}
    return Response(msgspec.json.encode(body), 201, headers, "application/json")


def _replayed(done: Done) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if done.replayed else {}


def _refused(service: Service, refusal: Refusal, extra: Mapping[str, Any], headers: Mapping[str, str]) -> Problem:
    # The inputs are told as the log writes them, so that they can be laid beside the facts.
    return Problem(
        REFUSED,
        values={"rule": refusal.rule, "reason": refusal.code},
        extra={"rule": refusal.rule, "reason": refusal.code, "inputs": refusal.inputs, **extra},
        headers=headers,
        detail=_sentence(service, refusal),
    )


def _sentence(service: Service, refusal: Refusal) -> tuple[str, str] | None:
    """The rule's own sentence, from its latest version that knows the code and whose values are at hand."""
    versions = [rule for rule in service.rules if rule.id == refusal.rule and refusal.code in rule.sentences]
    for rule in sorted(versions, key=lambda rule: -rule.version):
        try:
            text = reason(rule, refusal.code, refusal.inputs)
        except KeyError:
            continue
        return text.nl, text.en
    return None


def problem_response(problem: Problem, request: Request) -> Response:
    """The problem in the language that the request prefers."""
    language = preferred(request.headers.get("accept-language"))
    headers = {"Content-Language": language, **problem.headers}
    return JSONResponse(told(problem, language), problem.kind.status, headers, "application/problem+json")
