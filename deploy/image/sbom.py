"""What this installation is made of, as a CycloneDX 1.6 document.

Python distributions are told by their own metadata; with `--debian FOLDER`, Debian's packages by the control data that
the image keeps. The same parts give the same bytes: no time and no chance in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from email import message_from_string
from email.message import Message
from hashlib import sha256
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from deploy.image.pins import NAME, normal

FORMAT = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
SUBJECT = "wijkspoor"


def python_parts(found: Iterable[Distribution]) -> list[dict[str, Any]]:
    """One component a distribution, by name; the first of two with one name is the one that is imported."""
    parts: dict[str, dict[str, Any]] = {}
    for one in found:
        name = normal(one.metadata["Name"])
        parts.setdefault(name, _python_part(name, one))
    return [parts[name] for name in sorted(parts)]


def _python_part(name: str, one: Distribution) -> dict[str, Any]:
    reference = f"pkg:pypi/{name}@{quote(one.version)}"
    part = {"type": "library", "bom-ref": reference, "name": name, "version": one.version, "purl": reference}
    licence = _licence(one)
    return {**part, "licenses": [licence]} if licence else part


def _licence(one: Distribution) -> dict[str, Any] | None:
    """An SPDX expression where the author gave one, else the words of the classifier."""
    metadata = one.metadata
    if "License-Expression" in metadata:
        return {"expression": metadata["License-Expression"]}
    words = [
        line.rsplit(" :: ", 1)[-1] for line in metadata.get_all("Classifier") or [] if line.startswith("License :: ")
    ]
    return {"license": {"name": words[0]}} if words else None


def debian_parts(folder: Path) -> list[dict[str, Any]]:
    """One component a package whose control data lies in the folder."""
    return [_debian_part(message_from_string(path.read_text(encoding="utf-8"))) for path in sorted(folder.iterdir())]


def _debian_part(control: Message) -> dict[str, Any]:
    name, version, machine = control["Package"], control["Version"], control["Architecture"]
    reference = f"pkg:deb/debian/{name}@{quote(version, safe='.~-')}?arch={machine}"
    return {"type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference}


def wants(found: Iterable[Distribution]) -> Iterator[tuple[str, list[str]]]:
    """Which distribution asks for which of those that are here."""
    here = {normal(one.metadata["Name"]): one for one in found}
    for name in sorted(here):
        asked = {normal(match.group()) for line in here[name].requires or [] if (match := NAME.match(line))}
        yield _reference(here[name]), [_reference(here[other]) for other in sorted(asked & here.keys())]


def _reference(one: Distribution) -> str:
    return f"pkg:pypi/{normal(one.metadata['Name'])}@{quote(one.version)}"


def document(found: list[Distribution], debian: Path | None = None) -> dict[str, Any]:
    """The whole document; the program itself is its subject, everything else a component."""
    parts = python_parts(found)
    subject = next(part for part in parts if part["name"] == SUBJECT)
    components = [part for part in parts if part is not subject]
    if debian is not None:
        components += debian_parts(debian)
    told = {
        **FORMAT,
        "metadata": {"component": {**subject, "type": "application"}},
        "components": components,
        "dependencies": [{"ref": one, "dependsOn": others} for one, others in wants(found)],
    }
    digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return {**told, "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, digest)}"}


def main(arguments: list[str]) -> None:
    """Print the document of the interpreter that runs this."""
    debian = Path(arguments[1]) if arguments[:1] == ["--debian"] else None
    print(json.dumps(document(list(distributions()), debian), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
