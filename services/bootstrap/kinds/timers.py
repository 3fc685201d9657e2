"""Lets deadlines act; keeps a story's clock."""

from __future__ import annotations

from collections.abc import Mapping

from events.adapters.kafka.log_feed import KafkaLogFeed
from events.adapters.postgres.progress import PostgresProgress
from events.adapters.postgres.timers import PostgresTimers
from events.consumer import Consumer
from events.times import moment
from services.bootstrap.ground import holder
from services.bootstrap.readers import everybody
from services.bootstrap.standing import Ground, Opened, runtime_of
from services.cluster.leased import Leased
from services.cluster.quiet import Quiet
from services.cluster.roles import Role
from services.parking import Attendant, among
from services.proving import LogProof
from services.reacting import Sender
from services.registry import SERVICES
from services.supervisor import Supervisor
from services.timers import Alarm, TimerSink
from services.web.app import create_app


def opened(ground: Ground, _role: Role) -> Opened:
    """The role at work."""
    timers = PostgresTimers(ground.store.pool)
    sender = Sender(ground.handler(SERVICES), ground.clock, ground.settings.organisation)
    alarm = Alarm(SERVICES, timers, sender, ground.clock)
    sink = TimerSink(SERVICES, timers, parking=ground.parking, log=ground.store, proof=LogProof(ground.store))
    consumer = Leased(Consumer(KafkaLogFeed(ground.kafka), sink), ground.leases, holder())
    attendant = Attendant(ground.parking, [sink.name], among({sink.name: sink}))
    quiet = Quiet(PostgresProgress(ground.store.pool), everybody())
    supervisor = Supervisor(
        [consumer], ground.store, timers, alarm, ground.clock, ground.look, quiet=quiet.settled, attendant=attendant
    )
    runtime = runtime_of(ground, {}, supervisor)

    async def own() -> Mapping[str, float]:
        due = await timers.next_due()
        late = (moment(ground.clock.now()) - moment(due)).total_seconds() if due is not None else 0.0
        return {"wijkspoor_timer_overdue_seconds": max(late, 0.0)}

    return runtime, create_app(runtime, ground.provider, own)
