"""What the timeline says of a contract, one Dutch and one English sentence a fact."""

from __future__ import annotations

CONTRACT: dict[str, tuple[str, str]] = {
    "ContractDrafted": (
        "Het contract met {beneficiary.name} is opgemaakt voor {amount_cents:euro}.",
        "The contract with {beneficiary.name} was drafted for {amount_cents:euro}.",
    ),
    "ContractRedrafted": (
        "Na de nieuwe beslissing {reference} is het contract met {beneficiary.name} opnieuw opgemaakt, voor "
        "{amount_cents:euro}; de partners ondertekenen hun engagementsverklaring opnieuw.",
        "After the new decision {reference} the contract with {beneficiary.name} was drafted again, for "
        "{amount_cents:euro}; the partners sign their pledges again.",
    ),
    "PledgeSigned": (
        "De engagementsverklaring van partner {partner} is ondertekend.",
        "The pledge of partner {partner} was signed.",
    ),
    "PledgeRefused": (
        "Partner {partner} ondertekent de engagementsverklaring niet.",
        "Partner {partner} does not sign its pledge.",
    ),
    "PartnerLeft": (
        "Partner {partner} stapt uit het contract; acties zonder trekker: {actions:list}.",
        "Partner {partner} leaves the contract; actions without an owner: {actions:list}.",
    ),
    "ActionPlanned": (
        "Actie {action.action} is gepland van {action.period.start:day} tot en met {action.period.end:day}.",
        "Action {action.action} was planned from {action.period.start:day} to {action.period.end:day}.",
    ),
    "ActionDiscontinued": ("Actie {action} is stopgezet.", "Action {action} was discontinued."),
    "IndicatorRecorded": (
        "Indicator {indicator} van actie {action} stond op {measured_on:day} op {value}; "
        "de nulmeting was {baseline}, de streefwaarde is {target} (bereikt: {reached_bp:rate}).",
        "Indicator {indicator} of action {action} stood at {value} on {measured_on:day}; "
        "its baseline was {baseline}, its target is {target} (reached: {reached_bp:rate}).",
    ),
    "AmendmentProposed": ("Addendum {amendment} is voorgesteld.", "Amendment {amendment} was proposed."),
    "AmendmentApproved": (
        "Addendum {amendment} is goedgekeurd: {amount_cents:euro}, tot en met {term.end:day}.",
        "Amendment {amendment} was approved: {amount_cents:euro}, until {term.end:day}.",
    ),
    "AmendmentRefused": (
        "Addendum {amendment} is geweigerd; het contract blijft zoals het was.",
        "Amendment {amendment} was refused; the contract remains as it was.",
    ),
    "AmendmentWithdrawn": ("Addendum {amendment} is teruggenomen.", "Amendment {amendment} was withdrawn."),
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
    "AwardAdopted": (
        "Het contract volgt de nieuwe beslissing {reference}: {amount_cents:euro} in plaats van {previous_cents:euro}.",
        "The contract follows the new decision {reference}: {amount_cents:euro} instead of {previous_cents:euro}.",
    ),
    "TermExtended": (
        "De looptijd is verlengd van {previous.end:day} tot {term.end:day} ({reference}).",
        "The term was extended from {previous.end:day} to {term.end:day} ({reference}).",
    ),
    "ContractSuspended": (
        "Het contract is opgeschort: {ground:word}. Er gaat geen nieuwe betaling uit.",
        "The contract was suspended: {ground:word}. No new payment goes out.",
    ),
    "ContractResumed": ("De opschorting is opgeheven; het contract loopt verder.", "The contract goes on again."),
    "ContractTerminated": (
        "Het contract is vroegtijdig stopgezet: {ground:word} ({reference}). Kosten tellen tot en met {term.end:day}.",
        "The contract was terminated early: {ground:word} ({reference}). Costs count until {term.end:day}.",
    ),
    "ContractExpired": (
        "Het contract is vervallen: de looptijd liep af op {term.end:day} terwijl het niet in werking was.",
        "The contract expired: its term ran out on {term.end:day} while it was not in force.",
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
}
