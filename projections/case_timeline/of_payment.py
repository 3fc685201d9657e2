"""The sentences of the account: reports, claims, payments, control and debts."""

from __future__ import annotations

PAYMENT: dict[str, tuple[str, str]] = {
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
    "RetentionTermSet": (
        "De stukken van de afgesloten rekening worden bewaard tot {due.utc:hour} ({selection_rule}).",
        "The papers of the closed account are kept until {due.utc:hour} ({selection_rule}).",
    ),
    "RetentionTermLapsed": (
        "De bewaartermijn van de stukken is verstreken; bestemming: {destination:word}.",
        "The papers need not be kept any longer; destination: {destination:word}.",
    ),
    "AccountRenewed": (
        "De rekening van het dossier begint opnieuw, voor de nieuwe toekenning.",
        "The case account begins anew, for the new award.",
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
}
