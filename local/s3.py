"""The S3 stand-in: moto's server on a free loopback port, holding its objects in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer
from mypy_boto3_s3 import S3Client

from shared import storage
from shared.contracts.card import Card

BUCKET = "tripane-data"
# The stand-in takes any credentials; the SDK insists on having some, and must never find a user's own.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class WeightsError(Exception):
    """Weights are missing, or are not the ones the card names."""


@contextmanager
def running() -> Iterator[str]:
    """Start the stand-in with an empty data bucket; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        address = f"http://{host}:{port}"
        client(address).create_bucket(Bucket=BUCKET)
        yield address
    finally:
        server.stop()


def client(address: str) -> S3Client:
    """An S3 client of the stand-in."""
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def seed(s3: S3Client, cards: Iterable[Card], weights_dir: Path, samples_dir: Path) -> None:
    """Put weights and samples where a deployment puts them; raises `WeightsError`."""
    for card in cards:
        weights = weights_dir / f"{card.name}.safetensors"
        if not weights.is_file():
            raise WeightsError(
                f"{weights} is missing: check it out from git, or train it with `make train MODEL={card.name}`."
            )
        key = storage.weights_key(card.name, card.weights_sha256)
        s3.put_object(Bucket=BUCKET, Key=key, Body=weights.read_bytes())
    for path in sorted(samples_dir.iterdir()):
        if path.suffix in {".jpg", ".png", ".json"}:
            s3.put_object(Bucket=BUCKET, Key=f"samples/{path.name}", Body=path.read_bytes())
