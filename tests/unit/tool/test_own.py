"""Users' own networks: every form gives the same answer, and what cannot be used is said in a sentence."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PIL import Image

from shared.contracts.card import load_card, load_cards
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.inference.segment import segment
from shared.model_files import network
from shared.paths import ASSETS_DIR, MODELS_DIR, SAMPLES_DIR
from tests.support import brought
from tests.unit.tool.conftest import label_png, photo
from tripane import cli, comparison, models, results_csv
from tripane.comparison import Comparison, Options
from tripane.errors import UsageError
from tripane.journal import Journal
from tripane.own import adding, homes, measure, network_file
from tripane.own.adding import Told
from tripane.own.homes import Home
from tripane.own.probe import Wanted, probe, session

TRAINED = Wanted(brought.MEAN, brought.STD)
AS_BYTES = Wanted((0.0,) * 3, (1.0,) * 3)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of one's own, as $TRIPANE_MODELS names it."""
    folder = tmp_path / "mine"
    monkeypatch.setenv(homes.VARIABLE, str(folder))
    return folder


def add(path, wanted=TRAINED, name="mine"):
    return adding.add(path, Told(name), wanted, homes.own())


def answer(added):
    return segment(adding.SAMPLE.read_bytes(), models.local()[added.card.name].read())


FORMS = {
    "as it is": ({}, TRAINED),
    "channels last": ({"layout": "NHWC"}, TRAINED),
    "channels last, out too": ({"layout": "NHWC", "output_layout": "NHWC"}, TRAINED),
    "blue first": ({"channels": "BGR"}, Wanted(brought.MEAN, brought.STD, "BGR")),
    "bytes, normalised within": ({"kind": "uint8"}, AS_BYTES),
    "probabilities": ({"answers": "probabilities"}, TRAINED),
    "external data": ({"external": "weights.bin"}, TRAINED),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_map(tmp_path, own, form):
    options, wanted = FORMS[form]
    plain = answer(add(brought.write(tmp_path / "plain.onnx"), name="plain"))
    other = answer(add(brought.write(tmp_path / "other.onnx", **options), wanted, "other"))
    assert len(np.unique(plain.labels)) > 3
    assert (plain.labels == other.labels).mean() > 0.999
    assert other.mean_confidence == pytest.approx(plain.mean_confidence, abs=0.01)


@pytest.mark.parametrize(
    ("options", "size"), [({"kind": "float16"}, None), ({"stride": 8}, None), ({"size": (320, 160)}, (320, 160))]
)
def test_halves_other_strides_and_one_size_alone_are_taken(tmp_path, own, options, size):
    added = add(brought.write(tmp_path / "a.onnx", **options))
    assert added.card.input.size == size
    assert answer(added).size == (2048, 1024)


def test_a_network_that_answers_with_classes_is_as_right_and_does_not_say_how_sure(tmp_path, own):
    logits = answer(add(brought.write(tmp_path / "a.onnx"), name="logits"))
    wanted = Wanted(brought.MEAN, brought.STD, classes="tripane")
    classes = answer(add(brought.write(tmp_path / "b.onnx", answers="classes"), wanted, "ids"))
    assert (logits.labels == classes.labels).mean() > 0.85  # by the nearest of every fourth pixel, not between them
    assert classes.mean_confidence == 1


def test_own_classes_are_compared_as_their_card_says(tmp_path, own):
    (tmp_path / "three.toml").write_text('[classes]\ndirt = ""\ntarmac = "road"\n"blue sky" = "sky"\n')
    wanted = Wanted(brought.MEAN, brought.STD, classes=str(tmp_path / "three.toml"))
    added = add(brought.write(tmp_path / "a.onnx", classes=3), wanted)
    maps = answer(added)
    assert set(np.unique(maps.own)) == {0, 1, 2}
    for mine, shared in ((0, IGNORE), (1, CLASS_NAMES.index("road")), (2, CLASS_NAMES.index("sky"))):
        assert (maps.labels[maps.own == mine] == shared).all()
    assert sum(maps.shares) == pytest.approx(1 - (maps.own == 0).mean())
    truth = np.asarray(Image.open(adding.SAMPLE.with_suffix(".labels.png")).resize(maps.size, Image.Resampling.NEAREST))
    assert added.right == pytest.approx((maps.labels == truth)[truth != IGNORE].mean())
    assert added.card.document["as"] == [None, "road", "sky"]


def test_a_report_scores_what_is_compared_as_nothing_as_wrong(tmp_path, own):
    (tmp_path / "two.toml").write_text('[classes]\ndirt = ""\ntarmac = "road"\n')
    wanted = Wanted(brought.MEAN, brought.STD, classes=str(tmp_path / "two.toml"))
    name = "of_this_test"  # its own: the process that runs it sees what the user has added to the checkout, too
    add(brought.write(tmp_path / "a.onnx", classes=2), wanted, name)
    photo(tmp_path / "photos/a.png")
    (tmp_path / "photos/a.labels.png").write_bytes(label_png())
    options = Options(tmp_path / "out", [name, "fast_scnn"], tmp_path / "photos", jobs=1)
    for _ in (made := Comparison([tmp_path / "photos"], options)).run():
        pass
    assert list(made.settings.models) == [name, "fast_scnn"]
    summary = comparison.report(tmp_path / "out")
    (record,) = Journal(tmp_path / "out").records()
    found = record.answers[name]
    assert found.reason is None
    road = np.array(found.matrix).reshape(12, 12)
    assert road[:, 11].sum() == pytest.approx(128 * 96 * (1 - found.shares[3]), abs=1)
    assert results_csv.scores(found)["pixel_accuracy"] == pytest.approx(road[3, 3] / road.sum(), abs=1e-4)
    assert summary["models"][0]["confusion"][0][11] > 0
    assert (tmp_path / f"out/own/{name}/a.png.png").is_file()
    assert not (tmp_path / "out/own/fast_scnn").exists()


def test_what_is_measured_is_what_is_known_of_our_own(tmp_path):
    card = load_cards()["fast_scnn"]
    path = network(card, "float32").path(ASSETS_DIR)
    file = network_file.read(path)
    wanted = Wanted((127.0,) * 3, (128.0,) * 3)
    found = probe(session(file.content, "it"), wanted, adding.decode(adding.SAMPLE.read_bytes()), "it")
    assert measure.gmacs(file.content, found, (1024, 512), "it") == pytest.approx(card.document["gmacs"], rel=0.01)
    # Batch norms are folded: a little less than PyTorch counts.
    assert 0.97 < file.parameters / card.document["parameters"] <= 1


def test_a_model_is_added_listed_and_removed_without_a_trace(tmp_path, own):
    added = add(brought.write(tmp_path / "a.onnx", external="w.bin"))
    assert "mine" in models.local()
    card = load_card(own / "models/mine")
    assert card.version == added.card.version
    assert card.document["network_ms"] > 0
    assert not (own / "networks/w.bin").exists()
    with pytest.raises(UsageError, match="already"):
        add(tmp_path / "a.onnx")
    with pytest.raises(UsageError, match="comes with Tripane"):
        adding.remove("enet", homes.own())
    adding.remove("mine", homes.own())
    assert "mine" not in models.local()
    assert not [path for path in own.rglob("*") if path.is_file()]


def test_a_model_is_replaced_by_one_that_can_be_added_and_kept_if_it_cannot(tmp_path, own):
    first = add(brought.write(tmp_path / "a.onnx"))
    other = adding.add(brought.write(tmp_path / "b.onnx", stride=8), Told("mine"), TRAINED, homes.own(), in_place=True)
    assert other.card.networks_sha256 != first.card.networks_sha256
    assert answer(other).size == (2048, 1024)
    for path in (tmp_path / "none.onnx", brought.write(tmp_path / "tiny.onnx", size=(2, 2), stride=2)):
        with pytest.raises(UsageError):
            adding.add(path, Told("mine"), TRAINED, homes.own(), in_place=True)
    assert models.local()["mine"].read().card.networks_sha256 == other.card.networks_sha256
    assert {path.name for path in own.rglob("*") if path.is_file()} == {"card.json", "mine.onnx"}
    with pytest.raises(UsageError, match="comes with Tripane"):
        adding.add(tmp_path / "a.onnx", Told("enet"), TRAINED, homes.own(), in_place=True)
    new = adding.add(tmp_path / "a.onnx", Told("another"), TRAINED, homes.own(), in_place=True)
    assert new.card.folder == own / "models/another"


def test_a_file_that_is_exchanged_is_noticed(tmp_path, own):
    add(brought.write(tmp_path / "a.onnx"))
    brought.write(own / "networks/mine.onnx", stride=8)
    with pytest.raises(UsageError, match="tripane add"):
        models.local()["mine"].read()


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"another")])
def test_a_report_is_not_begun_with_a_network_that_is_missing_or_another(tmp_path, own, spoil):
    add(brought.write(tmp_path / "a.onnx"))
    spoil(own / "networks/mine.onnx")
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(UsageError, match=r"mine\.onnx (is missing|has SHA-256)"):
        Comparison([tmp_path / "a.jpg"], Options(tmp_path / "out", ["mine"]))


def test_a_card_that_somebody_broke_is_said_so(tmp_path, own):
    add(brought.write(tmp_path / "a.onnx"))
    path = own / "models/mine/card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"as": ["roads"] * 11}))
    with pytest.raises(UsageError, match="as names 'roads'"):
        models.local()


def test_models_lie_in_a_checkout_in_the_folder_named_or_here(tmp_path, monkeypatch):
    monkeypatch.delenv(homes.VARIABLE, raising=False)
    assert homes.own(tmp_path / "x") == Home(tmp_path / "x/models", tmp_path / "x")
    assert homes.own() == Home(MODELS_DIR, ASSETS_DIR)
    assert homes.own().is_served
    monkeypatch.setattr(homes, "ROOT", tmp_path)  # as in a wheel
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert homes.own() == Home.below(tmp_path / "work/tripane-models")
    assert not homes.own().is_served
    for part in ("functions/models", "assets/networks"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / "cdk.json").write_text("{}")
    assert homes.own() == Home(tmp_path / "functions/models", tmp_path / "assets")
    assert homes.own().is_served
    assert not homes.own(tmp_path / "mine").is_served


# Hostile files


def foreign(path, domain="com.example", within=False):
    """A network with an operator that nobody has, in its graph or in a graph within it."""
    taken = helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, "h", "w"])
    given = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    node = helper.make_node("Magic", ["photo"], ["out"], domain=domain)
    if within:
        branch = helper.make_graph([node], "branch", [], [given])
        node = helper.make_node("If", ["yes"], ["out"], then_branch=branch, else_branch=branch)
    graph = helper.make_graph([node], "g", [taken], [given])
    path.write_bytes(helper.make_model(graph).SerializeToString())


def pointing(path, location):
    """A network whose weights are said to lie at `location`."""
    brought.write(path, external="w.bin")
    model = onnx.load(str(path), load_external_data=False)
    for entry in model.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = location
    path.write_bytes(model.SerializeToString())


def large(path):
    with path.open("wb") as file:
        file.truncate(network_file.MAX_BYTES + 1)


def two_inputs(path):
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, 8, 8]) for name in "ab"]
    given = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 3, 8, 8])
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["out"])], "g", infos, [given])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())


def cut_weights(path):
    brought.write(path, external="w.bin")
    (path.parent / "w.bin").write_bytes(b"\0" * 8)


def not_numbers(path):
    brought.write(path)
    model = onnx.load(str(path))
    weight = model.graph.initializer[0]
    weight.raw_data = struct.pack("<f", float("nan")) * (len(weight.raw_data) // 4)
    path.write_bytes(model.SerializeToString())


HOSTILE = {
    "nothing": (lambda path: path.write_bytes(b""), "holds no network"),
    "another file": (lambda path: path.write_bytes(b"\x89PNG no network" * 9), "is not an ONNX file"),
    "a folder": (lambda path: path.mkdir(), "is not a file"),
    "not there": (lambda path: None, "cannot be read"),
    "a custom operator": (foreign, "uses the operator com.example:Magic"),
    "one within a branch": (lambda path: foreign(path, within=True), "uses the operator com.example:Magic"),
    "an unknown operator": (lambda path: foreign(path, domain=""), "ONNX Runtime cannot load"),
    "data above": (lambda path: pointing(path, "../secret"), "outside its folder"),
    "data elsewhere": (lambda path: pointing(path, "/etc/passwd"), "outside its folder"),
    "data missing": (lambda path: pointing(path, "gone.bin"), "not beside it"),
    "data cut off": (cut_weights, "a.onnx"),
    "too large": (large, "at most 512 are accepted"),
    "two inputs": (two_inputs, "takes a 1x3x8x8, b 1x3x8x8; a network that sees a photo takes one array"),
    "19 classes": (lambda path: brought.write(path, classes=19), "--classes, such as cityscapes, which has as many"),
    "not finite": (not_numbers, "not finite"),
    "tiny": (lambda path: brought.write(path, size=(2, 2), stride=2), "card"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_used_is_said_in_a_sentence_and_leaves_nothing(tmp_path, own, case):
    make, told = HOSTILE[case]
    make(tmp_path / "a.onnx")
    with pytest.raises(UsageError) as error:
        add(tmp_path / "a.onnx")
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 450
    assert not [path for path in own.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("options", "wanted", "told"),
    [
        ({}, Wanted(brought.MEAN, brought.STD, classes="cityscapes"), "none of it is a map of the 19 classes"),
        ({}, Wanted(brought.MEAN, brought.STD, classes="nothing"), "neither a file nor one of: ade20k"),
        ({}, Wanted(brought.MEAN, brought.STD, output="logits"), "has no output 'logits'; it has: Conv_0"),
        ({"size": (64, 32)}, Wanted(brought.MEAN, brought.STD, size=(64, 64)), "takes 64 x 32 px and no other size"),
        ({"answers": "classes"}, TRAINED, "say of which by --classes"),
        ({"answers": "classes", "classes": 99}, Wanted(brought.MEAN, brought.STD, classes="voc"), "answers the class"),
    ],
)
def test_options_that_do_not_fit_are_said_so(tmp_path, own, options, wanted, told):
    with pytest.raises(UsageError, match=told):
        add(brought.write(tmp_path / "a.onnx", **options), wanted)


@pytest.mark.parametrize("name", ["", "A", "../up", "con/fig", "a b", "enet", "en_et", "truth", "consensus", "data"])
def test_a_name_must_be_one(tmp_path, own, name):
    with pytest.raises(UsageError):
        add(brought.write(tmp_path / "a.onnx"), name=name)


# The command


@pytest.fixture
def tripane(own, monkeypatch, capsys):
    """Run `tripane` with these arguments: exit code and what it said."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["tripane", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        streams = capsys.readouterr()
        return end.value.code or 0, streams.out + streams.err

    return run


def test_it_says_how_right_the_models_are_that_come_with_tripane_and_how_to_try_again(tmp_path, tripane):
    command = ("add", brought.write(tmp_path / "a.onnx"), "--name", "mine")
    code, said = tripane(*command)
    assert code == 0
    assert "(the models that come with Tripane: 96% to 97%)" in said
    assert "That is low: check" in said
    assert "--replace" in said
    assert tripane(*command) == (
        2,
        "tripane: There is already a model 'mine': choose another --name, or --replace one of yours.\n",
    )
    assert tripane(*command, "--replace")[0] == 0


def test_names_and_titles_are_printed_as_they_are(tmp_path, tripane, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    path = brought.write(tmp_path / os.fsdecode(b"caf\xe9.onnx"))
    assert tripane("add", path, "--name", "mine", "--title", "UNet [resnet34] [/a]")[0] == 0
    code, said = tripane("models")
    assert code == 0
    assert "UNet [resnet34] [/a]" in said


def test_a_calibration_is_not_begun_that_cannot_be_written(tmp_path, tripane):
    code, said = tripane("calibrate", tmp_path, "--truth", tmp_path, "--out", tmp_path)
    assert (code, said.strip().endswith("is a folder: --out takes the file to write.")) == (2, True)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path, tripane):
    (tmp_path / "file").write_text("")
    code, said = tripane(
        "compare", SAMPLES_DIR / "sunny_brick.jpg", "--models", "fast_scnn", "--out", tmp_path / "file" / "report"
    )
    assert (code, "Traceback" in said) == (2, False)
    assert said.strip().splitlines()[-1].startswith("tripane: Not a directory: ")


@pytest.mark.parametrize(
    ("options", "mean", "std"),
    [
        ((), (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),  # ImageNet's
        (("--mean", "0.5", "--std", "0.5"), (127.5,) * 3, (127.5,) * 3),
        (("--mean", "0", "--std", "1", "--scale", "255"), (0.0,) * 3, (1.0,) * 3),
        (("--mean", "1, 2, 3", "--std", "4,5,6", "--scale", "255"), (1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),
    ],
)
def test_mean_and_deviation_are_three_numbers_or_one_on_either_scale(tmp_path, tripane, options, mean, std):
    assert tripane("add", brought.write(tmp_path / "a.onnx"), "--name", "mine", *options)[0] == 0
    found = models.local()["mine"].card.input
    assert (found.mean, found.std) == (pytest.approx(mean), pytest.approx(std))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--mean", "[0.5 0.5 0.5]"), "three numbers with commas and no spaces, or one for all three, such as 0.485,"),
        (("--mean", "1,2"), "three numbers with commas and no spaces, or one for all three, such as 0.485,"),
        (("--std", "nan"), "three numbers with commas and no spaces, or one for all three, such as 0.229,"),
        (("--mean", "123.7,116.3,103.5"), "pixels go from 0 to 1 here. Add --scale 255 if yours go to 255."),
        (("--std", "58.4"), "pixels go from 0 to 1 here. Add --scale 255 if yours go to 255."),
        (("--std", "0.2,0,0.2"), "each must be above 0."),
    ],
)
def test_a_mean_or_deviation_that_cannot_be_is_told_what_to_write(tmp_path, tripane, options, told):
    code, said = tripane("add", brought.write(tmp_path / "a.onnx"), "--name", "mine", *options)
    assert code == 2
    assert said.startswith(f"tripane: {' '.join(options)}: ")
    assert told in said
