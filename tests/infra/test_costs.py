"""The cost calculator, against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.costs import SCENARIOS, Stack, Usage, alarms, monthly_usd
from infra.tools import tables
from infra.tools.costs import main
from shared.contracts.card import load_cards
from shared.paths import ROOT

NOTHING = Usage(
    model_ms={"a": 0.0, "b": 0.0},
    init_ms=0,
    cold=0,
    orchestrator_ms=0,
    api_requests=0,
    files=0,
    s3_puts=0,
    s3_gets=0,
    stored_bytes=0,
    bytes_out=0,
    log_bytes=0,
)
MILLION = 1_000_000


def test_a_second_of_a_gigabyte_a_million_times():
    usage = replace(NOTHING, model_ms={"a": 600.0, "b": 400.0})
    # 1 GB-second each: 1e6 * $0.0000166667 = $16.6667; 2 invocations each: 2e6 * $0.20/1e6 = $0.40
    assert monthly_usd(MILLION, usage, Stack(model_mb=1024))["model functions"] == pytest.approx(17.0667)
    # three times the memory: $50.0001, and the same $0.40
    assert monthly_usd(MILLION, usage, Stack())["model functions"] == pytest.approx(50.4001)
    # arm64: $0.0000133334 a GB-second
    arm = Stack(architecture="arm64", model_mb=1024)
    assert monthly_usd(MILLION, usage, arm)["model functions"] == pytest.approx(13.7334)


def test_a_cold_start_is_billed_for_its_init():
    usage = replace(NOTHING, init_ms=1000, cold=0.5)
    # two models, half of their million calls each a second of 1 GB: 1e6 GB-seconds
    assert monthly_usd(MILLION, usage, Stack(model_mb=1024))["model functions"] == pytest.approx(16.6667 + 0.4)
    # with snapshots each is a restore of 1 GB at $0.0001397998 instead
    snapped = Stack(model_mb=1024, snap_start=True)
    assert monthly_usd(MILLION, usage, snapped)["model functions"] == pytest.approx(139.7998 + 0.4)


def test_everything_else_a_million_times():
    usage = replace(
        NOTHING,
        orchestrator_ms=500,
        api_requests=10,
        files=20,
        s3_puts=2,
        s3_gets=5,
        stored_bytes=1_000_000,
        bytes_out=1_000_000,
        log_bytes=1000,
    )
    bill = monthly_usd(MILLION, usage, Stack())
    assert bill["orchestrator"] == pytest.approx(8.33335 + 2.0)  # half a second of 1 GB; ten million requests
    assert bill["API"] == pytest.approx(10.0)  # ten million at $1 a million
    assert bill["S3"] == pytest.approx(10.0 + 2.0 + 0.756, abs=0.001)  # 1000 GB for one of 30.417 days
    assert bill["CloudFront"] == pytest.approx(85.0 + 30.0)  # 1000 GB; thirty million requests at $1 a million
    assert bill["logs and traces"] == pytest.approx(0.5 + 3.0)  # 1 GB; a twentieth of twelve million traces at $5


def test_what_costs_without_any_visitor():
    bill = monthly_usd(0, NOTHING, Stack(metrics_a_model=5, images_gb=1.0, provisioned=2, snap_start=True))
    assert bill["alarms, metrics, images, secret"] == pytest.approx(1.6 + 3.0 + 0.1 + 0.4)  # 16 alarms, ten metrics
    # two models of 3 GB for 2,628,000 s are 15,768,000 GB-seconds: twice $65.70 provisioned, $23.72 for snapshots
    assert bill["against cold starts"] == pytest.approx(131.401 + 23.725, abs=0.01)
    assert sum(bill.values()) == pytest.approx(5.1 + 155.126, abs=0.01)


def test_what_is_estimated_is_what_is_deployed(template):
    assert alarms(len(load_cards())) == len(template.of_type("AWS::CloudWatch::Alarm"))
    assert Stack().model_mb == template.images()["Enet"]["Properties"]["MemorySize"]
    assert Stack().orchestrator_mb == template.images()["Orchestrator"]["Properties"]["MemorySize"]


def test_the_command_prints_the_three_cases_or_the_one_asked_for(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["costs"])
    assert main() == 0
    out = capsys.readouterr().out
    assert all(name in out for name in SCENARIOS)
    monkeypatch.setattr("sys.argv", ["costs", "--comparisons", "0", "--ms", "enet=300"])
    assert main() == 0
    assert "0 comparisons a month" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["costs", "--ms", "enet=quick"])
    assert main() == 2


def test_the_table_of_the_documentation_is_what_the_command_prints(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["costs"])
    main()
    assert capsys.readouterr().out in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_a_table_takes_the_place_of_its_own_kind_alone(tmp_path, monkeypatch):
    document = tmp_path / "operations.md"
    rest = "\n| two | 1 |\n|---|---|\n\nThe end.\n"
    document.write_text("# A\n\n| one | 1 |\n|---|---|\n| old | 2 |\n| old | 3 |\n" + rest)
    monkeypatch.setattr(tables, "DOCUMENT", document)
    tables.put("| one | 1 |\n|---|---|\n| new | 4 |\n")
    assert document.read_text() == "# A\n\n| one | 1 |\n|---|---|\n| new | 4 |\n" + rest
    with pytest.raises(LookupError, match="no table"):
        tables.put("| three | 1 |\n|---|---|\n")
