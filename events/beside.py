"""Work side by side: one main task, and others that live as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def beside(main: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
    """Run until `main` ends or any of them fails; what fails first is raised as it is, the rest is cancelled."""
    chief = asyncio.create_task(main)
    tasks = {chief, *(asyncio.create_task(other) for other in others)}
    try:
        left = set(tasks)
        while chief in left:
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
