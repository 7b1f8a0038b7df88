"""The state machine of a batch, in the Amazon States Language.

It is written as a document, not with the CDK's classes: those cannot say where the most photos that are asked stand in
the input, and this is what is deployed, and what tests run, word for word.

Each object below a prefix is a child of its own: so one that fails is counted, listed and asked again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared import storage
from shared.contracts.batch import ENDINGS, SIDECARS

State = dict[str, Any]

NOT_NOW = [
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
]
"""What a retry a little later solves; a function that crashed or timed out would only do so again."""
RETRY = {"IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 6, "MaxDelaySeconds": 30, "JitterStrategy": "FULL"}


def definition(versions: Mapping[str, str], bucket: str, partition: str = "aws") -> State:
    """The state machine that asks models, by name of these versions, and keeps their answers in `bucket`.

    `${NAME}` stands for the ARN of a model's function. The input is a `shared.contracts.batch.Start`.
    """
    return {
        "Comment": "Every model is asked for every photo below a prefix, but for the answers that are there",
        "StartAt": "Photos",
        "States": {
            "Photos": {
                "Type": "Map",
                "ItemReader": {
                    "Resource": f"arn:{partition}:states:::s3:listObjectsV2",
                    "ReaderConfig": {"MaxItemsPath": "$.most_objects"},
                    "Parameters": {"Bucket.$": "$.bucket", "Prefix.$": "$.prefix"},
                },
                "ItemSelector": {
                    "bucket.$": "$.bucket",
                    "key.$": "$$.Map.Item.Value.Key",
                    # As shared.storage.batch_photo names it, so that whoever lists the bucket finds the answers.
                    "photo.$": "States.Hash(States.Format('s3://{}/{} {}', $.bucket, $$.Map.Item.Value.Key, "
                    "$$.Map.Item.Value.Etag), 'SHA-256')",
                    "asked.$": "$.models",
                },
                "MaxConcurrencyPath": "$.at_once",
                "ToleratedFailurePercentagePath": "$.tolerated_failures_percent",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    **_of_one_object(versions, bucket, partition),
                },
                "ResultWriter": {
                    "Resource": f"arn:{partition}:states:::s3:putObject",
                    "Parameters": {"Bucket": bucket, "Prefix": storage.BATCHES_RUNS.rstrip("/")},
                },
                "End": True,
            }
        },
    }


def _of_one_object(versions: Mapping[str, str], bucket: str, partition: str) -> State:
    """A child: models side by side, none of which costs another its answer; it fails when one of them did."""
    branches = [_of_one_model(name, version, bucket, partition) for name, version in versions.items()]
    return {
        "StartAt": "Is it a photo?",
        "States": {
            "Is it a photo?": {
                "Type": "Choice",
                "Choices": [{"And": [{"Or": _like("*", ENDINGS)}, *_unlike()], "Next": "Models"}],
                "Default": "Passed over",
            },
            "Passed over": {"Type": "Pass", "Result": {}, "End": True},
            "Models": {"Type": "Parallel", "Branches": branches, "Next": "Did one fail?"},
            "Did one fail?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Or": [{"Variable": f"$[{i}].failed", "BooleanEquals": True} for i in range(len(branches))],
                        "Next": "Failed",
                    }
                ],
                "Default": "Answered",
            },
            "Failed": {"Type": "Fail", "Error": "ModelFailed", "Cause": f"See {storage.FAILURE} of the photo."},
            "Answered": {"Type": "Pass", "Result": {}, "End": True},
        },
    }


def _like(before: str, endings: Iterable[str]) -> list[State]:
    return [{"Variable": "$.key", "StringMatches": before + ending} for ending in endings]


def _unlike() -> list[State]:
    """What `shared.contracts.batch.is_asked` says of sidecars and hidden names."""
    hidden = _like("", (".*", "*/.*"))
    return [{"Not": condition} for condition in (*_like("*", SIDECARS), *hidden)]


def _of_one_model(name: str, version: str, bucket: str, partition: str) -> State:
    """A branch: look whether the answer is there, else ask, else note why there is none."""
    prefix = f"States.Format('{storage.batch_results_prefix('{}', name, version)}"
    look, ask, note = f"Is {name} there?", f"Ask {name}", f"Note {name}"
    fine: State = {"ResultSelector": {"failed": False}, "End": True}
    return {
        "StartAt": f"Is {name} asked?",
        "States": {
            f"Is {name} asked?": {
                "Type": "Choice",
                "Choices": [{"Variable": f"$.asked.{name}", "BooleanEquals": True, "Next": look}],
                "Default": f"Leave {name}",
            },
            f"Leave {name}": {"Type": "Pass", "Result": {"failed": False}, "End": True},
            look: {
                "Type": "Task",
                "Resource": f"arn:{partition}:states:::aws-sdk:s3:headObject",
                "Parameters": {"Bucket": bucket, "Key.$": f"{prefix}{storage.RESULT}', $.photo)"},
                # Whatever is wrong with looking, asking is right: S3 says "denied" of what is missing.
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": ask}],
                **fine,
            },
            ask: {
                "Type": "Task",
                "Resource": f"arn:{partition}:states:::lambda:invoke",
                "Parameters": {
                    "FunctionName": f"${{{name}}}",
                    "Payload": {
                        "image_bucket.$": "$.bucket",
                        "image_key.$": "$.key",
                        "results_prefix.$": f"{prefix}', $.photo)",
                        "version": version,
                        "correlation_id.$": "$.photo",
                    },
                },
                "Retry": [{"ErrorEquals": NOT_NOW, **RETRY}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": note}],
                **fine,
            },
            note: {
                "Type": "Task",
                "Resource": f"arn:{partition}:states:::aws-sdk:s3:putObject",
                "Parameters": {
                    "Bucket": bucket,
                    "Key.$": f"{prefix}{storage.FAILURE}', $.photo)",
                    "Body.$": "States.JsonToString($.error)",
                },
                "ResultSelector": {"failed": True},
                "End": True,
            },
        },
    }
