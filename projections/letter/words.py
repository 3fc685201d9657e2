"""The letter's own words, Dutch and English. What facts carry as sentences is quoted, never said again here.

How a value is written (`:euro`, `:day`, `:hour`, `:rate`, `:word`) is that of all views (`projections.words`).
"""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # What it is
    "title_awarded": ("Toekenning van een subsidie", "Award of a grant"),
    "title_refused": ("Beslissing om geen subsidie toe te kennen", "Decision not to award a grant"),
    "title_reserve": (
        "Beslissing: uw aanvraag staat op de reservelijst",
        "Decision: your application is on the reserve list",
    ),
    "title_lapsed": ("Beslissing: de reservelijst is vervallen", "Decision: the reserve list has lapsed"),
    "title_retracted": ("Intrekking van een beslissing", "Retraction of a decision"),
    "title_inadmissible": ("Beslissing: uw aanvraag is onontvankelijk", "Decision: your application is inadmissible"),
    "title_ineligible": (
        "Beslissing: uw aanvraag voldoet niet aan de voorwaarden",
        "Decision: your application does not meet the conditions",
    ),
    "subject": ("Beslissing en motivering", "Decision and statement of reasons"),
    "draft": (
        "Ontwerp: de aanvrager is nog niet in kennis gesteld.",
        "Draft: the applicant has not been notified yet.",
    ),
    "synthetic": (
        "Dit dossier is een voorbeeld: de gegevens zijn geheel of gedeeltelijk verzonnen.",
        "This case is an example: its data are wholly or partly invented.",
    ),
    # Who and what
    "to": ("Aan {name}", "To {name}"),
    "numbers": ("OVO-code {ovo}, ondernemingsnummer {kbo}", "OVO code {ovo}, enterprise number {kbo}"),
    "case_number": ("Dossiernummer", "Case number"),
    "project": ("Project", "Project"),
    "neighbourhood": ("Wijk", "Neighbourhood"),
    "requested": ("Gevraagde subsidie", "Grant requested"),
    "awarded": ("Toegekende subsidie", "Grant awarded"),
    "reference": ("Kenmerk van de beslissing", "Reference of the decision"),
    "legal_basis": ("Rechtsgrond", "Legal basis"),
    "budget_article": ("Begrotingsartikel", "Budget article"),
    "noticed": ("Datum van kennisgeving", "Date of notification"),
    # The decision
    "decision": ("De beslissing", "The decision"),
    "decided_awarded": (
        "De Vlaamse Regering heeft op {meeting:day}, met kenmerk {reference}, beslist om aan {name} een subsidie van "
        "{amount_cents:euro} toe te kennen voor het project ‘{project}’ in de wijk {neighbourhood}. U vroeg "
        "{requested_cents:euro}.",
        "On {meeting:day}, under reference {reference}, the Flemish Government decided to award {name} a grant of "
        "{amount_cents:euro} for the project ‘{project}’ in the neighbourhood {neighbourhood}. You requested "
        "{requested_cents:euro}.",
    ),
    "decided_refused": (
        "De Vlaamse Regering heeft op {meeting:day}, met kenmerk {reference}, beslist om het project ‘{project}’ in "
        "de wijk {neighbourhood} niet te subsidiëren. U vroeg {requested_cents:euro}.",
        "On {meeting:day}, under reference {reference}, the Flemish Government decided not to fund the project "
        "‘{project}’ in the neighbourhood {neighbourhood}. You requested {requested_cents:euro}.",
    ),
    "decided_reserve": (
        "De Vlaamse Regering heeft op {meeting:day}, met kenmerk {reference}, het project ‘{project}’ in de wijk "
        "{neighbourhood} op de reservelijst geplaatst. U vroeg {requested_cents:euro}. Komt er krediet vrij, dan wordt "
        "de volgende aanvraag op de lijst opnieuw voorgesteld.",
        "On {meeting:day}, under reference {reference}, the Flemish Government placed the project ‘{project}’ in the "
        "neighbourhood {neighbourhood} on the reserve list. You requested {requested_cents:euro}. If money comes free, "
        "the next application on the list is proposed again.",
    ),
    "reserve_until": (
        "De reservelijst geldt tot en met {until.utc:hour}.",
        "The reserve list is valid until {until.utc:hour}.",
    ),
    "decided_lapsed": (
        "De reservelijst van de beslissing met kenmerk {reference} is vervallen. Het project ‘{project}’ in de wijk "
        "{neighbourhood}, waarvoor u {requested_cents:euro} vroeg, krijgt daarom geen subsidie.",
        "The reserve list of the decision under reference {reference} has lapsed. The project ‘{project}’ in the "
        "neighbourhood {neighbourhood}, for which you requested {requested_cents:euro}, therefore receives no grant.",
    ),
    "decided_retracted": (
        "De beslissing over het project ‘{project}’ in de wijk {neighbourhood}, waarvoor u {requested_cents:euro} "
        "vroeg, is op {decided_at:hour} ingetrokken, met kenmerk {reference}. Tot er een nieuwe beslissing is, geldt "
        "er geen.",
        "The decision on the project ‘{project}’ in the neighbourhood {neighbourhood}, for which you requested "
        "{requested_cents:euro}, was retracted on {decided_at:hour}, under reference {reference}. Until a new decision "
        "is taken, none is in force.",
    ),
    "replaces": (
        "Deze beslissing vervangt en vernietigt de beslissing met kenmerk {replaces}.",
        "This decision replaces and annuls the decision under reference {replaces}.",
    ),
    "takes_back": (
        "Ingetrokken wordt de beslissing met kenmerk {replaces}.",
        "The decision taken back is the one under reference {replaces}.",
    ),
    "motive_departed": (
        "Er wordt afgeweken van de rangschikking of van het advies van de jury, om deze redenen:",
        "The decision departs from the ranking or from the advice of the jury, for these reasons:",
    ),
    "motive_decided_anew": (
        "Er is opnieuw beslist, om deze redenen:",
        "The decision was taken anew, for these reasons:",
    ),
    "motive_superseded": (
        "De vorige beslissing wordt vervangen om deze redenen:",
        "The earlier decision is replaced for these reasons:",
    ),
    "motive_retracted": (
        "De beslissing wordt ingetrokken om deze redenen:",
        "The decision is retracted for these reasons:",
    ),
    "decided_inadmissible": (
        "Uw aanvraag voor het project ‘{project}’ in de wijk {neighbourhood}, waarvoor u {requested_cents:euro} vroeg, "
        "is op {decided_at:hour} onontvankelijk verklaard. De jury van deskundigen beoordeelt ze daarom niet.",
        "Your application for the project ‘{project}’ in the neighbourhood {neighbourhood}, for which you requested "
        "{requested_cents:euro}, was declared inadmissible on {decided_at:hour}. The jury of experts therefore does "
        "not assess it.",
    ),
    "decided_ineligible": (
        "Uw aanvraag voor het project ‘{project}’ in de wijk {neighbourhood}, waarvoor u {requested_cents:euro} vroeg, "
        "voldoet niet aan de voorwaarden van de oproep; dat is op {decided_at:hour} vastgesteld. De jury van "
        "deskundigen beoordeelt ze daarom niet.",
        "Your application for the project ‘{project}’ in the neighbourhood {neighbourhood}, for which you requested "
        "{requested_cents:euro}, does not meet the conditions of the call; that was concluded on {decided_at:hour}. "
        "The jury of experts therefore does not assess it.",
    ),
    "term": (
        "Het contract loopt van {start:day} tot en met {end:day}.",
        "The contract runs from {start:day} to {end:day}.",
    ),
    # Why
    "reasons": ("Waarom deze beslissing", "Why this decision"),
    "advice": ("Het advies van de jury van deskundigen", "The advice of the jury of experts"),
    "advised": (
        "De jury heeft op {adopted_at:hour} een advies aangenomen dat {outcome:word} is. De aanvraag kreeg een gewogen "
        "score van {score_bp:rate}; een gunstig advies vereist minstens {threshold_bp:rate}. De jury stelt een "
        "subsidie van {proposed_cents:euro} voor.",
        "On {adopted_at:hour} the jury adopted an advice that is {outcome:word}. The application received a weighted "
        "score of {score_bp:rate}; a favourable advice needs at least {threshold_bp:rate}. The jury proposes a grant "
        "of {proposed_cents:euro}.",
    ),
    "criterion": ("Criterium", "Criterion"),
    "weight": ("Gewicht", "Weight"),
    "score": ("Score", "Score"),
    "reason": ("Motivering", "Reasons"),
    "conditions": ("Voorwaarden bij het advies", "Conditions of the advice"),
    "reduced": (
        "Dat bedrag is lager dan het gevraagde, om deze reden:",
        "That amount is lower than the one requested, for this reason:",
    ),
    "cooperation": ("De jury legt samenwerking op met", "The jury imposes cooperation with"),
    "report": ("Verslag van de jury", "Report of the jury"),
    # The right of reply
    "reply": ("Uw recht van antwoord", "Your right of reply"),
    "provisional": (
        "De jury bezorgde u op {sent_at:hour} een voorlopig advies: {outcome:word}, met een voorgestelde subsidie van "
        "{proposed_cents:euro}. U kon tot en met {due.utc:hour} op feitelijke fouten wijzen.",
        "On {sent_at:hour} the jury sent you a provisional advice: {outcome:word}, with a proposed grant of "
        "{proposed_cents:euro}. You could point at errors of fact until {due.utc:hour}.",
    ),
    "replied": (
        "U antwoordde op {replied_at:hour} met deze opmerkingen:",
        "You replied on {replied_at:hour} with these remarks:",
    ),
    "replied_nothing": (
        "U antwoordde op {replied_at:hour} dat u geen opmerkingen had.",
        "You replied on {replied_at:hour} that you had no remarks.",
    ),
    "remark_on": ("Over het criterium ‘{criterion}’:", "On the criterion ‘{criterion}’:"),
    "answer": ("De jury zegt daarover:", "The jury says of that:"),
    "reply_lapsed": ("Binnen die termijn kwam er geen antwoord.", "No reply came within that term."),
    "reply_late": (
        "Een antwoord kwam na de termijn, op {late_at:hour}. De jury heeft er geen rekening mee gehouden.",
        "A reply came after the term, on {late_at:hour}. The jury did not take it into account.",
    ),
    "ranking": ("De rangschikking en het krediet", "The ranking and the envelope"),
    "placed": (
        "De aanvraag staat op plaats {rank} van {files}. Het krediet van de oproep bedraagt {envelope_cents:euro}. Aan "
        "de hoger gerangschikte aanvragen gaat samen {before_cents:euro}; daarna is nog {left_before_cents:euro} over. "
        "Het advies stelt {advised_cents:euro} voor.",
        "The application stands at place {rank} of {files}. The envelope of the call is {envelope_cents:euro}. The "
        "applications ranked higher receive {before_cents:euro} together; after them {left_before_cents:euro} is left. "
        "The advice proposes {advised_cents:euro}.",
    ),
    "cut": (
        "Er worden {proposed_files} aanvragen gesubsidieerd. De laatste daarvan staat op plaats {last_rank}, met een "
        "score van {last_score_bp:rate}; deze aanvraag heeft een score van {score_bp:rate}. Resultaat voor deze "
        "aanvraag: {code:word}.",
        "{proposed_files} applications are funded. The last of them stands at place {last_rank}, with a score of "
        "{last_score_bp:rate}; this application has a score of {score_bp:rate}. Result for this application: "
        "{code:word}.",
    ),
    "procedure": ("De adviezen en de Vlaamse Regering", "The opinions and the Flemish Government"),
    "inspected_yes": (
        "De Inspectie van Financiën gaf op {given_at:hour} een gunstig advies over het voorstel, met kenmerk "
        "{reference}.",
        "On {given_at:hour} the Inspectorate of Finance gave a favourable advice on the proposal, under reference "
        "{reference}.",
    ),
    "inspected_no": (
        "De Inspectie van Financiën gaf op {given_at:hour} een ongunstig advies over het voorstel, met kenmerk "
        "{reference}.",
        "On {given_at:hour} the Inspectorate of Finance gave an unfavourable advice on the proposal, under reference "
        "{reference}.",
    ),
    "agreed_yes": (
        "De minister bevoegd voor de begroting gaf op {given_at:hour} het begrotingsakkoord, met kenmerk {reference}.",
        "On {given_at:hour} the minister of budget gave the budget agreement, under reference {reference}.",
    ),
    "agreed_no": (
        "De minister bevoegd voor de begroting weigerde op {given_at:hour} het begrotingsakkoord, met kenmerk "
        "{reference}.",
        "On {given_at:hour} the minister of budget withheld the budget agreement, under reference {reference}.",
    ),
    "sitting": (
        "De Vlaamse Regering behandelde het voorstel op {meeting:day}: {result:word}, met kenmerk {reference}.",
        "The Flemish Government considered the proposal on {meeting:day}: {result:word}, under reference {reference}.",
    ),
    # What was awarded
    "grant": ("De toegekende begroting", "The budget as awarded"),
    "category": ("Kostencategorie", "Cost category"),
    "cost": ("Kost", "Cost"),
    "subsidy": ("Subsidie", "Grant"),
    "total": ("Totaal", "Total"),
    "financing": ("De financiering", "The financing"),
    "source": ("Bron", "Source"),
    "party": ("Partij", "Party"),
    "amount": ("Bedrag", "Amount"),
    "partners": ("De partners en hun engagement", "The partners and their pledges"),
    "partner": ("Partner", "Partner"),
    "pledge": ("Engagement", "Pledge"),
    "mandatory": ("Vereist", "Mandatory"),
    "tranches": ("De uitbetaling", "Payment"),
    "tranche": ("Schijf", "Tranche"),
    "share": ("Aandeel", "Share"),
    "when": ("Wanneer", "When"),
    "contract_active": ("zodra het contract in werking is", "once the contract is in force"),
    "report_accepted": ("na goedkeuring van: {report}", "after acceptance of: {report}"),
    "final_account_settled": ("na de eindafrekening", "after the final account"),
    "reports": ("De verslagen die u bezorgt", "The reports you hand in"),
    "period": ("Periode", "Period"),
    "report_name": ("Verslag", "Report"),
    "due": ("Uiterlijk op", "Not later than"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "src_subsidy": ("Subsidie", "Grant"),
    "src_own": ("Eigen inbreng", "Own contribution"),
    "src_partner_cash": ("Geld van een partner", "A partner's cash"),
    "src_in_kind": ("Inbreng in natura", "In kind"),
    "src_other_flemish": ("Andere Vlaamse subsidie", "Other Flemish subsidy"),
    # Appeal
    "appeal": ("Wat u kunt doen als u het niet eens bent", "What you can do if you disagree"),
    "appeal_from": (
        "De termijn begint te lopen bij deze kennisgeving, op {at:hour}.",
        "The term begins to run at this notification, on {at:hour}.",
    ),
    "appeal_until": (
        "U kunt beroep instellen tot en met {until.utc:hour}.",
        "You can lodge an appeal until {until.utc:hour}.",
    ),
    "appeal_receipt": (
        "De termijn begint te lopen wanneer u deze brief ontvangt.",
        "The term begins to run when you receive this letter.",
    ),
    "appeal_draft": (
        "De termijn om beroep in te stellen begint pas te lopen bij de kennisgeving.",
        "The term for an appeal begins to run only at the notification.",
    ),
    # Annexes
    "checks": ("Bijlage 1: elke toetsing", "Annex 1: every check"),
    "checks_intro": (
        "Elke regel is toegepast op gegevens uit het dossier; de plaats is die van het feit in het register.",
        "Each rule was applied to data of the case; the place is that of the fact in the log.",
    ),
    "rule": ("Regel", "Rule"),
    "met": ("Voldaan", "Met"),
    "place": ("Plaats", "Place"),
    "stage_eligibility": ("Ontvankelijkheid en voorwaarden", "Admissibility and conditions"),
    "stage_advice": ("Advies van de jury", "Advice of the jury"),
    "stage_ranking": ("Rangschikking", "Ranking"),
    "stage_proposal": ("Voorstel aan de Vlaamse Regering", "Proposal to the Flemish Government"),
    "stage_government": ("Beslissing van de Vlaamse Regering", "Decision of the Flemish Government"),
    "stage_decision": ("Beslissing over deze aanvraag", "Decision on this application"),
    "steps": ("Bijlage 2: het verloop", "Annex 2: the course of the case"),
    "date": ("Datum", "Date"),
    "step": ("Stap", "Step"),
    "step_submitted": ("Aanvraag ingediend", "Application submitted"),
    "step_acknowledged": ("Ontvangst gemeld, dossiernummer gegeven", "Receipt acknowledged, case number given"),
    "step_completed": ("Aanvraag aangevuld", "Application completed"),
    "step_clarified": ("Verduidelijking ontvangen", "Clarification received"),
    "step_admissible": ("Ontvankelijk verklaard", "Declared admissible"),
    "step_eligible": ("Voldoet aan de voorwaarden", "Meets the conditions"),
    "step_advised": ("Advies van de jury aangenomen", "Advice of the jury adopted"),
    "step_provisional": ("Voorlopig advies van de jury bezorgd", "Provisional advice of the jury sent"),
    "step_replied": (
        "Antwoord van de aanvrager op het voorlopige advies",
        "Applicant's reply to the provisional advice",
    ),
    "step_reply_lapsed": ("Termijn om te antwoorden verstreken", "Term to reply lapsed"),
    "step_reply_late": ("Antwoord na de termijn", "Reply after the term"),
    "step_ranked": ("Rangschikking vastgesteld", "Ranking fixed"),
    "step_proposed": ("Voorstel aan de Vlaamse Regering opgemaakt", "Proposal to the Flemish Government drafted"),
    "step_inspected": ("Advies van de Inspectie van Financiën", "Advice of the Inspectorate of Finance"),
    "step_agreed": ("Begrotingsakkoord", "Budget agreement"),
    "step_goedgekeurd": ("Vlaamse Regering: goedgekeurd", "Flemish Government: approved (goedgekeurd)"),
    "step_uitgesteld": ("Vlaamse Regering: uitgesteld", "Flemish Government: postponed (uitgesteld)"),
    "step_ingetrokken": ("Vlaamse Regering: ingetrokken", "Flemish Government: withdrawn (ingetrokken)"),
    "step_akte_genomen": ("Vlaamse Regering: akte genomen", "Flemish Government: noted (akte genomen)"),
    "step_awarded": ("Subsidie toegekend", "Grant awarded"),
    "step_refused": ("Subsidie niet toegekend", "Grant not awarded"),
    "step_reserve": ("Op de reservelijst geplaatst", "Placed on the reserve list"),
    "step_lapsed": ("Reservelijst vervallen", "Reserve list lapsed"),
    "step_retracted": ("Beslissing ingetrokken", "Decision retracted"),
    "step_inadmissible": ("Onontvankelijk verklaard", "Declared inadmissible"),
    "step_ineligible": ("Voldoet niet aan de voorwaarden", "Does not meet the conditions"),
    "origin": (
        "Dit document is opgemaakt uit het register alleen. De beslissing staat daar op plaats {position}, als "
        "gebeurtenis {event_id}; elke gebeurtenis is elektronisch ondertekend door de dienst die haar vastlegde. "
        "Dezelfde gegevens zitten als JSON in dit bestand (letter.json).",
        "This document was made from the log alone. The decision stands there at position {position}, as event "
        "{event_id}; every event is signed electronically by the service that recorded it. The same data are enclosed "
        "in this file as JSON (letter.json).",
    ),
    "page": ("Bladzijde", "Page"),
    "of": ("van", "of"),
}
"""Key → Dutch and English."""
