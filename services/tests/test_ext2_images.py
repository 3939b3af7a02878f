# SPDX-License-Identifier: MIT
"""ext2 on images that mke2fs makes, with debugfs and e2fsck as second opinions.

The long form of the first test: build the program (cmake --build build/hosted --target
ext2_random) and run `ext2_random operate IMAGE --count 1000000 --seed S`, then e2fsck -fn IMAGE.
"""
import os
import re
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "tests"))

import e2fs  # noqa: E402  (the path above comes first)
from e2fs import problems, run  # noqa: E402

# A file system that is forgotten between two images is no leak of the service's.
e2fs.ENVIRONMENT["ASAN_OPTIONS"] = "detect_leaks=0"

VARIANTS = {
    "blocks-of-1k": ("8M", "-b 1024"),
    "blocks-of-2k": ("16M", "-b 2048"),
    "blocks-of-4k": ("32M", "-b 4096"),
    "inodes-of-128": ("16M", "-b 1024 -I 128"),
    "revision-0": ("8M", "-r 0 -b 1024"),
    "no-features": ("8M", "-b 1024 -O none"),
    "no-file-types": ("8M", "-b 4096 -O ^filetype"),
    "meta-groups": ("16M", "-b 1024 -O meta_bg,^resize_inode"),
    "many-groups": ("16M", "-b 1024 -g 1024"),
    "every-superblock": ("16M", "-b 1024 -O ^sparse_super,^resize_inode -g 2048"),
    "full": ("1M", "-b 1024"),
    "full-for-users": ("2M", "-b 1024 -m 20"),
    "few-inodes": ("8M", "-b 4096 -N 64"),
    "with-a-journal": ("16M", "-b 1024 -j"),
    "with-a-journal-in-use": ("16M", "-b 4096 -j"),
    "an-odd-end": ("5001k", "-b 1024"),
}


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    build = tmp_path_factory.mktemp("build")
    run("cmake", "-S", HERE, "-B", build, "-G", "Ninja")
    run("cmake", "--build", build, "--target", "ext2_random", "-j", "1")
    return build / "ext2_random"


def make_image(path, size, options):
    return e2fs.make(path, size, f"-t ext2 {options}")


@pytest.mark.parametrize("variant", VARIANTS)
def test_random_operations_leave_what_the_model_and_e2fsck_expect(program, tmp_path, variant):
    image = make_image(tmp_path / "image", *VARIANTS[variant])
    options = ["--user"] if variant == "full-for-users" else []
    seed = sorted(VARIANTS).index(variant) + 1
    said = run(program, "operate", image, "--count", 2000, "--seed", seed, *options)
    refused = int(re.search(r"(\d+) without space", said).group(1))
    assert (refused > 0) == variant.startswith(("full", "few")), said
    assert problems(image) == ""


def test_debugfs_finds_the_names_that_ext2_says_are_there(program, tmp_path):
    image = make_image(tmp_path / "image", "8M", "-b 1024")
    names = run(program, "operate", image, "--count", 1500, "--seed", 5, "--list")
    wanted = sorted(re.findall(r"^(\S+) (\d+) \d+$", names, re.MULTILINE))
    listed = run("debugfs", "-R", "ls -p /", image)
    found = sorted((name, number) for number, name in
                   re.findall(r"^/(\d+)/\d+/[-\d]+/[-\d]+/([^/]+)/", listed, re.MULTILINE)
                   if number != "0" and name not in (".", "..", "lost+found"))
    assert len(found) > 5
    assert found == wanted


def test_e2fsck_sees_what_is_wrong_so_that_its_silence_says_something(program, tmp_path):
    image = make_image(tmp_path / "image", "8M", "-b 1024")
    run(program, "operate", image, "--count", 500, "--seed", 5)
    run("debugfs", "-w", "-R", "set_super_value free_blocks_count 1", image)
    assert "Free blocks count wrong" in problems(image)


@pytest.mark.parametrize("block", [1024, 4096])
def test_broken_images_give_errors_and_an_end(program, tmp_path, block):
    image = make_image(tmp_path / "image", "2M", f"-b {block} -N 256")
    run(program, "operate", image, "--count", 1500, "--seed", 9)
    said = run(program, "spoil", image, "--count", 400, "--seed", block)
    images, mounted, errors = map(int, re.findall(r"\d+", said))
    assert images == 400 and 0 < mounted < 400
    assert errors > 1000


def dump(program, image):
    """Of each path what it is, and the hashes of its pages by their place."""
    objects = {}
    for line in run(program, "dump", image).splitlines():
        path, *rest = line.split(" ")
        objects[path] = (rest[:6], dict(page.split(":") for page in rest[6:]))
    return objects


def preen(image):
    run("e2fsck", "-p", image, statuses=(0, 1))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_power_cut_leaves_a_journalled_batch_whole_or_not_made(program, tmp_path, seed):
    count = 8
    image = make_image(tmp_path / "image", "10M", "-b 4096 -j -N 512")
    run(program, "cut", image, "--count", count, "--seed", seed, "--to", tmp_path)
    made = 0
    for number in range(count):
        before, after, cut = (tmp_path / f"{name}-{number}" for name in ("before", "after", "cut"))
        for one in (before, after, cut):
            preen(one)
        assert problems(cut) == ""
        before, after, cut = (dump(program, one) for one in (before, after, cut))
        as_before, as_after, as_cut = ({path: what[0] for path, what in one.items()}
                                       for one in (before, after, cut))
        assert as_cut in (as_before, as_after)
        made += as_cut != as_before
        # Contents are written in their places: each page is an old or a new one.
        for path, (_, pages) in cut.items():
            for place, page in pages.items():
                assert page in (before.get(path, ((), {}))[1].get(place),
                                after.get(path, ((), {}))[1].get(place)), (path, place)
    assert 0 < made < count


def test_without_a_journal_a_power_cut_leaves_what_e2fsck_can_mend(program, tmp_path):
    image = make_image(tmp_path / "image", "4M", "-b 4096 -N 512")
    run(program, "cut", image, "--count", 12, "--seed", 3, "--to", tmp_path)
    kept = 0
    for number in range(12):
        cut = tmp_path / f"cut-{number}"
        run("e2fsck", "-fy", cut, statuses=(0, 1))
        assert problems(cut) == ""
        before, after, cut = (dump(program, path)
                              for path in (tmp_path / f"before-{number}",
                                           tmp_path / f"after-{number}", cut))
        # What the batch did not change is there, but for counts of links that e2fsck puts right
        # when it brings back a name that the batch removes.
        for path, (attributes, pages) in before.items():
            if path == "/lost+found" or after.get(path) != (attributes, pages):
                continue
            attributes[1] = cut[path][0][1]
            assert cut[path] == (attributes, pages), path
            kept += 1
    assert kept > 12
