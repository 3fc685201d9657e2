"""The sentences of the assessment of a file."""

from __future__ import annotations

ELIGIBILITY: dict[str, tuple[str, str]] = {
    "CriteriaAdopted": (
        "De ontvankelijkheidscriteria zijn overgenomen uit de oproep.",
        "The eligibility criteria were adopted from the call.",
    ),
    "AssessmentStarted": ("Het ontvankelijkheidsonderzoek is begonnen.", "The assessment has started."),
    "DossierSupplemented": (
        "De aanvulling is bij het onderzoek gevoegd (versie {application_version}).",
        "The supplement was added to the assessment (version {application_version}).",
    ),
    "CheckRecorded": (
        "Regel {check.rule} is {check.outcome:word}: {check.reason.nl}",
        "Rule {check.rule} is {check.outcome:word}: {check.reason.en}",
    ),
    "HumanCheckRecorded": (
        "Een behandelaar beoordeelde controle {code}: {outcome:word}.",
        "A case handler judged check {code}: {outcome:word}.",
    ),
    "DerogationGranted": (
        "Van controle {of_check} is afgeweken op grond van {legal_basis}.",
        "Check {of_check} was set aside on the ground of {legal_basis}.",
    ),
    "CostsDeclared": (
        "Waarvoor het dossier subsidie vraagt, wordt vergeleken met andere dossiers van de aanvrager.",
        "What the file asks subsidy for is compared with other cases of the applicant.",
    ),
    "CostsRegistered": (
        "Het register van de aanvrager is bijgewerkt; {found:count} dossiers worden opnieuw vergeleken.",
        "The register of the applicant was brought up to date; {found:count} cases are compared again.",
    ),
    "ClarificationRequested": (
        "Verduidelijking gevraagd over {rules:list}, tegen {due.utc:hour}.",
        "Clarification requested on {rules:list}, by {due.utc:hour}.",
    ),
    "ClarificationReceived": (
        "De verduidelijking is ontvangen; gevraagd wordt {requested_cents:euro}.",
        "The clarification was received; the request is {requested_cents:euro}.",
    ),
    "ClarificationTermLapsed": (
        "De termijn voor de verduidelijking van {rules:list} is verstreken.",
        "The term to clarify {rules:list} passed.",
    ),
    "AssessmentRevised": (
        "De beoordeling is heropend wegens een nieuw feit ({reference}).",
        "The assessment was opened again because of a new fact ({reference}).",
    ),
    "DeclaredAdmissible": ("De aanvraag is ontvankelijk.", "The application is admissible."),
    "DeclaredInadmissible": ("De aanvraag is onontvankelijk.", "The application is inadmissible."),
    "DeclaredEligible": (
        "De aanvraag voldoet aan de voorwaarden van de oproep.",
        "The application meets the conditions of the call.",
    ),
    "DeclaredIneligible": (
        "De aanvraag voldoet niet aan de voorwaarden van de oproep.",
        "The application does not meet the conditions of the call.",
    ),
    "AssessmentSucceeded": (
        "De beoordeling gaat voort voor {successor.name}, rechtsopvolger van {previous.name}.",
        "The assessment goes on for {successor.name}, legal successor of {previous.name}.",
    ),
    "AssessmentLapsed": (
        "Het onderzoek is vervallen: de aanvraag loopt niet meer.",
        "The assessment lapsed: the application is no longer live.",
    ),
}
