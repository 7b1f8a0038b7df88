"""What images keep of botocore makes the same clients."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from functions import trim

DATA = Path(botocore.__file__).parent / "data"
REGIONS = ["eu-central-1", "us-east-1", "cn-north-1"]


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of botocore's data, trimmed; of the services that nobody calls, one."""
    data = tmp_path_factory.mktemp("site") / "botocore/data"
    for service in [*trim.SERVICES, "sqs"]:
        shutil.copytree(DATA / service, data / service)
    for path in DATA.glob("*.json"):
        shutil.copy(path, data)
    trim.trim_services(data)
    return data


def _client(service: str, region: str, data: Path) -> Any:
    session = Session()
    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    loader.BUILTIN_DATA_PATH = str(data)  # clients treat what comes from elsewhere in another way
    session.register_component("data_loader", loader)
    session.set_credentials("AKIDEXAMPLE", "secret")
    return session.create_client(service, region_name=region)


@pytest.mark.parametrize("service", sorted(trim.SERVICES))
@pytest.mark.parametrize("region", REGIONS)
def test_clients_are_the_same(service: str, region: str, trimmed: Path) -> None:
    small, whole = _client(service, region, trimmed), _client(service, region, DATA)
    assert small.meta.endpoint_url == whole.meta.endpoint_url
    assert small.meta.method_to_api_mapping == whole.meta.method_to_api_mapping


@pytest.mark.parametrize("region", REGIONS)
def test_calls_are_the_same(region: str, trimmed: Path) -> None:
    photo = {"Bucket": "photos", "Key": "uploads/a.jpg", "ResponseContentType": "image/jpeg"}
    small, whole = (
        urlsplit(_client("s3", region, data).generate_presigned_url("get_object", photo)) for data in (trimmed, DATA)
    )
    assert (small.netloc, small.path) == (whole.netloc, whole.path)
    assert parse_qs(small.query).keys() == parse_qs(whole.query).keys()  # what they hold changes with the time
    assert "photos" in small.netloc


def test_the_rest_is_gone(trimmed: Path) -> None:
    assert not (trimmed / "sqs").exists()
    assert not list(trimmed.rglob("*.gz"))
    for partition in json.loads((trimmed / "endpoints.json").read_bytes())["partitions"]:
        assert set(partition["services"]) <= trim.SERVICES
    model = (trimmed / "s3/2006-03-01/service-2.json").read_bytes()
    assert 3 * len(model) < len(gzip.decompress((DATA / "s3/2006-03-01/service-2.json.gz").read_bytes()))
