"""Who sits in the jury, and before what: J1 (which files), J2 (secretariat and chair), J4 (numbers and mix)."""

from __future__ import annotations

from typing import Any

from services.rulebook import Rule, Values, Verdict


def _passes(code: str) -> Verdict:
    return Verdict("pass", code)


def _fails(code: str) -> Verdict:
    return Verdict("fail", code)


def _j1(_params: Values, inputs: Values) -> Verdict:
    if not inputs["admitted"]:
        return _fails("not_admitted")
    if inputs["left"]:
        return _fails("withdrawn")
    return _fails("set_aside") if inputs["aside"] else _passes("before_jury")


def _j2(_params: Values, inputs: Any) -> Verdict:
    members = inputs["members"]
    if len(set(members)) != len(members):
        return _fails("member_twice")
    if inputs["secretary"] in members:
        return _fails("secretary_is_member")
    return _passes("separate") if inputs["chair"] in members else _fails("chair_is_no_member")


def _j4_1(params: Any, inputs: Any) -> Verdict:
    composing = inputs["occasion"] == "composition"
    if composing and inputs["present"] != params["members"]:
        return _fails("wrong_number")
    if not composing and inputs["present"] < params["quorum"]:
        return _fails("no_quorum")
    if inputs["external"] < params["min_external"]:
        return _fails("too_few_external")
    return _passes("well_composed" if composing else "quorum_present")


def _j4(params: Any, inputs: Any) -> Verdict:
    composing = inputs["occasion"] == "composition"
    if composing and inputs["present"] != params["members"]:
        return _fails("wrong_number")
    if not composing and inputs["present"] < params["quorum"]:
        return _fails("no_quorum")
    if inputs["external"] < params["min_external"]:
        return _fails("too_few_external")
    if inputs["government"] < params["min_government"]:
        return _fails("too_few_government")
    # Every field of expertise must sit in the jury; who is ill for a day does not stop it.
    if composing and not set(params["required_expertise"]) <= set(inputs["expertise"]):
        return _fails("expertise_missing")
    return _passes("well_composed" if composing else "quorum_present")


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
        "set_aside": (
            "De beoordeling van de aanvraag is heropend na een nieuw feit; de jury kijkt er pas weer naar als ze "
            "opnieuw aan de voorwaarden van de oproep blijkt te voldoen.",
            "The assessment of the application was reopened after a new fact; the jury looks at it again once it is "
            "found to meet the conditions of the call.",
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

J4_1 = Rule(
    "J4",
    1,
    _j4_1,
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

J4 = Rule(
    "J4",
    2,
    _j4,
    {
        "well_composed": (
            "De jury telt {present} leden, van wie {external} van buiten de administratie en {government} uit de "
            "administratie.",
            "The jury has {present} members, of whom {external} from outside the administration and {government} from "
            "inside it.",
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
        "too_few_government": (
            "Er zijn {government} leden van de administratie; er zijn er minstens {min_government} nodig.",
            "There are {government} members from the administration; at least {min_government} are needed.",
        ),
        "expertise_missing": (
            "De jury moet elk van deze deskundigheden tellen: {required_expertise}. Aanwezig: {expertise}.",
            "The jury must hold each of these fields of expertise: {required_expertise}. Present: {expertise}.",
        ),
    },
)
