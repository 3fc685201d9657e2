"""What the timeline says of the jury, one Dutch and one English sentence a fact."""

from __future__ import annotations

JURY: dict[str, tuple[str, str]] = {
    "PanelTermsAdopted": (
        "De regels voor de jury zijn overgenomen uit de oproep.",
        "The rules for the jury were adopted from the call.",
    ),
    "PanelComposed": (
        "De jury van deskundigen is samengesteld: {members:count} leden.",
        "The jury was composed: {members:count} members.",
    ),
    "InterestsDeclared": ("Een jurylid gaf de belangen aan.", "A jury member declared interests."),
    "MemberAppointed": (
        "Een opengevallen plaats in de jury is ingevuld.",
        "A seat that had come free in the jury was taken.",
    ),
    "MemberResigned": ("Een jurylid nam ontslag.", "A jury member resigned."),
    "MemberReplaced": ("Een jurylid is vervangen.", "A jury member was replaced."),
    "CaseAdmittedToPanel": ("Het dossier is aan de jury voorgelegd.", "The file was put before the jury."),
    "CaseSetAside": (
        "De jury legt het dossier opzij: de beoordeling ervan is heropend.",
        "The jury sets the file aside: its assessment was reopened.",
    ),
    "CaseReadmitted": ("Het dossier ligt opnieuw voor bij de jury.", "The file is before the jury again."),
    "CaseSucceeded": (
        "Bij de jury staat het dossier op naam van {successor.name}.",
        "Before the jury the file is in the name of {successor.name}.",
    ),
    "CaseLeftPanel": ("Het dossier ligt niet meer voor bij de jury.", "The file is no longer before the jury."),
    "ConflictSuggested": (
        "Gegevens wijzen op een belangenconflict van een jurylid: {ground:word}.",
        "Data point at a conflict of interest of a jury member: {ground:word}.",
    ),
    "ConflictDismissed": (
        "De secretaris verwierp met redenen een vermoeden van belangenconflict: {ground:word}.",
        "The secretary dismissed with reasons a suggested conflict of interest: {ground:word}.",
    ),
    "ConflictRecorded": (
        "Een belangenconflict van een jurylid staat vast: {ground:word}.",
        "A conflict of interest of a jury member is established: {ground:word}.",
    ),
    "ScoreRefused": (
        "Punten van een jurylid met een belangenconflict zijn geweigerd: {code:word}.",
        "Points of a jury member with a conflict of interest were refused: {code:word}.",
    ),
    "ScoreVoided": (
        "Punten van een jurylid zijn vervallen: {cause:word}.",
        "Points of a jury member were voided: {cause:word}.",
    ),
    "MemberRecused": (
        "Een jurylid onthoudt zich: {ground:word}.",
        "A jury member is recused: {ground:word}.",
    ),
    "ApplicationAssigned": (
        "Het dossier is toegewezen aan {members:count} juryleden.",
        "The file was assigned to {members:count} jury members.",
    ),
    "ScoreSubmitted": ("Een jurylid gaf punten.", "A jury member gave points."),
    "ScoreCorrected": (
        "Een jurylid verbeterde de eigen punten.",
        "A jury member corrected its own points.",
    ),
    "QuorumLost": (
        "Het quorum is weggevallen ({cause:word}): er blijven {present:count} leden over.",
        "The quorum was lost ({cause:word}): {present:count} members are left.",
    ),
    "MemberLeftFile": (
        "Een jurylid dat de jury verliet, heeft dit dossier niet meer in handen.",
        "A member who left the jury no longer has this file in hand.",
    ),
    "OutcomeVoided": (
        "Wat de jury besloot, is vervallen: {cause:word}.",
        "What the jury had decided was voided: {cause:word}.",
    ),
    "SecretBallotHeld": (
        "De jury stemde geheim; onthoudingen: {abstentions}.",
        "The jury held a secret ballot; abstentions: {abstentions}.",
    ),
    "CastingVoteUsed": (
        "Bij staking van stemmen besliste de voorzitter: {outcome:word}.",
        "In a tie the chair decided: {outcome:word}.",
    ),
    "ProvisionalAdviceSent": (
        "De jury is van plan {outcome:word} te adviseren, voorgesteld bedrag {proposed_cents:euro}; antwoorden kan tot "
        "{due.utc:hour}.",
        "The jury means to advise {outcome:word}, proposed amount {proposed_cents:euro}; a reply can be given until "
        "{due.utc:hour}.",
    ),
    "ApplicantReplied": (
        "De aanvrager antwoordde op het voorlopige advies: {remarks:count} opmerkingen.",
        "The applicant replied to the provisional advice: {remarks:count} remarks.",
    ),
    "LateReplyRecorded": (
        "Het antwoord op het voorlopige advies kwam te laat, op {received_at:hour}; de termijn liep tot "
        "{due.utc:hour}.",
        "The reply to the provisional advice came too late, on {received_at:hour}; the term was {due.utc:hour}.",
    ),
    "ReplyTermLapsed": (
        "De aanvrager antwoordde niet op het voorlopige advies binnen de termijn van {due.utc:hour}.",
        "The applicant did not reply to the provisional advice within the term of {due.utc:hour}.",
    ),
    "EvaluationReopened": (
        "De beoordeling door de jury is heropend: {ground:word}.",
        "The jury's evaluation was reopened: {ground:word}.",
    ),
    "DeliberationOpened": (
        "De beraadslaging is geopend met {present:count} leden.",
        "The deliberation was opened with {present:count} members.",
    ),
    "ConsensusReached": (
        "De jury is het eens: {outcome:word}.",
        "The jury agrees: {outcome:word}.",
    ),
    "AdviceAdopted": (
        "De jury adviseert {outcome:word}, score {score_bp:rate}, voorgesteld bedrag {proposed_cents:euro}.",
        "The jury's advice is {outcome:word}, score {score_bp:rate}, proposed amount {proposed_cents:euro}.",
    ),
    "RankingFixed": (
        "De rangschikking van {entries:count} dossiers ligt vast.",
        "The ranking of {entries:count} files is fixed.",
    ),
    "RankingReopened": (
        "De rangschikking is heropend: {ground:word}.",
        "The ranking was reopened: {ground:word}.",
    ),
}
