"""The bank's side as a process beside the running program, on PostgreSQL and a real folder."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from events import codec
from services.banking.reading import LogReader
from services.bootstrap.whole import open_whole
from services.runtime import Runtime
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.payments import IBANS
from services.story.player import Direct, play
from tests import comparing
from tests.bank_messages import detail, entry, notice, official
from tests.counterparty import AGENCY, Counterparty

ROOT = Path(__file__).parents[2]
RELEASED = "2022-01-17"
ELEVEN = 11


async def bank(dsn: str, folder: Path, *words: str) -> tuple[int, Any, str]:
    """`wijkspoor bank …` as a process of its own: exit code, document, and everything that it said beside."""
    env = os.environ | {
        "WIJKSPOOR_BANK_FOLDER": str(folder / "bank"),
        "WIJKSPOOR_BANK_NAME": "Agentschap Binnenlands Bestuur",
        "WIJKSPOOR_BANK_IBAN": AGENCY,
        "WIJKSPOOR_LOG_LEVEL": "debug",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.main", "bank", *words),
        *("--dsn", dsn, "--data", str(folder), "--json"),
        cwd=ROOT,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, json.loads(told), (told + said).decode()


async def facts(program: Runtime, name: str) -> list[Any]:
    return [codec.read(one).fact for one in await comparing.whole_log(program.store) if one.type == name]


@pytest.fixture
async def program(dsn: str, tmp_path: Path) -> Any:
    """The running program when the first payments are released."""
    before = [step for step in steps(RELEASED) if step.command != "confirm-execution"]
    async with open_whole(Settings(data=tmp_path, dsn=dsn, demo=True)) as opened:
        await play(before, opened, Direct(opened.handler, opened.services), now=opened.clock.now)
        await opened.settled()
        yield opened


async def test_files_go_out_and_reports_come_in_beside_the_running_program(
    program: Runtime, dsn: str, tmp_path: Path
) -> None:
    counter = Counterparty(tmp_path / "bank", RELEASED)
    code, sent, said = await bank(dsn, tmp_path, "send")

    assert code == 0
    (file,) = sent["files"]
    path = tmp_path / "bank" / "outgoing" / file["file"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert official().is_valid(path.read_text())
    owed = sum(one.posted for one in await program.store.balances() if one.account.startswith("PAYABLE:"))
    assert (file["transfers"], file["totalCents"]) == (ELEVEN, owed)
    assert (await bank(dsn, tmp_path, "send"))[1] == {"files": [], "parked": []}
    # What was sent is in the log alone: a book that was lost would send nothing twice.
    outbox = await LogReader(program.store, program.vault).outbox()
    assert (sum(map(len, outbox.waiting.values())), outbox.unsent(), len(outbox.files)) == (0, [], 1)

    counter.fetch()
    counter.close()
    (tmp_path / "bank" / "incoming" / f"{IBANS[0]}.xml").write_bytes(notice(entry(detail("f" * 32), "12.50")))
    for one in (tmp_path / "bank" / "incoming").iterdir():
        # What was just written is left alone for two seconds, for it may not be whole.
        os.utime(one, (0, 0))
    code, read, more = await bank(dsn, tmp_path, "receive")
    await program.settled()

    assert code == 1
    assert sorted(one["message"] for one in read["files"]) == ["camt.054.001.08", "camt.054.001.08", "pain.002.001.10"]
    assert (program.failures, list(program.parked)) == ({}, [])
    assert len(await facts(program, "PaymentExecuted")) == ELEVEN
    assert sum(one.posted for one in await program.store.balances() if one.account.startswith("PAYABLE:")) == 0
    assert (await bank(dsn, tmp_path, "receive"))[1] == {"files": []}

    _, listed, yet = await bank(dsn, tmp_path, "parked")
    (row,) = listed["parked"]
    assert (row["reason"], row["amountCents"]) == ("unknown-order", 1250)
    assert (await bank(dsn, tmp_path, "close", str(row["number"]), "--why", "of another service"))[0] == 0
    assert (await bank(dsn, tmp_path, "parked"))[1] == {"parked": []}
    notes = "".join(one.read_text() for one in (tmp_path / "bank" / "done").glob("*.note.txt"))
    for number in (*IBANS, AGENCY):
        assert number not in said + more + yet + notes
