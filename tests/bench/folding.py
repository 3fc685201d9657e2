"""The state of one long case, as every command on it needs: from stored bytes to what the decider sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from events import codec
from events.catalog import AnyFact
from events.store import Recorded
from services.eligibility.commands import RequestClarification
from services.eligibility.worker import ELIGIBILITY
from services.loading import fold
from services.web.server import spare_the_collector
from tests.bench.making import Author, fresh
from tests.bench.measuring import Figure, Target, percentile
from tests.bench.scale import Scale
from tests.unit.services.eligibility.examples import APPLICANT, CASE, LEEUWBRUG, OFFICIAL, adopted, in_dutch, start
from tests.unit.services.eligibility.test_assessment import MENDED

EVENTS = 500
AT_MOST_MS = 5


def folding(scale: Scale) -> list[Figure]:
    """Milliseconds for a case of so many events; the longest of a hundred counts."""
    stored = _stored()
    read = [codec.read(one) for one in stored]
    stream = stored[0].stream

    def from_bytes() -> object:
        return fold(ELIGIBILITY, stream, [codec.read(one) for one in stored]).state

    def fold_alone() -> object:
        return fold(ELIGIBILITY, stream, read).state

    if from_bytes() != fold_alone():
        raise AssertionError("the same events gave two states")
    # As the program does when it begins to serve.
    spare_the_collector()
    size = sum(len(one.body) for one in stored) / len(stored)
    part = f"state of a case of {len(stored)} events, {size:,.0f} bytes each"
    whole = [_taken(from_bytes, scale) for _ in range(scale.rounds)]
    alone = [_taken(fold_alone, scale) for _ in range(scale.rounds)]
    return [
        Figure(part, "from stored bytes, p50", "ms", [percentile(one, 0.5) for one in whole]),
        Figure(part, "from stored bytes, p99", "ms", [percentile(one, 0.99) for one in whole], Target("≤", AT_MOST_MS)),
        Figure(part, "the fold alone, p99", "ms", [percentile(one, 0.99) for one in alone], Target("≤", AT_MOST_MS)),
    ]


def _taken(work: Callable[[], object], scale: Scale) -> Sequence[float]:
    taken = []
    for number in range(scale.folds + scale.folds // 10):
        begin = time.perf_counter()
        work()
        if number >= scale.folds // 10:
            taken.append((time.perf_counter() - begin) * 1_000)
    return taken


def _stored() -> list[Recorded]:
    """A case that is asked and answered again and again, as the log holds it."""
    author = Author("assessment", CASE)
    found = []
    for position, fact in enumerate(islice(_facts(), EVENTS), 1):
        (made,) = author.request([fact], moves=False).events
        found.append(
            Recorded(
                position=position,
                recorded_at=datetime(2021, 5, 3, tzinfo=UTC),
                stream=author.stream,
                version=position,
                type=made.type,
                schema_version=made.schema_version,
                correlation_id=made.correlation_id,
                body=made.body,
                key_id=made.key_id,
                signature=made.signature,
            )
        )
    return found


def _facts() -> Iterator[AnyFact]:
    """What the decider says to an assessment with one question after another."""
    answer = adopted().when("assessment", CASE, start(LEEUWBRUG))
    while True:
        yield from answer.decision.facts
        question = RequestClarification(rules=["E3"], question=in_dutch(f"Hoe berekent u de eigen inbreng? {fresh()}"))
        asked = answer.recorded().when("assessment", CASE, question, by=OFFICIAL)
        yield from asked.decision.facts
        answer = asked.recorded().when("assessment", CASE, MENDED, by=APPLICANT)
