"""The command `wijkspoor`: its parts put together, over the doors that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cyclopts import App

from services.cli.bank import bank_app
from services.cli.calling import answered, bare
from services.cli.house import HouseTools
from services.cli.letters import Letters
from services.cli.parked import parked_app
from services.cli.ports import Doors
from services.cli.records import Records
from services.cli.roles import Roles
from services.cli.running import Running
from services.cli.serving import Serving
from services.cli.subscription import SubscriptionTools
from services.cli.topics import TopicTools
from services.cli.views import Views
from services.cli.whatif import WhatIf


def make_app(doors: Doors) -> App:
    """The commands; each returns its exit code."""
    app = bare()
    serving, views, records, house = Serving(doors), Views(doors), Records(doors), HouseTools(doors)
    roles, running = Roles(doors.role), Running(doors)
    for command in (
        serving.demo,
        serving.up,
        roles.serve,
        roles.work,
        roles.relay,
        roles.project,
        roles.timers,
        roles.publish,
        running.monitor,
        running.migrate,
        views.budget,
        views.contracts,
        views.timeline,
        views.worklist,
        records.verify,
        records.explain,
        Letters(doors).letter,
        records.restore,
        records.rebuild,
        WhatIf(doors).whatif,
        house.token,
        house.doctor,
        house.schema,
    ):
        app.command(command)
    for group in _groups(doors, records, house):
        app.command(group)
    return app


def _groups(doors: Doors, records: Records, house: HouseTools) -> Iterator[App]:
    """Commands of two words."""
    export = App(name="export", help="Write what is recorded to files.")
    export.command(records.export_log, name="log")
    call = App(name="call", help="Publish a call, or check its terms.")
    call.command(house.call_publish, name="publish")
    call.command(house.call_check, name="check")
    yield from (export, call, parked_app(doors, doors.parking), bank_app(doors.bank))
    subscription = App(name="subscription", help="What subscribers received, against what was published.")
    subscription.command(SubscriptionTools(doors.public_topic).check, name="check")
    topics = App(name="topics", help="Kafka's topics, and who may do what there.")
    tools = TopicTools(doors.topics)
    topics.command(tools.apply, name="apply")
    topics.command(tools.check, name="check")
    yield from (subscription, topics)


def call(doors: Doors, arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. Wrong use is one sentence and 2."""
    return answered(make_app(doors), arguments)
