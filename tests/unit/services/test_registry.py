"""The one registry: what is in it is whole, and names that stand in command ids for ever are unique."""

from __future__ import annotations

from uuid import UUID

import pytest

from events.catalog import FACT_TYPES, KINDS, PER_CALL, PER_CASE
from services.deciding import Service
from services.reacting import concerns
from services.registry import SERVICES

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))


def test_the_services_stand_in_the_order_in_which_a_case_meets_them() -> None:
    assert list(SERVICES) == ["intake", "eligibility", "jury", "decision", "payment"]
    assert all(service.name == name for name, service in SERVICES.items())


def test_a_command_has_one_name_and_one_service() -> None:
    names = [model.command_name for service in SERVICES.values() for model in service.commands]
    assert len(set(names)) == len(names)


def test_every_kind_of_stream_but_the_logs_own_is_reached_by_some_command() -> None:
    reached = {spec.kind for service in SERVICES.values() for spec in service.commands.values()}
    assert reached == set(KINDS) - {"log"}


def test_every_kind_of_stream_can_begin() -> None:
    begun = {spec.kind for service in SERVICES.values() for spec in service.commands.values() if spec.creates}
    assert begun == set(KINDS) - {"log"}


@each_service
def test_a_command_stands_under_its_own_model(service: Service) -> None:
    assert all(spec.model is model for model, spec in service.commands.items())


@each_service
def test_every_kind_of_a_service_has_a_state_before_its_first_fact(service: Service) -> None:
    for kind in (kind for kind, owner in KINDS.items() if owner == service.name):
        assert service.initial(kind) is not None


@each_service
def test_a_service_reacts_under_a_name_once_a_fact(service: Service) -> None:
    names = [reaction.name for reaction in service.reactions]
    assert len(set(names)) == len(names), "a reaction's name is part of its command ids"


@each_service
def test_a_service_listens_to_exactly_what_it_reacts_to(service: Service) -> None:
    wanted = concerns(service)
    assert wanted == sorted(wanted, key=list(FACT_TYPES).index)
    assert set(wanted) == {reaction.on.__name__ for reaction in service.reactions}
    assert len(set(wanted)) == len(wanted)


def test_every_service_does_something_by_itself() -> None:
    assert all(service.reactions for service in SERVICES.values())


def test_a_reaction_reads_only_a_stream_of_its_own_service_kept_for_the_call_or_the_case() -> None:
    call = "01900000-0000-7000-8000-0000000000c1"

    class Facts:
        """Any fact of a case of this call."""

        def __init__(self) -> None:
            self.call = self.case = call

    reading = [(service, one) for service in SERVICES.values() for one in service.reactions if one.reads]
    assert {service.name for service, _ in reading} == set(SERVICES)
    for service, one in reading:
        assert one.reads is not None
        kind, ident = one.reads(Facts()).split("-", 1)
        assert KINDS[kind] == service.name
        assert kind in (*PER_CALL, *PER_CASE)
        assert str(UUID(ident)) == call
