"""Judge our Merkle proofs by the public vectors of transparency-dev/merkle (Apache-2.0), folder ``testdata``.

Usage: python -m tests.unit.events.proof.public_vectors TESTDATA
The vectors are not kept here; the Decisions in events/proof/README.md say why and what they gave.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

from events.proof.merkle import verify_consistency, verify_inclusion


def accepted(vector: dict[str, Any]) -> bool:
    """Whether we accept the proof of one vector."""
    proof = [b64decode(step) for step in vector["proof"] or []]
    if "leafIdx" in vector:
        leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
        return verify_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root)
    roots = b64decode(vector["root1"]), b64decode(vector["root2"])
    return verify_consistency(vector["size1"], vector["size2"], proof, *roots)


def judge(folder: Path) -> tuple[int, int, int]:
    """How many vectors we answer as they say, how many there are, how many of them must fail."""
    files = sorted((folder / "inclusion").rglob("*.json")) + sorted((folder / "consistency").rglob("*.json"))
    vectors = [json.loads(file.read_text()) for file in files]
    right = sum(accepted(vector) is not vector["wantErr"] for vector in vectors)
    return right, len(vectors), sum(vector["wantErr"] for vector in vectors)


if __name__ == "__main__":
    found, total, failing = judge(Path(sys.argv[1]))
    sys.stdout.write(f"{found} of {total} vectors answered rightly, {failing} of which must fail\n")
    sys.exit(found != total)
