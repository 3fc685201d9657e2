"""Personal data: sealed under its subject, bound to its place, gone with its key."""

from __future__ import annotations

import msgspec
import pytest

from events import codec, sealing
from events.jury import InterestsDeclared, PanelComposed, PanelMember
from events.sealing import Erased, InvalidTag
from events.vocabulary import Clear, Sealed

ONE, TWO = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
KEYS = {ONE: b"1" * 32, TWO: b"2" * 32}
COMMAND = "00000000-0000-0000-0000-00000000000c"


def declared(text: str = "Ik ken de burgemeester.") -> InterestsDeclared:
    return InterestsDeclared(call=ONE, member=ONE, statement=Clear(subject=ONE, clear=text), organisations=[])


def panel() -> PanelComposed:
    members = [
        PanelMember(
            person=subject,
            name=Clear(subject=subject, clear=name),
            employer="X",
            capacity="external",
            expertise="wonen",
        )
        for subject, name in ((ONE, "An"), (TWO, "Bo"))
    ]
    return PanelComposed(call=ONE, chair=ONE, secretary=TWO, members=members, checks=[])


def test_a_sealed_fact_holds_no_clear_text_and_opens_again() -> None:
    sealed = sealing.seal(panel(), KEYS, COMMAND)
    assert b"An" not in msgspec.json.encode(sealed)
    assert sealing.unseal(sealed, KEYS, COMMAND) == panel()


def test_the_log_refuses_personal_data_in_clear() -> None:
    with pytest.raises(codec.UnsealedData):
        codec.data_of(panel())


def test_a_text_that_looks_like_the_tag_of_clear_data_is_only_text() -> None:
    fact = sealing.seal(declared(), KEYS, COMMAND)
    codec.data_of(msgspec.structs.replace(fact, member='"sealed":0'))


def test_a_retried_command_gives_equal_bytes() -> None:
    assert sealing.seal(panel(), KEYS, COMMAND) == sealing.seal(panel(), KEYS, COMMAND)


def test_equal_text_of_two_commands_or_fields_gives_different_bytes() -> None:
    one = sealing.seal(declared(), KEYS, COMMAND).statement
    other = sealing.seal(declared(), KEYS, TWO).statement
    assert isinstance(one, Sealed)
    assert isinstance(other, Sealed)
    assert one.ct != other.ct


def test_a_value_cannot_be_moved_to_another_event() -> None:
    sealed = sealing.seal(declared(), KEYS, COMMAND)
    with pytest.raises(InvalidTag):
        sealing.unseal(sealed, KEYS, TWO)


def test_a_value_whose_key_is_gone_stays_sealed_and_the_others_open() -> None:
    sealed = sealing.seal(panel(), KEYS, COMMAND)
    opened = sealing.unseal(sealed, {TWO: KEYS[TWO]}, COMMAND)
    assert isinstance(opened.members[0].name, Sealed)
    assert opened.members[1].name == Clear(subject=TWO, clear="Bo")


def test_nothing_can_be_sealed_for_an_erased_subject() -> None:
    with pytest.raises(Erased):
        sealing.seal(declared(), {TWO: KEYS[TWO]}, COMMAND)


def test_every_subject_of_a_fact_is_named() -> None:
    assert sealing.subjects_of(panel()) == {ONE, TWO}
