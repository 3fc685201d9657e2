"""The sentences of the envelope, the proposal and the file before its contract."""

from __future__ import annotations

DECISION: dict[str, tuple[str, str]] = {
    "EnvelopeSet": (
        "Het krediet is vastgesteld op {amount_cents:euro} (artikel {budget_article}).",
        "The envelope was set at {amount_cents:euro} (article {budget_article}).",
    ),
    "EnvelopeIncreased": (
        "Het krediet is verhoogd met {increase_cents:euro} tot {amount_cents:euro}.",
        "The envelope was raised by {increase_cents:euro} to {amount_cents:euro}.",
    ),
    "EnvelopeDecreased": (
        "Het krediet is verlaagd van {previous_cents:euro} tot {amount_cents:euro} ({reference}).",
        "The envelope was cut from {previous_cents:euro} to {amount_cents:euro} ({reference}).",
    ),
    "AwardProposalDrafted": (
        "Ontwerpbeslissing {proposal_version} is opgemaakt over {items:count} dossiers.",
        "Award proposal {proposal_version} was drafted for {items:count} files.",
    ),
    "InspectorateAdviceRecorded": (
        "Het advies van de Inspectie van Financiën is binnen ({reference}).",
        "The advice of the Inspectorate of Finance came in ({reference}).",
    ),
    "BudgetAgreementRecorded": (
        "Het begrotingsakkoord is binnen ({reference}).",
        "The budget agreement came in ({reference}).",
    ),
    "ProposalAgendaed": (
        "De nota staat op de agenda van de Vlaamse Regering van {meeting:day}.",
        "The memorandum is on the agenda of the Flemish Government of {meeting:day}.",
    ),
    "GovernmentDecisionRecorded": (
        "De Vlaamse Regering besliste op {meeting:day}: {result:word} ({reference}).",
        "The Flemish Government decided on {meeting:day}: {result:word} ({reference}).",
    ),
    "CandidateRegistered": (
        "Het dossier is opgenomen bij de kandidaten voor een beslissing.",
        "The file was registered as a candidate for a decision.",
    ),
    "CandidateSetAside": (
        "Over het dossier wordt voorlopig niet beslist: de beoordeling ervan is heropend.",
        "No decision is taken on the file for now: its assessment was reopened.",
    ),
    "CandidateSucceeded": (
        "Wat beslist wordt, wordt beslist voor {successor.name}, rechtsopvolger van {previous.name}.",
        "What is decided is decided for {successor.name}, legal successor of {previous.name}.",
    ),
    "CandidateWithdrawn": (
        "Het dossier is geen kandidaat meer: de aanvraag loopt niet meer.",
        "The file is no candidate any more: the application is no longer live.",
    ),
    "AmountReserved": (
        "{amount_cents:euro} is gereserveerd op het krediet.",
        "{amount_cents:euro} was reserved on the envelope.",
    ),
    "ReservationRefused": (
        "De reservering van {amount_cents:euro} is geweigerd: zoveel houdt het krediet niet.",
        "The reservation of {amount_cents:euro} was refused: the envelope does not hold as much.",
    ),
    "ReservationReleased": (
        "De reservering is vrijgegeven: {reason:word}.",
        "The reservation was released: {reason:word}.",
    ),
    "GrantAwarded": (
        "Toegekend aan {beneficiary.name}: {amount_cents:euro}, rang {rank} ({reference}).",
        "Awarded to {beneficiary.name}: {amount_cents:euro}, rank {rank} ({reference}).",
    ),
    "GrantRefused": (
        "Niet toegekend aan {applicant.name}, rang {rank}: {code:word} ({reference}).",
        "Not awarded to {applicant.name}, rank {rank}: {code:word} ({reference}).",
    ),
    "ApplicantNotified": (
        "De aanvrager kreeg kennis van de beslissing: {outcome:word}.",
        "The applicant was notified of the decision: {outcome:word}.",
    ),
    "DepartureReasoned": (
        "De Vlaamse Regering wil voor {applicant.name} afwijken van rangschikking of advies: {decided_cents:euro} in "
        "plaats van {advised_cents:euro}. “{reasons.text}”.",
        "For {applicant.name} the Flemish Government wants to depart from ranking or advice: {decided_cents:euro} "
        "instead of {advised_cents:euro}. “{reasons.text}”.",
    ),
    "StandstillBegan": (
        "Het uitgestelde voorstel wacht, met zijn reserveringen, tot {until.utc:hour}.",
        "The postponed proposal waits, with its reservations, until {until.utc:hour}.",
    ),
    "ProposalHeld": (
        "De rangschikking is heropend: het voorstel kan niet worden goedgekeurd voor ze opnieuw vaststaat.",
        "The ranking was reopened: the proposal cannot be approved before it is fixed again.",
    ),
    "ProposalHoldLifted": (
        "De rangschikking staat opnieuw vast: het voorstel kan worden goedgekeurd.",
        "The ranking is fixed again: the proposal can be approved.",
    ),
    "ProposalLapsed": (
        "Voorstel {proposal_version} is vervallen: {code:word}.",
        "Proposal {proposal_version} lapsed: {code:word}.",
    ),
    "DecisionPublished": (
        "De beslissing met kenmerk {reference} is bekendgemaakt op {published_on:day}: {publication}.",
        "The decision with reference {reference} was published on {published_on:day}: {publication}.",
    ),
    "NoticeGiven": (
        "De aanvrager kreeg kennis van de beslissing met kenmerk {reference}: {outcome:word}.",
        "The applicant was notified of the decision with reference {reference}: {outcome:word}.",
    ),
    "GrantDenied": (
        "De subsidie is niet toegekend, met eigen motivering: {code:word} ({reference}).",
        "The grant was refused, with reasons of its own: {code:word} ({reference}).",
    ),
    "PlacedOnReserve": (
        "De aanvraag staat op de reservelijst, op plaats {rank} van de rangschikking ({reference}).",
        "The application is on the reserve list, at place {rank} of the ranking ({reference}).",
    ),
    "MovedUpFromReserve": (
        "Er is {free_cents:euro} vrij: de aanvraag schuift op, voor {amount_cents:euro}.",
        "{free_cents:euro} is free: the application moves up, for {amount_cents:euro}.",
    ),
    "ReserveLapsed": (
        "De reservelijst is niet langer geldig; de aanvraag krijgt geen subsidie.",
        "The reserve list is no longer valid; the application receives no subsidy.",
    ),
    "MoneyReturned": (
        "{amount_cents:euro} van dit dossier is terug in het krediet.",
        "{amount_cents:euro} of this file is back in the envelope.",
    ),
    "AwardWaived": (
        "{applicant.name} verzaakt aan de beslissing met kenmerk {reference} ({amount_cents:euro}).",
        "{applicant.name} waives the decision with reference {reference} ({amount_cents:euro}).",
    ),
    "AwardAdjusted": (
        "De toekenning gaat van {previous_cents:euro} naar {amount_cents:euro}: {code:word} ({reference}).",
        "The award goes from {previous_cents:euro} to {amount_cents:euro}: {code:word} ({reference}).",
    ),
    "DecisionSuperseded": (
        "De beslissing met kenmerk {reference} vervangt en vernietigt die met kenmerk {replaced} ({outcome:word}).",
        "The decision with reference {reference} replaces and annuls the one with reference {replaced} "
        "({outcome:word}).",
    ),
    "DecisionRetracted": (
        "De beslissing met kenmerk {retracted} ({outcome:word}) is ingetrokken ({reference}).",
        "The decision with reference {retracted} ({outcome:word}) was retracted ({reference}).",
    ),
    "AppealLodged": (
        "Op {lodged_on:day} is beroep ingesteld tegen de beslissing met kenmerk {decision} ({reference}).",
        "On {lodged_on:day} an appeal was lodged against the decision with reference {decision} ({reference}).",
    ),
    "AppealDismissed": (
        "Het beroep {reference} is verworpen ({ruling}).",
        "Appeal {reference} was dismissed ({ruling}).",
    ),
    "DecisionSuspended": (
        "De beslissing met kenmerk {decision} is geschorst ({ruling}).",
        "The decision with reference {decision} is suspended ({ruling}).",
    ),
    "SuspensionLifted": (
        "De schorsing van de beslissing met kenmerk {decision} is opgeheven ({ruling}).",
        "The suspension of the decision with reference {decision} was lifted ({ruling}).",
    ),
    "DecisionAnnulled": (
        "De beslissing met kenmerk {decision} ({outcome:word}) is vernietigd ({ruling}).",
        "The decision with reference {decision} ({outcome:word}) was annulled ({ruling}).",
    ),
}
"""Fact type → Dutch and English."""
