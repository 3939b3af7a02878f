# SPDX-License-Identifier: MIT
"""The campaign of planted faults, in its short form, and that it can fail.

The long form is `analysis/mutation/run`.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(HERE)]

from mutation import judge, mutators, plant  # noqa: E402  (the paths above come first)
from mutation.tree import Tree  # noqa: E402

SEED = "1"
RULES = {*(f"CAP{number:03}" for number in range(1, 11)), "roles", "user"}
_LAST = re.compile(r"^(\d+) faults at (\d+) places of (\d+) files: (\d+) flagged \(([\d.]+) %\), "
                   r"(\d+) misses explained, (\d+) not; (\d+) did not compile$")


def run(*words):
    """The campaign's result."""
    return subprocess.run([HERE / "run", *words], text=True, check=False, timeout=900,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def last_line(done):
    """The figures of the last line."""
    match = _LAST.match(done.stdout.splitlines()[-1])
    assert match, done.stdout + done.stderr
    return [float(figure) for figure in match.groups()]


def sources_hash():
    """A digest of all that the campaign takes copies of."""
    digest = hashlib.sha256()
    for room in ("kernel", "services", "arch", "caps", "annotations", "tests/consumer"):
        for path in sorted((ROOT / room).rglob("*.[ch]")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module", name="tree")
def _tree():
    return Tree()


@pytest.fixture(scope="module", name="table")
def _table():
    return mutators.load()


def test_a_fault_of_each_way_is_flagged_or_explained_and_the_tree_stays_as_it_is():
    before = sources_hash()
    done = run("--each", "1", "--seed", SEED)
    assert done.returncode == 0, done.stdout + done.stderr
    faults, _, files, flagged, rate, _, unexplained, stillborn = last_line(done)
    assert faults > 70 and files > 40
    assert rate > 90 and unexplained == 0 and flagged <= faults
    assert stillborn <= faults / 50
    assert sources_hash() == before


def test_with_one_tool_most_faults_go_unflagged_and_the_campaign_fails():
    done = run("--each", "1", "--seed", SEED, "--tool", "sparse")
    assert done.returncode == 1, done.stdout + done.stderr
    assert 0 < last_line(done)[4] < 50


def test_each_rule_has_mutators_and_each_mutator_has_places(tree, table):
    assert {row.rule for row in table.values()} == RULES
    for row in table.values():
        assert next(plant.candidates(row, tree), None), row.name


def test_a_seed_chooses_the_same_faults_each_time_and_another_seed_others(tree, table):
    def chosen(seed):
        return [(mutant.mutator.name, mutant.path, mutant.line)
                for mutant in plant.choose(list(table.values()), tree, 200, seed)]
    assert chosen(1) == chosen(1)
    assert chosen(1) != chosen(2)


def test_the_long_form_reaches_200_places(tree, table):
    planted = plant.choose(list(table.values()), tree, 320, 1)
    assert len({mutant.place for mutant in planted}) >= 200


@pytest.fixture(name="mutant")
def _mutant(tree, table):
    """A fault of which only CAP001 at its line is a word."""
    source, fault = next(plant.candidates(table["literal_shown"], tree))
    return plant.make_mutant(table["literal_shown"], source, fault)


@pytest.mark.parametrize("line, rule, tool, counts", [
    (0, "CAP001", "capflow", True),
    (0, "CAP002", "capflow", False),
    (40, "CAP001", "capflow", False),
    (0, "-Wunused-variable", "warnings", False),
])
def test_only_a_word_for_the_fault_at_its_place_counts(mutant, line, rule, tool, counts):
    at = min(mutant.lines) + line
    words = judge.read_words(f"file.c:{at}:3: error: {rule}: something [{tool}]\n")["file.c"]
    assert judge.judge(mutant, words, (), "001/none.c")[0] == ([tool] if counts else [])


def test_each_tool_s_word_of_a_merged_finding_is_read():
    words = judge.read_words("a.c:7:1: error: CAP001: made up [capflow] [analyzer CAP009: late] "
                             "[roles -Wthread-safety-analysis: no right] [sparse: odd]\n")["a.c"]
    assert [(word.tool, word.rule, word.text) for word in words] == [
        ("capflow", "CAP001", "made up"), ("analyzer", "CAP009", "late"),
        ("roles", "-Wthread-safety-analysis", "no right"), ("sparse", "sparse", "odd")]


def test_an_unknown_mutator_is_one_line_and_status_2():
    done = run("--only", "nothing")
    assert done.returncode == 2
    assert done.stderr == "mutation: no mutator or rule 'nothing' (see --list)\n"


def test_the_page_has_a_row_for_each_mutator_and_explains_each_miss(table):
    page = (ROOT / "docs/rules/mutations.md").read_text(encoding="utf-8")
    for row in table.values():
        assert f"| {row.name} | {row.rule} | {row.sentence} |" in page
    assert re.search(r"^\d+ faults at \d+ places of \d+ files; [\d.]+ % flagged\.$", page, re.M)
    assert "not explained" not in page
