"""The official AsyncAPI parser, fetched once by npm into build/ and kept there; no lock of it is committed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = "3.6.3"
KEPT = Path(__file__).parents[2] / "build" / "asyncapi-parser"
FETCH_SECONDS, PARSE_SECONDS = 300, 120

_SCRIPT = """
const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");
new Parser().parse(readFileSync(0, "utf8")).then(({ document, diagnostics }) => {
  const messages = document ? document.messages().all().map((one) => one.id()) : [];
  console.log(JSON.stringify({ accepted: document !== undefined, messages, diagnostics }));
});
"""


class NotHere(Exception):
    """The parser cannot be run on this machine; the message says why."""


@dataclass(frozen=True)
class Parsed:
    """What the parser said: whether it takes the document, its messages, and what it has against it."""

    accepted: bool
    messages: list[str]
    diagnostics: list[dict[str, Any]]

    def complaints(self) -> list[str]:
        """Errors and warnings, in words; remarks and hints left out."""
        return [one["message"] for one in self.diagnostics if one["severity"] < 2]


def parse(text: str) -> Parsed:
    """Let the parser read a document; NotHere if there is no parser to be had."""
    folder, node = _parser(), shutil.which("node")
    if node is None:
        raise NotHere("node is not on PATH")
    done = subprocess.run(
        [node, "-e", _SCRIPT], cwd=folder, input=text, capture_output=True, text=True, timeout=PARSE_SECONDS, check=True
    )
    return Parsed(**json.loads(done.stdout))


def _parser() -> Path:
    if (KEPT / "node_modules" / "@asyncapi" / "parser" / "package.json").exists():
        return KEPT
    npm = shutil.which("npm")
    if npm is None:
        raise NotHere("npm is not on PATH")
    KEPT.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT.parent) as name:
        fresh = Path(name) / "fetched"
        fresh.mkdir()
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--no-save", "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run(
            [npm, "install", *quiet, "--prefix", str(fresh), f"@asyncapi/parser@{VERSION}"],
            capture_output=True,
            text=True,
            timeout=FETCH_SECONDS,
            check=False,
        )
        if done.returncode:
            raise NotHere(f"npm could not fetch it: {done.stderr.strip().splitlines()[-1:]}")
        # Whole or not at all: another run may look at the same moment.
        if not KEPT.exists():
            fresh.replace(KEPT)
    return KEPT
