"""What the template promises, one property a test."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from functions.orchestrator.settings import Settings
from infra.constructs.deployed_files import collect_model_files
from shared import model_files, telemetry
from shared.contracts.card import load_cards
from shared.contracts.messages import STAGES
from shared.inference.model import ENGINES, served_file
from shared.paths import PAGE_DIR, ROOT
from shared.security_headers import SECURITY_HEADERS
from tests.infra.conftest import synthesize
from tests.support import brought
from tests.support.node import node
from tests.support.toy_model import make_toy_model
from tripane.own import adding
from tripane.own.adding import Told
from tripane.own.homes import Home
from tripane.own.probe import Wanted

CARDS = load_cards()
MODELS = {name.title().replace("_", ""): name for name in CARDS}


# Functions


def test_no_model_of_a_user_can_be_called_as_a_part_of_the_stack_or_of_the_page(template):
    paths = [one.get("Metadata", {}).get("aws:cdk:path", "/") for one in template.document["Resources"].values()]
    parts = {path.split("/")[1].lower() for path in paths} - {name.replace("_", "") for name in CARDS}
    parts = {part for part in parts if adding.NAME.fullmatch(part) and not part.startswith("aws")}  # of a hash
    assert {"data", "site"} <= parts <= adding.OF_A_DEPLOYMENT
    modes = (PAGE_DIR / "modules/viewer/modes.js").read_text(encoding="utf-8")
    named = re.findall(r"^  (\w+): \{", modes.split("MODES = {")[1].split("\n};")[0], re.M)
    assert {"grid", *named, "photo", "truth"} == adding.OF_THE_PAGE


def test_every_model_has_a_function_and_so_has_the_api(template):
    assert set(template.images()) == {*MODELS, "Orchestrator"}
    for construct, name in MODELS.items():
        assert template.images()[construct]["Metadata"]["aws:asset:docker-build-args"] == {
            "MODEL": name,
            "ENGINE": "onnx",
        }


@pytest.mark.parametrize(("which", "memory", "timeout"), [*((m, 3072, 60) for m in MODELS), ("Orchestrator", 1024, 30)])
def test_a_function_has_its_memory_time_traces_and_a_pinned_platform(template, which, memory, timeout):
    properties = template.images()[which]["Properties"]
    assert (properties["MemorySize"], properties["Timeout"]) == (memory, timeout)
    assert properties["TracingConfig"] == {"Mode": "Active"}
    assert properties["Architectures"] == ["x86_64"]
    images = json.loads((template.folder / "Tripane.assets.json").read_text(encoding="utf-8"))["dockerImages"]
    assert {image["source"]["platform"] for image in images.values()} == {"linux/amd64"}


def test_no_function_keeps_concurrency_from_a_new_account(template):
    for function in template.of_type("AWS::Lambda::Function").values():
        assert "ReservedConcurrentExecutions" not in function["Properties"]


def test_no_name_of_its_own_keeps_a_second_stack_from_an_account(template):
    for kind, name in {
        "AWS::Lambda::Function": "FunctionName",
        "AWS::S3::Bucket": "BucketName",
        "AWS::IAM::Role": "RoleName",
        "AWS::SNS::Topic": "TopicName",
    }.items():
        assert not [i for i, resource in template.of_type(kind).items() if name in resource["Properties"]]


def test_the_orchestrator_knows_every_models_function_and_timeout(template):
    variables = template.images()["Orchestrator"]["Properties"]["Environment"]["Variables"]
    parts = variables["TRIPANE_FUNCTIONS"]["Fn::Join"][1]
    functions = json.loads("".join(p if isinstance(p, str) else p["Ref"] for p in parts))
    assert {name: target.startswith(c) for c, name in MODELS.items() for target in [functions[name]]} == dict.fromkeys(
        CARDS, True
    )
    assert variables["TRIPANE_FUNCTION_TIMEOUT_S"] == "60"


def test_every_function_logs_to_a_group_that_forgets(template):
    groups = template.of_type("AWS::Logs::LogGroup")
    for group in groups.values():
        assert group["Properties"]["RetentionInDays"] == 30
    for function in template.of_type("AWS::Lambda::Function").values():
        assert function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] in groups


def test_networks_are_there_before_the_function_that_wants_them(template):
    (networks,) = [i for i in template.of_type("Custom::CDKBucketDeployment") if i.startswith("ContentsNetworks")]
    for model in MODELS:
        assert networks in template.images()[model]["DependsOn"]


def test_a_fourth_model_is_a_folder_and_its_files(tmp_path, monkeypatch):
    models, assets = tmp_path / "models", tmp_path / "assets"
    shutil.copytree(ROOT / "functions" / "models", models)
    for kind in ("weights", "networks"):
        shutil.copytree(ROOT / "assets" / kind, assets / kind)
    make_toy_model(models, assets)
    monkeypatch.setattr("infra.stack.load_cards", lambda: load_cards(models))
    monkeypatch.setattr("infra.constructs.deployed_files.ASSETS_DIR", assets)
    template = synthesize(tmp_path / "stack")
    toy = template.images()["Toy"]
    assert toy["Metadata"]["aws:asset:docker-build-args"] == {"MODEL": "toy", "ENGINE": "onnx"}
    assert "toy" in str(template.images()["Orchestrator"]["Properties"]["Environment"])
    assert [alarm for alarm in template.of_type("AWS::CloudWatch::Alarm") if alarm.startswith("Observabilitytoy")]


def test_a_model_that_was_brought_is_one_too(tmp_path, monkeypatch):
    models, assets = tmp_path / "models", tmp_path / "assets"
    shutil.copytree(ROOT / "functions" / "models", models)
    for kind in ("weights", "networks"):
        shutil.copytree(ROOT / "assets" / kind, assets / kind)
    path = brought.write(tmp_path / "mine.onnx")
    card = adding.add(path, Told("mine"), Wanted(brought.MEAN, brought.STD), Home(models, assets)).card
    monkeypatch.setattr("infra.stack.load_cards", lambda: load_cards(models))
    monkeypatch.setattr("infra.constructs.deployed_files.ASSETS_DIR", assets)
    template = synthesize(tmp_path / "stack")
    assert template.images()["Mine"]["Metadata"]["aws:asset:docker-build-args"] == {"MODEL": "mine", "ENGINE": "onnx"}
    folder = tmp_path / "files"
    collect_model_files([card], assets, folder)
    assert [str(file.relative_to(folder)) for file in folder.rglob("*.onnx")] == [served_file(card).key]


# Buckets


def test_no_bucket_is_public_unencrypted_or_reached_without_tls(template):
    buckets = template.of_type("AWS::S3::Bucket")
    assert len(buckets) == 3
    for bucket in buckets.values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["Properties"]["PublicAccessBlockConfiguration"]) == 4
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    policies = template.of_type("AWS::S3::BucketPolicy").values()
    denied = {p["Properties"]["Bucket"]["Ref"]: [] for p in policies}
    for policy in policies:
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Deny":
                denied[policy["Properties"]["Bucket"]["Ref"]].append(statement["Condition"])
            else:
                assert statement["Principal"] not in ("*", {"AWS": "*"})
    assert denied.keys() == buckets.keys()
    for conditions in denied.values():
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


def test_every_bucket_but_that_of_the_access_logs_is_emptied_and_deleted_with_the_stack(template):
    emptied = {r["Properties"]["BucketName"]["Ref"] for r in template.of_type("Custom::S3AutoDeleteObjects").values()}
    buckets = {i: b for i, b in template.of_type("AWS::S3::Bucket").items() if not i.startswith("Logs")}
    assert emptied == buckets.keys()
    assert {bucket["DeletionPolicy"] for bucket in buckets.values()} == {"Delete"}


def test_what_visitors_bring_and_what_is_made_of_it_goes_after_a_day_and_samples_results_stay(template):
    rules = template.named("AWS::S3::Bucket", "DataBucket")["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert days == {"uploads/": 1, "results/uploads/": 1}
    assert {rule["Status"] for rule in rules} == {"Enabled"}
    assert [rule for rule in rules if rule.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 1}]


def test_every_access_is_logged_for_a_month(template):
    logs = next(i for i in template.of_type("AWS::S3::Bucket") if i.startswith("Logs"))
    for name in ("DataBucket", "SiteBucket"):
        logging = template.named("AWS::S3::Bucket", name)["LoggingConfiguration"]
        assert logging["DestinationBucketName"]["Ref"] == logs
    distribution = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    assert distribution["Logging"]["Bucket"]["Fn::GetAtt"][0] == logs
    rules = template.named("AWS::S3::Bucket", "Logs")["LifecycleConfiguration"]["Rules"]
    assert [rule for rule in rules if rule.get("ExpirationInDays") == 30]


# API


def test_the_api_is_told_which_pages_may_call_it_and_caches_keep_their_answers_apart(tmp_path):
    origins = "https://www.example.org,https://x.example:8443"
    template = synthesize(tmp_path, allowedOrigins=origins)
    functions = [f["Properties"] for f in template.of_type("AWS::Lambda::Function").values()]
    told = [f.get("Environment", {}).get("Variables", {}).get("TRIPANE_ALLOWED_ORIGINS") for f in functions]
    assert [value for value in told if value is not None] == [origins]
    (policy,) = template.of_type("AWS::CloudFront::CachePolicy").values()
    parameters = policy["Properties"]["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    assert parameters["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Origin"]}


def test_nobody_writes_a_samples_result_twice(template):
    policy = template.named("AWS::S3::BucketPolicy", "DataBucket")["PolicyDocument"]["Statement"]
    (denied,) = [statement for statement in policy if statement["Action"] == "s3:PutObject"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", {"AWS": "*"})
    assert denied["Condition"] == {"Null": {"s3:if-none-match": "true"}}
    assert "/results/samples/*" in json.dumps(denied["Resource"])


def test_comparisons_are_throttled_apart_from_what_costs_nothing(template):
    stage = template.one("AWS::ApiGatewayV2::Stage")
    (limits,) = stage["RouteSettings"].values()
    assert list(stage["RouteSettings"]) == ["POST /v1/comparisons"]
    assert 0 < limits["ThrottlingRateLimit"] < stage["DefaultRouteSettings"]["ThrottlingRateLimit"]
    routes = {route["Properties"]["RouteKey"] for route in template.of_type("AWS::ApiGatewayV2::Route").values()}
    assert routes == {
        "POST /v1/comparisons",
        "DELETE /v1/comparisons/{image}",
        "GET /v1/{proxy+}",
        "HEAD /v1/{proxy+}",
        "OPTIONS /v1/{proxy+}",
    }


def test_every_request_is_logged_with_the_ids_that_lead_to_the_functions_lines(template):
    settings = template.one("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    logged = json.loads(settings["Format"])
    assert logged["request_id"] == "$context.requestId"
    assert logged["function_request_id"] == "$context.integration.requestId"
    assert settings["DestinationArn"]["Fn::GetAtt"][0] in template.of_type("AWS::Logs::LogGroup")


def test_the_function_and_the_api_give_up_after_the_orchestrators_own_deadline(template):
    assert Settings.deadline_s < template.images()["Orchestrator"]["Properties"]["Timeout"] <= 30


# Site


@pytest.fixture
def distribution(template):
    return template.one("AWS::CloudFront::Distribution")["DistributionConfig"]


def test_page_and_api_are_one_origin_over_https(distribution, template):
    (api,) = distribution["CacheBehaviors"]
    assert api["PathPattern"] == "/v1/*"
    assert "POST" in api["AllowedMethods"]
    page = distribution["DefaultCacheBehavior"]
    # A browser is led to HTTPS; a program that sends a photo in the clear is told at once.
    assert (page["ViewerProtocolPolicy"], api["ViewerProtocolPolicy"]) == ("redirect-to-https", "https-only")
    for behaviour in (api, page):
        assert behaviour["ResponseHeadersPolicyId"]["Ref"] in template.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    to_api = next(o for o in distribution["Origins"] if "CustomOriginConfig" in o)["CustomOriginConfig"]
    assert to_api["OriginProtocolPolicy"] == "https-only"
    assert to_api["OriginSSLProtocols"] == ["TLSv1.2"]
    assert distribution["DefaultRootObject"] == "index.html"


def test_the_page_of_a_sample_is_found_by_the_address_of_its_folder(distribution, template):
    (association,) = distribution["DefaultCacheBehavior"]["FunctionAssociations"]
    assert association["EventType"] == "viewer-request"
    folders = template.named("AWS::CloudFront::Function", "SiteFolders")
    assert association["FunctionARN"]["Fn::GetAtt"][0].startswith("SiteFolders")
    if node() is None:
        pytest.skip("CloudFront's function is run by node, which is not here")
    asked = ["/samples/a/", "/samples/a", "/", "/0123/modules/main.js"]
    script = f"{folders['FunctionCode']}; for (const uri of {asked}) console.log(handler({{ request: {{ uri }} }}).uri)"
    done = subprocess.run([node() or "", "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["/samples/a/index.html", "/samples/a/index.html", "/", "/0123/modules/main.js"]


def test_the_bucket_of_the_page_is_reached_through_the_distribution_alone(distribution, template):
    page = next(o for o in distribution["Origins"] if "S3OriginConfig" in o)
    assert page["OriginAccessControlId"]["Fn::GetAtt"][0] in template.of_type("AWS::CloudFront::OriginAccessControl")
    control = template.one("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")


def test_an_answer_is_kept_only_when_the_api_says_so_and_an_error_never(distribution, template):
    policy = template.one("AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
    assert policy["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    kept = {error["ErrorCode"]: error["ErrorCachingMinTTL"] for error in distribution["CustomErrorResponses"]}
    assert kept == dict.fromkeys((400, 403, 404, 405, 414, 500, 501, 502, 503, 504), 0)
    assert not [error for error in distribution["CustomErrorResponses"] if "ResponsePagePath" in error]


def test_the_security_headers_are_those_that_the_local_server_sends_and_hsts(template):
    policy = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    behaviour = policy["SecurityHeadersConfig"]
    sent = {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}
    sent["Content-Security-Policy"] = behaviour["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    sent["Referrer-Policy"] = behaviour["ReferrerPolicy"]["ReferrerPolicy"]
    sent["X-Frame-Options"] = behaviour["FrameOptions"]["FrameOption"]
    if behaviour["ContentTypeOptions"]["Override"]:
        sent["X-Content-Type-Options"] = "nosniff"
    assert sent == SECURITY_HEADERS
    assert behaviour["StrictTransportSecurity"]["AccessControlMaxAgeSec"] > 365 * 86400


# Contents


@pytest.fixture
def contents(template):
    found = template.of_type("Custom::CDKBucketDeployment")
    return {i.removeprefix("Contents").partition("CustomResource")[0]: r["Properties"] for i, r in found.items()}


def files(template, properties) -> list[str]:
    """The names of the files that a deployment puts into its bucket."""
    prefix = properties.get("DestinationBucketKeyPrefix", "")
    return sorted(prefix + name for name, _ in texts(template, properties))


def texts(template, properties) -> list[tuple[str, Path]]:
    """The files of a deployment, by their names in its folders."""
    folders = [template.folder / f"asset.{key.removesuffix('.zip')}" for key in properties["SourceObjectKeys"]]
    paths = [(folder, path) for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [(path.relative_to(folder).as_posix(), path) for folder, path in paths]


def test_networks_lie_where_the_functions_look_for_them(contents, template):
    put = files(template, contents["Networks"])
    assert put == sorted(file.key for card in CARDS.values() for file in model_files.all_of(card))
    assert {served_file(card, engine).key for card in CARDS.values() for engine in ENGINES} <= set(put)


def test_samples_are_those_of_the_gallery(contents, template):
    index = json.loads((ROOT / "assets" / "samples" / "samples.json").read_text(encoding="utf-8"))["samples"]
    kinds = (".jpg", ".labels.png", ".thumbnail.jpg")
    wanted = {f"samples/{sample['id']}{kind}" for sample in index for kind in kinds}
    assert set(files(template, contents["Samples"])) == {*wanted, "samples/samples.json"}


def test_files_named_by_content_are_kept_for_good_and_the_index_for_a_minute(contents, template):
    forever = {"cache-control": "public, max-age=31536000, immutable"}
    assert contents["Networks"]["SystemMetadata"] == contents["PageFiles"]["SystemMetadata"] == forever
    index = json.loads((ROOT / "assets" / "samples" / "samples.json").read_text(encoding="utf-8"))["samples"]
    pages = sorted(["index.html", *(f"samples/{sample['id']}/index.html" for sample in index)])
    assert files(template, contents["PageIndex"]) == pages
    assert contents["PageIndex"]["SystemMetadata"] == {"cache-control": "public, max-age=60"}
    folders = {name.split("/")[0] for name in files(template, contents["PageFiles"])}
    (version,) = folders - {"engine", "networks"}  # which have version and SHA-256 in their names
    assert len(version) == 16


def test_the_pages_hold_the_address_that_the_deployment_gives_them(contents, template):
    markers = contents["PageIndex"]["SourceMarkers"]
    distributions = template.of_type("AWS::CloudFront::Distribution")
    for (name, path), known in zip(texts(template, contents["PageIndex"]), markers, strict=True):
        html = path.read_text(encoding="utf-8")
        own = re.escape("/" + name.removesuffix("index.html"))
        (marker,) = re.findall(f'<meta property="og:url" content="https://(<<marker:[^>]+>>){own}" />', html)
        assert known[marker]["Fn::GetAtt"][0] in distributions
        assert "$site" not in html


def test_what_changes_under_a_name_that_stays_is_forgotten_by_cloudfront(contents):
    assert contents["PageIndex"]["DistributionPaths"] == ["/", "/index.html", "/samples/*"]
    assert contents["Samples"]["DistributionPaths"] == ["/v1/*"]


def test_nothing_that_is_still_in_use_is_deleted_by_a_deployment(contents):
    assert {properties["Prune"] for properties in contents.values()} == {False}


def test_the_index_is_published_after_the_files_it_names(template):
    (index,) = [r for i, r in template.of_type("Custom::CDKBucketDeployment").items() if "PageIndex" in i]
    assert any(i.startswith("ContentsPageFilesCustomResource") for i in index["DependsOn"])


def test_the_samples_results_are_asked_for_when_samples_and_models_are_there(template):
    (asked,) = template.of_type("Custom::AWS").values()
    call = json.loads("".join(p if isinstance(p, str) else "X" for p in asked["Properties"]["Create"]["Fn::Join"][1]))
    assert (call["service"], call["action"]) == ("Lambda", "invoke")
    assert json.loads(call["parameters"]["Payload"]) == {"compute_samples": True}
    assert call["parameters"]["InvocationType"] == "Event"
    for start in ("ContentsSamplesCustomResource", *(f"{model}Function" for model in MODELS)):
        assert any(i.startswith(start) for i in asked["DependsOn"])


# Observability


def test_every_function_has_alarms_on_errors_throttles_and_slowness_and_the_api_on_5xx(template):
    watched = set()
    for logical_id, alarm in template.of_type("AWS::CloudWatch::Alarm").items():
        properties = alarm["Properties"]
        if not logical_id.startswith("Observability"):
            continue
        target = properties["Dimensions"][0]["Value"]["Ref"]
        statistic = properties.get("Statistic") or properties["ExtendedStatistic"]
        watched.add((target, properties["MetricName"], statistic))
        (action,) = properties["AlarmActions"]
        assert action["Ref"] in template.of_type("AWS::SNS::Topic")
        assert properties["TreatMissingData"] == "notBreaching"
    functions = [
        i for i, f in template.of_type("AWS::Lambda::Function").items() if "ImageUri" in f["Properties"]["Code"]
    ]
    (api,) = template.of_type("AWS::ApiGatewayV2::Api")
    kinds = (("Errors", "Sum"), ("Throttles", "Sum"), ("Duration", "p95"))
    assert watched == {(f, *kind) for f in functions for kind in kinds} | {(api, "5xx", "Sum")}


def test_a_visitor_who_does_not_come_rings_an_alarm_too(template):
    silent = template.named("AWS::CloudWatch::Alarm", "Probesilent")
    assert (silent["MetricName"], silent["Threshold"], silent["ComparisonOperator"]) == (
        "Invocations",
        1,
        "LessThanThreshold",
    )
    assert (silent["TreatMissingData"], silent["EvaluationPeriods"], silent["Period"]) == ("breaching", 3, 3600)
    visited = silent["Dimensions"][0]["Value"]["Ref"]
    assert template.one("AWS::Events::Rule")["Targets"][0]["Arn"]["Fn::GetAtt"][0] == visited


def test_every_alarm_has_its_paragraph_in_the_runbook(template):
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        name = alarm["Properties"]["AlarmDescription"].removeprefix("Tripane, ").partition(":")[0]
        kind = name.rpartition("-")[2]
        assert f"**{kind}**" in runbook, name
    assert "**budget**" in runbook


def test_alarms_and_budget_may_write_to_the_topic(template):
    (statement,) = [
        s for s in template.one("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"
    ]
    assert set(statement["Principal"]["Service"]) == {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}


def test_the_budget_tells_before_it_is_spent(template):
    budget = template.one("AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 25, "Unit": "USD"}
    told = {
        (n["Notification"]["NotificationType"], n["Notification"]["Threshold"])
        for n in budget["NotificationsWithSubscribers"]
    }
    assert told == {("ACTUAL", 80), ("FORECASTED", 100)}


def test_the_dashboard_shows_metrics_that_the_functions_write(template, monkeypatch, capsys):
    """Names and dimensions on both sides come from different code."""
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED", raising=False)
    telemetry.record_stages("enet", dict.fromkeys(STAGES, 1.0))
    telemetry.count("enet", "ColdStart")
    telemetry.count("enet", "Refusal")
    written = set()
    for line in capsys.readouterr().out.splitlines():
        entry = json.loads(line)
        for directive in entry["_aws"]["CloudWatchMetrics"]:
            dimensions = tuple(sorted((name, entry[name]) for name in directive["Dimensions"][0]))
            written |= {(directive["Namespace"], metric["Name"], dimensions) for metric in directive["Metrics"]}
    shown = set()
    for widget in dashboard(template)["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            if metric[0] == "Tripane" and "enet" in metric:
                pairs = tuple(sorted(zip(metric[2:6:2], metric[3:6:2], strict=True)))
                shown.add((metric[0], metric[1], pairs))
    assert shown
    assert shown <= written


def test_the_dashboard_answers_its_three_questions(template):
    texts = [w["properties"].get("markdown") for w in dashboard(template)["widgets"] if w["type"] == "text"]
    assert texts == ["# Is it healthy?", "# Is it slow?", "# What does it cost?"]


def dashboard(template) -> dict:
    body = template.one("AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Join"][1]
    return json.loads("".join(part if isinstance(part, str) else "X" for part in body))


def test_the_outputs_say_where_page_dashboard_and_photos_are(template):
    assert set(template.document["Outputs"]) == {
        "PageUrl",
        "DashboardUrl",
        "DataBucket",
        "BrakeFunction",
        "OriginSecrets",
        "ApiAddress",
        "OrchestratorFunction",
        "ShiftApplication",
        "ShiftGroup",
        "Distribution",
        "PageBucket",
    }


def test_no_secret_and_no_account_stands_in_the_template(template):
    assert not re.search(r"AKIA[0-9A-Z]{16}|[^0-9a-f]\d{12}[^0-9a-f]", template.text)
