"""Which files a call takes: told from their content, never from what they say of themselves."""

from __future__ import annotations

from events.forms import AttachmentRule, MediaType
from events.intake import Terms
from services.intake.rules.terms_intake import LARGEST_FILE
from services.rulebook import Rule, Values, Verdict

ANY_KIND: tuple[MediaType, ...] = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
)
"""What is taken where the call says nothing of it."""


def _acceptable(params: Values, inputs: Values) -> Verdict:
    found, declared, flaw = inputs["found"], inputs["declared"], inputs["flaw"]
    if flaw is not None:
        return Verdict("fail", flaw)
    if inputs["size_bytes"] > params["max_bytes"]:
        return Verdict("fail", "too_large")
    if declared not in (found, "application/octet-stream"):
        return Verdict("fail", "lies_about_its_kind")
    if found not in params["media_types"]:
        return Verdict("fail", "kind_not_taken")
    return Verdict("pass", "acceptable")


ACCEPTABLE = Rule(
    "FILE",
    1,
    _acceptable,
    {
        "acceptable": (
            "Het bestand is van de soort {found}, {size_bytes} bytes, en kan bewaard worden.",
            "The file is of the kind {found}, {size_bytes} bytes, and can be kept.",
        ),
        "empty": ("Het bestand is leeg.", "The file is empty."),
        "unknown_kind": (
            "Aan de inhoud van het bestand is geen soort te herkennen.",
            "The content of the file shows no kind that is known.",
        ),
        "two_in_one": (
            "Het bestand is van twee soorten tegelijk.",
            "The file is of two kinds at once.",
        ),
        "damaged": ("Het bestand is beschadigd.", "The file is damaged."),
        "encrypted": ("Het bestand is versleuteld.", "The file is encrypted."),
        "bomb": (
            "Het bestand wordt bij het openen buitensporig groot.",
            "The file grows beyond measure when it is opened.",
        ),
        "nested": ("In het bestand zit een ander archief.", "There is another archive in the file."),
        "unsafe_names": (
            "In het bestand staan namen die buiten zijn map wijzen.",
            "The file holds names that point outside its folder.",
        ),
        "macros": ("Het bestand bevat macro's.", "The file holds macros."),
        "too_large": (
            "Het bestand heeft {size_bytes} bytes; hoogstens {max_bytes} mag.",
            "The file has {size_bytes} bytes; {max_bytes} are allowed at most.",
        ),
        "lies_about_its_kind": (
            "Het bestand zegt van de soort {declared} te zijn, maar is van de soort {found}.",
            "The file says it is of the kind {declared}, but it is of the kind {found}.",
        ),
        "kind_not_taken": (
            "De soort {found} wordt hier niet aanvaard; wel: {media_types}.",
            "The kind {found} is not taken here; these are: {media_types}.",
        ),
    },
)
"""A file is what it says it is, of a kind that the call takes, not too large, and safe to open."""


def file_rule(terms: Terms, kind: str) -> tuple[list[str], int] | None:
    """The media types and the size that the call takes for this sort of attachment; None if it does not know it."""
    rule: AttachmentRule | None = next((one for one in terms.intake.attachments if one.code == kind), None)
    if rule is not None:
        return list(rule.media_types), rule.max_bytes
    known = not terms.intake.attachments and any(one.code == kind for one in terms.required_attachments)
    return (list(ANY_KIND), LARGEST_FILE) if known else None
