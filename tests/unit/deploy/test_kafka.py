"""Kafka on this machine, without starting it: what is fetched, what is missing, what a node is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.kafka import jars
from deploy.kafka.jars import Jvm, jvm, missing
from deploy.kafka.local import LocalKafka, main
from deploy.kafka.node import Node, last_words
from deploy.kafka.settings import HOST, Cluster, Ports, settings
from events.failures import CannotRun, DiskFull, FolderNotWritable

THREE = Cluster([Ports(9001, 9101), Ports(9002, 9102), Ports(9003, 9103)])
GUARDED = Cluster([Ports(9001, 9101)], {"broker": "b-word", "admin": "a-word"})

JAVA_17 = """echo 'openjdk version "17.0.15" 2025-04-15' >&2"""
FETCHES = """
echo fetched >> "$LOG"
for one in "$@"; do case "$one" in -DoutputDirectory=*) mkdir -p "${one#*=}"; touch "${one#*=}/kafka.jar";; esac; done
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Puts programs on a PATH that has nothing else but a shell's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "mkdir", "touch"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))

    def make(name: str, does: str) -> Path:
        made = folder / name
        made.write_text(f"#!{folder}/sh\n{does}\n")
        made.chmod(0o755)
        return made

    return make


def no_training(_: Jvm) -> None:
    """Nothing is archived."""


def test_without_java_or_maven_both_are_named(program: Callable[[str, str], Path]) -> None:
    assert missing() == "Java 17 and Maven"
    program("java", JAVA_17)
    assert missing() == "Maven"
    program("mvn", "")
    assert missing() is None


def test_without_java_it_cannot_run(program: Callable[[str, str], Path], tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="no java on PATH: install a JRE"):
        jvm(no_training, tmp_path / "cache")


@pytest.mark.parametrize(
    "says", ["""echo 'openjdk version "11.0.2" 2019-01-15' >&2""", """echo 'java version "1.8.0_402"' >&2""", "exit 1"]
)
def test_an_older_java_is_named(says: str, program: Callable[[str, str], Path], tmp_path: Path) -> None:
    java = program("java", says)
    with pytest.raises(CannotRun, match=f"needs Java 17 or later and {java} is another"):
        jvm(no_training, tmp_path / "cache")


def test_without_maven_nothing_can_be_fetched(program: Callable[[str, str], Path], tmp_path: Path) -> None:
    program("java", JAVA_17)
    with pytest.raises(CannotRun, match="no mvn on PATH: install Maven"):
        jvm(no_training, tmp_path / "cache")


def test_what_maven_says_is_told_and_nothing_half_fetched_stays(
    program: Callable[[str, str], Path], tmp_path: Path
) -> None:
    program("java", JAVA_17)
    program("mvn", "echo 'Downloading'; echo '[ERROR] Could not transfer artifact: unknown host'; exit 1")
    with pytest.raises(CannotRun, match=r"\(Could not transfer artifact: unknown host\): check the network"):
        jvm(no_training, tmp_path / "cache")
    assert [one.name for one in (tmp_path / "cache").iterdir()] == ["lock"]


def test_starters_in_parallel_fetch_and_train_once(program: Callable[[str, str], Path], tmp_path: Path) -> None:
    program("java", JAVA_17)
    program("mvn", FETCHES)
    trained: list[Jvm] = []

    def train(bare: Jvm) -> None:
        trained.append(bare)
        assert bare.writes is not None
        bare.writes.write_text("classes")

    cache = tmp_path / "cache with space"
    with ThreadPoolExecutor(4) as starters:
        found = set(starters.map(lambda _: jvm(train, cache), range(4)))
    (one,) = found
    assert (len(trained), (tmp_path / "log").read_text()) == (1, "fetched\n")
    assert f"-XX:SharedArchiveFile={one.archive}" in one.run("kafka.Kafka")
    assert Path(one.classes).parent.parent == cache
    assert jvm(train, cache) == one


def test_a_node_that_wrote_no_archive_serves_all_the_same(program: Callable[[str, str], Path], tmp_path: Path) -> None:
    program("java", JAVA_17)
    program("mvn", FETCHES)
    assert jvm(no_training, tmp_path / "cache").archive is None


def test_the_jars_are_those_of_the_pom_and_no_repository_is_named() -> None:
    pom = jars.POM.read_text()
    assert pom.count("<version>4.3.1</version>") == 2
    assert "repositor" not in pom.replace("http://maven.apache.org/POM/4.0.0", "")
    assert "https://" not in pom


@pytest.mark.parametrize("cluster", [THREE, GUARDED], ids=["three", "guarded"])
def test_a_node_is_reachable_from_this_machine_alone(cluster: Cluster, tmp_path: Path) -> None:
    told = settings(cluster, 1, tmp_path)
    assert told["listeners"] == f"CLIENT://{HOST}:9001,CONTROLLER://{HOST}:9101"
    assert told["advertised.listeners"] == f"CLIENT://{HOST}:9001"
    assert all(voter.partition("@")[2].startswith(HOST) for voter in told["controller.quorum.voters"].split(","))


def test_three_nodes_keep_three_copies_and_acknowledge_with_two(tmp_path: Path) -> None:
    told = settings(THREE, 2, tmp_path)
    assert (told["default.replication.factor"], told["min.insync.replicas"]) == ("3", "2")
    assert told["offsets.topic.replication.factor"] == "3"
    assert told["unclean.leader.election.enable"] == told["auto.create.topics.enable"] == "false"
    assert told["log.retention.ms"] == "-1"


def test_a_guarded_node_lets_nobody_in_without_a_rule(tmp_path: Path) -> None:
    told = settings(GUARDED, 1, tmp_path)
    assert told["allow.everyone.if.no.acl.found"] == "false"
    assert told["super.users"] == "User:broker;User:admin"
    assert "PLAINTEXT" not in told["listener.security.protocol.map"].replace("SASL_PLAINTEXT", "")
    assert "a-word" not in str(told)


def test_a_full_disk_and_a_folder_that_cannot_be_written_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(FolderNotWritable, match="cannot be written"):
        Node(1, tmp_path / "a file" / "node-1", Jvm("java", "")).configure(THREE)
    monkeypatch.setattr("deploy.kafka.node.FREE_BYTES_NEEDED", 2**62)
    with pytest.raises(DiskFull, match="make room for Kafka"):
        Node(1, tmp_path / "node-1", Jvm("java", "")).configure(THREE)


def test_settings_with_passwords_are_for_the_owner_alone(tmp_path: Path) -> None:
    node = Node(1, tmp_path / "node-1", Jvm("/bin/true", ""))
    node.configure(GUARDED)
    assert (tmp_path / "node-1" / "server.properties").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_formatted_says_why(tmp_path: Path, program: Callable[[str, str], Path]) -> None:
    java = program("java", "echo 'Exception: no such thing' >&2; exit 1")
    with pytest.raises(CannotRun, match="node 1 cannot be set up: Exception: no such thing"):
        Node(1, tmp_path / "node-1", Jvm(str(java), "")).configure(THREE)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("java.net.BindException: Address already in use", "its port is taken"),
        ("java.io.IOException: No space left on device", "the disk is full: make room"),
        ("java.lang.OutOfMemoryError: Java heap space", "it has no memory left"),
        ("Failed to acquire lock on file .lock", "another Kafka works on the same folder"),
        ("INFO up\nERROR that was it\nINFO down", "has ended: ERROR that was it"),
        ("", "has ended: it said nothing"),
    ],
)
def test_a_node_that_ended_is_told_with_what_to_do(said: str, told: str, tmp_path: Path) -> None:
    node = Node(1, tmp_path, Jvm("java", ""))
    node.log.write_text(said)
    assert told in str(node.why())


def test_last_words_are_the_last_error_else_the_last_line() -> None:
    assert last_words("one\ntwo ERROR a\nthree\n  at Some.java") == "two ERROR a"
    assert last_words("one\n\ntwo\n") == "two"


@pytest.mark.parametrize("nodes", [0, 2, 5])
def test_a_cluster_has_one_node_or_three(nodes: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one node or three"):
        LocalKafka(tmp_path, nodes)


def test_a_kafka_that_is_not_started_says_so(tmp_path: Path) -> None:
    kafka = LocalKafka(tmp_path)
    with pytest.raises(CannotRun, match="not started"):
        kafka.wait_ready()
    with pytest.raises(CannotRun, match="not started"):
        _ = kafka.bootstrap
    kafka.stop()
    assert kafka.alive == ()


def test_at_a_terminal_what_is_missing_is_one_sentence_and_code_3(
    program: Callable[[str, str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert os.environ["PATH"] == str(tmp_path / "bin")
    assert main(["--folder", str(tmp_path / "kafka")]) == 3
    assert capsys.readouterr().err.strip().endswith("install a JRE.")
