"""Mappings: presets are as their data sets publish them, and a mapping file that is wrong says where."""

from __future__ import annotations

import numpy as np
import pytest

from shared.contracts.labels import CLASS_NAMES, IGNORE
from tripane.errors import UsageError
from tripane.truth import mapping


def classes_of(preset: str, value: int) -> str | None:
    found = int(mapping.load(preset).to_classes(np.array([value], np.uint32))[0])
    return None if found == IGNORE else CLASS_NAMES[found]


@pytest.mark.parametrize("preset", mapping.presets())
def test_every_preset_is_valid_and_names_most_classes(preset):
    loaded = mapping.load(preset)
    assert len(set(loaded.classes.tolist()) - {IGNORE}) == len(CLASS_NAMES)


@pytest.mark.parametrize(("preset", "column"), [("cityscapes", "id"), ("cityscapes-train-ids", "trainId")])
def test_cityscapes_presets_list_every_id_of_the_cityscapes_scripts(preset, column):
    labels = pytest.importorskip("cityscapesscripts.helpers.labels").labels
    ids = {getattr(label, column) for label in labels} - {-1, 255}
    listed = set(mapping.load(preset).values.tolist()) - {255}
    assert listed == ids
    by_name = {label.name: getattr(label, column) for label in labels}
    assert classes_of(preset, by_name["traffic light"]) == "sign_symbol"
    assert classes_of(preset, by_name["rider"]) == "bicyclist"
    assert classes_of(preset, by_name["terrain"]) is None


def test_cityscapes_ids_train_ids_and_colours_mean_the_same():
    labels = pytest.importorskip("cityscapesscripts.helpers.labels").labels
    for label in labels:
        if label.trainId in (-1, 255):
            continue
        red, green, blue = label.color
        meanings = {
            classes_of("cityscapes", label.id),
            classes_of("cityscapes-train-ids", label.trainId),
            classes_of("cityscapes-colours", red << 16 | green << 8 | blue),
        }
        assert len(meanings) == 1, label.name


@pytest.mark.parametrize(
    ("preset", "value", "name"),
    [
        ("camvid", 0x804080, "road"),
        ("camvid", 0xC000C0, "bicyclist"),
        ("camvid", 0x000000, None),
        ("mapillary", 13, "road"),
        ("mapillary", 55, "car"),
        ("mapillary", 65, None),
        ("bdd100k", 10, "sky"),
        ("idd", 25, "sky"),
        ("idd", 8, "car"),
        ("ade20k", 7, "road"),
        ("ade20k", 0, None),
        ("ade20k", 150, None),
    ],
)
def test_presets_mean_what_their_data_sets_say(preset, value, name):
    assert classes_of(preset, value) == name


def test_a_value_that_is_not_listed_is_named_with_its_share():
    with pytest.raises(mapping.UnknownValuesError, match=r"does not list 77 \(25\.0% of the pixels\)"):
        mapping.load("cityscapes").to_classes(np.array([7, 8, 77, 11], np.uint32))


def write(tmp_path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return str(path)


def test_a_mapping_file_is_read(tmp_path):
    loaded = mapping.load(write(tmp_path, 'labels = "colours"\nothers = "ignore"\n[classes]\nroad = ["#0A0b0C"]\n'))
    assert loaded.title == "mine"
    assert loaded.to_classes(np.array([[0x0A0B0C, 1]], np.uint32)).tolist() == [[3, IGNORE]]


def test_camvid_s_presets_say_that_the_networks_were_trained_on_it():
    assert "were trained on CamVid" in mapping.load("camvid").note == mapping.load("camvid-11").note
    assert mapping.load("cityscapes").note == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("labels = ", "not a TOML file"),
        ("[classes]\nroad = [1]\n", 'labels must be "ids" or "colours"'),
        ('labels = "ids"\n', r"table \[classes\] is missing"),
        ('labels = "ids"\n[classes]\nroads = [1]\n', "'roads' is not one of the classes sky, building"),
        ('labels = "ids"\n[classes]\nroad = 1\n', "road must be a list"),
        ('labels = "ids"\n[classes]\nroad = ["#804080"]\n', "is not an id"),
        ('labels = "ids"\n[classes]\nroad = [70000]\n', "70000 is not an id: ids are whole numbers from 0 to 65535"),
        ('labels = "colours"\n[classes]\nroad = [3]\n', "3 is not a colour"),
        ('labels = "ids"\n[classes]\nroad = [1]\ncar = [1]\n', "1 is listed twice"),
        ('labels = "ids"\n[classes]\nroad = []\n', "no class has a value"),
        ('labels = "ids"\nother = "ignore"\n[classes]\nroad = [1]\n', "'other' is not one of the keys"),
        ('labels = "ids"\nothers = "maybe"\n[classes]\nroad = [1]\n', "others must be"),
        ('labels = "ids"\nnote = 1\n[classes]\nroad = [1]\n', "note must be text"),
        ('labels = "ids"\nlabel_ends = [1]\n[classes]\nroad = [1]\n', "label_ends must be text"),
    ],
)
def test_a_mapping_file_that_is_wrong_says_what_is(tmp_path, text, message):
    with pytest.raises(UsageError, match=message):
        mapping.load(write(tmp_path, text))


def test_a_preset_that_is_not_there_names_those_that_are():
    with pytest.raises(UsageError, match="one of: ade20k, bdd100k"):
        mapping.load("cityscape")
