"""The stack: what there is and what it is given."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_logs as logs_
from constructs import Construct

from infra.constructs.alerts import Alerts
from infra.constructs.api import Api
from infra.constructs.batch import Batch
from infra.constructs.brake import Brake
from infra.constructs.bucket_emptier import keep_to_its_log
from infra.constructs.buckets import access_logs_bucket
from infra.constructs.data_store import DataStore
from infra.constructs.deployed_files import DeployedFiles
from infra.constructs.gradual_shift import MINUTE, GradualShift
from infra.constructs.model_function import ModelFunction
from infra.constructs.observability import Observability
from infra.constructs.orchestrator_function import OrchestratorFunction
from infra.constructs.origin_secrets import OriginSecrets
from infra.constructs.probe import Probe
from infra.constructs.sample_results import SampleResults
from infra.constructs.site import Site
from infra.costs import Stack
from infra.daily_limit import DailyLimit
from infra.settings import Settings
from shared import storage
from shared.contracts.batch import OUTPUT
from shared.contracts.card import load_cards
from shared.paths import SAMPLES_DIR


class TripaneStack(cdk.Stack):
    """Everything that Tripane is on AWS; `settings` are the operator's."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings) -> None:
        super().__init__(
            scope,
            construct_id,
            description="Tripane: three segmentation networks, side by side",
            termination_protection=settings.is_production,
        )
        cdk.Tags.of(self).add("project", "tripane")
        cdk.Tags.of(self).add("stage", settings.stage)
        cards = load_cards()
        logs = access_logs_bucket(self, "Logs", outlives=settings.is_production)
        data = DataStore(self, "Data", logs=logs)
        models = {
            name: ModelFunction(
                self,
                name.title().replace("_", ""),
                card=card,
                others=sorted(cards.keys() - {name}),
                data=data,
                settings=settings,
            )
            for name, card in cards.items()
        }
        secrets = OriginSecrets(self, "Origin", numbers=settings.origin_secrets)
        orchestrator = OrchestratorFunction(
            self, "Orchestrator", models=models, data=data, origin_secrets=secrets.taken, settings=settings
        )
        limit = DailyLimit(
            settings.daily_limit_usd,
            models=len(models),
            stack=Stack(architecture=settings.architecture, model_mb=settings.model_memory_mb),
        )
        api = Api(self, "Api", function=orchestrator.live, throttles=limit.throttles)
        site = Site(self, "Site", api_domain=api.domain, origin_secret=secrets.sent, logs=logs, settings=settings)

        contents = DeployedFiles(self, "Contents", cards=cards.values(), data=data, site=site)
        for model in models.values():
            model.node.add_dependency(contents.networks)  # a new version never finds its network missing
        results = SampleResults(
            self,
            "SampleResults",
            orchestrator=orchestrator.live,
            cards=cards.values(),
            samples_index=SAMPLES_DIR / storage.SAMPLES_INDEX.removeprefix(storage.SAMPLES),
        )
        results.node.add_dependency(contents.samples, *models.values())
        keep_to_its_log(self)

        alerts = Alerts(self, "Alerts", email=settings.alarm_email, monthly_budget_usd=settings.monthly_budget_usd)
        functions = {**models, "orchestrator": orchestrator}
        metrics = [function.function.metric_errors(period=MINUTE, statistic="Sum") for function in functions.values()]
        shift = GradualShift(
            self,
            "Shift",
            alias=orchestrator.live,
            errors=[*metrics, api.http_api.metric_server_error(period=MINUTE, statistic="Sum")],
            topic=alerts.topic,
        )
        results.node.add_dependency(shift)
        brake = Brake(
            self,
            "Brake",
            limit=limit,
            functions=functions,
            api=api.http_api,
            distribution=site.distribution,
            topic=alerts.topic,
        )
        probe = Probe(
            self,
            "Probe",
            page=site.address,
            api=f"https://{api.domain}/",
            secret=secrets.sent,
            is_closed=bool(settings.access_token_sha256),
            architecture=settings.architecture,
            topic=alerts.topic,
        )
        probe.node.add_dependency(contents)  # nobody is served before
        batches = []
        if settings.batch_buckets:
            batch = Batch(self, "Batch", cards=cards.values(), data=data, settings=settings, topic=alerts.topic)
            batch.node.add_dependency(contents.networks)
            batches = [batch.alarm]
            told = self.to_json_string(batch.deployed.document())
            cdk.CfnOutput(self, OUTPUT, value=told, description="What tripane batch goes by")
        Observability(
            self,
            "Observability",
            name=self.stack_name,
            models=models,
            orchestrator=orchestrator,
            api=api.http_api,
            architecture=settings.architecture,
            topic=alerts.topic,
            others=[*probe.alarms, shift.alarm, *brake.alarms, *batches],
        )

        if settings.is_production:
            for child in self.node.find_all():
                if isinstance(child, logs_.CfnLogGroup):
                    child.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

        dashboard = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}#dashboards"
        for name, value, description in (
            ("PageUrl", site.address, "The page"),
            ("DashboardUrl", f"{dashboard}/dashboard/{self.stack_name}", "Alarms, latency and cost"),
            (
                "BrakeFunction",
                brake.function.function_name,
                "Stops everything, or releases it: make stop, make release",
            ),
            ("OriginSecrets", "+".join(map(str, settings.origin_secrets)), "Which CloudFront sends, and others taken"),
            ("ApiAddress", f"https://{api.domain}/", "Closed to all but CloudFront"),
            ("OrchestratorFunction", orchestrator.function.function_name, "Its alias `live` is what the API calls"),
            ("ShiftGroup", shift.group.deployment_group_name, "CodeDeploy's, which moves the alias"),
            ("ShiftApplication", shift.group.application.application_name, "Of the same"),
            ("Distribution", site.distribution.distribution_id, "CloudFront's"),
            ("PageBucket", site.bucket.bucket_name, "The page"),
            ("DataBucket", data.bucket.bucket_name, "Weights, samples, photos, results"),
        ):
            cdk.CfnOutput(self, name, value=value, description=description)
