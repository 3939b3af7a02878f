# SPDX-License-Identifier: MIT
"""docs/kinds.md tells of each kind who mints it, who holds it and which functions need it."""
import os
import re
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MAKE_KINDS = os.path.join(ROOT, "caps/tools/make-kinds")


def rows():
    with open(os.path.join(ROOT, "docs/kinds.md"), encoding="utf-8") as file:
        text = file.read()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]]
             for line in text.splitlines() if line.startswith("| `")]
    return {kind.strip("`"): rest for kind, *rest in cells}, text


def test_each_row_of_the_tables_is_in_the_document():
    kinds, text = rows()
    for table in ("caps/include/aramid/cap_kinds.def", "tests/consumer/rights.def"):
        with open(os.path.join(ROOT, table), encoding="utf-8") as file:
            for kind in re.findall(r"^CAP_KIND\((\w+),", file.read(), re.M):
                assert kinds[kind][0]
                assert f"**{kind}** permits" in text


def test_holders_and_functions_are_found_in_the_sources():
    kinds, _ = rows()
    assert kinds["dir_read"][1:] == ["`struct plugin_rights`", "`host_list_directory`"]
    assert kinds["process_spawn"][1:] == ["nobody yet", "`host_spawn`"]
    assert "`struct heap`" in kinds["page_alloc"][1]
    assert "`page_put`" in kinds["page_alloc"][2]


def test_an_unknown_option_is_refused():
    done = subprocess.run([MAKE_KINDS, "--wrong"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
