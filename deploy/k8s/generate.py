"""Writes what in `base/generated` follows from tables: the roles, the topics, the users of Kafka, the alerts.

`python -m deploy.k8s.generate` writes; a test asserts that what is committed is what the tables say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from deploy.k8s import observing, routes, streams, workloads
from deploy.k8s.workloads import Manifest
from deploy.roles import ROLES

FOLDER = Path(__file__).parent / "base" / "generated"
HEAD = "# Written by deploy/k8s/generate.py from the tables: change those, then run it again.\n"


class _Plain(yaml.SafeDumper):
    """Without anchors, and with the items of a list set in: as people write manifests."""

    def ignore_aliases(self, data: object) -> bool:
        """No value is written as a reference to another."""
        return True

    def represent_lines(self, data: str) -> yaml.Node:
        """Text of several lines stays readable."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are set in like everything else."""
        super().increase_indent(flow, False)


_Plain.add_representer(str, _Plain.represent_lines)


def files() -> Mapping[str, str]:
    """Name → content of every generated file."""
    made = {f"{role.name}.yaml": text(workloads.resources(role)) for role in ROLES}
    made["routes.yaml"] = text(routes.resources())
    made["topics.yaml"] = text(streams.topics())
    made["users.yaml"] = text(streams.users())
    made["observing.yaml"] = text(observing.resources())
    return {"kustomization.yaml": text([_together(made)]), **made}


def text(manifests: Iterable[Manifest]) -> str:
    """Several documents in one file."""
    dumped = [yaml.dump(one, Dumper=_Plain, sort_keys=False, width=120, allow_unicode=True) for one in manifests]
    return HEAD + "---\n".join(dumped)


def _together(made: Mapping[str, str]) -> Manifest:
    return {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": sorted(made)}


def write(folder: Path = FOLDER) -> None:
    """Put every file in its place, and remove what no table speaks of any more."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for path in folder.glob("*.yaml"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
