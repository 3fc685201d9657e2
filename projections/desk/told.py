"""The short names of facts and of what rules look at, in Dutch and in English.

The full sentence of a fact comes with the timeline; here stands the heading above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from projections.desk import figures
from projections.words import Language, word

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

TITLES: Mapping[str, tuple[str, str]] = {
    # the call
    "CallPublished": ("Oproep bekendgemaakt", "Call published"),
    "CallOpened": ("Oproep geopend", "Call opened"),
    "CallDeadlineExtended": ("Termijn verlengd", "Deadline extended"),
    "CallDeadlineCorrected": ("Termijn rechtgezet", "Deadline corrected"),
    "IndividualExtensionGranted": ("Individueel uitstel verleend", "Individual extension granted"),
    "CallClosed": ("Oproep gesloten", "Call closed"),
    "CallCancelled": ("Oproep geannuleerd", "Call cancelled"),
    "CaseNoted": ("Dossier in het register van de oproep", "Case in the call's register"),
    "DecisionNoted": ("Beslissing in het register van de oproep", "Decision in the call's register"),
    "CriteriaAdopted": ("Voorwaarden overgenomen", "Criteria adopted"),
    "PanelTermsAdopted": ("Regels voor de jury overgenomen", "Jury terms adopted"),
    "ScheduleAdopted": ("Betaalschema overgenomen", "Payment schedule adopted"),
    "BankFileMade": ("Betaalbestand opgemaakt", "Payment file made"),
    "BankFileHandedOver": ("Betaalbestand aan de bank gegeven", "Payment file given to the bank"),
    "EnvelopeSet": ("Enveloppe bepaald", "Envelope set"),
    "EnvelopeIncreased": ("Enveloppe verhoogd", "Envelope raised"),
    "EnvelopeDecreased": ("Enveloppe verlaagd", "Envelope cut"),
    "PanelComposed": ("Jury samengesteld", "Jury composed"),
    "MemberAppointed": ("Jurylid aangesteld", "Jury member appointed"),
    "MemberResigned": ("Jurylid nam ontslag", "Jury member resigned"),
    "MemberReplaced": ("Jurylid vervangen", "Jury member replaced"),
    "InterestsDeclared": ("Belangen gemeld", "Interests declared"),
    "RankingFixed": ("Rangschikking vastgesteld", "Ranking fixed"),
    "RankingReopened": ("Rangschikking heropend", "Ranking reopened"),
    "AwardProposalDrafted": ("Voorstel aan de regering opgemaakt", "Proposal to the Government drafted"),
    "DepartureReasoned": ("Afwijking met eigen motivering", "Departure with reasons of its own"),
    "StandstillBegan": ("Uitgesteld voorstel wacht", "Postponed proposal waits"),
    "ProposalHeld": ("Voorstel wacht op de rangschikking", "Proposal waits for the ranking"),
    "ProposalHoldLifted": ("Voorstel kan verder", "Proposal can go on"),
    "ProposalLapsed": ("Voorstel vervallen", "Proposal lapsed"),
    "DecisionPublished": ("Beslissing bekendgemaakt", "Decision published"),
    "InspectorateAdviceRecorded": ("Advies van de Inspectie van Financiën", "Advice of the Inspectorate of Finance"),
    "BudgetAgreementRecorded": ("Begrotingsakkoord", "Budget agreement"),
    "ProposalAgendaed": ("Op de agenda van de Vlaamse Regering", "On the Government's agenda"),
    "GovernmentDecisionRecorded": ("Beslissing van de Vlaamse Regering", "Decision of the Flemish Government"),
    # the application
    "DraftStarted": ("Aanvraag gestart", "Application started"),
    "DraftStepSaved": ("Deel van de aanvraag bewaard", "Part of the application saved"),
    "ApplicationSubmitted": ("Aanvraag ingediend", "Application submitted"),
    "AttachmentStored": ("Bijlage bewaard", "Attachment stored"),
    "AttachmentRefused": ("Bijlage geweigerd", "Attachment refused"),
    "FormFilled": ("Formulier ingevuld", "Form filled in"),
    "ReceiptAcknowledged": ("Ontvangst bevestigd", "Receipt acknowledged"),
    "LateSubmissionRecorded": ("Te laat ingediend", "Submitted late"),
    "CompletionRequested": ("Aanvulling gevraagd", "Supplement requested"),
    "CompletionSupplied": ("Aanvulling ontvangen", "Supplement received"),
    "CompletionTermLapsed": ("Termijn voor aanvulling verstreken", "Term for the supplement lapsed"),
    "LateSubmissionRegistered": ("Toch tijdig: opgenomen in de procedure", "In time after all: taken in"),
    "ApplicationWithdrawn": ("Aanvraag ingetrokken", "Application withdrawn"),
    "WithdrawalRefused": ("Intrekking geweigerd", "Withdrawal refused"),
    "ApplicationReopened": ("Dossier heropend door het agentschap", "File reopened by the agency"),
    "ApplicantSucceeded": ("Rechtsopvolging van de aanvrager", "Succession of the applicant"),
    "ApplicationLapsed": ("Aanvraag vervallen", "Application lapsed"),
    # eligibility
    "AssessmentStarted": ("Onderzoek gestart", "Assessment started"),
    "DossierSupplemented": ("Dossier aangevuld", "File supplemented"),
    "CheckRecorded": ("Regel getoetst", "Rule applied"),
    "HumanCheckRecorded": ("Controle door een behandelaar", "Check by a case handler"),
    "DerogationGranted": ("Afwijking toegestaan", "Derogation granted"),
    "CostsDeclared": ("Kosten voor het register", "Costs for the register"),
    "CostsRegistered": ("Register van de aanvrager bijgewerkt", "Register of the applicant brought up to date"),
    "ClarificationRequested": ("Verduidelijking gevraagd", "Clarification requested"),
    "ClarificationReceived": ("Verduidelijking ontvangen", "Clarification received"),
    "ClarificationTermLapsed": ("Termijn voor verduidelijking verstreken", "Term for the clarification lapsed"),
    "AssessmentRevised": ("Beoordeling heropend", "Assessment opened again"),
    "DeclaredAdmissible": ("Ontvankelijk verklaard", "Declared admissible"),
    "DeclaredInadmissible": ("Onontvankelijk verklaard", "Declared inadmissible"),
    "DeclaredEligible": ("Voldoet aan de voorwaarden", "Declared eligible"),
    "DeclaredIneligible": ("Voldoet niet aan de voorwaarden", "Declared ineligible"),
    "AssessmentSucceeded": ("Beoordeling voor de rechtsopvolger", "Assessment for the successor"),
    "AssessmentLapsed": ("Onderzoek vervallen", "Assessment lapsed"),
    # the jury
    "CaseAdmittedToPanel": ("Aan de jury voorgelegd", "Put before the jury"),
    "CaseSetAside": ("Opzijgelegd door de jury", "Set aside by the jury"),
    "CaseReadmitted": ("Opnieuw voor de jury", "Before the jury again"),
    "CaseSucceeded": ("Bij de jury voor de rechtsopvolger", "Before the jury for the successor"),
    "CaseLeftPanel": ("Niet meer voor de jury", "No longer before the jury"),
    "ApplicationAssigned": ("Aan juryleden toegewezen", "Assigned to jury members"),
    "ConflictSuggested": ("Vermoeden van belangenconflict", "Conflict of interest suggested"),
    "ConflictDismissed": ("Vermoeden verworpen", "Suggestion dismissed"),
    "ConflictRecorded": ("Belangenconflict vastgesteld", "Conflict of interest established"),
    "MemberRecused": ("Een jurylid onthoudt zich", "A jury member is recused"),
    "ScoreSubmitted": ("Punten gegeven", "Points given"),
    "ScoreRefused": ("Punten geweigerd", "Points refused"),
    "ScoreCorrected": ("Punten verbeterd", "Points corrected"),
    "ScoreVoided": ("Punten vervallen", "Points voided"),
    "DeliberationOpened": ("Beraadslaging geopend", "Deliberation opened"),
    "ConsensusReached": ("Consensus in de jury", "Consensus in the jury"),
    "SecretBallotHeld": ("Geheime stemming", "Secret ballot"),
    "CastingVoteUsed": ("Beslissende stem van de voorzitter", "The chair's casting vote"),
    "MemberLeftFile": ("Jurylid geeft het dossier af", "Jury member lets go of the file"),
    "OutcomeVoided": ("Uitkomst vervallen", "Outcome voided"),
    "QuorumLost": ("Quorum weggevallen", "Quorum lost"),
    "ProvisionalAdviceSent": ("Voorlopig advies verstuurd", "Provisional advice sent"),
    "ApplicantReplied": ("Aanvrager antwoordde", "Applicant replied"),
    "LateReplyRecorded": ("Antwoord te laat", "Reply too late"),
    "ReplyTermLapsed": ("Termijn voor antwoord verstreken", "Term to reply lapsed"),
    "EvaluationReopened": ("Beoordeling heropend", "Evaluation reopened"),
    "AdviceAdopted": ("Gemotiveerd advies van de jury", "Reasoned advice of the jury"),
    # the decision
    "CandidateRegistered": ("Kandidaat voor de beslissing", "Candidate for the decision"),
    "CandidateSetAside": ("Kandidaat opzijgelegd", "Candidate set aside"),
    "CandidateSucceeded": ("Kandidaat opgevolgd", "Candidate succeeded"),
    "CandidateWithdrawn": ("Kandidaat teruggetrokken", "Candidate withdrawn"),
    "AmountReserved": ("Bedrag gereserveerd", "Amount reserved"),
    "ReservationRefused": ("Reservering geweigerd", "Reservation refused"),
    "ReservationReleased": ("Reservering vrijgegeven", "Reservation released"),
    "GrantAwarded": ("Subsidie toegekend", "Grant awarded"),
    "GrantRefused": ("Niet toegekend", "Not awarded"),
    "NoticeGiven": ("Aanvrager in kennis gesteld", "Applicant notified"),
    "GrantDenied": ("Niet toegekend, met eigen motivering", "Not awarded, with reasons of its own"),
    "PlacedOnReserve": ("Op de reservelijst", "On the reserve list"),
    "MovedUpFromReserve": ("Opgeschoven van de reservelijst", "Moved up from the reserve list"),
    "ReserveLapsed": ("Reservelijst vervallen", "Reserve list lapsed"),
    "MoneyReturned": ("Geld terug in de enveloppe", "Money back in the envelope"),
    "AwardWaived": ("Aan de toekenning verzaakt", "Award waived"),
    "AwardAdjusted": ("Toekenning aangepast", "Award adjusted"),
    "DecisionSuperseded": ("Beslissing vervangen en vernietigd", "Decision replaced and annulled"),
    "DecisionRetracted": ("Beslissing ingetrokken", "Decision retracted"),
    "AppealLodged": ("Beroep ingesteld", "Appeal lodged"),
    "AppealDismissed": ("Beroep verworpen", "Appeal dismissed"),
    "DecisionSuspended": ("Beslissing geschorst", "Decision suspended"),
    "SuspensionLifted": ("Schorsing opgeheven", "Suspension lifted"),
    "DecisionAnnulled": ("Beslissing vernietigd", "Decision annulled"),
    "ApplicantNotified": ("Aanvrager in kennis gesteld", "Applicant notified"),
    # the contract
    "ContractDrafted": ("Contract opgemaakt", "Contract drafted"),
    "ContractRedrafted": ("Contract opnieuw opgemaakt", "Contract drafted again"),
    "PledgeSigned": ("Engagement ondertekend", "Pledge signed"),
    "PledgeRefused": ("Engagement geweigerd", "Pledge refused"),
    "PartnerLeft": ("Partner stapt uit", "A partner left"),
    "ActionPlanned": ("Actie gepland", "Action planned"),
    "ActionDiscontinued": ("Actie stopgezet", "Action discontinued"),
    "IndicatorRecorded": ("Indicator gemeten", "Indicator measured"),
    "AmendmentProposed": ("Addendum voorgesteld", "Amendment proposed"),
    "AmendmentApproved": ("Addendum goedgekeurd", "Amendment approved"),
    "AmendmentRefused": ("Addendum geweigerd", "Amendment refused"),
    "AmendmentWithdrawn": ("Addendum teruggenomen", "Amendment withdrawn"),
    "ContractActivated": ("Contract in werking", "Contract in force"),
    "BudgetShifted": ("Budget verschoven", "Budget shifted"),
    "BudgetShiftRefused": ("Budgetverschuiving geweigerd", "Budget shift refused"),
    "BeneficiarySucceeded": ("Rechtsopvolging", "Succession"),
    "AwardAdopted": ("Contract volgt de nieuwe beslissing", "Contract follows the new decision"),
    "TermExtended": ("Looptijd verlengd", "Term extended"),
    "ContractSuspended": ("Contract opgeschort", "Contract suspended"),
    "ContractResumed": ("Opschorting opgeheven", "Contract resumed"),
    "ContractTerminated": ("Contract stopgezet", "Contract terminated"),
    "ContractExpired": ("Contract vervallen", "Contract expired"),
    "ContractCompleted": ("Looptijd voorbij", "Term ended"),
    "ContractClosed": ("Contract afgesloten", "Contract closed"),
    # payment
    "FundsCommitted": ("Bedrag vastgelegd", "Amount committed"),
    "CommitmentRefused": ("Vastlegging geweigerd", "Commitment refused"),
    "AccountActivated": ("Uitbetalen kan beginnen", "Payments can begin"),
    "BankAccountConfirmed": ("Rekening bevestigd", "Bank account confirmed"),
    "AccountSucceeded": ("Rechten en schulden naar de opvolger", "Rights and debts pass to the successor"),
    "FundsDecommitted": ("Vrijgegeven uit vastlegging", "Decommitted"),
    "AuditFindingRecorded": ("Vaststelling bij controle", "Audit finding"),
    "CostDisallowed": ("Kost verworpen", "Cost disallowed"),
    "FinalAccountSettled": ("Eindafrekening", "Final account"),
    "OverpaymentEstablished": ("Te veel betaald", "Overpayment established"),
    "AccountClosed": ("Rekening van het dossier gesloten", "Case account closed"),
    "ReportExpected": ("Verslag verwacht", "Report expected"),
    "ReportOverdue": ("Verslag te laat", "Report overdue"),
    "ReportSubmitted": ("Verslag ingediend", "Report submitted"),
    "ReportAccepted": ("Verslag aanvaard", "Report accepted"),
    "ClaimSubmitted": ("Schuldvordering ingediend", "Claim submitted"),
    "ReportReminded": ("Herinnering aan het verslag", "Reminder of the report"),
    "ReportCorrectionRequested": ("Verbetering van het verslag gevraagd", "Correction of the report requested"),
    "ReportRejected": ("Verslag niet aanvaard", "Report not accepted"),
    "PaymentWithheld": ("Betaling ingehouden", "Payment withheld"),
    "WithholdingReleased": ("Inhouding opgeheven", "Withholding lifted"),
    "ClaimPartiallyApproved": ("Schuldvordering deels goedgekeurd", "Claim partly approved"),
    "ClaimRejected": ("Schuldvordering geweigerd", "Claim rejected"),
    "PaymentOrderCancelled": ("Betalingsorder teruggenomen", "Payment order taken back"),
    "PaymentReturned": ("Betaling teruggekomen", "Payment returned"),
    "AwardChanged": ("Schijven herrekend", "Tranches planned anew"),
    "CommitmentRaised": ("Bijkomend vastgelegd", "More committed"),
    "AccountTermExtended": ("Kosten tellen langer", "Costs count longer"),
    "AccountSuspended": ("Betalingen opgeschort", "Payments suspended"),
    "AccountResumed": ("Betalingen hervat", "Payments resumed"),
    "AccountTerminated": ("Afrekening na stopzetting", "To be settled after termination"),
    "AccountReopened": ("Rekening heropend", "Account reopened"),
    "RetentionTermSet": ("Bewaartermijn bepaald", "Retention term set"),
    "RetentionTermLapsed": ("Bewaartermijn verstreken", "Retention term lapsed"),
    "AccountRenewed": ("Rekening begint opnieuw", "Account begins anew"),
    "InspectionRecorded": ("Controle ter plaatse", "Inspection on site"),
    "InterimDecisionRecorded": ("Tussentijdse beslissing", "Interim decision"),
    "CostReinstated": ("Verworpen kost telt weer", "Disallowed cost counts again"),
    "DefaultNoticeGiven": ("Ingebrekestelling", "Default notice"),
    "ClaimTermSet": ("Termijn voor de schuldvordering", "Term for the claim"),
    "ClaimTermLapsed": ("Schuldvordering vervallen", "Claim lapsed"),
    "ClaimApproved": ("Schuldvordering goedgekeurd", "Claim approved"),
    "PaymentOrdered": ("Betaling besteld", "Payment ordered"),
    "PaymentFileReleased": ("Betaling vrijgegeven", "Payment released"),
    "PaymentExecuted": ("Betaald", "Paid"),
    "PaymentRejectedByBank": ("Door de bank geweigerd", "Rejected by the bank"),
    "RecoveryOrdered": ("Terugvordering bevolen", "Recovery ordered"),
    "RecoveryOffset": ("Terugvordering verrekend", "Recovery set off"),
    "RecoveryContested": ("Terugvordering betwist", "Recovery contested"),
    "ContestDecided": ("Over het bezwaar beslist", "Contest decided"),
    "InstalmentPlanAgreed": ("Afbetalingsplan", "Instalment plan"),
    "InstalmentMissed": ("Afbetaling gemist", "Instalment missed"),
    "RecoveryWaived": ("Kwijtgescholden", "Waived"),
    "RecoveryTransferred": ("Naar gedwongen invordering", "Handed to collection"),
    "RepaymentReceived": ("Terugbetaling ontvangen", "Repayment received"),
}

CODES: Mapping[str, tuple[str, str]] = {
    "TOTAL_ELIGIBLE_COST": ("totale aanvaardbare kosten", "total eligible cost"),
    "SUBSIDY": ("subsidie", "subsidy"),
    "personnel": ("personeel", "personnel"),
    "operating": ("werking", "operating costs"),
    "studies": ("studies en onderzoek", "studies and research"),
    "infrastructure": ("infrastructuur", "infrastructure"),
    "stop_at_first_misfit": ("stopt bij het eerste dossier dat niet past", "stops at the first file that does not fit"),
    "earlier_submission_first": ("de vroegste indiening eerst", "the earlier submission first"),
    "lower_amount_first": ("het laagste bedrag eerst", "the lower amount first"),
}
LABELS: Mapping[str, tuple[str, str]] = {
    "amount_cents": ("bedrag", "amount"),
    "requested_cents": ("gevraagd", "requested"),
    "required_cents": ("nodig", "required"),
    "own_cents": ("eigen inbreng", "own contribution"),
    "partner_cash_cents": ("inbreng van partners", "partners' cash"),
    "in_kind_cents": ("inbreng in natura", "in kind"),
    "other_flemish_cents": ("andere Vlaamse middelen", "other Flemish money"),
    "total_cost_cents": ("totale kosten", "total cost"),
    "subsidy_cents": ("subsidie", "subsidy"),
    "cap_cents": ("maximum per contract", "cap per contract"),
    "proposed_cents": ("voorgesteld", "proposed"),
    "advised_cents": ("geadviseerd", "advised"),
    "awarded_cents": ("toegekend", "awarded"),
    "committed_cents": ("vastgelegd", "committed"),
    "paid_cents": ("betaald", "paid"),
    "envelope_cents": ("enveloppe", "envelope"),
    "min_rate_bp": ("minimaal aandeel", "minimum rate"),
    "max_share_bp": ("hoogste aandeel", "highest share"),
    "score_bp": ("score", "score"),
    "threshold_bp": ("drempel", "threshold"),
    "base": ("basis", "base"),
    "readings": ("de vier lezingen", "the four readings"),
    "present_cents": ("telt voor", "counts for"),
    "counts_partner_cash": ("inbreng van partners telt mee", "partners' cash counts"),
    "counts_in_kind": ("inbreng in natura telt mee", "contributions in kind count"),
    "excludes_other_flemish_subsidy": ("andere Vlaamse subsidie telt niet mee", "other Flemish subsidy does not count"),
    "category": ("kostensoort", "cost category"),
    "submitted_at": ("ingediend op", "submitted at"),
    "deadline": ("termijn", "deadline"),
    "deadline_utc": ("einde van de termijn", "end of the term"),
    "zone": ("tijdzone", "time zone"),
    "present": ("aanwezig", "present"),
    "required": ("vereist", "required"),
    "missing": ("ontbreekt", "missing"),
    "outcome": ("uitkomst", "outcome"),
    "rank": ("rang", "rank"),
    "nis": ("NIS-code", "NIS code"),
    "ovo": ("OVO-code", "OVO code"),
}


def title(type_: str, language: Language) -> str:
    """What happened, in a few words; the type itself if no words were given to it."""
    return TITLES.get(type_, (type_, type_))[0 if language == "nl" else 1]


def value_of(name: str, value: Any, language: Language) -> str:
    """One value by the ending of its name: cents as euros, basis points as a share, moments as people write them."""
    match value:
        case None:
            return "–"
        case bool():
            return ("ja" if value else "nee") if language == "nl" else ("yes" if value else "no")
        case int() if name.endswith("_cents"):
            return figures.euro(value, language)
        case int() if name.endswith("_bp"):
            return figures.share(value, language)
        case int():
            return str(value)
        case str():
            return _text(value, language)
        case Mapping():
            return "; ".join(f"{label(key, language)}: {value_of(key, one, language)}" for key, one in value.items())
        case list() | tuple():
            return ", ".join(value_of(name, one, language) for one in value) or "–"
        case _:
            return str(value)


def _text(value: str, language: Language) -> str:
    if _INSTANT.fullmatch(value):
        return figures.time_of(value, language)
    if _DAY.fullmatch(value):
        return figures.day(value, language)
    known = CODES.get(value)
    return known[0 if language == "nl" else 1] if known else word(value, language)


def label(name: str, language: Language) -> str:
    """The name of an input as a person can read it, without the ending that only says how it is written."""
    known = LABELS.get(name)
    if known is not None:
        return known[0 if language == "nl" else 1]
    for ending in ("_cents", "_bp", "_utc"):
        name = name.removesuffix(ending)
    return name.replace("_", " ")
