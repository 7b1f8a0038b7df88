"""The CDK app. `cdk` runs it; so does `make synth`, which needs no CDK command, no docker and no credentials."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.settings import Settings, SettingsError, stack_name
from infra.stack import TripaneStack
from shared.model_files import ModelFileError
from shared.paths import ROOT

CDK_JSON = ROOT / "cdk.json"
METADATA = {"aws:cdk:enable-asset-metadata": True, "aws:cdk:enable-path-metadata": True}
"""What the CDK command asks for: it leads `sam local` to images, and people to constructs."""

NAG_FAILED = "ValidationFailed: "
"""How the CDK's lines begin that tell of an unacknowledged finding of cdk-nag."""


def create_app(context: Mapping[str, Any] | None = None, outdir: str | None = None) -> cdk.App:
    """The app with the context of cdk.json, over which `context` goes, over which `cdk -c` goes.

    Raises `SettingsError` when a context value is invalid.
    """
    defaults = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    app = cdk.App(context=METADATA | defaults | dict(context or {}), outdir=outdir, analytics_reporting=False)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    settings = Settings.from_context(app.node.get_all_context())
    TripaneStack(app, stack_name(settings.stage), settings)
    return app


def main() -> int:
    """Synthesize to CDK_OUTDIR; returns the exit status."""
    try:
        create_app().synth()
    except (SettingsError, ModelFileError) as error:
        print(error, file=sys.stderr)
    except RuntimeError as error:  # what the CDK raises, whatever happened
        if not str(error).startswith(NAG_FAILED):
            raise
        print(str(error).removeprefix(NAG_FAILED), file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
