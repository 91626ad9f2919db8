"""Archives and folders as other systems write them hold the classes that a person sees in the file manager."""

import io
import tarfile
import unicodedata
import zipfile

import pytest

from aae import data
from aae.data import custom
from aae.data.custom import archives
from tests.ownfiles import archive, folders, picture

IMAGE = picture()


def laid(*paths, n=30, suffix=".png"):
    """Images at these places: {k} in each path is counted."""
    return {path.format(k=k) + suffix: IMAGE for path in paths for k in range(n)}


LAYOUTS = {
    "class/image": (("cats/{k}", "dogs/{k}"), ("cats", "dogs")),
    "backslashes": (("set\\cats\\{k}", "set\\dogs\\{k}"), ("cats", "dogs")),
    "a drive": (("C:\\Users\\me\\cats\\{k}", "C:\\Users\\me\\dogs\\{k}"), ("cats", "dogs")),
    "here": (("./cats/{k}", "./dogs/{k}"), ("cats", "dogs")),
    "rooted": (("/cats/{k}", "/dogs/{k}"), ("cats", "dogs")),
    "a folder within each": (("cats/img/{k}", "dogs/img/{k}"), ("cats", "dogs")),
    "some with a folder within": (("cats/{k}", "dogs/images/{k}"), ("cats", "dogs")),
    "wrapped, a folder within": (("a/b/cats/img/{k}", "a/b/dogs/img/{k}"), ("cats", "dogs")),
    "groups within": (("cats/2020/{k}", "cats/2021/{k}", "dogs/2020/{k}"), ("cats", "dogs")),
    "split": (("train/cats/{k}", "train/dogs/{k}", "test/cats/{k}", "test/dogs/{k}"), ("cats", "dogs")),
    "split, wrapped": (("s/Train/cats/{k}", "s/Train/dogs/{k}", "s/VALID/cats/{k}"), ("cats", "dogs")),
    "split twice": (("seg_train/seg_train/cats/{k}", "seg_test/seg_test/dogs/{k}"), ("cats", "dogs")),
    "split within": (("cats/train/{k}", "dogs/train/{k}", "cats/test/{k}", "dogs/test/{k}"), ("cats", "dogs")),
    "split, with more beside": (
        ("train/cats/{k}", "train/dogs/{k}", "test/dogs/{k}", "misc/dogs/{k}"),
        ("cats", "dogs"),
    ),
    "split and nothing else": (("train/{k}", "test/{k}"), ("",)),
    "a class that is called train": (("train/{k}", "bus/{k}"), ("bus", "train")),
    "no folder": (("{k}", "more{k}"), ("",)),
    "one class": (("set/cats/{k}", "set/cats/b{k}"), ("cats",)),
    "numbers": (("1/{k}", "2/{k}", "10/{k}"), ("1", "2", "10")),
    "numbered": (("class 10/{k}", "class 9/{k}", "Class 1/{k}"), ("Class 1", "class 9", "class 10")),
    "writers and digits": ((*(f"w{w:03}/{d}/{{k}}" for w in range(101) for d in range(2)),), ("0", "1")),
    "by hand": (("böse Hunde/{k}", "猫/{k}"), ("böse Hunde", "猫")),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_classes_are_those_that_a_person_sees(layout):
    paths, names = LAYOUTS[layout]
    got = custom.parse(archive(laid(*paths)), "mine.zip")
    assert got.names == names and len(got.labels) == 30 * len(paths)
    assert got.report.classes == {name: (got.labels == k).sum() for k, name in enumerate(names)}


def test_images_outside_the_class_folders_are_left_out():
    got = custom.parse(
        archive(laid("train/cats/{k}", "train/dogs/{k}") | laid("test/{k}", n=3) | {"x.png": IMAGE}), "a.zip"
    )
    assert got.report.left_out == {"outside the class folders": (4, "test/0.png")} and len(got.labels) == 60


SHADOWS = [
    "__MACOSX/cats/._0.png",
    "__MACOSX\\cats\\._1.png",
    "cats/._0.png",
    "cats\\._0.png",
    ".git/x.png",
    "@eaDir/0.png",
]
SHADOWS += ["cats/.DS_Store", "cats/Thumbs.db", "cats\\thumbs.db", "desktop.ini", "empty/", "$RECYCLE.BIN/0.png"]


@pytest.mark.parametrize("shadow", SHADOWS)
def test_what_systems_pack_beside_images_is_not_even_counted(shadow):
    got = custom.parse(archive(laid("cats/{k}", "dogs/{k}") | {shadow: b"junk"}), "mine.zip")
    assert got.names == ("cats", "dogs") and len(got.labels) == 60 and not got.report.left_out


def as_written(name, encoding):
    """A zip of two classes whose names were written in this encoding, without the flag of UTF-8."""
    content = archive(laid("A" * len(name.encode(encoding)) + "/{k}", "plain/{k}"))
    return content.replace(b"A" * len(name.encode(encoding)), name.encode(encoding))


WRITTEN = [
    ("Äpfel", "utf-8"),
    ("コーヒー", "utf-8"),
    ("コーヒー", "cp932"),
    ("日本語の表", "cp932"),
    ("écran", "cp437"),
]
WRITTEN += [("pâte", "cp437"), ("schön", "cp437"), ("Müller", "cp437"), ("naïf", "utf-8"), ("ソース", "cp932")]


@pytest.mark.parametrize(("name", "encoding"), WRITTEN)
def test_names_without_the_flag_of_utf8_are_read_as_they_were_written(name, encoding):
    assert set(custom.parse(as_written(name, encoding), "mine.zip").names) == {name, "plain"}


def test_a_name_is_one_name_however_its_accents_are_composed():
    paths = [
        f"{split}/{unicodedata.normalize(form, 'café')}/{{k}}" for split, form in (("train", "NFC"), ("test", "NFD"))
    ]
    assert custom.parse(archive(laid(*paths, "train/thé/{k}")), "mine.zip").names == ("café", "thé")


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\nb", "a\u202eb", "a\udcffb"])
def test_names_are_printable(name):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as written:
        for path, image in laid(name + "/{k}", "plain/{k}").items():
            member = tarfile.TarInfo(path)
            member.size = len(image)
            written.addfile(member, io.BytesIO(image))
    assert "a\\" in "".join(custom.parse(content.getvalue(), "mine.tar").names)


@pytest.mark.parametrize("name", ["UP.ZIP", "x.Zip", "no-suffix", "a/b\\c.zip"])
def test_the_name_of_the_archive_does_not_matter(name):
    assert custom.parse(archive(laid("cats/{k}", "dogs/{k}", suffix=".PNG")), name).names == ("cats", "dogs")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_way_to_pack_a_zip_is_unpacked(method):
    assert len(custom.parse(archive(folders(), method), "mine.zip").labels) == 60


def tarred(files, mode):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as written:
        for path, image in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(image)
            written.addfile(member, io.BytesIO(image))
        link = tarfile.TarInfo("cats/link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        written.addfile(link)
    return content.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar_archives_are_read_and_their_links_are_not(mode):
    got = custom.parse(tarred(laid("x/cats/{k}", "x/dogs/{k}"), mode), "mine.tar")
    assert got.names == ("cats", "dogs") and len(got.labels) == 60


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_truncated_tar_is_refused(cut):
    with pytest.raises(data.DataError, match="not a sound"):
        content = tarred({f"{k}.png": picture((20 + k, 30)) for k in range(60)}, "w:gz")
        custom.parse(content[: int(cut * len(content))], "mine.tgz")


def test_a_folder_is_read_like_an_archive(tmp_path):
    for path, image in laid("x/cats/{k}", "x/dogs/{k}").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(image)
    (tmp_path / "x/notes.txt").write_bytes(b"")
    (tmp_path / "x/cats/loop").symlink_to(tmp_path)
    got = custom.parse_folder(tmp_path)
    assert got.names == ("cats", "dogs") and len(got.labels) == 60
    assert got.report.left_out == {"type .txt": (1, "x/notes.txt")}


def test_an_archive_of_archives_says_what_it_holds():
    with pytest.raises(data.DataError, match=r"no images in it \(left out: type .zip: 2 \(such as 'a.zip'\)\)"):
        custom.parse(archive({"a.zip": archive(folders()), "b.zip": b""}), "mine.zip")


def test_names_and_depths_that_no_person_gives_are_left_out():
    deep = {"/".join("x" * (archives.MAX_DEPTH + 1)) + ".png": IMAGE, "y" * 2000 + ".png": IMAGE}
    report = custom.parse(archive(laid("cats/{k}", "dogs/{k}") | deep), "mine.zip").report
    assert {reason: n for reason, (n, _) in report.left_out.items()} == {
        "more than 12 folders deep": 1,
        "a name of more than 1,000 letters": 1,
    }
    assert max(map(len, report.lines())) < 400


def test_a_long_class_name_is_shortened():
    names = custom.parse(archive(laid("a" * 300 + "/{k}", "b/{k}")), "mine.zip").names
    assert [len(name) for name in names] == [60, 1]
