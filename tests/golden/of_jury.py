"""Facts of the jury on paths that the play of 2021 does not take."""

from __future__ import annotations

from events import times
from events.catalog import AnyFact
from events.jury import (
    ApplicantReplied,
    Ballots,
    CastingVoteUsed,
    ConflictDismissed,
    ConflictRecorded,
    ConflictSuggested,
    CriterionReason,
    CriterionScore,
    EvaluationReopened,
    ImposedCooperation,
    LateReplyRecorded,
    MemberAppointed,
    MemberLeftFile,
    MemberReplaced,
    MemberResigned,
    OutcomeVoided,
    PanelMember,
    ProvisionalAdviceSent,
    QuorumLost,
    RankingReopened,
    Remark,
    ReplyTermLapsed,
    ScoreCorrected,
    ScoreRefused,
    ScoreVoided,
    SecretBallotHeld,
)
from events.vocabulary import Check, Party, Sealed, Source, Text, Written
from services.story.script import ident

CALL, CASE = ident("call", "golden"), ident("case", "golden")
MEMBER, OTHER = ident("person", "golden"), ident("person", "golden-2")
SEALED = Sealed(subject=MEMBER, nonce="AAAAAAAAAAAAAAAA", ct="AAAAAAAAAAAAAAAAAAAAAA==")
WORDS = Text(nl="Daarom.", en="That is why.")
WROTE = Written(language="nl", text="Daarom.")
SEAT = PanelMember(person=OTHER, name=SEALED, employer="OVO900201", capacity="external", expertise="planning")
POINTS = [CriterionScore(criterion="vision", points=60)]
DUE = times.deadline("2021-10-11T23:59:59")
CHECK = Check(
    rule="J3",
    version=2,
    params={},
    inputs={"member": MEMBER, "recused": True},
    source_events=[ident("event", "golden")],
    outcome="fail",
    code="recused",
    reason=WORDS,
)
IN_FILE = {"call": CALL, "case": CASE}
TIED = [Ballots(outcome="favourable", votes=3), Ballots(outcome="unfavourable", votes=3)]

OF_JURY: tuple[AnyFact, ...] = (
    MemberAppointed(call=CALL, member=SEAT, chair=MEMBER, checks=[CHECK]),
    MemberResigned(call=CALL, member=MEMBER, reason=SEALED),
    MemberReplaced(call=CALL, leaving=MEMBER, member=SEAT, chair=OTHER, checks=[CHECK]),
    ConflictSuggested(**IN_FILE, member=MEMBER, ground="employer_is_partner", organisation="OVO900101", checks=[CHECK]),
    ConflictDismissed(**IN_FILE, member=MEMBER, ground="employer_is_partner", reason=SEALED),
    ConflictRecorded(
        **IN_FILE,
        member=MEMBER,
        ground="interest_in_partner",
        basis="declaration",
        late=True,
        reason=SEALED,
        checks=[CHECK],
    ),
    ScoreRefused(**IN_FILE, member=MEMBER, code="recused", checks=[CHECK]),
    ScoreCorrected(**IN_FILE, member=MEMBER, previous=POINTS, scores=POINTS, reason=WROTE),
    ScoreVoided(**IN_FILE, member=MEMBER, cause="late_conflict"),
    QuorumLost(**IN_FILE, present=[OTHER], cause="recusal", checks=[CHECK]),
    MemberLeftFile(**IN_FILE, member=MEMBER),
    OutcomeVoided(**IN_FILE, outcome="favourable", cause="late_conflict"),
    EvaluationReopened(**IN_FILE, ground="annulment", reason=WROTE),
    SecretBallotHeld(**IN_FILE, ballots=TIED, abstentions=1, outcome=None, checks=[CHECK]),
    CastingVoteUsed(**IN_FILE, tied=["favourable", "unfavourable"], outcome="favourable", checks=[CHECK]),
    ProvisionalAdviceSent(
        **IN_FILE,
        outcome="favourable_with_conditions",
        proposed_cents=50_000_000,
        score_bp=7_000,
        reasons=[CriterionReason(criterion="vision", score_bp=7_000, reason=WORDS)],
        conditions=[WORDS],
        cooperation=[
            ImposedCooperation(
                partner=Party(ovo="OVO900102", kbo="0999000228", name="Stad Genk", nis="71016"), reason=WORDS
            )
        ],
        reduction=WORDS,
        due=DUE,
        checks=[CHECK],
    ),
    ApplicantReplied(**IN_FILE, remarks=[Remark(criterion="vision", text=WROTE), Remark(criterion=None, text=WROTE)]),
    LateReplyRecorded(**IN_FILE, remarks=[], due=DUE, received_at="2021-10-12T08:00:00.000000Z"),
    ReplyTermLapsed(**IN_FILE, due=DUE),
    RankingReopened(
        call=CALL,
        ordinal=1,
        ground="envelope_changed",
        reason=None,
        source=Source(event_id=ident("event", "golden"), position=41),
    ),
)
