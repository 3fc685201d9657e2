"""The Kubernetes manifests: rendered as an installation would, checked against schemas and against our own tables."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import jsonschema
import kubernetes_validate
import pytest
import yaml

from deploy.k8s import crds, generate, workloads
from deploy.roles import ENDPOINTS, KAFKA, ROLES, SERVICES, STORE, Role
from events.adapters.kafka.access import PRINCIPALS, RULES
from events.adapters.kafka.topics import PARTITIONS, TOPICS
from services.cluster import roles as program_roles
from services.settings import Settings
from services.web.server import GRACE_SECONDS
from tests.architecture.outside import KUSTOMIZE, program

K8S = Path(__file__).parents[2] / "deploy" / "k8s"
PRODUCTION = K8S / "overlays" / "production"
KUBERNETES = "1.37.0"

Manifest = dict[str, Any]


def rendered_by(tool: str, folder: Path) -> list[Manifest]:
    command = [tool, "kustomize", str(folder)] if Path(tool).name == "kubectl" else [tool, "build", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


@cache
def production() -> list[Manifest]:
    return rendered_by(program(KUSTOMIZE), PRODUCTION)


def of(kind: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in production() if one["kind"] == kind}


def pods() -> Iterator[tuple[str, Manifest, Manifest]]:
    """Name, labels and spec of every pod of ours."""
    for one in production():
        if one["kind"] in {"Deployment", "Job"}:
            template = one["spec"]["template"]
            yield one["metadata"]["name"], template["metadata"]["labels"], template["spec"]


def faults(manifest: Manifest) -> list[str]:
    """What is wrong with a manifest by the schema of its kind. A kind without a schema is a fault too."""
    path = crds.file_of(manifest["apiVersion"], manifest["kind"])
    if path.exists():
        schema = json.loads(path.read_text(encoding="utf-8"))
        return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(manifest)]
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
        return [str(error)]
    return []


def test_what_is_committed_is_what_the_tables_say() -> None:
    wanted = generate.files()
    assert {path.name for path in generate.FOLDER.glob("*")} == set(wanted)
    for name, content in wanted.items():
        assert (generate.FOLDER / name).read_text(encoding="utf-8") == content, "run python -m deploy.k8s.generate"


def test_generating_removes_what_no_table_speaks_of(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text("kind: Gone\n", encoding="utf-8")
    generate.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(generate.files())


def test_every_resource_satisfies_the_schema_of_its_kind() -> None:
    found = {f"{one['kind']}/{one['metadata']['name']}": faults(one) for one in production()}
    assert len(found) > 90
    assert not {name: why for name, why in found.items() if why}


@pytest.mark.parametrize(
    ("kind", "name", "spoil"),
    [
        ("Deployment", "relay", lambda spec: spec.update(replica=2)),
        ("Deployment", "relay", lambda spec: spec.update(replicas="two")),
        ("Kafka", "wijkspoor", lambda spec: spec["kafka"]["listeners"][0].update(tls="yes")),
        ("Kafka", "wijkspoor", lambda spec: spec["kafka"]["listeners"][0].pop("port")),
        ("KafkaTopic", "wijkspoor.log.v1", lambda spec: spec.update(partitions=0)),
        ("KafkaUser", "relay", lambda spec: spec["authentication"].update(type="scram-sha-256")),
        ("KafkaUser", "relay", lambda spec: spec["authorization"]["acls"][0].update(operation="Read")),
        ("Cluster", "wijkspoor-store", lambda spec: spec.update(instances=0)),
        ("Cluster", "wijkspoor-store", lambda spec: spec["postgresql"]["synchronous"].update(method="all")),
        ("PodMonitor", "roles", lambda spec: spec.pop("selector")),
    ],
)
def test_a_spoilt_resource_is_found(kind: str, name: str, spoil: Any) -> None:
    manifest = json.loads(json.dumps(of(kind)[name]))
    spoil(manifest["spec"])
    assert faults(manifest)


def test_a_kind_without_a_schema_is_a_fault() -> None:
    assert faults({"apiVersion": "example.org/v1", "kind": "Wish", "metadata": {"name": "x"}, "spec": {}})


def test_every_role_of_the_program_is_deployed_and_no_other() -> None:
    assert {role.arguments[0] for role in ROLES} == set(get_args(program_roles.Kind))
    assert set(of("Deployment")) == {role.name for role in ROLES}
    served = {role.arguments[1] for role in ROLES if role.arguments[0] == "serve"}
    assert served == {*SERVICES, program_roles.DESK}
    assert {role.arguments[1] for role in ROLES if role.arguments[0] == "work"} == set(program_roles.DECIDING)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_holds_the_keys_with_which_it_signs_and_no_others(role: Role) -> None:
    kind, *names = role.arguments
    same = program_roles.Role(kind, names)  # type: ignore[arg-type]  # the table's words are the program's
    signs = same.signs
    assert role.principal == same.principal
    assert {name for name in role.keys if name.endswith(".ed25519")} == {f"{name}.ed25519" for name in signs}
    [volume] = [one for one in _spec(role)["volumes"] if one["name"] == "keys"] or [None]
    assert [item["key"] for item in volume["secret"]["items"]] == list(role.keys) if volume else not role.keys


def _spec(role: Role) -> Manifest:
    return dict(of("Deployment")[role.name]["spec"]["template"]["spec"])


def test_every_pod_of_ours_is_restricted() -> None:
    for name, _, spec in pods():
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"]["cpu"]


def test_every_image_is_named_by_its_digest() -> None:
    images = [container["image"] for _, _, spec in pods() for container in spec["containers"]]
    images.append(of("Cluster")["wijkspoor-store"]["spec"]["imageName"])
    assert all(re.search(r"@sha256:[0-9a-f]{64}$", image) for image in images)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_is_probed_spread_and_given_time_to_leave(role: Role) -> None:
    deployment = of("Deployment")[role.name]["spec"]
    spec = deployment["template"]["spec"]
    [container] = spec["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["startupProbe"]["httpGet"]["path"] == "/livez"
    assert spec["terminationGracePeriodSeconds"] > GRACE_SECONDS + workloads.DRAIN_SECONDS + 20
    keys = {one["topologyKey"] for one in spec["topologySpreadConstraints"]}
    assert keys == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    selector = deployment["selector"]["matchLabels"].items()
    assert selector <= deployment["template"]["metadata"]["labels"].items()
    assert of("PodDisruptionBudget")[role.name]["spec"]["selector"]["matchLabels"].items() == selector
    assert of("ServiceAccount")[role.name]["automountServiceAccountToken"] is False


def test_what_is_served_has_a_service_that_finds_its_pods() -> None:
    services = of("Service")
    assert set(services) == {role.name for role in ROLES if role.served}
    labels = {name: told for name, told, _ in pods()}
    for name, service in services.items():
        assert service["spec"]["selector"].items() <= labels[name].items()
        assert service["spec"].get("type", "ClusterIP") == "ClusterIP"


def test_a_path_leads_to_the_role_that_answers_it_and_figures_stay_inside() -> None:
    spec = of("HTTPRoute")["wijkspoor"]["spec"]
    leads = {
        match["path"]["value"]: rule.get("backendRefs", [{"name": None}])[0]["name"]
        for rule in spec["rules"]
        for match in rule["matches"]
    }
    inside = dict.fromkeys(("/metrics", "/livez", "/readyz"))
    assert leads == {**inside, "/": "serve-desk", **{f"/v1/{service}/": f"serve-{service}" for service in SERVICES}}
    assert {name for name in leads.values() if name} == set(of("Service"))


def test_nothing_may_talk_unless_a_policy_says_so() -> None:
    policies = of("NetworkPolicy")
    nothing = policies["nothing-by-default"]["spec"]
    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies["to-issuer"]["spec"]["egress"][0]["to"] != [{"ipBlock": {"cidr": "0.0.0.0/0"}}]
    [outside] = policies["to-endpoints"]["spec"]["egress"]
    assert {"10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"} <= set(
        outside["to"][0]["ipBlock"]["except"]
    )
    assert outside["ports"] == [{"protocol": "TCP", "port": 443}]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_reaches_those_it_speaks_to_and_nobody_else(role: Role) -> None:
    [labels] = [told for name, told, _ in pods() if name == role.name]
    ways = {
        policy["metadata"]["name"]
        for policy in of("NetworkPolicy").values()
        if "Egress" in policy["spec"]["policyTypes"]
        and (wanted := policy["spec"]["podSelector"].get("matchLabels"))
        and wanted.items() <= labels.items()
    }
    assert ways == {f"to-{other}" for other in role.talks_to}
    assert (ENDPOINTS in role.talks_to) is (role.name == "publish")


def test_a_role_is_told_only_of_those_it_speaks_to() -> None:
    for role in ROLES:
        names = {one["name"] for one in workloads.environment(role)}
        assert ("WIJKSPOOR_DSN" in names) is (STORE in role.talks_to)
        assert ("WIJKSPOOR_KAFKA_USER" in names) is (KAFKA in role.talks_to)
        assert role.principal is None or role.principal in PRINCIPALS


def test_no_secret_is_written_down() -> None:
    assert not of("Secret")
    for _, _, spec in pods():
        for container in spec["containers"]:
            for one in container["env"]:
                if "PASSWORD" in one["name"]:
                    assert set(one) == {"name", "valueFrom"}
                if "postgresql://" in one.get("value", ""):
                    assert ":$(STORE_PASSWORD)@" in one["value"]
                    assert "sslmode=verify-full" in one["value"]


def test_every_secret_that_is_referred_to_is_made_by_an_operator_or_in_the_readme() -> None:
    text = "\n".join(yaml.safe_dump(one) for one in production())
    wanted = set(re.findall(r"secretName: (\S+)|secretKeyRef:\n\s+key: \S+\n\s+name: (\S+)", text))
    names = {name for pair in wanted for name in pair if name}
    names |= {one["passwordSecret"]["name"] for one in _database_roles().values() if "passwordSecret" in one}
    made = {"wijkspoor-store-ca", "wijkspoor-cluster-ca-cert", *of("KafkaUser")}
    readme = (K8S / "README.md").read_text(encoding="utf-8")
    assert not [name for name in names - made if f"`{name}`" not in readme and f"`{_pattern(name)}`" not in readme]


def _pattern(name: str) -> str:
    return re.sub(r"^store-(?!owner).*", "store-<role>", name)


def _database_roles() -> dict[str, Manifest]:
    return {one["name"]: one for one in of("Cluster")["wijkspoor-store"]["spec"]["managed"]["roles"]}


def test_every_role_that_reads_the_store_has_a_user_of_its_own_there() -> None:
    users = _database_roles()
    assert set(users) - {"wijkspoor_app", "wijkspoor_owner"} == {
        role.database_user for role in ROLES if STORE in role.talks_to
    }
    for name, user in users.items():
        assert not user.get("superuser")
        assert user["login"] is (name != "wijkspoor_app")


def test_topics_are_those_of_the_contract_and_nothing_is_ever_thrown_away() -> None:
    found = of("KafkaTopic")
    assert {name: one["spec"]["partitions"] for name, one in found.items()} == dict(PARTITIONS)
    for topic in TOPICS:
        spec = found[topic.name]["spec"]
        assert spec["replicas"] == 3
        assert spec["config"]["min.insync.replicas"] == "2"
        assert spec["config"]["retention.ms"] == "-1"
        assert spec["config"]["max.message.bytes"] == "2097152"
        assert spec["config"]["unclean.leader.election.enable"] == "false"
        assert spec["config"]["cleanup.policy"] == "delete"


def test_users_of_kafka_may_what_the_table_says_and_no_more() -> None:
    found = {
        (name, acl["resource"]["type"], acl["resource"]["name"], acl["resource"]["patternType"], operation)
        for name, user in of("KafkaUser").items()
        for acl in user["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    }
    wanted = {
        (
            rule.principal,
            rule.kind.name.lower(),
            rule.resource.name,
            "prefix" if rule.resource.prefixed else "literal",
            rule.operation.name.replace("_", " ").title().replace(" ", ""),
        )
        for rule in RULES
    }
    assert found == wanted
    assert not {operation for *_, operation in found} & {"Delete", "Alter", "AlterConfigs", "All"}


def test_kafka_itself_keeps_everything_and_lets_nobody_in_unknown() -> None:
    kafka = of("Kafka")["wijkspoor"]["spec"]["kafka"]
    [listener] = kafka["listeners"]
    assert (listener["tls"], listener["authentication"], listener["type"]) == (
        True,
        {"type": "scram-sha-512"},
        "internal",
    )
    assert kafka["authorization"] == {"type": "simple"}
    config = kafka["config"]
    assert config["min.insync.replicas"] == 2
    assert config["default.replication.factor"] == 3
    assert config["unclean.leader.election.enable"] is False
    assert config["auto.create.topics.enable"] is False
    assert config["delete.topic.enable"] is False
    assert config["log.retention.ms"] == -1
    assert sum(one["spec"]["replicas"] for one in of("KafkaNodePool").values()) == 3


def test_a_commit_waits_for_a_second_machine() -> None:
    spec = of("Cluster")["wijkspoor-store"]["spec"]
    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
        "failoverQuorum": True,
    }
    assert spec["plugins"][0]["isWALArchiver"] is True
    assert of("ScheduledBackup")["nightly"]["spec"]["cluster"]["name"] == "wijkspoor-store"


def test_every_variable_is_a_setting_of_the_program() -> None:
    [shared] = [one["data"] for one in of("ConfigMap").values() if "WIJKSPOOR_PROFILE" in one["data"]]
    names = {name for name in shared if name.startswith("WIJKSPOOR_")}
    names |= {one["name"] for role in ROLES for one in workloads.environment(role)} - {"STORE_PASSWORD"}
    fields = {name.removeprefix("WIJKSPOOR_").lower() for name in names}
    assert fields <= set(Settings.model_fields)


def test_the_schemas_of_the_operators_take_in_what_is_used_and_no_more() -> None:
    schema = {
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {}}}},
            "b": {"type": "string"},
            "c": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    }
    kept = crds.part(schema, [{"a": [{"x": 1}]}, {"c": {"k": "v"}}])
    assert set(kept["properties"]) == {"a", "c"}
    assert kept["properties"]["a"]["items"]["properties"] == {"x": {"type": "integer"}}
    assert kept["required"] == ["a"]
    with pytest.raises(KeyError, match="new"):
        crds.part(schema, [{"new": 1}])


def test_schemas_are_written_for_the_kinds_that_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crds, "SCHEMAS", tmp_path)
    inner = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
    version = {"name": "v1", "schema": {"openAPIV3Schema": inner}}
    definition = {"spec": {"group": "example.org", "names": {"kind": "Box"}, "versions": [version]}}
    (tmp_path / "box.yaml").write_text(yaml.safe_dump(definition), encoding="utf-8")
    boxes = [{"apiVersion": "example.org/v1", "kind": "Box", "metadata": {"name": "b"}, "spec": {"size": 1}}]
    assert list(crds.write(tmp_path, boxes)) == [tmp_path / "Box.example.org.v1.json"]
    assert not faults(boxes[0])
    assert faults({**boxes[0], "spec": {"size": "big"}})
    assert list(crds.write(tmp_path, [])) == []
