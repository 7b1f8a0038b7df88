"""`make rollback`, in an account of moto's; CodeDeploy, which moto has in part only, is a stub."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.tools.rollback import main
from tests.infra.test_brake import CONFIG, ORIGIN

MODEL = "arn:aws:lambda:us-east-1:123456789012:function:enet:{}"
HEADER = {"Quantity": 1, "Items": [{"HeaderName": "X-Tripane-Origin", "HeaderValue": "first-secret"}]}
ROLE = {"Version": "2012-10-17", "Statement": []}


def code() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("handler.py", "")
    return out.getvalue()


class Account:
    """What is deployed."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 28, 9)
        iam = boto3.client("iam")
        self.role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(ROLE))["Role"]["Arn"]
        self.functions, self.s3, self.cloudfront = map(boto3.client, ("lambda", "s3", "cloudfront"))
        self.s3.create_bucket(Bucket="page")
        self.s3.put_bucket_versioning(Bucket="page", VersioningConfiguration={"Status": "Enabled"})
        config = CONFIG | {"Origins": {"Quantity": 1, "Items": [ORIGIN | {"CustomHeaders": HEADER}]}}
        self.distribution = self.cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
        for name in ("enet", "orchestrator"):
            self.functions.create_function(
                FunctionName=name, Runtime="python3.13", Role=self.role, Handler="h.h", Code={"ZipFile": code()}
            )

    def outputs(self) -> dict[str, str]:
        return {
            "OrchestratorFunction": "orchestrator",
            "PageBucket": "page",
            "Distribution": self.distribution,
            "ShiftApplication": "application",
            "ShiftGroup": "group",
        }

    def deploy(self, page: str, secrets: str = "first-secret") -> str:
        """A new version of a model and of the orchestrator that asks it, and a page; the orchestrator's version."""
        self.time += timedelta(hours=1)
        model = self._publish("enet", {"PAGE": page})
        asked = json.dumps({"enet": MODEL.format(model)})
        version = self._publish("orchestrator", {"TRIPANE_FUNCTIONS": asked, "TRIPANE_ORIGIN_SECRETS": secrets})
        self.s3.put_object(Bucket="page", Key="index.html", Body=page.encode())
        live = {"FunctionName": "orchestrator", "Name": "live", "FunctionVersion": version}
        try:
            self.functions.update_alias(**live)
        except self.functions.exceptions.ResourceNotFoundException:
            self.functions.create_alias(**live)
        return version

    def _publish(self, name: str, variables: dict[str, str]) -> str:
        self.functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        return self.functions.publish_version(FunctionName=name)["Version"]

    def now(self) -> datetime:
        self.time += timedelta(seconds=10)
        return self.time

    @property
    def live(self) -> str:
        return self.functions.get_alias(FunctionName="orchestrator", Name="live")["FunctionVersion"]

    @property
    def page(self) -> str:
        return self.s3.get_object(Bucket="page", Key="index.html")["Body"].read().decode()

    @property
    def forgotten(self) -> int:
        return self.cloudfront.list_invalidations(DistributionId=self.distribution)["InvalidationList"]["Quantity"]


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        made = Account()
        monkeypatch.setattr("moto.s3.models.utcnow", made.now)
        told = "moto.awslambda.models.iso_8601_datetime_with_nanoseconds"
        monkeypatch.setattr(told, lambda: made.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000"))
        monkeypatch.setattr("infra.tools.rollback.outputs", made.outputs)
        monkeypatch.setattr("sys.argv", ["rollback"])
        yield made


@pytest.fixture
def shifting(account, monkeypatch):
    """Have CodeDeploy say which deployments are under way."""
    codedeploy, client = boto3.client("codedeploy", region_name="us-east-1"), boto3.client
    monkeypatch.setattr(boto3, "client", lambda name: codedeploy if name == "codedeploy" else client(name))
    with Stubber(codedeploy) as stub:
        yield lambda *ids: stub.add_response("list_deployments", {"deployments": list(ids)}), stub
        stub.assert_no_pending_responses()


@pytest.fixture
def quiet(shifting):
    return lambda: shifting[0]()


def test_api_and_page_are_those_of_the_deployment_before_and_then_of_the_one_before_that(account, quiet):
    versions = [account.deploy(page) for page in ("one", "two", "three")]
    for version, page in ((versions[1], "two"), (versions[0], "one")):
        quiet()
        assert main() == 0
        assert (account.live, account.page) == (version, page)
    assert account.forgotten == 2


def test_a_page_that_the_last_deployment_did_not_change_stays(account, quiet, capsys):
    versions = [account.deploy(page) for page in ("one", "two", "two", "three", "one")]
    quiet()
    assert main() == 0
    assert (account.live, account.page) == (versions[3], "three")
    for version, page in ((versions[2], "two"), (versions[1], "two"), (versions[0], "one")):
        quiet()
        assert main() == 0
        assert (account.live, account.page) == (version, page)
    assert "The page stays" in capsys.readouterr().out


def test_the_first_deployment_has_none_before_it(account, quiet, capsys):
    account.deploy("one")
    quiet()
    assert main() == 1
    assert "none to go back to" in capsys.readouterr().err
    assert account.page == "one"


def test_a_version_whose_models_are_gone_is_not_gone_back_to(account, quiet, capsys):
    account.deploy("one")
    version = account.deploy("two")
    account.functions.delete_function(FunctionName="enet", Qualifier="1")
    quiet()
    assert main() == 1
    assert "asks enet by arn:aws:lambda:us-east-1:123456789012:function:enet:1" in capsys.readouterr().err
    assert (account.live, account.page) == (version, "two")


def test_a_version_that_does_not_know_the_present_secret_is_not_gone_back_to(account, quiet, capsys):
    account.deploy("one", secrets="an-older-secret")
    version = account.deploy("two", secrets="an-older-secret,first-secret")
    quiet()
    assert main() == 1
    assert "which was exchanged since" in capsys.readouterr().err
    assert (account.live, account.page) == (version, "two")


def test_a_deployment_that_is_shifting_is_stopped_and_nothing_else_is_touched(account, shifting, capsys):
    under_way, stub = shifting
    account.deploy("one")
    version = account.deploy("two")
    under_way("d-1")
    stub.add_response("stop_deployment", {"status": "Pending"}, {"deploymentId": "d-1", "autoRollbackEnabled": True})
    assert main() == 0
    assert "d-1 was shifting" in capsys.readouterr().out
    assert (account.live, account.page) == (version, "two")
