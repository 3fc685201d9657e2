"""What the desk says, in Dutch and in English. A key that is missing shows as itself, so that it is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from projections.words import Language

Both: TypeAlias = tuple[str, str]

PAGE: Mapping[str, Both] = {
    "name": ("Wijkspoor", "Wijkspoor"),
    "tagline": ("Het spoor van elke euro", "The trail of every euro"),
    "skip": ("Naar de inhoud", "Skip to content"),
    "nav": ("Hoofdmenu", "Main menu"),
    "overview": ("Overzicht", "Overview"),
    "contracts": ("Dossiers", "Cases"),
    "language": ("Taal", "Language"),
    "other_language": ("English", "Nederlands"),
    "call": ("Oproep", "Call"),
    "calls": ("Oproepen", "Calls"),
    "no_calls": ("Er is nog geen oproep bekendgemaakt.", "No call has been published yet."),
    "no_calls_here": (
        "Op dit moment was er nog geen oproep op de log. Kies een latere datum.",
        "At this moment no call was on the log yet. Choose a later date.",
    ),
    "deadline": ("Indienen tot en met {day}", "Applications until {day}"),
    "synthetic": ("synthetisch", "synthetic"),
    "synthetic_title": (
        "In dit dossier staan bedragen die geen enkele bron noemt; ze zijn verzonnen voor deze demonstratie.",
        "This case holds amounts that no source names; they were made up for this demonstration.",
    ),
    "synthetic_note": (
        "Het merk ‘synthetisch’ staat bij dossiers met bedragen die geen enkele bron noemt. Ze zijn verzonnen om het "
        "verhaal te kunnen tonen.",
        "Cases marked ‘synthetic’ hold amounts that no source names. They were made up so that the story can be shown.",
    ),
    "synthetic_terms": (
        "Van deze oproep zijn ook deze voorwaarden synthetisch, omdat geen bron ze noemt:",
        "These terms of the call are synthetic as well, because no source names them:",
    ),
    # the money
    "money": ("Waar het geld is", "Where the money is"),
    "money_sentence": (
        "Van de {envelope} is {awarded} toegekend en {paid} betaald. Nog {available} is vrij.",
        "Of {envelope}, {awarded} has been awarded and {paid} paid. {available} is still free.",
    ),
    "money_none": (
        "De enveloppe is {envelope}. Er is nog niets toegekend.",
        "The envelope is {envelope}. Nothing has been awarded yet.",
    ),
    "money_table": ("Dezelfde cijfers in een tabel", "The same figures in a table"),
    "in_euro": ("Bedragen in euro.", "Amounts in euro."),
    "flow_title": ("Het geld van de oproep, van enveloppe tot betaling", "The call's money, from envelope to payment"),
    "flow_desc": (
        "Enveloppe {envelope}. Daarvan gereserveerd of verder {reserved}, toegekend {awarded}, vastgelegd {committed}, "
        "besteld of verder {ordered}, betaald {paid} euro. De tabel bevat dezelfde cijfers.",
        "Envelope {envelope}. Of this, reserved or further {reserved}, awarded {awarded}, committed {committed}, "
        "ordered or further {ordered}, paid {paid} euro. The table holds the same figures.",
    ),
    "flow_note": (
        "De lichte strook stroomt door; een vol blok is wat in die stap blijft. Samen zijn de blokken de enveloppe.",
        "The light band flows on; a solid block is what stays in that step. Together the blocks are the envelope.",
    ),
    "step": ("Stap", "Step"),
    "reached": ("Zo ver of verder", "This far or further"),
    "stays": ("Blijft in deze stap", "Stays in this step"),
    "total": ("Samen", "Together"),
    "beside": ("Ernaast", "Beside this"),
    "amount": ("Bedrag", "Amount"),
    # time
    "time": ("Terug in de tijd", "Back in time"),
    "as_of": ("Wat waar was op", "What was true on"),
    "known_at": ("Wat bekend was op", "What was known on"),
    "time_help": (
        "Twee klokken: wanneer iets gebeurde, en wanneer het op de log kwam. Een dag telt helemaal mee.",
        "Two clocks: when something happened, and when it was recorded. A day counts to its end.",
    ),
    "show": ("Toon", "Show"),
    "now": ("Terug naar nu", "Back to now"),
    "moments": ("Momenten van de oproep", "Moments of the call"),
    "shown_known": ("U ziet wat bekend was op {when}.", "You see what was known on {when}."),
    "shown_as_of": ("U ziet wat waar was op {when}.", "You see what was true on {when}."),
    "shown_both": (
        "U ziet wat waar was op {as_of}, volgens wat bekend was op {known_at}.",
        "You see what was true on {as_of}, according to what was known on {known_at}.",
    ),
    "shown_foot": (
        "Deze pagina toont de log tot en met positie {position}, vastgelegd op {when}.",
        "This page shows the log up to position {position}, recorded on {when}.",
    ),
    # lists
    "statuses": ("Dossiers per status", "Cases by status"),
    "status": ("Status", "Status"),
    "number": ("Aantal", "Number"),
    "worklist": ("Wie is aan zet?", "Who has the ball?"),
    "worklist_empty": ("Niemand: er wacht geen enkel dossier.", "Nobody: no case is waiting."),
    "worklist_more": ("en nog {count}", "and {count} more"),
    "turn": ("Aan zet", "To move"),
    "todo": ("Wat er moet gebeuren", "What is to be done"),
    "since": ("Sinds", "Since"),
    "due": ("Uiterlijk", "Due"),
    "whole_call": ("De hele oproep", "The whole call"),
    "facts_many": ("feiten {first} tot {last}", "facts {first} to {last}"),
    "rules_applied": ("Regels getoetst", "Rules applied"),
    "overdue": ("te laat", "overdue"),
    "party": ("Lokaal bestuur", "Local authority"),
    "project": ("Project", "Project"),
    "case": ("Dossier", "Case"),
    "case_number": ("Nummer", "Number"),
    "requested": ("Gevraagd", "Requested"),
    "awarded": ("Toegekend", "Awarded"),
    "rank": ("Rang", "Rank"),
    "all": ("Alle", "All"),
    "filter": ("Toon alleen", "Show only"),
    "cases_none": ("Geen dossiers met deze status.", "No cases with this status."),
    "cases_count": ("{count} dossiers", "{count} cases"),
    "cases_one": ("1 dossier", "1 case"),
    "sum": ("Samen", "Together"),
    "unnamed": ("zonder naam", "without a name"),
    "no_number": ("nog geen nummer", "no number yet"),
    # one case
    "neighbourhood": ("Wijk", "Neighbourhood"),
    "term": ("Looptijd", "Term"),
    "term_days": ("{start} tot en met {end}", "{start} up to and including {end}"),
    "final_subsidy": ("Eindsubsidie", "Final subsidy"),
    "decided_on": ("Beslist op", "Decided on"),
    "score": ("Score van de jury", "Jury's score"),
    "applicant_was": ("Ingediend door {name}; nu {party}.", "Submitted by {name}; now {party}."),
    "case_money": ("Het geld van dit dossier", "The money of this case"),
    "no_money": ("Er is voor dit dossier nog geen geld opzijgezet.", "No money has been set aside for this case yet."),
    "rest": ("Dit dossier wacht op niemand.", "This case waits for nobody."),
    "waits_for": ("Aan zet: {turn}", "To move: {turn}"),
    "since_day": ("sinds {day}", "since {day}"),
    "due_day": ("uiterlijk {day}", "due {day}"),
    "why": ("Waarom dit bedrag?", "Why this amount?"),
    "why_refused": ("Waarom geen bedrag?", "Why no amount?"),
    "why_intro": (
        "Elke stap hieronder steunt op een vastgelegd feit. De regels staan erbij, met hun uitkomst.",
        "Every step below rests on a recorded fact. The rules stand beside it, with their outcome.",
    ),
    "why_open": (
        "Er is nog geen beslissing over dit dossier. Dit is wat tot nu toe vaststaat.",
        "No decision has been taken on this case yet. This is what stands so far.",
    ),
    "history": ("Geschiedenis", "History"),
    "history_intro": (
        "{count} feiten, in de volgorde van de log. Niets wordt ooit gewijzigd of gewist.",
        "{count} facts, in the order of the log. Nothing is ever changed or removed.",
    ),
    "on_page": ("Op deze pagina", "On this page"),
    "rule": ("Regel {rule}", "Rule {rule}"),
    "version": ("versie {version}", "version {version}"),
    "pass": ("voldaan", "met"),
    "fail": ("niet voldaan", "not met"),
    "inputs": ("Waarop dit steunt", "What this rests on"),
    "input": ("Gegeven", "Value"),
    "params": ("Voorwaarden van de oproep", "Terms of the call"),
    "values": ("Gegevens van het dossier", "Values of the case"),
    "sources": ("Bronnen: {count} feiten op de log", "Sources: {count} facts on the log"),
    "position": ("feit {position}", "fact {position}"),
    "recorded_on": ("vastgelegd op {when}", "recorded on {when}"),
    "as_written": ("Zoals geschreven", "As written"),
    "legal_basis": ("Grondslag: {basis}", "Legal basis: {basis}"),
    "by": ("door {role}", "by {role}"),
    "raw": ("Dezelfde geschiedenis als gegevens (JSON)", "The same history as data (JSON)"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "none": ("geen", "none"),
    # when it does not go as hoped
    "not_found": ("Dit staat niet op de log", "This is not on the log"),
    "not_found_text": (
        "Er is hier geen pagina, of er was op het gekozen moment nog niets te zien. Kijk het adres na of begin bij "
        "het overzicht.",
        "There is no page here, or at the chosen moment there was nothing to see yet. Check the address, or start at "
        "the overview.",
    ),
    "unavailable": ("De cijfers zijn nu niet bereikbaar", "The figures cannot be reached now"),
    "unavailable_text": (
        "De log zelf is veilig: er gaat niets verloren. Probeer het over een minuut opnieuw.",
        "The log itself is safe: nothing is lost. Please try again in a minute.",
    ),
    "bad_moment": ("Deze datum kunnen we niet lezen", "We cannot read this date"),
    "bad_moment_text": (
        "Schrijf een dag als 2021-07-15, of een moment met zijn zone als 2021-07-15T12:00:00Z.",
        "Write a day as 2021-07-15, or a moment with its zone as 2021-07-15T12:00:00Z.",
    ),
    "to_overview": ("Naar het overzicht", "To the overview"),
    "footer": (
        "Alleen lezen. Elk cijfer komt uit de log en kan eruit worden nagerekend.",
        "Read-only. Every figure comes from the log and can be computed again from it.",
    ),
}

FLOW: Mapping[str, Both] = {
    "envelope": ("Enveloppe", "Envelope"),
    "reserved": ("Gereserveerd", "Reserved"),
    "awarded": ("Toegekend", "Awarded"),
    "committed": ("Vastgelegd", "Committed"),
    "ordered": ("Besteld", "Ordered"),
    "paid": ("Betaald", "Paid"),
    "available": ("beschikbaar", "available"),
    "undecided": ("wacht op beslissing", "awaits decision"),
    "uncommitted": ("wacht op vastlegging", "awaits commitment"),
    "unordered": ("nog niet besteld", "not ordered yet"),
    "under_way": ("onderweg", "under way"),
    "decommitted": ("vrijgegeven", "decommitted"),
    "recovered": ("teruggevorderd", "to be recovered"),
    "came_back": ("teruggekomen", "recovered"),
    "offset": ("verrekend met een betaling", "set off against a payment"),
}
MONEY_NOTES: Mapping[str, Both] = {
    "decommitted": (
        "Vrijgegeven uit vastlegging, terug naar beschikbaar",
        "Decommitted, back to what is available",
    ),
    "recovery_ordered": ("Teruggevorderd", "Ordered to be recovered"),
    "recovered": ("Teruggekomen van de terugvorderingen", "Recovered of what was ordered back"),
    "offset": ("Betaald door verrekening", "Paid by set-off"),
}
STATUS: Mapping[str, Both] = {
    "draft": ("In opmaak", "Draft"),
    "submitted": ("Ingediend", "Submitted"),
    "late": ("Te laat ingediend", "Submitted late"),
    "withdrawn": ("Ingetrokken", "Withdrawn"),
    "lapsed": ("Vervallen", "Lapsed"),
    "inadmissible": ("Onontvankelijk", "Inadmissible"),
    "ineligible": ("Voldoet niet", "Ineligible"),
    "eligible": ("Voldoet", "Eligible"),
    "advised": ("Advies van de jury", "Jury advised"),
    "proposed": ("Voorgesteld", "Proposed"),
    "awarded": ("Toegekend", "Awarded"),
    "refused": ("Niet toegekend", "Not awarded"),
    "reserve": ("Op de reservelijst", "On the reserve list"),
    "waived": ("Aan de toekenning verzaakt", "Award waived"),
    "retracted": ("Beslissing ingetrokken", "Decision retracted"),
    "annulled": ("Beslissing vernietigd", "Decision annulled"),
    "contract_drafted": ("Contract in opmaak", "Contract drafted"),
    "signed": ("Ondertekend", "Signed"),
    "active": ("In uitvoering", "In force"),
    "suspended": ("Opgeschort", "Suspended"),
    "completed": ("Looptijd voorbij", "Term ended"),
    "terminated": ("Stopgezet", "Terminated"),
    "expired": ("Vervallen", "Expired"),
    "closed": ("Afgesloten", "Closed"),
}
"""In the order of a case's life."""
ENDED_BADLY = frozenset({"late", "withdrawn", "lapsed", "inadmissible", "ineligible", "refused", "waived"})
TURN: Mapping[str, Both] = {
    "applicant": ("Lokaal bestuur", "Local authority"),
    "partner": ("Partner", "Partner"),
    "case_handler": ("Dossierbeheerder", "Case handler"),
    "jury_secretary": ("Secretariaat jury", "Jury secretariat"),
    "jury_member": ("Jurylid", "Jury member"),
    "jury_chair": ("Voorzitter jury", "Jury chair"),
    "budget_officer": ("Begroting", "Budget officer"),
    "finance_inspector": ("Inspectie van Financiën", "Inspectorate of Finance"),
    "government_secretary": ("Vlaamse Regering", "Flemish Government"),
    "payment_approver": ("Goedkeuring betaling", "Payment approver"),
    "payment_releaser": ("Vrijgave betaling", "Payment releaser"),
    "service": ("Gaat vanzelf", "By itself"),
}
FLAGS: Mapping[str, Both] = {
    "overdue_report": ("Een verslag is te laat", "A report is overdue"),
    "open_finding": ("Er is een vaststelling van een controle", "An audit finding is open"),
    "open_recovery": ("Er loopt een terugvordering", "A recovery is open"),
    "rejected_payment": ("De bank weigerde een betaling", "The bank rejected a payment"),
    "suspended": ("Het contract is opgeschort", "The contract is suspended"),
    "terminated": ("Het contract is vroegtijdig stopgezet", "The contract was terminated early"),
    "expired": ("Het contract is vervallen", "The contract expired"),
    "pledge_refused": ("Een partner weigert zijn engagement", "A partner refuses its pledge"),
    "partner_left": ("Een partner is weggevallen", "A partner left"),
    "amendment_open": ("Een addendum wacht op goedkeuring", "An amendment awaits approval"),
    "unsigned_pledge": ("Een engagement is nog niet ondertekend", "A pledge is not signed yet"),
}
ROLE: Mapping[str, Both] = {
    "applicant": ("het lokaal bestuur", "the local authority"),
    "partner": ("een partner", "a partner"),
    "case_handler": ("een dossierbeheerder", "a case handler"),
    "jury_secretary": ("het secretariaat van de jury", "the jury's secretariat"),
    "jury_member": ("een jurylid", "a jury member"),
    "jury_chair": ("de voorzitter van de jury", "the jury's chair"),
    "budget_officer": ("een begrotingsambtenaar", "a budget officer"),
    "finance_inspector": ("de Inspectie van Financiën", "the Inspectorate of Finance"),
    "government_secretary": ("het secretariaat van de regering", "the Government's secretariat"),
    "payment_approver": ("wie goedkeurt", "the approver"),
    "payment_releaser": ("wie vrijgeeft", "the releaser"),
    "inspector": ("een inspecteur", "an inspector"),
    "admin": ("de leiding van het agentschap", "the head of the agency"),
    "service": ("de toepassing zelf", "the system itself"),
}


def phrase(table: Mapping[str, Both], key: str, language: Language) -> str:
    """The words of a key; the key itself, readable, where the table does not know it."""
    found = table.get(key)
    if found is None:
        return key.replace("_", " ")
    return found[0] if language == "nl" else found[1]


TOPIC: Mapping[str, Both] = {
    "asked": ("Wat gevraagd werd", "What was asked"),
    "eligible": ("Of het aan de voorwaarden voldoet", "Whether it meets the conditions"),
    "advice": ("Wat de jury adviseert", "What the jury advises"),
    "ranked": ("Welke plaats het krijgt", "Which place it takes"),
    "fits": ("Of het in de enveloppe past", "Whether it fits in the envelope"),
    "agreed": ("Wat de regering beslist", "What the Government decides"),
    "decided": ("Wat het wordt", "What it comes to"),
}
SERVICE: Mapping[str, Both] = {
    "intake": ("Indiening", "Intake"),
    "eligibility": ("Onderzoek", "Eligibility"),
    "jury": ("Jury", "Jury"),
    "decision": ("Beslissing en contract", "Decision and contract"),
    "payment": ("Betaling", "Payment"),
}
