"""The stack: what there is and what it is given."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs_
from aws_cdk import aws_sns as sns
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
from shared.contracts.card import Card, load_cards
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
        self.settings, self.cards = settings, load_cards()
        self._serve()
        self._fill()
        self._watch()
        if settings.is_production:
            self._keep_logs()
        self._tell()

    def _serve(self) -> None:
        """What answers visitors: buckets, functions, API, page."""
        settings = self.settings
        self.logs = access_logs_bucket(self, "Logs", outlives=settings.is_production)
        self.data = DataStore(self, "Data", logs=self.logs)
        self.models = {name: self._model(card) for name, card in self.cards.items()}
        self.secrets = OriginSecrets(self, "Origin", numbers=settings.origin_secrets)
        self.orchestrator = OrchestratorFunction(
            self,
            "Orchestrator",
            models=self.models,
            data=self.data,
            origin_secrets=self.secrets.taken,
            settings=settings,
        )
        self.limit = DailyLimit(
            settings.daily_limit_usd,
            models=len(self.models),
            stack=Stack(architecture=settings.architecture, model_mb=settings.model_memory_mb),
        )
        self.api = Api(self, "Api", function=self.orchestrator.live, throttles=self.limit.throttles)
        self.site = Site(
            self,
            "Site",
            api_domain=self.api.domain,
            origin_secret=self.secrets.sent,
            logs=self.logs,
            settings=settings,
        )

    def _model(self, card: Card) -> ModelFunction:
        return ModelFunction(
            self,
            card.name.title().replace("_", ""),
            card=card,
            others=sorted(self.cards.keys() - {card.name}),
            data=self.data,
            settings=self.settings,
        )

    def _fill(self) -> None:
        """What the buckets hold: page, networks, samples and their results."""
        self.contents = DeployedFiles(self, "Contents", cards=self.cards.values(), data=self.data, site=self.site)
        for model in self.models.values():
            model.node.add_dependency(self.contents.networks)  # a new version never finds its network missing
        self.results = SampleResults(
            self,
            "SampleResults",
            orchestrator=self.orchestrator.live,
            cards=self.cards.values(),
            samples_index=SAMPLES_DIR / storage.SAMPLES_INDEX.removeprefix(storage.SAMPLES),
        )
        self.results.node.add_dependency(self.contents.samples, *self.models.values())
        keep_to_its_log(self)

    def _watch(self) -> None:
        """What tells the operator, and what acts by itself: alarms, rollback, brake, probe."""
        settings, api = self.settings, self.api.http_api
        alerts = Alerts(self, "Alerts", email=settings.alarm_email, monthly_budget_usd=settings.monthly_budget_usd)
        functions = {**self.models, "orchestrator": self.orchestrator}
        metrics = [function.function.metric_errors(period=MINUTE, statistic="Sum") for function in functions.values()]
        self.shift = GradualShift(
            self,
            "Shift",
            alias=self.orchestrator.live,
            errors=[*metrics, api.metric_server_error(period=MINUTE, statistic="Sum")],
            topic=alerts.topic,
        )
        self.results.node.add_dependency(self.shift)
        self.brake = Brake(
            self,
            "Brake",
            limit=self.limit,
            functions=functions,
            api=api,
            distribution=self.site.distribution,
            topic=alerts.topic,
        )
        probe = Probe(
            self,
            "Probe",
            page=self.site.address,
            api=f"https://{self.api.domain}/",
            secret=self.secrets.sent,
            is_closed=bool(settings.access_token_sha256),
            architecture=settings.architecture,
            topic=alerts.topic,
        )
        probe.node.add_dependency(self.contents)  # nobody is served before
        Observability(
            self,
            "Observability",
            name=self.stack_name,
            models=self.models,
            orchestrator=self.orchestrator,
            api=api,
            architecture=settings.architecture,
            topic=alerts.topic,
            others=[*probe.alarms, self.shift.alarm, *self.brake.alarms, *self._batches(alerts.topic)],
        )

    def _batches(self, topic: sns.ITopic) -> list[cloudwatch.IAlarm]:
        """What batches need, where the operator names buckets for them; their alarm."""
        if not self.settings.batch_buckets:
            return []
        batch = Batch(self, "Batch", cards=self.cards.values(), data=self.data, settings=self.settings, topic=topic)
        batch.node.add_dependency(self.contents.networks)
        told = self.to_json_string(batch.deployed.document())
        cdk.CfnOutput(self, OUTPUT, value=told, description="What tripane batch goes by")
        return [batch.alarm]

    def _keep_logs(self) -> None:
        """Have logs outlive the stack."""
        for child in self.node.find_all():
            if isinstance(child, logs_.CfnLogGroup):
                child.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    def _tell(self) -> None:
        """What commands, and people, go by."""
        dashboard = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}#dashboards"
        secrets = "+".join(map(str, self.settings.origin_secrets))
        brake, live = self.brake.function.function_name, self.orchestrator.function.function_name
        group = self.shift.group
        for name, value, description in (
            ("PageUrl", self.site.address, "The page"),
            ("DashboardUrl", f"{dashboard}/dashboard/{self.stack_name}", "Alarms, latency and cost"),
            ("BrakeFunction", brake, "Stops everything, or releases it: make stop, make release"),
            ("OriginSecrets", secrets, "Which CloudFront sends, and others taken"),
            ("ApiAddress", f"https://{self.api.domain}/", "Closed to all but CloudFront"),
            ("OrchestratorFunction", live, "Its alias `live` is what the API calls"),
            ("ShiftGroup", group.deployment_group_name, "CodeDeploy's, which moves the alias"),
            ("ShiftApplication", group.application.application_name, "Of the same"),
            ("Distribution", self.site.distribution.distribution_id, "CloudFront's"),
            ("PageBucket", self.site.bucket.bucket_name, "The page"),
            ("DataBucket", self.data.bucket.bucket_name, "Weights, samples, photos, results"),
        ):
            cdk.CfnOutput(self, name, value=value, description=description)
