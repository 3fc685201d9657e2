"""A letter in one language: headings, paragraphs, lists and tables, for whoever lays them out.

Everything is plain text. What people wrote keeps its own language and says which (`lang`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from events.times import day_of
from events.vocabulary import Period, Text, Written
from projections.letter.model import Advice, CriterionOpinion, Grant, Letter, Reply, Scheme
from projections.letter.words import WORDS
from projections.words import Language, day, euro, hour, rate, told

Block = dict[str, Any]


def document(letter: Letter, language: Language) -> dict[str, Any]:
    """The whole document: what stands on top, the blocks in their order, and what stands on every page."""
    teller = _Teller(language)
    return {
        "language": language,
        "title": teller.say(f"title_{letter.outcome}"),
        "subject": teller.say("subject"),
        "call": teller.pick(letter.scheme.title),
        "date": day_of(letter.dated),
        "notes": list(teller.notes(letter)),
        "to": [
            teller.say("to", name=letter.addressee.name),
            teller.say("numbers", ovo=letter.addressee.ovo, kbo=_dotted(letter.addressee.kbo)),
        ],
        "sender": letter.organisation,
        "pairs": list(teller.pairs(letter)),
        "blocks": [*teller.decision(letter), *teller.why(letter), *teller.grant(letter), *teller.appeal(letter)],
        "annexes": [*teller.checks(letter), *teller.steps(letter)],
        "origin": teller.say("origin", position=letter.position, event_id=letter.event_id),
        "foot": " · ".join(one for one in (letter.application.case_number, letter.event_id) if one),
        "page": teller.say("page"),
        "of": teller.say("of"),
    }


class _Teller:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def say(self, key: str, **values: Any) -> str:
        """The letter's own words, with values filled in."""
        return self.pick(told(WORDS[key], values))

    def pick(self, text: Text) -> str:
        """The sentence in the letter's language."""
        return text.nl if self._language == "nl" else text.en

    def notes(self, letter: Letter) -> Iterator[str]:
        """What must be known before reading."""
        if letter.notice is None:
            yield self.say("draft")
        if letter.application.synthetic:
            yield self.say("synthetic")

    def pairs(self, letter: Letter) -> Iterator[tuple[str, str]]:
        """What identifies the case and the decision, label by value."""
        asked, scheme = letter.application, letter.scheme
        yield self.say("case_number"), asked.case_number or letter.case
        yield self.say("project"), asked.project
        yield self.say("neighbourhood"), asked.neighbourhood
        yield self.say("requested"), euro(asked.requested_cents, self._language)
        if letter.grant is not None:
            yield self.say("awarded"), euro(letter.grant.amount_cents, self._language)
        if letter.reference is not None:
            yield self.say("reference"), letter.reference
        yield self.say("legal_basis"), scheme.legal_basis
        if letter.grant is not None:
            yield self.say("budget_article"), scheme.budget_article
        if letter.notice and letter.notice.at:
            yield self.say("noticed"), hour(letter.notice.at, self._language)

    def decision(self, letter: Letter) -> Iterator[Block]:
        """What was decided."""
        yield _head(self.say("decision"))
        yield _para(
            self.say(
                f"decided_{letter.outcome}",
                meeting=letter.meeting,
                reference=letter.reference,
                name=letter.addressee.name,
                amount_cents=letter.grant.amount_cents if letter.grant else 0,
                project=letter.application.project,
                neighbourhood=letter.application.neighbourhood,
                requested_cents=letter.application.requested_cents,
                decided_at=letter.decided_at,
            )
        )
        if letter.grant is not None:
            yield _para(self.say("term", start=letter.grant.term.start, end=letter.grant.term.end))
        if letter.outcome == "reserve" and letter.reserve_until is not None:
            yield _para(self.say("reserve_until", until=letter.reserve_until))
        if letter.replaces is not None:
            key = "takes_back" if letter.outcome == "retracted" else "replaces"
            yield _para(self.say(key, replaces=letter.replaces))

    def why(self, letter: Letter) -> Iterator[Block]:
        """The statement of reasons (motivering): in short, and each thing it rests on."""
        yield _head(self.say("reasons"))
        yield from (_para(self.pick(one)) for one in letter.reasons)
        for motive in letter.motives:
            yield _para(self.say(f"motive_{motive.kind}"))
            yield _quote(motive.text)
        yield from self._advice(letter)
        yield from self._ranking(letter)
        yield from self._procedure(letter)

    def _advice(self, letter: Letter) -> Iterator[Block]:
        advice, scheme = letter.advice, letter.scheme
        if advice is None:
            return
        values = {name: getattr(advice, name) for name in ("adopted_at", "outcome", "score_bp", "proposed_cents")}
        yield _head(self.say("advice"), 2)
        yield _para(self.say("advised", threshold_bp=scheme.threshold_bp, **values))
        if advice.reduction is not None:
            yield _para(self.say("reduced") + " " + self.pick(advice.reduction))
        yield self._table(
            ("criterion", "weight", "score", "reason"),
            [self._criterion(scheme, one) for one in advice.reasons],
            (3, 1, 1, 5),
        )
        if advice.conditions:
            yield _para(self.say("conditions") + ":")
            yield {"kind": "list", "items": [self.pick(one) for one in advice.conditions]}
        if advice.cooperation:
            yield _para(self.say("cooperation") + ":")
            imposed = [f"{one.partner.name}: {self.pick(one.reason)}" for one in advice.cooperation]
            yield {"kind": "list", "items": imposed}
        yield _para(self.say("report") + ":")
        yield _quote(advice.report)
        yield from self._heard(scheme, advice)

    def _heard(self, scheme: Scheme, advice: Advice) -> Iterator[Block]:
        """The right of reply: what was put to the applicant, what it said, and what the jury makes of that."""
        if advice.reply is None and advice.answer is None:
            return
        yield _head(self.say("reply"), 2)
        if advice.reply is not None:
            yield from self._reply(scheme, advice.reply)
        if advice.answer is not None:
            yield _para(self.say("answer") + " " + self.pick(advice.answer))

    def _reply(self, scheme: Scheme, reply: Reply) -> Iterator[Block]:
        values = {name: getattr(reply, name) for name in reply.__struct_fields__}
        yield _para(self.say("provisional", **values))
        if reply.lapsed:
            yield _para(self.say("reply_lapsed"))
        if reply.late_at is not None:
            yield _para(self.say("reply_late", **values))
        if reply.replied_at is not None:
            yield _para(self.say("replied" if reply.remarks else "replied_nothing", **values))
        for one in reply.remarks:
            if one.criterion is not None:
                yield _para(self.say("remark_on", criterion=self._named(scheme, one.criterion)))
            yield _quote(one.text)

    def _ranking(self, letter: Letter) -> Iterator[Block]:
        place = letter.place
        if place is None:
            return
        values = {name: getattr(place, name) for name in place.__struct_fields__}
        yield _head(self.say("ranking"), 2)
        yield _para(self.say("placed", envelope_cents=letter.envelope_cents or 0, **values))
        yield _para(self.say("cut", **values))

    def _procedure(self, letter: Letter) -> Iterator[Block]:
        told = [
            self.say(f"{key}_{'yes' if one.positive else 'no'}", given_at=one.given_at, reference=one.reference)
            for key, one in (("inspected", letter.inspectorate), ("agreed", letter.agreement))
            if one is not None
        ]
        told += [
            self.say("sitting", meeting=one.meeting, result=one.result, reference=one.reference)
            for one in letter.sittings
        ]
        if told:
            yield _head(self.say("procedure"), 2)
            yield {"kind": "list", "items": told}

    def grant(self, letter: Letter) -> Iterator[Block]:
        """What was awarded: budget, financing, partners, payment and reports."""
        grant, scheme = letter.grant, letter.scheme
        if grant is None:
            return
        yield from self._money(grant, scheme)
        if grant.partners:
            yield _head(self.say("partners"))
            yield self._table(
                ("partner", "pledge", "mandatory"),
                [
                    [one.organisation.name, one.pledge.text, self.say("yes" if one.mandatory else "no")]
                    for one in grant.partners
                ],
                (3, 6, 1),
            )
        yield from self._payment(scheme)

    def _money(self, grant: Grant, scheme: Scheme) -> Iterator[Block]:
        yield _head(self.say("grant"))
        lines = [
            [self._category(scheme, one.category), self._euro(one.amount_cents), self._euro(one.subsidy_cents)]
            for one in grant.budget
        ]
        cost, subsidy = sum(one.amount_cents for one in grant.budget), sum(one.subsidy_cents for one in grant.budget)
        total = [self.say("total"), self._euro(cost), self._euro(subsidy)]
        yield self._table(("category", "cost", "subsidy"), [*lines, total], (4, 2, 2), right=(1, 2), total=True)
        yield _head(self.say("financing"))
        sources = [[self.say(f"src_{one.source}"), one.party, self._euro(one.amount_cents)] for one in grant.financing]
        whole = [self.say("total"), "", self._euro(sum(one.amount_cents for one in grant.financing))]
        yield self._table(("source", "party", "amount"), [*sources, whole], (3, 3, 2), right=(2,), total=True)

    def _payment(self, scheme: Scheme) -> Iterator[Block]:
        names = {one.code: self.pick(one.label) for one in scheme.reports}
        yield _head(self.say("tranches"))
        rows = []
        for one in scheme.tranches:
            when = self.say(one.condition, report=names.get(one.report or "", one.report or ""))
            rows.append([self.pick(one.label), rate(one.share_bp, self._language), when])
        yield self._table(("tranche", "share", "when"), rows, (4, 1, 4), right=(1,))
        if scheme.reports:
            yield _head(self.say("reports"))
            yield self._table(
                ("report_name", "period", "due"),
                [[self.pick(one.label), self._period(one.period), self._day(one.due)] for one in scheme.reports],
                (4, 4, 2),
            )

    def appeal(self, letter: Letter) -> Iterator[Block]:
        """The routes of appeal, and from when their term runs."""
        yield _head(self.say("appeal"))
        if letter.notice is None:
            yield _para(self.say("appeal_draft"))
            return
        yield _para(self.pick(letter.notice.appeal))
        at = letter.notice.at
        yield _para(self.say("appeal_from", at=at) if at else self.say("appeal_receipt"))
        if letter.notice.until is not None:
            yield _para(self.say("appeal_until", until=letter.notice.until))

    def checks(self, letter: Letter) -> Iterator[Block]:
        """Every check, stage by stage."""
        yield _head(self.say("checks"))
        yield _para(self.say("checks_intro"))
        for stage, group in groupby(letter.checks, key=lambda one: one.stage):
            yield _head(self.say(f"stage_{stage}"), 2)
            rows = [
                [
                    f"{one.check.rule} v{one.check.version}",
                    self.say("yes" if one.check.outcome == "pass" else "no"),
                    self.pick(one.check.reason),
                    str(one.position),
                ]
                for one in group
            ]
            yield self._table(("rule", "met", "reason", "place"), rows, (3, 4, 24, 3), right=(3,))

    def steps(self, letter: Letter) -> Iterator[Block]:
        """The way the case went."""
        yield _head(self.say("steps"))
        rows = [[hour(one.at, self._language), self.say(f"step_{one.code}"), str(one.position)] for one in letter.steps]
        yield self._table(("date", "step", "place"), rows, (4, 6, 1), right=(2,))

    def _table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        *,
        right: Sequence[int] = (),
        total: bool = False,
    ) -> Block:
        """`right`: columns of numbers; `total`: the last row adds up the others."""
        return {
            "kind": "table",
            "heads": [self.say(one) for one in heads],
            "rows": rows,
            "widths": widths,
            "right": right,
            "total": total,
        }

    def _criterion(self, scheme: Scheme, opinion: CriterionOpinion) -> list[str]:
        known = scheme.criteria.get(opinion.criterion)
        return [
            self._named(scheme, opinion.criterion),
            rate(known.weight_bp, self._language) if known else "",
            rate(opinion.score_bp, self._language),
            self.pick(opinion.reason),
        ]

    def _named(self, scheme: Scheme, criterion: str) -> str:
        return self.pick(scheme.criteria[criterion].label) if criterion in scheme.criteria else criterion

    def _category(self, scheme: Scheme, code: str) -> str:
        return self.pick(scheme.categories[code]) if code in scheme.categories else code

    def _euro(self, cents: int) -> str:
        return euro(cents, self._language)

    def _period(self, one: Period) -> str:
        return f"{self._day(one.start)} – {self._day(one.end)}"

    def _day(self, one: str) -> str:
        return day(one, self._language)


def _dotted(kbo: str) -> str:
    return f"{kbo[:4]}.{kbo[4:7]}.{kbo[7:]}"


def _head(text: str, level: int = 1) -> Block:
    return {"kind": "head", "level": level, "text": text}


def _para(text: str) -> Block:
    return {"kind": "para", "text": text}


def _quote(written: Written) -> Block:
    return {"kind": "quote", "text": written.text, "lang": written.language}
