"""When a figure becomes an alarm. Defaults for one agency; a larger one passes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """`stall_minutes`: how long a service may leave an input unanswered. `still_days`: by the service that moved last,
    how many days a case may stand still. A rate is odd when it is `times` its recent mean (or that part of it).
    `parked_days`: how long after its last record a parked stream is told.
    """

    stall_minutes: int = 15
    still_days: Mapping[str, int] = field(
        default_factory=lambda: {
            "intake": 30,
            "eligibility": 60,
            "jury": 90,
            "decision": 180,
            # Reports are due once a year.
            "payment": 400,
        }
    )
    times: int = 10
    least_in_hour: int = 50
    least_in_day: int = 50
    refusal_times: int = 3
    least_refusals: int = 5
    behind: int = 10_000
    parked_days: int = 7
    oldest: int = 20
    days_shown: int = 30
    months_shown: int = 6
    burn_days: int = 90

    def still(self, service: str) -> int:
        """How many days a case may stand still after this service moved; of one that is not named, the longest."""
        return self.still_days.get(service, max(self.still_days.values()))
