"""What can be waited for: the party that must move, and the task in words."""

from __future__ import annotations

from typing import Literal

import msgspec

from events.times import Instant

NEVER = "9999-12-31T23:59:59.999999Z"

Party = Literal[
    "applicant",
    "partner",
    "case_handler",
    "jury_secretary",
    "jury_member",
    "jury_chair",
    "budget_officer",
    "finance_inspector",
    "government_secretary",
    "payment_approver",
    "payment_releaser",
    "service",
]

TASKS: dict[str, tuple[Party, str, str]] = {
    "open_call": ("service", "oproep openen op de openingsdag", "open the call on its opening day"),
    "close_call": ("service", "oproep afsluiten bij de uiterste indiening", "close the call at its deadline"),
    "compose_panel": ("case_handler", "jury samenstellen", "compose the jury"),
    "appoint_member": ("case_handler", "opengevallen plaats in de jury invullen", "fill the free seat in the jury"),
    "declare_interests": ("jury_member", "belangen aangeven", "declare interests"),
    "fix_ranking": ("jury_secretary", "rangschikking vastleggen", "fix the ranking"),
    "reopen_ranking": (
        "jury_secretary",
        "rangschikking heropenen voor een dossier dat later kwam",
        "reopen the ranking for a file that came later",
    ),
    "inspectorate_advice": (
        "finance_inspector",
        "advies van de Inspectie van Financiën",
        "advice of the Inspectorate of Finance",
    ),
    "budget_agreement": ("budget_officer", "begrotingsakkoord vastleggen", "record the budget agreement"),
    "place_on_agenda": ("government_secretary", "nota agenderen", "place the memorandum on the agenda"),
    "record_decision": ("government_secretary", "beslissing vastleggen", "record the Government's decision"),
    "submit_application": ("applicant", "aanvraag indienen", "submit the application"),
    "supply_completion": ("applicant", "aanvulling bezorgen", "supply what is missing"),
    "judge_admissibility": ("case_handler", "ontvankelijkheid beoordelen", "judge admissibility"),
    "judge_eligibility": ("case_handler", "voorwaarden beoordelen", "judge eligibility"),
    "answer_clarification": ("applicant", "verduidelijking geven", "answer the clarification"),
    "review_supplement": (
        "case_handler",
        "nagaan of de aanvulling de beoordeling verandert",
        "see whether the supplement changes the assessment",
    ),
    "judge_conflict": ("jury_secretary", "vermoeden van belangenconflict beoordelen", "judge a suggested conflict"),
    "use_casting_vote": ("jury_chair", "staking van stemmen beslissen", "end the tie"),
    "reply_to_advice": ("applicant", "antwoorden op het voorlopige advies", "reply to the provisional advice"),
    "assign_members": ("jury_secretary", "juryleden toewijzen", "assign jury members"),
    "submit_score": ("jury_member", "punten geven", "submit the scores"),
    "open_deliberation": ("jury_secretary", "beraadslaging openen", "open the deliberation"),
    "adopt_advice": ("jury_chair", "advies vaststellen", "adopt the advice"),
    "await_ranking": ("jury_secretary", "wacht op de rangschikking", "awaits the ranking"),
    "await_decision": (
        "government_secretary",
        "wacht op de beslissing van de Vlaamse Regering",
        "awaits the Government's decision",
    ),
    "revise_proposal": ("government_secretary", "voorstel herzien", "revise the proposal"),
    "await_reserve": (
        "budget_officer",
        "staat op de reservelijst: wacht op vrijgekomen geld",
        "is on the reserve list: awaits free money",
    ),
    "decide_anew": ("government_secretary", "opnieuw beslissen", "decide anew"),
    "await_appeal": ("case_handler", "beroep opvolgen", "follow the appeal"),
    "await_suspension": ("case_handler", "schorsing opvolgen", "follow the suspension"),
    "mend_reservation": ("budget_officer", "geweigerde reservering oplossen", "mend the refused reservation"),
    "mend_commitment": ("budget_officer", "geweigerde vastlegging oplossen", "mend the refused commitment"),
    "draft_contract": ("service", "contract opmaken", "draft the contract"),
    "sign_pledge": ("partner", "engagementsverklaring ondertekenen", "sign the pledge"),
    "activate_contract": (
        "service",
        "contract in werking stellen op de startdag",
        "activate the contract on its first day",
    ),
    "confirm_bank_account": ("budget_officer", "bankrekening bevestigen", "confirm the bank account"),
    "submit_report": ("applicant", "verslag indienen", "submit the report"),
    "accept_report": ("case_handler", "verslag nazien", "check the report"),
    "submit_claim": ("applicant", "schuldvordering indienen", "submit the claim"),
    "approve_claim": ("payment_approver", "schuldvordering goedkeuren", "approve the claim"),
    "order_payment": ("budget_officer", "betaling ordonnanceren", "order the payment"),
    "release_payment": ("payment_releaser", "betaling vrijgeven", "release the payment"),
    "confirm_execution": ("payment_releaser", "bankuitvoering bevestigen", "confirm what the bank did"),
    "lift_withholding": ("budget_officer", "inhouding herbekijken", "review the withholding"),
    "judge_finding": ("case_handler", "auditvaststelling beoordelen", "judge the audit finding"),
    "order_recovery": ("budget_officer", "terugvordering bevelen", "order the recovery"),
    "repay": ("applicant", "schuld terugbetalen of laten verrekenen", "repay the debt or have it set off"),
    "answer_contest": ("budget_officer", "bezwaar tegen de terugvordering beantwoorden", "answer the contested debt"),
    "follow_up_debt": ("budget_officer", "gemiste afbetaling opvolgen", "follow up the missed instalment"),
    "run_contract": ("applicant", "contract uitvoeren", "carry the contract out"),
    "replace_partner": (
        "applicant",
        "partner vervangen of laten gaan, met een addendum",
        "replace the partner or let it go, by an amendment",
    ),
    "approve_amendment": ("case_handler", "addendum beoordelen", "judge the amendment"),
    "review_suspension": (
        "case_handler",
        "opschorting opheffen of contract stopzetten",
        "lift the suspension or terminate the contract",
    ),
    "settle_account": ("budget_officer", "eindafrekening opmaken", "settle the final account"),
    "close_account": ("budget_officer", "rekening afsluiten", "close the account"),
}
"""Code → party, Dutch, English."""


class Task(msgspec.Struct, kw_only=True, frozen=True):
    """Something open: its code, what it is about (a report, tranche, member … or ""), since when and until when."""

    code: str
    ref: str
    since: Instant
    due: Instant | None


UP_TO_DECISION = frozenset(
    {
        "assign_members",
        "judge_conflict",
        "submit_score",
        "open_deliberation",
        "use_casting_vote",
        "adopt_advice",
        "reply_to_advice",
        "await_ranking",
        "await_decision",
    }
)
"""What waits while an assessment is looked into again."""

REDRESS = frozenset({"await_appeal", "await_suspension", "decide_anew"})
"""What has nothing to do with money: it goes on when the account is closed."""

BACKGROUND = frozenset({"run_contract"})
"""What goes on while others are asked something: it never stands in front of a question that is open."""


def urgency(task: Task) -> tuple[bool, Instant, Instant, str, str]:
    """What a list of tasks is ordered by: first due, then first opened, the background last."""
    return task.code in BACKGROUND, task.due or NEVER, task.since, task.code, task.ref


class WorkRow(msgspec.Struct, kw_only=True):
    """A case, or a call (`case_id` empty), and what is open in it; without `party` nobody has to move.

    The first columns show the most urgent task; `sort_due` is its due date, or the end of time. What stands below
    `tasks` is memory of the fold: which task comes back after a question was answered, what is owed, what was planned,
    and what is `held` while a conclusion is `revised`.
    """

    subject: str
    call: str
    case_id: str = ""
    party: str | None = None
    code: str | None = None
    ref: str | None = None
    since: Instant | None = None
    due: Instant | None = None
    sort_due: str = NEVER
    parties: list[str] = msgspec.field(default_factory=list)
    organisations: list[str] = msgspec.field(default_factory=list)
    recused: list[str] = msgspec.field(default_factory=list)
    sighted: list[str] = msgspec.field(default_factory=list)
    applicant: str | None = None
    tasks: list[Task] = msgspec.field(default_factory=list)
    ended: bool = False
    settled: bool = False
    resume: str = "judge_admissibility"
    waiting: list[str] = msgspec.field(default_factory=list)
    advised: list[str] = msgspec.field(default_factory=list)
    required: list[str] = msgspec.field(default_factory=list)
    planned: dict[str, str] = msgspec.field(default_factory=dict)
    final_tranche: str | None = None
    debts: dict[str, int] = msgspec.field(default_factory=dict)
    revised: bool = False
    held: list[Task] = msgspec.field(default_factory=list)

    def open(self, code: str, at: Instant, ref: str = "", due: Instant | None = None) -> None:
        """The ball lies here from now on; a task that is open keeps its `since`. Nothing opens in an ended case."""
        if self.ended:
            return
        since = next((one.since for one in self.tasks if (one.code, one.ref) == (code, ref)), at)
        self.close(code, ref)
        self.tasks = [*self.tasks, Task(code=code, ref=ref, since=since, due=due)]

    def close(self, code: str, ref: str | None = None) -> None:
        """Done, or no longer needed; without `ref` every task of this code."""
        self.tasks = [one for one in self.tasks if one.code != code or (ref is not None and one.ref != ref)]

    def is_open(self, code: str) -> bool:
        """Whether a task of this code is open."""
        return any(one.code == code for one in self.tasks)

    def end(self) -> None:
        """Nothing will be waited for here any more."""
        self.tasks, self.ended, self.revised = [], True, False

    def close_money(self) -> None:
        """No money is waited for any more; what is asked about the decision itself goes on."""
        redress = [one for one in self.tasks if one.code in REDRESS]
        self.end()
        self.tasks, self.ended = redress, not redress

    def resumed(self) -> None:
        """Before a fact is taken in: what is held is a task like any other, so that the fact can close it."""
        self.tasks, self.held = [*self.tasks, *self.held], []

    def begin_anew(self) -> None:
        """A new contract follows on the one that ended: there is nothing to settle yet."""
        self.ended = self.settled = False
        self.close("settle_account")
        self.close("close_account")

    def show(self) -> None:
        """Bring the most urgent task to the front: first due, then first opened."""
        if self.revised:
            self.held = [one for one in self.tasks if one.code in UP_TO_DECISION]
            self.tasks = [one for one in self.tasks if one.code not in UP_TO_DECISION]
        first = min(self.tasks, key=urgency, default=None)
        self.parties = sorted({TASKS[one.code][0] for one in self.tasks})
        if first is None:
            self.party = self.code = self.ref = self.since = self.due = None
            self.sort_due = NEVER
        else:
            self.party, self.code, self.ref = TASKS[first.code][0], first.code, first.ref
            self.since, self.due, self.sort_due = first.since, first.due, first.due or NEVER
