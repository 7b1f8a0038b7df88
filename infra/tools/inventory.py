"""What is deployed and who may do what, by the synthesized template: `python -m infra.tools.inventory` writes it down.

A test holds docs/inventory.md to the template, so that nothing is added and no right given without somebody reading it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.app import create_app
from infra.settings import STACK
from shared.paths import DOCS_DIR

DOCUMENT = DOCS_DIR / "inventory.md"
HEAD = """# Inventory

What the stack has and every right that it gives, a line for each statement, as the synthesized template has it:
written by `python -m infra.tools.inventory`, held by a test. [security.md](security.md) says why. `Data/Bucket` and the
like are the constructs in [infra/](../infra).
"""

Json = dict[str, Any]


def inventory(template: Mapping[str, Json]) -> str:
    """What `template` has, and the rights that it gives, as Markdown."""
    names = {logical_id: _name(logical_id, resource) for logical_id, resource in template["Resources"].items()}
    roles = [f"| {' | '.join(row)} |" for row in sorted(_of_roles(template["Resources"], names))]
    others = [f"| {' | '.join(row)} |" for row in sorted(_of_resources(template["Resources"], names))]
    counts = Counter(resource["Type"] for resource in template["Resources"].values())
    return "\n".join(
        [
            HEAD,
            "## What is deployed",
            "",
            "| resource | number |",
            "|---|---:|",
            *(f"| {kind} | {count} |" for kind, count in sorted(counts.items())),
            "",
            "## What our functions may do",
            "",
            "| role | action | on | if |",
            "|---|---|---|---|",
            *roles,
            "",
            "## What is allowed to others, or denied",
            "",
            "| resource | who | action | on | if |",
            "|---|---|---|---|---|",
            *others,
            "",
        ]
    )


def _of_roles(resources: Mapping[str, Json], names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for logical_id, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                yield from _of_statements(names[logical_id], policy["PolicyDocument"], names)
            for arn in properties.get("ManagedPolicyArns", []):
                yield names[logical_id], "managed policy", _text(arn, names), ""
        elif resource["Type"] in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
            for role in properties["Roles"]:
                yield from _of_statements(names[role["Ref"]], properties["PolicyDocument"], names)


def _of_statements(role: str, policy: Json, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for statement in policy["Statement"]:
        yield role, _actions(statement), _on(statement, names), _text(statement.get("Condition", ""), names)


def _of_resources(resources: Mapping[str, Json], names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for resource in resources.values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::Permission":
            function, on = _text(properties["FunctionName"], names), _text(properties.get("SourceArn", "*"), names)
            yield function, properties["Principal"], f"`{properties['Action']}`", f"`{on}`", ""
        elif resource["Type"] in {"AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"}:
            owner = properties.get("Bucket") or properties["Topics"][0]
            for statement in properties["PolicyDocument"]["Statement"]:
                who, condition = _text(statement["Principal"], names), _text(statement.get("Condition", ""), names)
                yield _text(owner, names), who, _actions(statement), _on(statement, names), condition


def _name(logical_id: str, resource: Json) -> str:
    """The construct that a resource belongs to, without the stack's name and the CDK's own suffixes."""
    path = resource.get("Metadata", {}).get("aws:cdk:path", logical_id).removeprefix(f"{STACK}/")
    return re.sub(r"/(Resource|Default)$", "", path)


def _text(value: Any, names: Mapping[str, str]) -> str:
    """A template's value as people read it: references by name."""
    if isinstance(value, list):
        return ", ".join(_text(one, names) for one in value)
    if not isinstance(value, dict):
        return str(value)
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(_text(part, names) for part in parts)
    if "Fn::GetAtt" in value:
        return names[value["Fn::GetAtt"][0]]
    if "Fn::Sub" in value:
        return str(value["Fn::Sub"])
    if "Ref" in value:
        return names.get(value["Ref"], f"${{{value['Ref']}}}")
    return ", ".join(f"{key} {_text(one, names)}" for key, one in sorted(value.items()))


def _actions(statement: Json) -> str:
    effect = "" if statement["Effect"] == "Allow" else "**deny** "
    return effect + ", ".join(f"`{action}`" for action in sorted(_list(statement["Action"])))


def _on(statement: Json, names: Mapping[str, str]) -> str:
    return ", ".join(sorted(f"`{_text(one, names)}`" for one in _list(statement["Resource"])))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def main() -> int:
    """Synthesize, and write the document."""
    with TemporaryDirectory() as folder:
        create_app(outdir=folder).synth()
        template = json.loads((Path(folder) / f"{STACK}.template.json").read_text(encoding="utf-8"))
    DOCUMENT.write_text(inventory(template), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
