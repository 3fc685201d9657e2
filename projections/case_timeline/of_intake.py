"""The sentences of intake: about the call, and about the application."""

from __future__ import annotations

INTAKE: dict[str, tuple[str, str]] = {
    # The call
    "CallPublished": (
        "De oproep “{terms.title}” is gepubliceerd: {terms.envelope_cents:euro}, open tot {terms.deadline.utc:hour}.",
        "The call “{terms.title}” was published: {terms.envelope_cents:euro}, open until {terms.deadline.utc:hour}.",
    ),
    "CallOpened": ("Aanvragen kunnen worden ingediend.", "Applications can be submitted."),
    "CallDeadlineExtended": (
        "De indieningstermijn is verlengd van {previous.utc:hour} tot {deadline.utc:hour}.",
        "The deadline was extended from {previous.utc:hour} to {deadline.utc:hour}.",
    ),
    "CallDeadlineCorrected": (
        "De indieningstermijn is rechtgezet van {previous.utc:hour} naar {deadline.utc:hour}.",
        "The deadline was corrected from {previous.utc:hour} to {deadline.utc:hour}.",
    ),
    "IndividualExtensionGranted": (
        "Individueel uitstel tot {deadline.utc:hour} voor {applicants:list}.",
        "Individual extension until {deadline.utc:hour} for {applicants:list}.",
    ),
    "CallClosed": ("De oproep is afgesloten.", "The call was closed."),
    "CallCancelled": ("De oproep is geannuleerd.", "The call was cancelled."),
    "CaseNoted": (
        "Het dossier staat in het register van de oproep.",
        "The case stands in the call's register.",
    ),
    "DecisionNoted": (
        "Intake nam kennis van de beslissing {reference} over {cases:count} dossiers.",
        "Intake took note of the decision {reference} on {cases:count} files.",
    ),
    # The application
    "DraftStarted": (
        "{applicant.name} begon een aanvraag voor {neighbourhood}.",
        "{applicant.name} started an application for {neighbourhood}.",
    ),
    "DraftStepSaved": (
        "De stap {step} van het formulier is bewaard.",
        "The step {step} of the form was saved.",
    ),
    "AttachmentStored": (
        "De bijlage {kind} is bewaard ({media_type}, {size_bytes} bytes).",
        "The attachment {kind} was stored ({media_type}, {size_bytes} bytes).",
    ),
    "AttachmentRefused": (
        "De bijlage {kind} is niet aanvaard.",
        "The attachment {kind} was not accepted.",
    ),
    "FormFilled": (
        "Het formulier (versie {form_version}) is ingevuld voor versie {application_version} van de aanvraag.",
        "The form (version {form_version}) was filled in for version {application_version} of the application.",
    ),
    "ApplicationSubmitted": (
        "{content.applicant.name} diende “{content.project}” in en vraagt {content.requested_cents:euro}.",
        "{content.applicant.name} submitted “{content.project}” and asks for {content.requested_cents:euro}.",
    ),
    "ReceiptAcknowledged": (
        "Ontvangst bevestigd onder dossiernummer {case_number}.",
        "Receipt acknowledged under case number {case_number}.",
    ),
    "LateSubmissionRecorded": (
        "Te laat ingediend op {submitted_at:hour}; de termijn liep tot {deadline.utc:hour}.",
        "Submitted too late on {submitted_at:hour}; the deadline was {deadline.utc:hour}.",
    ),
    "CompletionRequested": (
        "Aanvulling gevraagd tegen {due.utc:hour}: {items:list}.",
        "Supplement requested by {due.utc:hour}: {items:list}.",
    ),
    "CompletionSupplied": ("De aanvulling is bezorgd: {items:list}.", "The supplement was supplied: {items:list}."),
    "CompletionTermLapsed": (
        "De aanvullingstermijn is verstreken zonder {items:list}.",
        "The completion term passed without {items:list}.",
    ),
    "ApplicationWithdrawn": (
        "{applicant.name} trok de aanvraag in.",
        "{applicant.name} withdrew the application.",
    ),
    "LateSubmissionRegistered": (
        "{content.applicant.name} is toch tijdig: ingediend op {submitted_at:hour}, de termijn loopt nu tot "
        "{deadline.utc:hour}.",
        "{content.applicant.name} is in time after all: submitted on {submitted_at:hour}, the deadline is now "
        "{deadline.utc:hour}.",
    ),
    "WithdrawalRefused": (
        "De intrekking is geweigerd: de Vlaamse Regering heeft al beslist.",
        "The withdrawal was refused: the Flemish Government has already decided.",
    ),
    "ApplicationReopened": (
        "Het agentschap heropende het dossier voor {items:list}, tot {due.utc:hour}.",
        "The agency reopened the file for {items:list}, until {due.utc:hour}.",
    ),
    "ApplicantSucceeded": (
        "{successor.name} is rechtsopvolger van {previous.name} vanaf {effective_at:hour}.",
        "{successor.name} succeeds {previous.name} from {effective_at:hour}.",
    ),
    "ApplicationLapsed": (
        "De aanvraag is vervallen: de oproep is geannuleerd.",
        "The application lapsed: the call was cancelled.",
    ),
}
