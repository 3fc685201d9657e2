"""A small mutation checker, run by hand: one fault at a time, and do the unit tests of the service see it?

    python -m tests.architecture.mutants services/payment --sample 60 --seed 1

It works in a copy of the tree, in one process at a time, and says for each file how many faults its tests killed and
which survived. A survivor is a rule that no test holds, or a change that makes no difference; only a reader can tell.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).parents[2]
LAYERS = ("decider", "rules", "ranking", "state", "reactions")
PAIRS = ((ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.In, ast.NotIn), (ast.Is, ast.IsNot))
OTHER: dict[type[ast.AST], type[ast.AST]] = {
    one: other for pair in (*PAIRS, (ast.Add, ast.Sub), (ast.And, ast.Or)) for one, other in (pair, pair[::-1])
}
COMMON = ("schemathesis.pytest.plugin", "pytest_asyncio.plugin", "schwifty", "tests.conftest", "tests.given")
SILENT = '__import__("services.deciding").deciding.accept()'
# A slow machine is no fault, and what was found need not be made small.
QUICK = settings(
    max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
Fault: TypeAlias = tuple[str, Callable[[], object]]


class Mutant(NamedTuple):
    """One fault: the file (from the root), the line, what was done, and the whole source that has it."""

    file: Path
    line: int
    what: str
    source: str


def mutants(file: Path) -> Iterator[Mutant]:
    """Every fault that can be planted in a file of the tree, in the order of its syntax tree."""
    source = (ROOT / file).read_text()
    spared = _spared(tree := ast.parse(source))
    for place, node in enumerate(ast.walk(tree)):
        for number, (what, _) in enumerate([] if id(node) in spared else _faults(node)):
            broken = ast.parse(source)
            list(_faults(list(ast.walk(broken))[place]))[number][1]()
            yield Mutant(file, getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(broken)))


def _spared(tree: ast.AST) -> set[int]:
    # A type is no behaviour, mypy answers for it; nor is what only forbids: frozen, slots, strict.
    found: list[ast.AST | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")) | ast.keyword(arg="strict"):
                found += [node]
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                found += [node]
            case ast.AnnAssign() | ast.arg():
                found += [node.annotation]
            case ast.FunctionDef() | ast.ClassDef():
                found += [getattr(node, "returns", None), *node.decorator_list]
            case _:
                pass
    return {id(inner) for one in found if one for inner in ast.walk(one)}


def _faults(node: ast.AST) -> Iterator[Fault]:
    """What can be done to this node, in place."""
    match node:
        case ast.Compare(ops=[op, *_]):
            other = OTHER[type(op)]()
            yield f"comparison becomes {type(other).__name__}", partial(node.ops.__setitem__, 0, other)
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in OTHER:
            other = OTHER[type(op)]()
            yield f"{type(op).__name__} becomes {type(other).__name__}", partial(setattr, node, "op", other)
        case ast.UnaryOp(op=ast.Not()):
            yield "not is dropped", partial(setattr, node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.Constant(value=int(value)):
            changed = not value if isinstance(value, bool) else value + 1
            yield f"{value} becomes {changed}", partial(setattr, node, "value", changed)
        case ast.IfExp():
            yield "other branch", partial(setattr, node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.Call(func=ast.Name(id="refuse" | "wrong_state" | "accept"), args=[_, *_])):
            yield "silent accept()", partial(setattr, node, "value", ast.parse(SILENT, mode="eval").body)
        case ast.List(elts=elts, ctx=ast.Load()) | ast.Tuple(elts=elts, ctx=ast.Load()) | ast.Set(elts=elts):
            # Only of like things, as of checks or of states: a pair of two kinds of thing would merely not unpack.
            if len({type(one) for one in elts}) == 1 and isinstance(elts[0], ast.Call | ast.Constant):
                for place, one in enumerate(elts):
                    yield f"without {ast.unparse(one)[:40]!r}", partial(elts.__delitem__, place)
        case ast.match_case(guard=ast.expr() as guard):
            yield f"case without its if: {ast.unparse(guard)[:50]}", partial(setattr, node, "guard", None)
        case _:
            pass
    yield from _without_guards(node)


def _without_guards(node: ast.AST) -> Iterator[Fault]:
    body = node.body if isinstance(node, ast.FunctionDef | ast.If | ast.For | ast.match_case) else []
    for place, one in enumerate(body):
        if isinstance(one, ast.If) and not one.orelse and isinstance(one.body[-1], ast.Return | ast.Continue):
            told = f"(line {one.lineno}) without: if {ast.unparse(one.test)[:50]}"
            yield told, partial(body.__setitem__, place, ast.Pass())


class Bench:
    """A copy of the tree in which faults are planted, tried and taken out again. Use it as the current folder."""

    def __init__(self, folder: Path, service: str) -> None:
        """Copy what the tests need, and load what does not depend on the service once, for every try to inherit."""
        self.folder, self.tests = folder, f"tests/unit/services/{service}"
        self._times = count(1_000_000_000)
        for name in ("events", "services", "projections", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "bench"))
        shutil.copy2(ROOT / "pyproject.toml", folder)
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        for ours in [name for name in sys.modules if name.split(".")[0] == "tests"]:
            del sys.modules[ours]
        for name in COMMON:
            import_module(name)

    def kills(self, mutant: Mutant) -> bool:
        """Whether a test fails on the fault; examples first, properties only if no example does."""
        place = self.folder / mutant.file
        whole = place.read_text()
        self._write(place, mutant.source)
        killed = not self.green()
        self._write(place, whole)
        return killed

    def green(self) -> bool:
        """Whether the service's unit tests pass as the copy stands now."""
        return self._passes("not hypothesis") and self._passes("hypothesis")

    def _write(self, place: Path, text: str) -> None:
        # Compiled files are told apart by size and whole seconds: every version gets a second of its own.
        place.write_text(text)
        os.utime(place, (second := next(self._times), second))

    def _passes(self, kind: str) -> bool:
        child = os.fork()
        if not child:
            signal.alarm(90)  # seconds: a fault that never ends is seen too
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            settings.register_profile("mutants", QUICK)
            settings.load_profile("mutants")
            quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider", "-x", "-q", "--tb=no"]
            os._exit(pytest.main([*quiet, "-m", f"not long and {kind}", self.tests]))
        return os.waitpid(child, 0)[1] in {0, pytest.ExitCode.NO_TESTS_COLLECTED << 8}


def drawn(service: Path, sample: int, seed: int) -> list[Mutant]:
    """The faults to try in a service's pure files: all, or so many of them by chance; sentences are words, not acts."""
    layers = [path for layer in LAYERS for path in (ROOT / service).glob(f"{layer}*")]
    files = sorted(file for path in layers for file in (path, *path.rglob("*.py")) if file.suffix == ".py")
    every = [one for file in files if file.name != "sentences.py" for one in mutants(file.relative_to(ROOT))]
    places = sorted(random.Random(seed).sample(range(len(every)), min(sample or len(every), len(every))))
    return [every[place] for place in places]


def main() -> None:
    """Plant, try, report."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("service", type=Path, help="services/<name>")
    asked.add_argument("--sample", type=int, default=0, help="try so many faults, drawn by the seed; 0: all")
    asked.add_argument("--seed", type=int, default=1)
    args = asked.parse_args()
    seen: dict[Path, list[bool]] = {}
    with tempfile.TemporaryDirectory(prefix="wijkspoor mutants ") as folder:
        bench = Bench(Path(folder), args.service.name)
        if not bench.green():
            sys.exit("the tests fail before any fault is planted")
        for one in drawn(args.service, args.sample, args.seed):
            killed = bench.kills(one)
            seen.setdefault(one.file, []).append(killed)
            sys.stdout.write("" if killed else f"survived  {one.file}:{one.line} {one.what}\n")
            sys.stdout.flush()
    seen[args.service] = [one for kills in seen.values() for one in kills]
    for file, kills in seen.items():
        sys.stdout.write(f"{sum(kills):4} of {len(kills):4} killed  {file}\n")


if __name__ == "__main__":
    main()
