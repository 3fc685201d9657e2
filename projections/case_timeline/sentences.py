"""One Dutch and one English sentence a fact. Total over the catalog: a new fact needs its sentence here.

A sentence names fields of the fact and how they are written (`projections.words`); it never names a sealed one.
"""

from __future__ import annotations

from projections.case_timeline.of_contract import CONTRACT
from projections.case_timeline.of_decision import DECISION
from projections.case_timeline.of_intake import INTAKE
from projections.case_timeline.of_jury import JURY

SENTENCES: dict[str, tuple[str, str]] = {
    **INTAKE,
    # Eligibility
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
    "AssessmentLapsed": (
        "Het onderzoek is vervallen: de aanvraag loopt niet meer.",
        "The assessment lapsed: the application is no longer live.",
    ),
    **JURY,
    **DECISION,
    # The contract
    "ContractDrafted": (
        "Het contract met {beneficiary.name} is opgemaakt voor {amount_cents:euro}.",
        "The contract with {beneficiary.name} was drafted for {amount_cents:euro}.",
    ),
    "PledgeSigned": (
        "De engagementsverklaring van partner {partner} is ondertekend.",
        "The pledge of partner {partner} was signed.",
    ),
    "ContractActivated": (
        "Het contract loopt van {term.start:day} tot en met {term.end:day}.",
        "The contract runs from {term.start:day} to {term.end:day}.",
    ),
    "BudgetShifted": (
        "{amount_cents:euro} is verschoven van {from_category} naar {to_category}.",
        "{amount_cents:euro} was shifted from {from_category} to {to_category}.",
    ),
    "BudgetShiftRefused": (
        "De verschuiving van {amount_cents:euro} van {from_category} naar {to_category} is geweigerd.",
        "The shift of {amount_cents:euro} from {from_category} to {to_category} was refused.",
    ),
    "BeneficiarySucceeded": (
        "{successor.name} volgt {previous.name} op vanaf {effective_at:hour}.",
        "{successor.name} succeeds {previous.name} from {effective_at:hour}.",
    ),
    "ContractCompleted": (
        "De contractperiode is afgelopen op {term.end:day}.",
        "The contract term ended on {term.end:day}.",
    ),
    "ContractClosed": (
        "Het contract is afgesloten: eindsubsidie {final_subsidy_cents:euro}, betaald {paid_cents:euro}, "
        "teruggevorderd {recovered_cents:euro}.",
        "The contract was closed: final subsidy {final_subsidy_cents:euro}, paid {paid_cents:euro}, "
        "recovered {recovered_cents:euro}.",
    ),
    # The decision
    "EnvelopeSet": (
        "Het krediet is vastgesteld op {amount_cents:euro} (artikel {budget_article}).",
        "The envelope was set at {amount_cents:euro} (article {budget_article}).",
    ),
    "EnvelopeIncreased": (
        "Het krediet is verhoogd met {increase_cents:euro} tot {amount_cents:euro}.",
        "The envelope was raised by {increase_cents:euro} to {amount_cents:euro}.",
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
    "CandidateWithdrawn": (
        "Het dossier is geen kandidaat meer: de aanvraag is ingetrokken.",
        "The file is no candidate any more: the application was withdrawn.",
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
    **CONTRACT,
    # The account
    "ScheduleAdopted": (
        "Het betalingsschema is overgenomen uit de oproep.",
        "The payment schedule was adopted from the call.",
    ),
    "BankFileMade": (
        "Betaalbestand {number} voor de bank is opgemaakt, samen {total_cents:euro}.",
        "Payment file {number} for the bank was made, {total_cents:euro} together.",
    ),
    "BankFileHandedOver": (
        "Betaalbestand {number} is aan de bank gegeven, samen {total_cents:euro}.",
        "Payment file {number} was given to the bank, {total_cents:euro} together.",
    ),
    "FundsCommitted": (
        "{amount_cents:euro} is vastgelegd op artikel {budget_article}.",
        "{amount_cents:euro} was committed on article {budget_article}.",
    ),
    "CommitmentRefused": (
        "De vastlegging van {amount_cents:euro} is geweigerd.",
        "The commitment of {amount_cents:euro} was refused.",
    ),
    "AccountActivated": (
        "Het contract is in werking: er kan geld worden gevraagd.",
        "The contract is in force: money can be claimed.",
    ),
    "BankAccountConfirmed": ("Bankrekening {ordinal} is bevestigd.", "Bank account {ordinal} was confirmed."),
    "AccountSucceeded": (
        "Rechten en schulden gaan over op {successor.name}.",
        "Rights and debts pass to {successor.name}.",
    ),
    "FundsDecommitted": (
        "{amount_cents:euro} van de vastlegging is vrijgegeven: {reason:word}.",
        "{amount_cents:euro} was decommitted: {reason:word}.",
    ),
    "PaymentWithheld": (
        "Inhouding {withholding}: betalingen worden tegengehouden (schijven: {tranches:list}).",
        "Withholding {withholding}: payments are held back (tranches: {tranches:list}).",
    ),
    "WithholdingReleased": ("Inhouding {withholding} is opgeheven.", "Withholding {withholding} was lifted."),
    "AwardChanged": (
        "De toekenning is nu {award_cents:euro} waard, voorheen {previous_cents:euro}; de schijven zijn herrekend.",
        "The award is now worth {award_cents:euro}, before {previous_cents:euro}; the tranches were planned anew.",
    ),
    "CommitmentRaised": (
        "{amount_cents:euro} is bijkomend vastgelegd.",
        "{amount_cents:euro} more was committed.",
    ),
    "AccountTermExtended": (
        "Kosten tellen tot en met {term.end:day}.",
        "Costs count up to and including {term.end:day}.",
    ),
    "AccountSuspended": (
        "Er wordt niets meer besteld of vrijgegeven: het contract is opgeschort.",
        "Nothing is ordered or released any more: the contract is suspended.",
    ),
    "AccountResumed": ("Er kan opnieuw betaald worden.", "Payments can go on."),
    "AccountTerminated": (
        "Het contract is voortijdig gestopt: wat verschuldigd is, wordt afgerekend.",
        "The contract ended before its time: what is owed will be settled.",
    ),
    "AccountReopened": (
        "De rekening is heropend: een betaling kwam terug.",
        "The account was reopened: a payment came back.",
    ),
    "InspectionRecorded": (
        "Controle ter plaatse op {inspected_on:day} ({reference}): {outcome:word}.",
        "Inspection on site on {inspected_on:day} ({reference}): {outcome:word}.",
    ),
    "InterimDecisionRecorded": (
        "Tussentijdse beslissing: {outcome:word}; {reached_bp:rate} van het doel is bereikt.",
        "Interim decision: {outcome:word}; {reached_bp:rate} of the target is reached.",
    ),
    "CostReinstated": (
        "Een verworpen kost in {category} telt weer: {amount_cents:euro}, waarvan {subsidy_cents:euro} subsidie.",
        "A disallowed cost in {category} counts again: {amount_cents:euro}, of which {subsidy_cents:euro} subsidy.",
    ),
    "AuditFindingRecorded": ("Auditvaststelling {finding} ({reference}).", "Audit finding {finding} ({reference})."),
    "CostDisallowed": (
        "Kosten verworpen in {category}: {amount_cents:euro}, waarvan {subsidy_cents:euro} subsidie.",
        "Cost disallowed in {category}: {amount_cents:euro}, of which {subsidy_cents:euro} subsidy.",
    ),
    "FinalAccountSettled": (
        "Eindafrekening: aanvaarde kosten {accepted_cents:euro}, eindsubsidie {final_subsidy_cents:euro}, "
        "nog te betalen {balance_cents:euro}.",
        "Final account: accepted costs {accepted_cents:euro}, final subsidy {final_subsidy_cents:euro}, "
        "left to pay {balance_cents:euro}.",
    ),
    "OverpaymentEstablished": (
        "Er is {amount_cents:euro} te veel betaald.",
        "{amount_cents:euro} too much was paid.",
    ),
    "AccountClosed": (
        "De rekening is afgesloten: alles is betaald en terugbetaald.",
        "The account was closed: everything was paid and paid back.",
    ),
    # Reports
    "ReportExpected": (
        "Verslag {report} wordt verwacht tegen {due.utc:hour}.",
        "Report {report} is expected by {due.utc:hour}.",
    ),
    "ReportReminded": (
        "Herinnering: verslag {report} wordt verwacht over {days} dagen, tegen {due.utc:hour}.",
        "Reminder: report {report} is due in {days} days, by {due.utc:hour}.",
    ),
    "ReportCorrectionRequested": (
        "Verslag {report} moet verbeterd worden tegen {due.utc:hour}.",
        "Report {report} is to be corrected by {due.utc:hour}.",
    ),
    "DefaultNoticeGiven": (
        "Ingebrekestelling: verslag {report} wordt een laatste maal gevraagd, tegen {due.utc:hour}.",
        "Default notice: report {report} is demanded a last time, by {due.utc:hour}.",
    ),
    "ReportRejected": (
        "Verslag {report} is niet aanvaard: {rejected_cents:euro} aan kosten telt niet.",
        "Report {report} was not accepted: {rejected_cents:euro} of costs do not count.",
    ),
    "ReportOverdue": (
        "Verslag {report} is niet binnen; de termijn liep tot {due.utc:hour}.",
        "Report {report} has not come; it was due {due.utc:hour}.",
    ),
    "ReportSubmitted": ("Verslag {report} is ingediend.", "Report {report} was submitted."),
    "ReportAccepted": (
        "Verslag {report} is aanvaard voor {accepted_cents:euro} aan kosten.",
        "Report {report} was accepted for {accepted_cents:euro} of costs.",
    ),
    # Claims and payments
    "ClaimTermSet": (
        "Schijf {tranche} kan gevraagd worden tot {due.utc:hour}.",
        "Tranche {tranche} can be claimed until {due.utc:hour}.",
    ),
    "ClaimTermLapsed": (
        "Schijf {tranche} is niet op tijd gevraagd; dat kon tot {due.utc:hour}.",
        "Tranche {tranche} was not claimed in time; it could be until {due.utc:hour}.",
    ),
    "ClaimSubmitted": (
        "Schuldvordering voor schijf {tranche}: {amount_cents:euro}.",
        "Claim for tranche {tranche}: {amount_cents:euro}.",
    ),
    "ClaimApproved": (
        "De schuldvordering voor schijf {tranche} is goedgekeurd: {amount_cents:euro}.",
        "The claim for tranche {tranche} was approved: {amount_cents:euro}.",
    ),
    "ClaimPartiallyApproved": (
        "Van de schuldvordering voor schijf {tranche} is {amount_cents:euro} van {claimed_cents:euro} goedgekeurd.",
        "Of the claim for tranche {tranche} {amount_cents:euro} of {claimed_cents:euro} was approved.",
    ),
    "ClaimRejected": (
        "De schuldvordering voor schijf {tranche} is geweigerd: {claimed_cents:euro}.",
        "The claim for tranche {tranche} was rejected: {claimed_cents:euro}.",
    ),
    "PaymentOrderCancelled": (
        "De order voor schijf {tranche} is teruggenomen: {amount_cents:euro}.",
        "The order for tranche {tranche} was taken back: {amount_cents:euro}.",
    ),
    "PaymentReturned": (
        "{amount_cents:euro} van schijf {tranche} kwam terug op {value_date:day} (code {code}).",
        "{amount_cents:euro} of tranche {tranche} came back on {value_date:day} (code {code}).",
    ),
    "PaymentOrdered": (
        "Betaling van schijf {tranche} geordonnanceerd: {amount_cents:euro}, waarvan {net_cents:euro} naar de bank.",
        "Payment of tranche {tranche} ordered: {amount_cents:euro}, of which {net_cents:euro} goes to the bank.",
    ),
    "PaymentFileReleased": (
        "Schijf {tranche} is vereffend: {net_cents:euro} gaat naar de bank.",
        "Tranche {tranche} was released: {net_cents:euro} goes to the bank.",
    ),
    "PaymentExecuted": (
        "De bank betaalde {amount_cents:euro} van schijf {tranche} op {value_date:day}.",
        "The bank paid {amount_cents:euro} of tranche {tranche} on {value_date:day}.",
    ),
    "PaymentRejectedByBank": (
        "De bank weigerde {amount_cents:euro} van schijf {tranche} (code {code}).",
        "The bank rejected {amount_cents:euro} of tranche {tranche} (code {code}).",
    ),
    # Recoveries
    "RecoveryOrdered": (
        "Terugvordering van {amount_cents:euro} van {debtor.name}: {ground:word}.",
        "Recovery of {amount_cents:euro} from {debtor.name}: {ground:word}.",
    ),
    "RecoveryOffset": (
        "{amount_cents:euro} van de terugvordering is verrekend met een betaling.",
        "{amount_cents:euro} of the recovery was set off against a payment.",
    ),
    "RepaymentReceived": (
        "Terugbetaling van {amount_cents:euro} ontvangen op {value_date:day}.",
        "Repayment of {amount_cents:euro} received on {value_date:day}.",
    ),
    "RecoveryContested": (
        "Terugvordering {recovery} wordt betwist.",
        "Recovery {recovery} is contested.",
    ),
    "ContestDecided": (
        "Over het bezwaar tegen terugvordering {recovery} is beslist: {outcome:word} ({reduced_cents:euro} minder).",
        "The contest of recovery {recovery} was decided: {outcome:word} ({reduced_cents:euro} less).",
    ),
    "InstalmentPlanAgreed": (
        "Terugvordering {recovery} wordt in {instalments:count} delen afbetaald.",
        "Recovery {recovery} is paid back in {instalments:count} parts.",
    ),
    "InstalmentMissed": (
        "Afbetaling {number} van terugvordering {recovery} kwam niet: {missing_cents:euro} ontbreekt.",
        "Instalment {number} of recovery {recovery} did not come: {missing_cents:euro} is missing.",
    ),
    "RecoveryWaived": (
        "{amount_cents:euro} van terugvordering {recovery} is kwijtgescholden ({basis}).",
        "{amount_cents:euro} of recovery {recovery} was waived ({basis}).",
    ),
    "RecoveryTransferred": (
        "{amount_cents:euro} van terugvordering {recovery} gaat naar gedwongen invordering ({collector}).",
        "{amount_cents:euro} of recovery {recovery} was handed to forced collection ({collector}).",
    ),
    # The log
    "KeyRegistered": ("De sleutel van {service} is geregistreerd.", "The key of {service} was registered."),
}
"""Fact type → Dutch and English."""

IN_CASE: dict[str, tuple[str, str]] = {
    "RankingFixed": (
        "Gerangschikt als {entry.rank} van {fact.entries:count}, score {entry.score_bp:rate}.",
        "Ranked {entry.rank} of {fact.entries:count}, score {entry.score_bp:rate}.",
    ),
    "AwardProposalDrafted": (
        "Ontwerpbeslissing {fact.proposal_version}: {entry.proposed_cents:euro} voorgesteld ({entry.code:word}); "
        "vóór dit dossier was er nog {entry.left_before_cents:euro}.",
        "Award proposal {fact.proposal_version}: {entry.proposed_cents:euro} proposed ({entry.code:word}); "
        "{entry.left_before_cents:euro} was left before this file.",
    ),
    "GovernmentDecisionRecorded": (
        "De Vlaamse Regering besliste op {fact.meeting:day}: {fact.result:word}; "
        "in het voorstel: {entry.proposed_cents:euro}.",
        "The Flemish Government decided on {fact.meeting:day}: {fact.result:word}; "
        "in the proposal: {entry.proposed_cents:euro}.",
    ),
}
"""The same for a fact about a whole call, told of one of the cases it lists (`entry`)."""

MILESTONES = frozenset(
    [
        "CallPublished",
        "CallDeadlineExtended",
        "CallClosed",
        "ApplicationSubmitted",
        "LateSubmissionRecorded",
        "ApplicationWithdrawn",
        "DeclaredInadmissible",
        "DeclaredEligible",
        "DeclaredIneligible",
        "ProvisionalAdviceSent",
        "AdviceAdopted",
        "EvaluationReopened",
        "RankingFixed",
        "RankingReopened",
        "EnvelopeSet",
        "EnvelopeIncreased",
        "EnvelopeDecreased",
        "GovernmentDecisionRecorded",
        "GrantAwarded",
        "GrantRefused",
        "GrantDenied",
        "PlacedOnReserve",
        "AwardWaived",
        "DecisionSuperseded",
        "DecisionRetracted",
        "DecisionSuspended",
        "DecisionAnnulled",
        "FundsCommitted",
        "ContractActivated",
        "BudgetShiftRefused",
        "BeneficiarySucceeded",
        "PledgeRefused",
        "PartnerLeft",
        "AmendmentApproved",
        "AmendmentRefused",
        "ActionDiscontinued",
        "TermExtended",
        "ContractSuspended",
        "ContractResumed",
        "ContractTerminated",
        "ContractExpired",
        "ReportOverdue",
        "ReportAccepted",
        "PaymentExecuted",
        "PaymentRejectedByBank",
        "PaymentReturned",
        "ReportRejected",
        "ClaimRejected",
        "CostDisallowed",
        "CostReinstated",
        "AccountTerminated",
        "InterimDecisionRecorded",
        "FinalAccountSettled",
        "RecoveryOrdered",
        "RecoveryOffset",
        "RepaymentReceived",
        "RecoveryContested",
        "ContestDecided",
        "RecoveryWaived",
        "RecoveryTransferred",
        "ContractCompleted",
        "ContractClosed",
    ]
)  # fmt: skip -- a list of words
"""What the compact view of a history shows."""
