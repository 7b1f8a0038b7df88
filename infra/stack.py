"""The stack: what there is and what it is given."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from infra.data_store import DataStore
from infra.model_function import ModelFunction
from infra.orchestrator_function import OrchestratorFunction
from infra.settings import Settings
from shared.contracts.card import load_cards


class TripaneStack(cdk.Stack):
    """Everything that Tripane is on AWS; `settings` are the operator's."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings) -> None:
        super().__init__(scope, construct_id, description="Tripane: three segmentation networks, side by side")
        data = DataStore(self, "Data")
        cards = load_cards()
        models = {
            name: ModelFunction(
                self,
                name.title().replace("_", ""),
                card=card,
                others=cards.keys() - {name},
                data=data,
                settings=settings,
            )
            for name, card in cards.items()
        }
        OrchestratorFunction(self, "Orchestrator", models=models, data=data, settings=settings)
