"""Finding photos: what is one, what is passed over without a word, what is listed with a reason."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tripane import photos
from tripane.errors import UsageError
from tripane.photos import Photo, UnreadableError, find


def put(path, content: bytes = b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(*given) -> list[str]:
    return [photo.name for photo in find(given)[1]]


def test_hidden_files_sidecars_and_reports_are_passed_over(tmp_path):
    for name in ("a.jpg", "b/a.JPEG", "b/c.webp", "d.tif", "e.heic"):
        put(tmp_path / name)
    for name in (".a.jpg", "._a.jpg", ".git/a.png", "a.xmp", "a.json", "a.labels.png", "Thumbs.db", "a.thumbnail.jpg",
                 "report/results.jsonl", "report/labels/enet/a.png"):  # fmt: skip
        put(tmp_path / name)
    assert names(tmp_path) == ["a.jpg", "b/a.JPEG", "b/c.webp", "d.tif", "e.heic"]


def test_a_name_is_the_path_below_what_was_given(tmp_path):
    put(tmp_path / "x/1/a.jpg"), put(tmp_path / "x/2/a.jpg")
    assert names(tmp_path / "x") == ["1/a.jpg", "2/a.jpg"]
    assert names(tmp_path / "x/1", tmp_path / "x/2") == ["1/a.jpg", "2/a.jpg"]
    assert names(tmp_path / "x/1/a.jpg") == ["a.jpg"]
    assert names(tmp_path / "x/1/a.jpg", tmp_path / "x") == ["1/a.jpg", "2/a.jpg"]


def test_paths_that_climb_are_of_one_root(tmp_path, monkeypatch):
    put(tmp_path / "a" / "1.jpg")
    put(tmp_path / "b" / "2.jpg")
    monkeypatch.chdir(tmp_path / "a")
    root, photos = find([Path(), Path("../b"), Path("../a/1.jpg")])
    assert root == tmp_path
    assert [photo.name for photo in photos] == ["a/1.jpg", "b/2.jpg"]


def test_a_folder_without_photos_or_that_is_not_there_says_so(tmp_path):
    put(tmp_path / "notes.txt")
    with pytest.raises(UsageError, match="No photo was found"):
        find([tmp_path])
    with pytest.raises(UsageError, match="does not exist"):
        find([tmp_path / "nowhere"])


def test_photos_on_several_drives_are_refused(tmp_path, monkeypatch):
    def on_drives(_):
        raise ValueError("Paths don't have the same drive")

    put(tmp_path / "a.jpg")
    monkeypatch.setattr("tripane.photos.os.path.commonpath", on_drives)
    with pytest.raises(UsageError, match="several drives"):
        find([tmp_path])


def test_what_is_not_taken_says_what_is(tmp_path):
    path = put(tmp_path / "a.tif")
    with pytest.raises(UnreadableError, match="TIF is not accepted: JPEG, PNG, WebP and HEIC are"):
        Photo(path, "a.tif").read()


def test_a_file_of_more_than_64_mib_is_not_read(tmp_path):
    path = tmp_path / "a.jpg"
    with path.open("wb") as file:
        file.truncate(photos.MAX_FILE_BYTES + 1)
    with pytest.raises(UnreadableError, match="has 64 MiB; at most 64"):
        Photo(path, "a.jpg").read()
    with path.open("wb") as file:
        file.truncate(photos.MAX_FILE_BYTES)
    assert len(Photo(path, "a.jpg").read()) == photos.MAX_FILE_BYTES


def test_a_file_that_vanished_is_listed_with_the_reason(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be read: No such file"):
        Photo(tmp_path / "a.jpg", "a.jpg").read()


def test_a_heic_is_read_upright(tmp_path):
    pillow_heif = pytest.importorskip("pillow_heif")
    image = Image.new("RGB", (64, 48), "red")
    image.paste("blue", (0, 0, 64, 24))
    exif = Image.Exif()
    exif[0x0112] = 6
    pillow_heif.from_pillow(image).save(tmp_path / "a.heic", exif=exif.tobytes(), quality=90)
    png = Image.open(io.BytesIO(Photo(tmp_path / "a.heic", "a.heic").read()))
    assert png.size == (48, 64)
    assert not png.getexif()
    left, right = png.getpixel((4, 32)), png.getpixel((44, 32))
    assert left[0] > 200 > left[2]
    assert right[2] > 200 > right[0]


@pytest.mark.parametrize("content", [b"", b"ftypheic", bytes(100)])
def test_a_broken_heic_says_so(tmp_path, content):
    pytest.importorskip("pillow_heif")
    with pytest.raises(UnreadableError, match="HEIC cannot be decoded"):
        Photo(put(tmp_path / "a.heic", content), "a.heic").read()


def test_a_heic_without_its_reader_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    with pytest.raises(UnreadableError, match="pip install pillow-heif"):
        Photo(put(tmp_path / "a.heic"), "a.heic").read()
