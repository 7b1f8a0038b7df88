"""What happens once in a process: the card, the network's file from S3, the network.

Lambda bills for it and a visitor waits for it, so the file is fetched while the engine is imported, and the network has
run once before the first photo comes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from PIL import Image

from functions.segmenter import process
from shared import aws, storage
from shared.contracts.card import load_card
from shared.contracts.deployment import MODEL_MEMORY_MB
from shared.inference.model import engine, load_model, served_file
from shared.model_files import ModelFile
from shared.paths import MODELS_DIR
from shared.stopwatch import Stopwatch

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from functions.segmenter.segmenter import Segmenter


class ConfigurationError(Exception):
    """An environment variable or the network's file is missing."""


def start(environment: Mapping[str, str]) -> Segmenter:
    """A segmenter for the model that the environment names.

    Raises `ConfigurationError`, and whatever fetching or loading the file raises. Where TRIPANE_TIME_START is set,
    prints a line of JSON: the milliseconds of each stage, from the process's start on.
    """
    watch = Stopwatch()
    watch.timings_ms["Python, first imports"] = process.age_ms()
    try:
        name, bucket = environment["TRIPANE_MODEL"], environment["TRIPANE_DATA_BUCKET"]
    except KeyError as error:
        raise ConfigurationError(f"the environment variable {error.args[0]} is not set") from error
    card = load_card(Path(environment.get("TRIPANE_MODELS_DIR", MODELS_DIR)) / name)
    with watch.stage("S3 client"):
        s3 = aws.client("s3")
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(_fetch, s3, bucket, served_file(card))
        with watch.stage("engine"):
            engine()  # imported here, while the file is on its way
        with watch.stage("other imports"):
            from functions.segmenter.segmenter import Segmenter

            Image.init()  # the decoders, which a first photo would wait for
        with watch.stage("waiting for the file"):
            file = fetched.result()
    with watch.stage("network"):
        model = load_model(card, file, int(environment.get("TRIPANE_THREADS") or 0) or None)
    with watch.stage("first pass"):
        model.warm()
    memory_mb = int(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MODEL_MEMORY_MB))
    if environment.get("TRIPANE_TIME_START"):
        print(json.dumps({"start_ms": watch.timings_ms}), flush=True)
    return Segmenter(model, s3, bucket, memory_mb, init_ms=process.age_ms())


def _fetch(s3: S3Client, bucket: str, file: ModelFile) -> bytes:
    try:
        return s3.get_object(Bucket=bucket, Key=file.key)["Body"].read()
    except ClientError as error:
        if not storage.is_missing(error, may_list=False):
            raise
        raise ConfigurationError(f"the data bucket has no {file.key}: put assets/{file.place} there") from error
