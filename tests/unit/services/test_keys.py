"""Private keys: made once, readable by their owner alone, and never guessed at when they are broken."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from events.catalog import SERVICES
from events.proof.signing import Signer, verify
from services import keys
from services.keys import BrokenKey, secret, signers


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_made_on_first_use_and_stays(tmp_path: Path) -> None:
    first = secret(tmp_path / "keys", "vault.master")
    assert len(first) == keys.SEED == 32
    assert secret(tmp_path / "keys", "vault.master") == first
    assert (tmp_path / "keys" / "vault.master").read_bytes() == first


def test_no_two_secrets_are_alike(tmp_path: Path) -> None:
    made = [secret(tmp_path / folder, name) for folder in ("one", "two") for name in ("a", "b")]
    assert len(set(made)) == 4


def test_a_key_is_0600_in_a_0700_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "keys"
    secret(folder, "vault.master")
    assert mode(folder) == 0o700
    assert mode(folder / "vault.master") == 0o600


def test_nothing_but_the_key_is_left_in_the_folder(tmp_path: Path) -> None:
    secret(tmp_path, "vault.master")
    assert [path.name for path in tmp_path.iterdir()] == ["vault.master"]


def test_what_a_crash_left_half_made_is_made_again(tmp_path: Path) -> None:
    left = tmp_path / "vault.master.new"
    left.write_bytes(b"half")
    left.chmod(0o644)
    made = secret(tmp_path, "vault.master")
    assert len(made) == 32
    assert mode(tmp_path / "vault.master") == 0o600
    assert not left.exists()


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_file_of_another_length_is_refused_with_a_sentence_and_left_alone(tmp_path: Path, length: int) -> None:
    path = tmp_path / "intake.ed25519"
    path.write_bytes(b"k" * length)
    with pytest.raises(BrokenKey) as caught:
        secret(tmp_path, path.name)
    said = str(caught.value)
    assert str(path) in said
    assert "32 bytes" in said
    assert said.endswith("put it back from your backup.")
    assert path.read_bytes() == b"k" * length, "a broken key is never replaced"


def test_a_broken_key_of_one_service_stops_all(tmp_path: Path) -> None:
    signers(tmp_path)
    (tmp_path / "payment.ed25519").write_bytes(b"short")
    with pytest.raises(BrokenKey, match=r"payment\.ed25519"):
        signers(tmp_path)


def test_every_service_has_its_own_key_and_the_log_too(tmp_path: Path) -> None:
    made = signers(tmp_path)
    assert list(made) == list(SERVICES)
    assert len({signer.public_key for signer in made.values()}) == len(SERVICES)
    assert all(signer.service == name and signer.key_id.startswith(f"{name}-") for name, signer in made.items())
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.ed25519" for name in SERVICES}


def test_the_next_start_signs_with_the_same_keys(tmp_path: Path) -> None:
    before, after = signers(tmp_path), signers(tmp_path)
    assert {one.key_id for one in before.values()} == {one.key_id for one in after.values()}
    assert verify(before["jury"].public_key, b"body", after["jury"].sign(b"body"))
    assert not verify(before["jury"].public_key, b"body", after["intake"].sign(b"body"))


def test_the_file_holds_the_seed_of_the_key(tmp_path: Path) -> None:
    made = signers(tmp_path)
    again = Signer("jury", (tmp_path / "jury.ed25519").read_bytes())
    assert again.public_key == made["jury"].public_key
