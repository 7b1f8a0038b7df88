"""The secret between CloudFront and the API: where it is, and how it is exchanged without turning anybody away."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError

from functions.orchestrator.settings import SECRET_LENGTH
from infra.settings import SettingsError
from infra.tools.rotation import main, steps
from local.containers.sam import without_origin_secrets
from shared.contracts.routes import ORIGIN_HEADER
from tests.infra.conftest import synthesize


def numbers(template, value) -> list[int]:
    """Which of the secrets a value refers to, in order."""
    secrets = template.of_type("AWS::SecretsManager::Secret")
    text = json.dumps(value)
    found = sorted((text.index(i), int(i.removeprefix("OriginSecret")[0])) for i in secrets if i in text)
    return [number for _, number in found]


def sent(template) -> list[int]:
    origins = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    (origin,) = [origin for origin in origins if "OriginCustomHeaders" in origin]
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderName"] == ORIGIN_HEADER
    return numbers(template, header["HeaderValue"])


def taken(template) -> list[int]:
    return numbers(template, template.images()["Orchestrator"]["Properties"]["Environment"]["Variables"])


def test_values_are_made_by_cloudformation_and_stand_in_no_template(template):
    (secret,) = template.of_type("AWS::SecretsManager::Secret").values()
    made = secret["Properties"]["GenerateSecretString"]
    assert made["PasswordLength"] >= 2 * SECRET_LENGTH
    assert made["ExcludePunctuation"]  # a comma would part it in two
    assert "SecretString" not in secret["Properties"]
    value = template.images()["Orchestrator"]["Properties"]["Environment"]["Variables"]["TRIPANE_ORIGIN_SECRETS"]
    assert value["Fn::Join"][1][0] == "{{resolve:secretsmanager:"
    assert (sent(template), taken(template)) == ([1], [1])


@pytest.mark.parametrize(
    ("deployed", "wanted"),
    [("1", ["1+2", "2+1", "2"]), ("1+2", ["2+1", "2"]), ("2+1", ["2"]), ("9", ["9+10", "10+9", "10"])],
)
def test_a_rotation_goes_on_from_where_it_was_left(deployed, wanted):
    assert steps(deployed) == wanted


def test_no_state_of_a_deployment_is_refused():
    with pytest.raises(SettingsError):
        steps("1+7")


def test_whatever_is_sent_before_during_and_after_each_deployment_is_taken(tmp_path):
    """Function and distribution change one after the other within a deployment, in whichever order."""
    stacks = [synthesize(tmp_path / state, originSecrets=state) for state in ("1", *steps("1"))]
    for before, after in pairwise(stacks):
        assert set(sent(before) + sent(after)) <= set(taken(before)) & set(taken(after))
    assert (sent(stacks[-1]), taken(stacks[-1])) == ([2], [2])


def test_the_commands_say_what_is_deployed_and_what_comes_next(monkeypatch, capsys):
    monkeypatch.setattr("infra.tools.rotation.outputs", lambda: {"OriginSecrets": "2+3"})
    monkeypatch.setattr("sys.argv", ["rotation"])
    assert main() == 0
    assert capsys.readouterr().out == "2+3\n"
    monkeypatch.setattr("sys.argv", ["rotation", "--steps"])
    assert main() == 0
    assert capsys.readouterr().out.split() == ["3+2", "3"]


@pytest.mark.parametrize(
    ("message", "status", "said"),
    [("Stack with id Tripane does not exist", 0, "1\n"), ("Rate exceeded", 1, ""), ("not authorized", 1, "")],
)
def test_only_where_nothing_is_deployed_it_is_the_first(monkeypatch, capsys, message, status, said):
    def refuse():
        raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")

    monkeypatch.setattr("infra.tools.rotation.outputs", refuse)
    monkeypatch.setattr("sys.argv", ["rotation"])
    assert main() == status
    told = capsys.readouterr()
    assert told.out == said
    assert (message in told.err) == bool(status)


def test_sam_serves_an_api_that_needs_no_secret(template):
    document = json.loads(template.text)
    assert "TRIPANE_ORIGIN_SECRETS" not in json.dumps(without_origin_secrets(document))
