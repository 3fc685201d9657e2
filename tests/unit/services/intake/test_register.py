"""The register at work, with its reactions: late files come in, a decision ends withdrawing, a cancelled call all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from events.intake import Terms
from events.times import deadline
from events.vocabulary import Party
from services.answers import Denied, Done, Issued
from services.deciding import derived_id
from services.fields import Command
from services.intake.commands import (
    CancelCall,
    CorrectCallDeadline,
    ExtendCallDeadline,
    GrantIndividualExtension,
    NoteDecision,
    PublishCall,
    RecordApplicantSuccession,
    WithdrawApplication,
)
from services.registry import SERVICES
from tests.given import actor
from tests.unit.services.eligibility.examples import LATER
from tests.unit.services.intake.examples import (
    APPLICANT,
    BERINGEN,
    CALL,
    CASE,
    EXTENDED,
    MERGED,
    OFFICIAL,
    TERMS,
    TOO_LATE,
    in_dutch,
    registering,
    start,
    submit,
)
from tests.unit.services.kernel import OPENS, Kernel, without_pauses

WORDS = in_dutch("Zo is het.")
OTHER = "01900000-0000-7000-8000-00000000ab10"
GENK = Party(ovo="OVO900101", kbo="0999000327", name="Stad Genk", nis="71016")
NEXT_DAY = "2021-07-11T08:00:00.000000Z"


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with without_pauses():
        yield


class House:
    """The kernel with the reactions of intake and eligibility, as far as they go."""

    def __init__(self) -> None:
        self.kernel = Kernel()

    async def begin(self, terms: Terms) -> None:
        """A call that is open, and two drafts."""
        self.kernel.clock.move(OPENS)
        await self.kernel.send("call", CALL, PublishCall(terms=terms), OFFICIAL)
        await self.kernel.send("application", CASE, start(), APPLICANT)
        await self.kernel.send("application", OTHER, start(applicant=GENK), actor("applicant", GENK.ovo))
        await self.settle()

    async def settle(self) -> None:
        """Every reaction has seen everything."""
        before = -1
        while before != (before := await self.kernel.size()):
            for name in ("intake", "eligibility"):
                sink = self.kernel.reacting(SERVICES[name])
                if fresh := (await self.kernel.log())[await sink.place() :]:
                    await sink.apply(fresh)

    async def late(self) -> None:
        """Both hand in too late; it is on record."""
        self.kernel.clock.move(TOO_LATE)
        for case, who in ((CASE, APPLICANT), (OTHER, actor("applicant", GENK.ovo))):
            answer = await self.kernel.send("application", case, submit(), who)
            assert answer.refusal is not None
        await self.settle()

    async def types(self, case: str) -> list[str]:
        """What stands in a case."""
        return [one.envelope.type for one in await self.kernel.events() if one.envelope.stream == f"application-{case}"]


async def house(terms: Terms | None = None) -> House:
    one = House()
    await one.begin(terms or registering())
    return one


async def test_i1_a_deadline_that_is_extended_brings_every_late_file_in_by_itself() -> None:
    one = await house()
    await one.late()
    one.kernel.clock.move(NEXT_DAY)
    await one.kernel.send("call", CALL, ExtendCallDeadline(deadline=EXTENDED, reason=WORDS), OFFICIAL)
    await one.settle()
    for case in (CASE, OTHER):
        assert (await one.types(case))[-2:] == ["LateSubmissionRegistered", "ReceiptAcknowledged"]
    assert len(await one.kernel.events("AssessmentStarted")) == 2


async def test_i1_an_individual_extension_brings_in_its_own_applicant_alone() -> None:
    one = await house()
    await one.late()
    one.kernel.clock.move(NEXT_DAY)
    grant = GrantIndividualExtension(applicants=[BERINGEN.ovo], deadline=EXTENDED, reason=WORDS)
    await one.kernel.send("call", CALL, grant, OFFICIAL)
    await one.settle()
    assert (await one.types(CASE))[-1] == "ReceiptAcknowledged"
    assert (await one.types(OTHER))[-1] == "LateSubmissionRecorded"


async def test_i1_a_correction_into_the_past_brings_in_who_was_in_time_by_it() -> None:
    one = await house()
    await one.late()
    one.kernel.clock.move(NEXT_DAY)
    correct = CorrectCallDeadline(deadline=deadline("2021-07-11T00:00:00"), reason=WORDS)
    await one.kernel.send("call", CALL, correct, OFFICIAL)
    await one.settle()
    assert (await one.types(CASE))[-1] == "ReceiptAcknowledged"


async def test_without_a_register_late_files_stay_where_they_are() -> None:
    one = await house(TERMS)
    await one.late()
    one.kernel.clock.move(NEXT_DAY)
    await one.kernel.send("call", CALL, ExtendCallDeadline(deadline=EXTENDED, reason=WORDS), OFFICIAL)
    await one.settle()
    assert (await one.types(CASE))[-1] == "LateSubmissionRecorded"
    assert await one.kernel.events("CaseNoted") == []


async def test_a_cancelled_call_ends_every_case_and_its_examination() -> None:
    one = await house()
    await one.kernel.send("application", CASE, submit(), APPLICANT)
    await one.settle()
    await one.kernel.send("call", CALL, CancelCall(reason=WORDS), OFFICIAL)
    await one.settle()
    for case in (CASE, OTHER):
        assert (await one.types(case))[-1] == "ApplicationLapsed"
    assert len(await one.kernel.events("AssessmentLapsed")) == 1


async def test_i5_after_the_decision_a_withdrawal_is_refused_on_record() -> None:
    one = await house()
    await one.kernel.send("application", CASE, submit(), APPLICANT)
    note = NoteDecision(reference="VR PV 2021/50", cases=[CASE], source=LATER)
    await one.kernel.send("call", CALL, note, actor("service"))
    answer = await one.kernel.send("application", CASE, WithdrawApplication(reason=WORDS), APPLICANT)
    assert answer.refusal is not None
    assert (answer.refusal.rule, answer.refusal.code) == ("I5", "decided")
    assert (await one.types(CASE))[-1] == "WithdrawalRefused"


async def test_i2_a_succession_that_meets_another_live_application_is_refused_in_the_commit() -> None:
    one = await house()
    heir = RecordApplicantSuccession(successor=MERGED, merged=[BERINGEN, GENK], effective_on="2021-03-01", reason=WORDS)
    for case, who in ((CASE, APPLICANT), (OTHER, actor("applicant", GENK.ovo))):
        await one.kernel.send("application", case, submit(), who)
    await one.kernel.send("application", CASE, heir, OFFICIAL)
    # Both asked for the same neighbourhood; after the merger they would be one authority with two live applications.
    answer = await ask(one, OTHER, heir)
    assert not isinstance(answer, Done | Denied)
    assert (await one.types(OTHER))[-1] == "ReceiptAcknowledged"


async def ask(one: House, case: str, command: Command) -> object:
    command_id = derived_id(CALL, f"ask/{case}")
    return await one.kernel.handler.handle(
        Issued("intake", "application", case, command, OFFICIAL, one.kernel.clock.now(), command_id)
    )
