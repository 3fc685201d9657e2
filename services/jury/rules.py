"""The jury's rules J1 to J8, as pure tests on plain values, with the sentences that tell their outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from events.canonical import Json
from events.intake import Criterion, JuryTerms
from events.jury import CriterionScore
from events.vocabulary import Check
from services.deciding import Refused
from services.rulebook import Rule, Values, Verdict


def _passes(code: str) -> Verdict:
    return Verdict("pass", code)


def _fails(code: str) -> Verdict:
    return Verdict("fail", code)


def _j1(_params: Values, inputs: Values) -> Verdict:
    if not inputs["admitted"]:
        return _fails("not_admitted")
    return _fails("withdrawn") if inputs["left"] else _passes("before_jury")


def _j2(_params: Values, inputs: Any) -> Verdict:
    members = inputs["members"]
    if len(set(members)) != len(members):
        return _fails("member_twice")
    if inputs["secretary"] in members:
        return _fails("secretary_is_member")
    return _passes("separate") if inputs["chair"] in members else _fails("chair_is_no_member")


def _j3(_params: Values, inputs: Any) -> Verdict:
    # The first reason that holds is told: who is no member cannot have declared anything.
    for reason in ("not_a_member", "recused", "not_declared", "employer_is_applicant", "declared_interest"):
        if inputs[reason]:
            return _fails(reason)
    return _passes("no_conflict")


def _j4(params: Any, inputs: Any) -> Verdict:
    composing = inputs["occasion"] == "composition"
    if composing and inputs["present"] != params["members"]:
        return _fails("wrong_number")
    if not composing and inputs["present"] < params["quorum"]:
        return _fails("no_quorum")
    if inputs["external"] < params["min_external"]:
        return _fails("too_few_external")
    return _passes("well_composed" if composing else "quorum_present")


def _j5(_params: Values, inputs: Values) -> Verdict:
    if not inputs["chair_present"]:
        return _fails("chair_absent")
    return _passes("consensus") if inputs["outcome"] == inputs["consensus"] else _fails("other_outcome")


def _j6(params: Any, inputs: Any) -> Verdict:
    if sorted(inputs["reasoned"]) != sorted(params["criteria"]):
        return _fails("reasons_incomplete")
    return _passes("reasoned") if inputs["scored_by"] else _fails("no_scores")


def _j7(_params: Values, inputs: Any) -> Verdict:
    if inputs["without_advice"]:
        return _fails("advice_missing")
    if not inputs["before_jury"]:
        return _fails("nothing_to_rank")
    return _passes("complete") if sorted(inputs["ranked"]) == sorted(inputs["before_jury"]) else _fails("not_each_once")


def _j8(params: Any, inputs: Any) -> Verdict:
    proposed, outcome = inputs["proposed_cents"], inputs["outcome"]
    if outcome == "unfavourable":
        return _passes("nothing_proposed") if proposed == 0 else _fails("amount_without_favour")
    if inputs["score_bp"] < params["threshold_bp"]:
        return _fails("below_threshold")
    if (outcome == "favourable_with_conditions") != bool(inputs["conditions"]):
        return _fails("conditions_and_outcome_differ")
    if proposed == 0:
        return _fails("no_amount")
    if proposed > inputs["requested_cents"]:
        return _fails("above_request")
    return _passes("within_limits") if proposed <= params["cap_cents"] else _fails("above_cap")


J1 = Rule(
    "J1",
    1,
    _j1,
    {
        "before_jury": (
            "De aanvraag is ontvankelijk, voldoet aan de voorwaarden van de oproep en ligt bij de jury voor.",
            "The application is admissible, meets the conditions of the call and is before the jury.",
        ),
        "not_admitted": (
            "De aanvraag ligt niet bij de jury voor: de jury beoordeelt alleen aanvragen die ontvankelijk zijn "
            "verklaard en aan de voorwaarden van de oproep voldoen.",
            "The application is not before the jury: the jury only assesses applications that were declared "
            "admissible and meet the conditions of the call.",
        ),
        "withdrawn": (
            "De aanvrager heeft de aanvraag ingetrokken; de jury beoordeelt ze niet meer.",
            "The applicant has withdrawn the application; the jury no longer assesses it.",
        ),
    },
)

J2 = Rule(
    "J2",
    1,
    _j2,
    {
        "separate": (
            "De secretaris is geen jurylid en de voorzitter is een van de juryleden.",
            "The secretary is not a member of the jury and the chair is one of its members.",
        ),
        "secretary_is_member": (
            "De secretaris van de jury kan niet tegelijk jurylid zijn.",
            "The secretary of the jury cannot be one of its members.",
        ),
        "chair_is_no_member": (
            "De voorzitter van de jury moet een van de juryleden zijn.",
            "The chair of the jury must be one of its members.",
        ),
        "member_twice": (
            "Eenzelfde persoon staat meer dan één keer op de lijst van juryleden.",
            "The same person stands on the list of members more than once.",
        ),
    },
)

J3 = Rule(
    "J3",
    1,
    _j3,
    {
        "no_conflict": (
            "Jurylid {member} heeft zijn belangen aangegeven en heeft geen belangenconflict bij deze aanvraag.",
            "Jury member {member} has declared interests and has no conflict of interest in this application.",
        ),
        "not_a_member": (
            "De persoon {member} is geen lid van deze jury.",
            "The person {member} is not a member of this jury.",
        ),
        "recused": (
            "Jurylid {member} onthoudt zich bij deze aanvraag: geen inzage, geen score, geen stem, geen aanwezigheid.",
            "Jury member {member} is recused from this application: no sight of it, no score, no vote, no presence.",
        ),
        "not_declared": (
            "Jurylid {member} heeft nog geen belangenverklaring afgelegd.",
            "Jury member {member} has not yet declared interests.",
        ),
        "employer_is_applicant": (
            "Jurylid {member} werkt bij de aanvrager {applicant} en kan deze aanvraag niet beoordelen.",
            "Jury member {member} is employed by the applicant {applicant} and cannot assess this application.",
        ),
        "declared_interest": (
            "Jurylid {member} heeft een belang bij de aanvrager {applicant} aangegeven en kan deze aanvraag niet "
            "beoordelen.",
            "Jury member {member} has declared an interest in the applicant {applicant} and cannot assess this "
            "application.",
        ),
        "not_assigned": (
            "Deze aanvraag is niet aan jurylid {member} toegewezen.",
            "This application is not assigned to jury member {member}.",
        ),
        "ground_not_borne_out": (
            "De opgegeven grond voor de onthouding van jurylid {member} blijkt niet uit de samenstelling van de jury "
            "of uit de belangenverklaringen.",
            "The ground given for the recusal of jury member {member} does not follow from the composition of the "
            "jury or from the declarations of interests.",
        ),
        "scored_member_left_out": (
            "Jurylid {member} heeft deze aanvraag al gescoord; de score kan alleen door een onthouding vervallen.",
            "Jury member {member} has scored this application already; only a recusal can void that score.",
        ),
    },
)

J4 = Rule(
    "J4",
    1,
    _j4,
    {
        "well_composed": (
            "De jury telt {present} leden, van wie {external} van buiten de administratie.",
            "The jury has {present} members, of whom {external} from outside the administration.",
        ),
        "quorum_present": (
            "Er zijn {present} juryleden aanwezig, van wie {external} van buiten de administratie; het vereiste "
            "aantal is {quorum}, van wie {min_external} van buiten.",
            "{present} members of the jury are present, of whom {external} from outside the administration; "
            "{quorum} are required, of whom {min_external} from outside.",
        ),
        "wrong_number": (
            "De jury van deze oproep telt {members} leden; er zijn er {present} voorgesteld.",
            "The jury of this call has {members} members; {present} were proposed.",
        ),
        "no_quorum": (
            "Er zijn {present} juryleden aanwezig; er zijn er {quorum} nodig om te beraadslagen en te adviseren.",
            "{present} members of the jury are present; {quorum} are needed to deliberate and to advise.",
        ),
        "too_few_external": (
            "Er zijn {external} leden van buiten de administratie; er zijn er minstens {min_external} nodig.",
            "There are {external} members from outside the administration; at least {min_external} are needed.",
        ),
    },
)

J5 = Rule(
    "J5",
    1,
    _j5,
    {
        "consensus": (
            "De aanwezige juryleden hebben over dit besluit consensus bereikt.",
            "The members present have reached consensus on this outcome.",
        ),
        "chair_absent": (
            "Wie de jury voorzit, moet bij de beraadslaging over deze aanvraag aanwezig zijn.",
            "Whoever chairs the jury must be present at the deliberation on this application.",
        ),
        "other_outcome": (
            "Het advies wijkt af van de uitkomst waarover de jury consensus bereikte.",
            "The advice differs from the outcome on which the jury reached consensus.",
        ),
    },
)

J6 = Rule(
    "J6",
    1,
    _j6,
    {
        "reasoned": (
            "Het advies bevat een verslag, een voorstel en een motivering voor elk criterium, en rust op de punten van "
            "{scored_by} juryleden.",
            "The advice contains a report, a proposal and a reason for every criterion, and rests on the points given "
            "by {scored_by} members.",
        ),
        "reasons_incomplete": (
            "Het advies moet elk criterium precies één keer motiveren. Criteria van de oproep: {criteria}. "
            "Gemotiveerd: {reasoned}.",
            "The advice must give a reason for every criterion exactly once. Criteria of the call: {criteria}. "
            "Reasons given: {reasoned}.",
        ),
        "no_scores": (
            "Geen enkel jurylid heeft deze aanvraag gescoord; zonder punten is er geen advies.",
            "No member has scored this application; without points there is no advice.",
        ),
        "scores_incomplete": (
            "Een score geeft punten op elk criterium precies één keer. Criteria van de oproep: {criteria}. "
            "Gescoord: {scored}.",
            "A score gives points on every criterion exactly once. Criteria of the call: {criteria}. Scored: {scored}.",
        ),
        "points_out_of_range": (
            "De punten op criterium {criterion} moeten tussen 0 en {max_points} liggen.",
            "The points on criterion {criterion} must lie between 0 and {max_points}.",
        ),
    },
)

J7 = Rule(
    "J7",
    1,
    _j7,
    {
        "complete": (
            "Elke aanvraag die bij de jury voorligt, staat precies één keer in de rangschikking.",
            "Every application before the jury stands in the ranking exactly once.",
        ),
        "advice_missing": (
            "De rangschikking kan niet worden vastgesteld: voor deze aanvragen ontbreekt een advies: {without_advice}.",
            "The ranking cannot be fixed: these applications have no advice yet: {without_advice}.",
        ),
        "nothing_to_rank": (
            "Er ligt geen enkele aanvraag bij de jury voor.",
            "There is no application before the jury.",
        ),
        "not_each_once": (
            "De rangschikking bevat niet elke aanvraag precies één keer.",
            "The ranking does not contain every application exactly once.",
        ),
    },
)

J8 = Rule(
    "J8",
    1,
    _j8,
    {
        "within_limits": (
            "Het voorgestelde bedrag van {proposed_cents} is niet hoger dan het gevraagde bedrag van {requested_cents} "
            "en niet hoger dan het maximum van {cap_cents}. De score van {score_bp} haalt de drempel van "
            "{threshold_bp}.",
            "The proposed amount of {proposed_cents} is not above the requested {requested_cents} and not above the "
            "maximum of {cap_cents}. The score of {score_bp} reaches the threshold of {threshold_bp}.",
        ),
        "nothing_proposed": (
            "Het advies is ongunstig; er wordt geen bedrag voorgesteld.",
            "The advice is unfavourable; no amount is proposed.",
        ),
        "amount_without_favour": (
            "Een ongunstig advies kan geen bedrag voorstellen.",
            "An unfavourable advice cannot propose an amount.",
        ),
        "below_threshold": (
            "De score van {score_bp} ligt onder de drempel van {threshold_bp}; het advies kan niet gunstig zijn.",
            "The score of {score_bp} is below the threshold of {threshold_bp}; the advice cannot be favourable.",
        ),
        "conditions_and_outcome_differ": (
            "Een advies is gunstig onder voorwaarden als, en alleen als, het voorwaarden noemt.",
            "An advice is favourable with conditions if, and only if, it names conditions.",
        ),
        "no_amount": (
            "Een gunstig advies moet een bedrag voorstellen.",
            "A favourable advice must propose an amount.",
        ),
        "above_request": (
            "Het voorgestelde bedrag van {proposed_cents} is hoger dan het gevraagde bedrag van {requested_cents}.",
            "The proposed amount of {proposed_cents} is above the requested {requested_cents}.",
        ),
        "above_cap": (
            "Het voorgestelde bedrag van {proposed_cents} is hoger dan het maximum van {cap_cents} per contract.",
            "The proposed amount of {proposed_cents} is above the maximum of {cap_cents} per contract.",
        ),
    },
)

RULES: tuple[Rule, ...] = (J1, J2, J3, J4, J5, J6, J7, J8)
"""Every version of every rule that the jury has ever applied."""


def refused(check: Check) -> Refused:
    """The refusal that a failed check stands for, with everything its sentence names."""
    return Refused(check.rule, check.code, {**check.params, **check.inputs})


def refused_as(rule: Rule, code: str, **inputs: Json) -> Refused:
    """A refusal by one of the rule's own sentences, where there is nothing to compute."""
    rule.sentences[code]  # a code without a sentence is a mistake of ours
    return Refused(rule.id, code, inputs)


def presence_params(terms: JuryTerms) -> dict[str, Json]:
    """What J4 measures by."""
    return {"members": terms.members, "quorum": terms.quorum, "min_external": terms.min_external}


def score_mistake(criteria: Sequence[Criterion], scores: Sequence[CriterionScore]) -> Refused | None:
    """Why these points are no score (J6): a criterion missing, unknown or twice, or points outside its range."""
    most = {criterion.code: criterion.max_points for criterion in criteria}
    scored = [score.criterion for score in scores]
    if sorted(scored) != sorted(most):
        return refused_as(J6, "scores_incomplete", criteria=list(most), scored=list(scored))
    wrong = next((score for score in scores if not 0 <= score.points <= most[score.criterion]), None)
    if wrong is None:
        return None
    limit = {"criterion": wrong.criterion, "points": wrong.points, "max_points": most[wrong.criterion]}
    return refused_as(J6, "points_out_of_range", **limit)
