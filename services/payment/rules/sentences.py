"""What the rules of payment say, by rule and code, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Mapping

Sentences = Mapping[str, tuple[str, str]]

SENTENCES: dict[str, Sentences] = {
    "P1": {
        "covered": (
            "Nu te betalen: {amount_cents}; al betaald of besteld: {paid_cents}; vastgelegd: {committed_cents}.",
            "To pay now: {amount_cents}; already paid or ordered: {paid_cents}; committed: {committed_cents}.",
        ),
        "free": (
            "{amount_cents} keert terug naar de enveloppe; van {committed_cents} is {paid_cents} betaald of gevraagd.",
            "{amount_cents} returns to the envelope; of {committed_cents}, {paid_cents} is paid or claimed.",
        ),
        "balanced": (
            "Betaald {paid_cents} min teruggekregen {recovered_cents} is de eindsubsidie van {final_subsidy_cents}.",
            "Paid {paid_cents} less recovered {recovered_cents} is the final subsidy of {final_subsidy_cents}.",
        ),
        "above_commitment": (
            "Met {amount_cents} erbij komt {paid_cents} boven de vastlegging van {committed_cents}.",
            "With {amount_cents} more, {paid_cents} would exceed the commitment of {committed_cents}.",
        ),
        "above_award": (
            "De vastlegging van {committed_cents} is hoger dan de toekenning van {award_cents}.",
            "The commitment of {committed_cents} exceeds the award of {award_cents}.",
        ),
        "payment_open": ("Er moet nog {unpaid_cents} betaald worden.", "{unpaid_cents} is still to be paid."),
        "recovery_open": (
            "Er moet nog {owed_cents} terugkomen; betaald {paid_cents}, teruggekregen {recovered_cents}.",
            "{owed_cents} is still to come back; paid {paid_cents}, recovered {recovered_cents}.",
        ),
    },
    "P2": {
        "conditions_met": (
            "De voorwaarden van schijf {tranche} zijn vervuld.",
            "The conditions of tranche {tranche} are met.",
        ),
        "no_contract_active": ("Het contract is niet in werking.", "The contract is not in force."),
        "no_condition_met": (
            "De voorwaarde van schijf {tranche} ({condition}) is niet vervuld.",
            "The condition of tranche {tranche} ({condition}) is not met.",
        ),
        "no_claim_approved": (
            "De schuldvordering voor schijf {tranche} is niet goedgekeurd.",
            "The claim for tranche {tranche} is not approved.",
        ),
        "no_bank_account_confirmed": ("Er is geen rekening bevestigd.", "No bank account is confirmed."),
        "contract_suspended": (
            "Het contract is opgeschort of de toekenning heeft geen uitwerking: er wordt niets besteld of vrijgegeven.",
            "The contract is suspended or the award has no effect: nothing is ordered or released.",
        ),
        "contract_terminated": (
            "Het contract is stopgezet: alleen de eindafrekening geeft nog recht op een saldo.",
            "The contract is terminated: only the final account can still leave a balance.",
        ),
        "project_stopped": (
            "De tussentijdse beslissing was om te stoppen: alleen het saldo kan nog gevraagd worden.",
            "The interim decision was to stop: only the balance can still be claimed.",
        ),
        "too_late": (
            "Schijf {tranche} kon gevraagd worden tot {until}.",
            "Tranche {tranche} could be claimed until {until}.",
        ),
        "no_interim_continue": (
            "Schijf {tranche} wacht op de beslissing om verder te gaan.",
            "Tranche {tranche} waits for the decision to go on.",
        ),
        "no_positive_inspection": (
            "Schijf {tranche} wacht op een gunstige controle ter plaatse.",
            "Tranche {tranche} waits for a positive inspection on site.",
        ),
        "withheld": (
            "De betaling van schijf {tranche} wordt ingehouden.",
            "The payment of tranche {tranche} is withheld.",
        ),
        "too_early": (
            "Schijf {tranche} kan gevraagd worden vanaf {first_day}.",
            "Tranche {tranche} can be claimed from {first_day} on.",
        ),
        "too_little_realised": (
            "Van {award_cents} is {realised_cents} verantwoord; schijf {tranche} vraagt {min_realised_bp}.",
            "{realised_cents} of {award_cents} is accounted for; tranche {tranche} asks for {min_realised_bp}.",
        ),
        "no_cost_lines": (
            "De schuldvordering voor schijf {tranche} moet kosten met bewijs opsommen.",
            "The claim for tranche {tranche} must list costs with their evidence.",
        ),
    },
    "INTERIM": {
        "stops": ("Het project stopt.", "The project stops."),
        "reached": (
            "Van het doel is {reached_bp} bereikt; nodig is {min_reached_bp}.",
            "{reached_bp} of the target is reached; {min_reached_bp} is needed.",
        ),
        "evaluated": (
            "Van het doel is {reached_bp} bereikt, minder dan {min_reached_bp}, maar de evaluatie is gunstig.",
            "{reached_bp} of the target is reached, less than {min_reached_bp}, but the evaluation is positive.",
        ),
        "too_little_reached": (
            "Van het doel is {reached_bp} bereikt; verdergaan vraagt {min_reached_bp} of een gunstige evaluatie.",
            "{reached_bp} of the target is reached; going on takes {min_reached_bp} or a positive evaluation.",
        ),
    },
    "P3": {
        "four_eyes": (
            "Wie vrijgeeft, heeft niet goedgekeurd en niet besteld.",
            "Who releases has neither approved nor ordered.",
        ),
        "releaser_approved": (
            "Wie de schuldvordering goedkeurde, kan de betaling niet vrijgeven.",
            "Who approved the claim cannot release the payment.",
        ),
        "releaser_accepted_report": (
            "Wie het verslag aanvaardde waarop de schijf steunt, kan de betaling niet vrijgeven.",
            "Who accepted the report on which the tranche rests cannot release the payment.",
        ),
        "releaser_ordered": (
            "Wie de betaling bestelde, kan ze niet vrijgeven.",
            "Who ordered the payment cannot release it.",
        ),
    },
    "P4": {
        "only_payment": (
            "Schijf {tranche} is niet betaald en er loopt geen andere betaling van.",
            "Tranche {tranche} is not paid, and no other payment of it is under way.",
        ),
        "already_paid": ("Schijf {tranche} is al betaald.", "Tranche {tranche} is already paid."),
        "in_flight": (
            "Er loopt al een betaling van schijf {tranche}.",
            "A payment of tranche {tranche} is already under way.",
        ),
        "attempt_out_of_turn": (
            "Poging {attempt} voor schijf {tranche} is niet aan de beurt.",
            "Attempt {attempt} at tranche {tranche} is out of turn.",
        ),
        "same_bank_account": (
            "De bank weigerde rekening {rejected_bank_account}; bevestig eerst een andere.",
            "The bank refused account {rejected_bank_account}; confirm another one first.",
        ),
    },
    "P5": {
        "planned": (
            "Schijf {tranche} is {amount_cents}; de schijven samen zijn de toekenning van {award_cents}.",
            "Tranche {tranche} is {amount_cents}; the tranches together are the award of {award_cents}.",
        ),
        "balance": (
            "De laatste schijf is het saldo van de eindafrekening: {amount_cents}.",
            "The last tranche is the balance of the final account: {amount_cents}.",
        ),
        "sum_differs": (
            "De schijven samen zijn niet de toekenning van {award_cents}.",
            "The tranches together are not the award of {award_cents}.",
        ),
        "final_account_first": (
            "De laatste schijf kan pas na de eindafrekening.",
            "The last tranche can be claimed only after the final account.",
        ),
        "only_balance_left": (
            "Na de eindafrekening kan alleen nog het saldo gevraagd worden.",
            "After the final account only the balance can be claimed.",
        ),
        "nothing_due": ("Er is niets meer te betalen.", "There is nothing left to pay."),
    },
    "P6": {
        "balance_due": (
            "Op {accepted_cents} aanvaarde kosten is de eindsubsidie {final_subsidy_cents}; saldo {balance_cents}.",
            "On accepted costs of {accepted_cents} the subsidy is {final_subsidy_cents}; {balance_cents} is left.",
        ),
        "nothing_due": (
            "Op {accepted_cents} aanvaarde kosten is de eindsubsidie {final_subsidy_cents}; ze is al betaald.",
            "On accepted costs of {accepted_cents} the final subsidy is {final_subsidy_cents}; it is already paid.",
        ),
        "overpaid": (
            "De eindsubsidie is {final_subsidy_cents}; {overpaid_cents} is te veel betaald.",
            "The final subsidy is {final_subsidy_cents}; {overpaid_cents} was paid too much.",
        ),
        "report_open": (
            "Nog niet aanvaard of vervallen: verslag {open_reports}.",
            "Neither accepted nor overdue yet: report {open_reports}.",
        ),
        "claim_open": (
            "Nog niet betaald: schuldvordering voor schijf {open_claims}.",
            "Not yet paid: the claim for tranche {open_claims}.",
        ),
        "does_not_add_up": ("De eindafrekening klopt niet.", "The final account does not add up."),
    },
    "P7": {
        "grounded": (
            "{amount_cents} op grond van {ground}.",
            "{amount_cents} on the ground of {ground}.",
        ),
        "no_finding": (
            "Er is geen vaststelling {finding} in dit dossier.",
            "There is no finding {finding} in this case.",
        ),
        "no_amount": ("Er is geen bedrag dat hierop rust.", "No amount rests on this."),
        "above_limit": (
            "{amount_cents} is meer dan mogelijk is: {limit_cents}.",
            "{amount_cents} is more than possible: {limit_cents}.",
        ),
    },
    "P8": {
        "eligible": (
            "Kosten van {cost_cents}, waarvan {subsidy_cents} op de subsidie, in verslag {report}.",
            "Costs of {cost_cents}, of which {subsidy_cents} on the subsidy, in report {report}.",
        ),
        "unknown_category": (
            "Deze oproep kent geen kostensoort {unknown_categories}.",
            "This call knows no cost category {unknown_categories}.",
        ),
        "subsidy_above_cost": (
            "De subsidie is hoger dan de kost in {subsidy_above_cost}.",
            "The subsidy exceeds the cost in {subsidy_above_cost}.",
        ),
        "charged_twice": (
            "Subsidie {subsidy_cents} en ander Vlaams geld {other_flemish_cents} gaan boven de kost {cost_cents}.",
            "Subsidy {subsidy_cents} and other Flemish money {other_flemish_cents} exceed the cost {cost_cents}.",
        ),
        "lines_eligible": (
            "Kosten van {cost_cents}, waarvan {subsidy_cents} op de subsidie, in de vordering voor schijf {tranche}.",
            "Costs of {cost_cents}, of which {subsidy_cents} on the subsidy, in the claim for tranche {tranche}.",
        ),
        "cost_outside_term": (
            "Niet gemaakt tussen {term_start} en {term_end}: {outside_term}.",
            "Not incurred between {term_start} and {term_end}: {outside_term}.",
        ),
        "charged_twice_in_line": (
            "Samen met een andere subsidie meer dan de kost: {charged_above_cost}.",
            "Together with another subsidy more than the cost: {charged_above_cost}.",
        ),
        "evidence_used_before": (
            "Al eerder gevraagd met hetzelfde bewijs: {used_before}.",
            "Claimed before with the same evidence: {used_before}.",
        ),
        "outside_term": (
            "De periode {start} tot {end} ligt buiten de looptijd {term_start} tot {term_end}.",
            "The period {start} to {end} lies outside the term {term_start} to {term_end}.",
        ),
    },
}
"""Rule → code → (Dutch, English)."""
