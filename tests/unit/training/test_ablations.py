"""Ablations: that each differs from its base in one thing, and the table made of them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from training.learning import options
from training.studies import ablations

GIVEN = argparse.Namespace(data=Path("data"), soft=Path("soft"), rendered=Path("scenes"), out=Path("runs"), steps=30)


def parsed(name: str) -> dict[str, object]:
    return options.parsed(options.parser(), ablations.options(name, GIVEN)).plain()


@pytest.mark.parametrize("name", ablations.VARIANTS)
def test_a_variant_is_a_valid_command_that_differs_in_one_thing(name):
    base = ablations.BASE_NAMES[ablations.VARIANTS[name].model]
    ours, theirs = parsed(name), parsed(base)
    different = [option for option in ours if ours[option] != theirs[option] and option != "out"]
    assert len(different) == (name != base)
    assert ours["hold_out"] == "0006R0"


def test_what_a_variant_needs_is_asked_for():
    nothing = argparse.Namespace(soft=None, rendered=None)
    assert ablations.lacking("with a teacher", nothing) == "--soft"
    assert ablations.lacking("with rendered scenes", nothing) == "--rendered"
    assert not ablations.lacking("base", nothing)
    assert not any(ablations.lacking(name, GIVEN) for name in ablations.VARIANTS)


def test_no_two_variants_share_a_folder():
    folders = {ablations.folder(Path("runs"), name) for name in ablations.VARIANTS}
    assert len(folders) == len(ablations.VARIANTS)


def test_only_a_finished_run_has_a_result(tmp_path):
    assert ablations.result(tmp_path) is None
    (tmp_path / "log.csv").write_text("step,loss,miou\n20,1.5,\n")
    assert ablations.result(tmp_path) is None
    (tmp_path / "log.csv").write_text("step,loss,miou\n20,1.5,\n30,1.2,0.4375\n")
    assert ablations.result(tmp_path) == 0.4375


def test_the_table_compares_each_with_its_own_base():
    found = {"base": 0.4, "crops at random": 0.375, "SwiftNet from ImageNet": 0.6, "SwiftNet from scratch": 0.35}
    assert ablations.table(found).splitlines()[2:] == [
        "| base | 0.400 | |",
        "| crops at random | 0.375 | -0.025 |",
        "| SwiftNet from ImageNet | 0.600 | |",
        "| SwiftNet from scratch | 0.350 | -0.250 |",
    ]
