"""Exports are read back by the tools they are for, to the same label maps."""

from __future__ import annotations

import json
from functools import partial
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from shared.chance import table
from shared.contracts.labels import CLASS_NAMES
from shared.inference.encode import encode_labels
from tests.unit.tool.conftest import photo
from tripane import job
from tripane.errors import UsageError
from tripane.export import FORMS, export, label_studio
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.photos import Photo

CAR = CLASS_NAMES.index("car")


@pytest.fixture
def report(tmp_path, models):
    """A report of two photos; one is larger than its label maps are."""
    folder = tmp_path / "report"
    settings = Settings(models={model.card.name: "1" for model in models}, folder=str(tmp_path / "photos"))
    with Journal(folder).writing(settings) as writer:
        for name, size in (("a.png", (130, 96)), ("b/c.png", (2100, 1000))):
            asked = Asked(Photo(photo(tmp_path / "photos" / name, size), name), out=folder)
            writer.add(job.run(asked, partial(job.ask, models), table.load()))
    for path in folder.glob("labels/**/*.png"):
        with Image.open(path) as image:
            labels = np.array(image)
        height, width = labels.shape
        labels[height * 5 // 8 : height * 6 // 8, width * 5 // 8 : width * 6 // 8] = CAR  # touches no side
        path.write_bytes(encode_labels(labels))
    return folder


def answer(report, name: str, size: tuple[int, int], model: str = "enet"):
    with Image.open(report / f"labels/{model}/{name}.png") as image:
        return np.asarray(Image.fromarray(np.asarray(image)).resize(size, Image.Resampling.NEAREST))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize(("form", "kind"), [("coco", dict), ("coco-polygons", list)])
def test_coco_is_read_back_by_pycocotools(report, tmp_path, form, kind):
    coco = pytest.importorskip("pycocotools.coco")
    assert export(report, form, tmp_path / "out") == 2
    read = coco.COCO(tmp_path / "out/annotations.json")
    names = {category["id"]: category["name"] for category in read.loadCats(read.getCatIds())}
    for image in read.loadImgs(read.getImgIds()):
        expected = answer(report, image["file_name"], (image["width"], image["height"]))
        found = np.full(expected.shape, 255, np.uint8)
        for annotation in read.loadAnns(read.getAnnIds(imgIds=image["id"])):
            assert isinstance(annotation["segmentation"], kind)
            assert annotation["iscrowd"] == (kind is dict)
            mask = read.annToMask(annotation).astype(bool)
            assert mask.sum() == annotation["area"]
            left, top, width, height = annotation["bbox"]
            assert mask[top : top + height, left : left + width].sum() == mask.sum()
            found[mask] = CLASS_NAMES.index(names[annotation["category_id"]])
        np.testing.assert_array_equal(found, expected)
    assert {(i["width"], i["height"]) for i in read.loadImgs(read.getImgIds())} == {(130, 96), (2100, 1000)}


def test_cvat_is_read_back_as_cvat_reads_masks(report, tmp_path):
    export(report, "cvat", tmp_path / "out", model="fast_scnn")
    root = ElementTree.parse(tmp_path / "out/annotations.xml").getroot()
    assert root.findtext("version") == "1.1"
    assert {label.findtext("name") for label in root.iter("label")} == set(CLASS_NAMES)
    for image in root.iter("image"):
        size = int(image.get("width")), int(image.get("height"))
        found = np.full(size[::-1], 255, np.uint8)
        for mask in image.iter("mask"):
            left, top, width, height = (int(mask.get(key)) for key in ("left", "top", "width", "height"))
            counts = [int(count) for count in mask.get("rle").split(",")]
            flat = np.repeat(np.arange(len(counts)) % 2 == 1, counts)  # background first, row by row
            found[top : top + height, left : left + width][flat.reshape(height, width)] = CLASS_NAMES.index(
                mask.get("label")
            )
        np.testing.assert_array_equal(found, answer(report, image.get("name"), size, "fast_scnn"))


def unpack(rle: list[int]):
    """What Label Studio's own reader does: bits of lengths and values to RGBA bytes."""
    bits = "".join(f"{byte:08b}" for byte in rle)
    at = 0

    def read(size: int) -> int:
        nonlocal at
        at += size
        return int(bits[at - size : at], 2)

    values, word = read(32), read(5) + 1
    sizes = [read(4) + 1 for _ in range(4)]
    out, filled = np.zeros(values, np.uint8), 0
    while filled < values:
        run = read(1)
        length = read(sizes[read(2)]) + 1
        for _ in range(1 if run else length):
            out[filled : filled + (length if run else 1)] = read(word)
            filled += length if run else 1
    return out


def test_label_studio_is_read_back_and_fits_its_interface(report, tmp_path):
    export(report, "label-studio", tmp_path / "out", model="enet")
    tasks = json.loads((tmp_path / "out/tasks.json").read_text())
    interface = ElementTree.parse(tmp_path / "out/interface.xml").getroot()
    brushes = interface.find("BrushLabels")
    assert tasks[1]["data"]["image"] in {"/data/local-files/?d=photos/a.png", "/data/local-files/?d=photos/b/c.png"}
    for task in tasks:
        (prediction,) = task["predictions"]
        assert 0 <= prediction["score"] <= 1
        name = task["data"]["image"].split("=photos/")[1]
        for result in prediction["result"]:
            assert (result["from_name"], result["to_name"]) == (brushes.get("name"), brushes.get("toName"))
            (label,) = result["value"]["brushlabels"]
            assert label in {choice.get("value") for choice in brushes}
            size = result["original_width"], result["original_height"]
            mask = unpack(result["value"]["rle"]).reshape(*size[::-1], 4)[..., 3] > 0
            np.testing.assert_array_equal(mask, answer(report, name, size) == CLASS_NAMES.index(label))


@pytest.mark.parametrize(
    ("folder", "address"),
    [
        ("s3://photos", "s3://photos/a b.jpg"),
        ("s3://photos/", "s3://photos/a b.jpg"),
        ("s3://photos/drive/", "s3://photos/drive/a b.jpg"),
        ("s3://photos/drives/2024_", "s3://photos/drives/a b.jpg"),
        ("/home/me/photos", "/data/local-files/?d=photos/a%20b.jpg"),
    ],
)
def test_label_studio_finds_a_photo_where_it_lies(folder, address):
    assert label_studio._address(folder, "a b.jpg") == address


def test_png_and_npz_hold_ids_at_the_size_of_the_photo(report, tmp_path):
    export(report, "png", tmp_path / "png", model="swiftnet")
    export(report, "npz", tmp_path / "npz", model="swiftnet")
    expected = answer(report, "b/c.png", (2100, 1000), "swiftnet")
    with Image.open(tmp_path / "png/b/c.png.png") as image:
        assert image.mode == "L"
        np.testing.assert_array_equal(np.asarray(image), expected)
    with np.load(tmp_path / "npz/b/c.png.npz") as arrays:
        np.testing.assert_array_equal(arrays["labels"], expected)
        assert arrays["classes"].tolist() == list(CLASS_NAMES)
    assert json.loads((tmp_path / "png/classes.json").read_text())["3"] == "road"


def test_without_a_model_what_most_answer_is_handed_on(report, tmp_path):
    export(report, "npz", tmp_path / "out")
    with np.load(tmp_path / "out/a.png.npz") as arrays:
        np.testing.assert_array_equal(arrays["labels"], answer(report, "a.png", (130, 96)))  # two agree, one does not


def test_only_photos_in_question_are_handed_on_worst_first(report, tmp_path):
    records = sorted(Journal(report).records(), key=lambda record: record.chance_right)
    between = (records[0].chance_right + records[1].chance_right) / 2
    assert export(report, "png", tmp_path / "out", below=between) == 1
    assert (tmp_path / f"out/{records[0].photo}.png").is_file()
    with pytest.raises(UsageError, match="No photo of the report qualifies"):
        export(report, "png", tmp_path / "none", below=0.01)


def test_what_cannot_be_exported_says_why(report, tmp_path):
    with pytest.raises(UsageError, match="not one of the forms coco, coco-polygons, cvat"):
        export(report, "voc", tmp_path / "out")
    with pytest.raises(UsageError, match="has no model 'unet'"):
        export(report, "png", tmp_path / "out", model="unet")
    (tmp_path / "full/x").mkdir(parents=True)
    with pytest.raises(UsageError, match="not an empty folder"):
        export(report, "png", tmp_path / "full")
    (report / "labels/enet/a.png.png").unlink()
    with pytest.raises(UsageError, match="the report is incomplete"):
        export(report, "png", tmp_path / "out2")
    assert set(FORMS) == {"coco", "coco-polygons", "cvat", "label-studio", "png", "npz"}
