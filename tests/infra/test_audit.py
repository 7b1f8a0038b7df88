"""What `make audit` and `make pin` say, and that nothing is pinned that was not read."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from email.message import Message
from pathlib import Path

import pytest

from infra.audit import __main__ as audit
from infra.audit import bills, licences, pins
from local.containers import images as containers
from shared.contracts.card import load_cards
from shared.inference.model import ENGINES
from shared.paths import ROOT

DIGEST = "sha256:" + "ab" * 32
DOCKERFILE = "# a comment\nARG BASE_IMAGE=debian:bookworm-slim\nFROM ${BASE_IMAGE}\n"
WORKFLOW = "steps:\n  - uses: actions/checkout@v5\n  - run: make check\n  - uses: actions/gone@v1\n"


# Pinning


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """A checkout with an image and two actions, of which one has a repository, at GitHub's address."""
    root = tmp_path / "checkout"
    for path, text in (("functions/api/Dockerfile", DOCKERFILE), (".github/workflows/ci.yml", WORKFLOW)):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text, encoding="utf-8")
    hub = tmp_path / "hub"
    for name, value in {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{hub}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@example.org",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.org",
    }.items():
        monkeypatch.setenv(name, value)
    action = hub / "actions" / "checkout"
    action.mkdir(parents=True)
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"], ["tag", "-a", "v5", "-m", "x"]):
        subprocess.run(["git", *command], cwd=action, check=True)
    return root


def docker(tmp_path, monkeypatch, script: str) -> None:
    """Put a docker before the machine's own that runs `script`."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "docker").write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    (folder / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_an_image_is_held_to_the_digest_and_an_action_to_the_commit_that_were_read(repository, tmp_path, monkeypatch):
    docker(tmp_path, monkeypatch, f"""echo '{{"digest": "{DIGEST}", "args": "'"$*"'"}}'""")
    problems = pins.pin(repository)
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=tmp_path / "hub/actions/checkout", text=True)
    assert (repository / "functions/api/Dockerfile").read_text(encoding="utf-8") == DOCKERFILE.replace(
        "bookworm-slim", f"bookworm-slim@{DIGEST}"
    )
    workflow = (repository / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert f"- uses: actions/checkout@{commit.strip()} # v5\n" in workflow  # not the tag's own object
    assert "- uses: actions/gone@v1\n" in workflow
    assert [problem.partition(":")[0] for problem in problems] == ["actions/gone"]
    assert [found.pin for found in pins.pins(repository)] == [DIGEST, commit.strip(), None]


def test_what_is_pinned_is_read_anew(repository, tmp_path, monkeypatch):
    for digest in (DIGEST, DIGEST.replace("ab", "cd")):
        docker(tmp_path, monkeypatch, f"""echo '{{"digest": "{digest}"}}'""")
        pins.pin(repository)
        assert pins.pins(repository)[0].pin == digest


@pytest.mark.parametrize(
    "script", ["echo no route to host >&2; exit 1", "echo '{}'", "echo nonsense", """echo '{"digest": "sha256:12"}'"""]
)
def test_nothing_is_written_that_was_not_read(repository, tmp_path, monkeypatch, script):
    docker(tmp_path, monkeypatch, script)
    assert len(pins.pin(repository)) == 2
    assert (repository / "functions/api/Dockerfile").read_text(encoding="utf-8") == DOCKERFILE


def test_every_base_image_and_action_of_ours_is_found():
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / ".github/workflows").glob("*.yml"))
    images = list((ROOT / "functions").glob("*/Dockerfile"))
    assert len(pins.pins()) == len(images) + text.count("uses: ")


# Looking


def metadata(**members: str) -> Message:
    made = Message()
    for name, value in members.items():
        made[name.replace("_", "-")] = value
    return made


@pytest.mark.parametrize(
    ("members", "allowed"),
    [
        ({"License_Expression": "MIT AND Zlib"}, True),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, True),
        ({"Classifier": "License :: OSI Approved", "License": "Apache-2.0"}, True),
        ({"License_Expression": "GPL-3.0-only"}, False),
        ({"License_Expression": "MIT AND GPL-3.0-only"}, False),
        ({"License_Expression": "MIT OR GPL-3.0-only"}, True),
        ({"License": "Proprietary: no PERMIT"}, False),
        ({}, False),
    ],
)
def test_a_licence_is_told_from_what_the_package_says(members, allowed):
    assert licences.is_allowed(licences.licence(metadata(**members))) is allowed


def test_every_package_of_ours_has_a_licence_that_is_allowed_or_a_reason():
    assert audit.wrong_licences() == []


def test_every_list_that_is_installed_from_is_looked_up():
    tracked = subprocess.check_output(["git", "ls-files", "*requirements*.txt"], cwd=ROOT, text=True).split()
    assert set(audit.LISTS) == set(tracked)


def test_a_vulnerability_is_told_and_a_database_that_knows_nothing_is_no_clean_bill(monkeypatch):
    package = {"name": "pillow", "version": "1.0"}
    reports = iter([*[{"dependencies": [package | {"vulns": [{"id": "CVE-1"}]}]}] * len(audit.LISTS)])
    monkeypatch.setattr(audit, "_run", lambda *_: json.dumps(next(reports)))
    assert audit.vulnerabilities() == ["pillow 1.0: CVE-1"]
    monkeypatch.setattr(audit, "_run", lambda *_: json.dumps({"dependencies": [package | {"skip_reason": "?"}]}))
    with pytest.raises(audit.UnreachedError, match="knew nothing of 1"):
        audit.vulnerabilities()
    monkeypatch.setattr(audit, "_run", lambda *_: "")
    with pytest.raises(audit.UnreachedError):
        audit.vulnerabilities()


def test_what_looks_like_a_secret_is_told_unless_it_is_known_to_be_none(monkeypatch):
    hit = [{"line_number": 3, "type": "AWS Access Key"}]
    report = {"results": {"infra/app.py": hit, "tests/infra/test_brake.py": hit}}
    monkeypatch.setattr(audit, "_run", lambda *_: json.dumps(report))
    assert audit.secrets() == ["infra/app.py:3: AWS Access Key"]


def unreached() -> list[str]:
    raise audit.UnreachedError("the database")


@pytest.mark.parametrize(
    ("looks", "status"),
    [
        ([list], 0),
        ([unreached, list], audit.UNREACHED),
        ([lambda: ["CVE-1"], unreached], 1),
        ([unreached, lambda: ["CVE-1"]], 1),
    ],
)
def test_the_exit_code_tells_what_is_wrong_from_what_was_not_looked_at(monkeypatch, capsys, looks, status):
    monkeypatch.setattr(audit, "LOOKS", {str(i): look for i, look in enumerate(looks)})
    monkeypatch.setattr("sys.argv", ["audit"])
    assert audit.main() == status
    said = capsys.readouterr().out
    assert ("NOT LOOKED AT" in said) is (unreached in looks)
    assert said.endswith(audit.VERDICTS[status] + "\n")


# Bills of materials


def installed(dockerfile: str, engine: str) -> set[str]:
    """The lists from which a Dockerfile has pip install for an engine: its commands are run, with a pip that tells."""
    pip = 'pip() { for word; do last=$word; done; echo "$last"; }; python3() { :; }\n'
    lists, copied = set(), dict[str, str]()
    for instruction in re.sub(r"\\\n", " ", (ROOT / dockerfile).read_text(encoding="utf-8")).splitlines():
        if instruction.startswith("COPY ") and "--from" not in instruction:
            *sources, folder = instruction.split()[1:]
            copied |= {folder + Path(source).name: source for source in sources}
        elif instruction.startswith("RUN ") and "pip install" in instruction:
            command = ["sh", "-euc", pip + instruction.removeprefix("RUN ")]
            lists |= {
                copied[path] for path in subprocess.check_output(command, env={"ENGINE": engine}, text=True).split()
            }
    return lists


def named_in(lists: Iterable[str]) -> set[tuple[str, str]]:
    """Packages and versions in lists."""
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in lists)
    return set(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def test_every_image_that_can_be_built_has_a_bill_of_what_it_installs():
    found = {image.name: image for image in bills.images()}
    models = load_cards()
    assert found.keys() == {"orchestrator", *models, *(f"{model}-torch" for model in models)}
    tracked = subprocess.check_output(["git", "ls-files", "*Dockerfile*"], cwd=ROOT, text=True).split()
    assert {image.dockerfile for image in found.values()} == set(tracked)
    for name, image in found.items():
        engine = "torch" if name.endswith("-torch") else "onnx"
        assert set(image.lists) == installed(image.dockerfile, engine), name
        assert image.dockerfile.split("/")[1] == ("orchestrator" if name == "orchestrator" else "segmenter")
    every = {name for image in found.values() for name in image.lists}
    assert every == {*containers.REQUIREMENTS, *containers.WITH_TORCH}


def test_there_is_an_image_for_every_engine_that_serves():
    assert tuple(bills.ENGINES) == ENGINES


def test_a_network_that_was_brought_has_no_image_with_pytorch(monkeypatch):
    cards = {name: replace(card, weights_sha256=None) for name, card in load_cards().items()}
    monkeypatch.setattr(bills, "load_cards", lambda: cards)
    assert [image.name for image in bills.images()] == ["orchestrator", *cards]


def as_cyclonedx(_: str, __: str, name: str, *___: str) -> str:
    """What the tool says of a list, as far as we read it: a package is known by its line."""
    packages = [
        {"bom-ref": f"requirements-L{line}", "type": "library", "name": package, "version": version}
        | {"purl": f"pkg:pypi/{package}@{version}", "externalReferences": [{"type": "distribution", "url": name}]}
        for line, (package, version) in enumerate(sorted(named_in([name])))
    ]
    return json.dumps({"bomFormat": "CycloneDX", "metadata": {"tools": {}}, "components": packages, "dependencies": []})


@pytest.fixture(
    scope="module",
    params=[
        as_cyclonedx,
        pytest.param(
            audit._run,
            marks=pytest.mark.skipif(not (audit.TOOLS / "cyclonedx-py").exists(), reason="not installed: `make audit`"),
        ),
    ],
    ids=["stand-in", "cyclonedx-py"],
)
def written(request, tmp_path_factory) -> dict[str, dict]:
    """The bills by image, as `make audit` writes them."""
    folder = tmp_path_factory.mktemp("sbom")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "SBOM", folder)
        patch.setattr(audit, "_run", request.param)
        assert audit.bills_of_materials() == []
    return {
        path.name.removesuffix(".cdx.json"): json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()
    }


def test_a_bill_lists_every_package_of_its_images_lists_and_the_base_image(written):
    assert written.keys() == {image.name for image in bills.images()}
    for image in bills.images():
        bill = written[image.name]
        assert bill["bomFormat"] == "CycloneDX"
        assert bill["metadata"]["component"]["name"] == f"tripane-{image.name}"
        base, *packages = bill["components"]
        assert (base["type"], base["name"], base["version"]) == ("container", "debian", "bookworm-slim")
        assert {(package["name"], package["version"]) for package in packages} == named_in(image.lists)
    torch = {component["name"] for component in written["swiftnet-torch"]["components"]}
    assert {"torch", "safetensors", "pillow"} <= torch
    assert "onnxruntime" not in torch


def test_every_component_of_a_bill_is_known_by_one_reference_that_its_image_depends_on(written):
    for name, bill in written.items():
        refs = [component["bom-ref"] for component in bill["components"]]
        assert len(refs) == len(set(refs))
        image, *others = bill["dependencies"]
        assert image == {"ref": bill["metadata"]["component"]["bom-ref"], "dependsOn": sorted(refs)}, name
        assert [other["ref"] for other in others] == sorted(refs)


def test_pytorch_alone_is_said_to_come_from_its_own_index(written):
    from_torch = [
        component["name"]
        for component in written["enet-torch"]["components"]
        for place in component.get("externalReferences", [])
        if "torch" in place["url"] and "with_torch" not in place["url"]
    ]
    assert set(from_torch) == {"torch"}


def test_a_base_image_that_is_pinned_is_named_by_its_digest(tmp_path, monkeypatch):
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("-slim", f"-slim@{DIGEST}"), encoding="utf-8")
    monkeypatch.setattr(bills, "ROOT", tmp_path)
    bill = bills.bill(bills.Image("api", "Dockerfile", ()), [{"metadata": {}, "components": []}])
    assert [component["purl"] for component in bill["components"]] == [f"pkg:docker/debian@{DIGEST}"]
