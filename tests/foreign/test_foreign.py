# SPDX-License-Identifier: MIT
"""The checkers pass through code that was not written for them. tests/foreign/run is the long form:
every file with every tool."""

import os
import re
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from accounts import check, complaints  # noqa: E402
from sources import (BUILD, PREPARE, ROOT, database_of, must, read_entries,  # noqa: E402
                     unpack, write_database)

# Of this many files one is read by all tools; capflow reads all.
SAMPLE = {"lwip": 3, "musl": 40, "sqlite3": 1}


@pytest.mark.parametrize("package", PREPARE)
def test_each_file_is_checked_or_named_and_no_token_is_seen_where_there_is_none(package):
    entries = read_entries(database_of(package))[::SAMPLE[package]]
    sample = BUILD / f"{package}.sample.json"
    write_database(sample, entries)
    account = check("--compdb", sample)
    assert complaints(account, len(entries)) == [], account.output


@pytest.mark.parametrize("package", PREPARE)
def test_capflow_reads_nineteen_files_of_twenty(package):
    database = database_of(package)
    account = check("--only", "capflow", "--compdb", database)
    files = len(read_entries(database))
    assert complaints(account, files) == [], account.output
    assert len(account.refused("capflow")) <= files / 20, account.output


def test_a_token_that_lwip_makes_up_is_found_at_its_line_and_its_hatch_is_listed():
    source, file = unpack("lwip"), BUILD / "forged" / "ethernet.c"
    file.parent.mkdir(parents=True, exist_ok=True)
    must(["spatch", "--very-quiet", "--no-includes", "--no-show-diff",
          "--sp-file", ROOT / "tests/foreign/forge.cocci",
          source / "src/netif/ethernet.c", "-o", file])
    number = file.read_text().splitlines().index("  struct cap_net_access forged = {};") + 1
    database = file.parent / "compile_commands.json"
    write_database(database, [{"directory": str(source), "file": str(file), "arguments": [
        "clang-19", "-DARAMID_PROFILE=BALANCED", f"-I{ROOT}/caps/include",
        f"-I{ROOT}/annotations/include", "-Isrc/include", "-Iport/include", "-c", str(file)]}])
    account = check("--compdb", database)
    assert account.status == 1, account.output
    assert re.search(rf"^build/foreign/forged/ethernet\.c:{number}:\d+: error: CAP001: ",
                     account.output, re.MULTILINE), account.output
    assert re.search(rf"^1 escape hatch\n  build/foreign/forged/ethernet\.c:{number + 1}: ",
                     account.output, re.MULTILINE), account.output
