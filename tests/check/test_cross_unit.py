# SPDX-License-Identifier: MIT
"""./aramid check --cross-unit: faults that a file shows only with what another file does.

tests/corpus/cross_unit/NAME.user.c calls a function that NAME.bad.c defines at fault, and
NAME.good.c without; the lines that must be flagged stand in the trailing comments.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests/corpus/cross_unit"
USERS, BAD, GOOD = (sorted(CORPUS.glob(f"*.{role}.c")) for role in ("user", "bad", "good"))
POLICY = CORPUS.parent / "corpus.policy"
ACROSS = ("--only", "analyzer", "--cross-unit")

_LINE = re.compile(r"^(\S+?):(\d+):\d+: error: (\S+): ", re.M)


def run_check(folder, *words, **options):
    """./aramid check in a folder, with the corpus's policy."""
    return subprocess.run([str(ROOT / "analysis/check"), "--policy", str(POLICY),
                           *map(str, words)], text=True, check=False, timeout=300, cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def flagged(done):
    """The (file, line, rule) that were printed."""
    return {(Path(file).name, int(line), rule) for file, line, rule in _LINE.findall(done.stdout)}


def expected(paths):
    """The (file, line, rule) of the files' trailing comments."""
    return {(path.name, int(line), rule) for path in paths for line, rule in re.findall(
        r"^ \* check-expect: (\d+) (\S+)$", path.read_text(encoding="utf-8"), re.M)}


def test_faults_that_another_file_completes_are_flagged_where_they_show():
    done = run_check(CORPUS, *ACROSS, "--files", *USERS, *BAD)
    assert done.returncode == 1, done.stderr
    assert flagged(done) == expected([*USERS, *BAD])


def test_each_program_has_an_expectation_and_a_clean_twin():
    stems = [[path.name.split(".")[0] for path in paths] for paths in (USERS, BAD, GOOD)]
    assert stems[0] == stems[1] == stems[2] and len(stems[0]) >= 5
    assert {name.split(".")[0] for name, _, _ in expected([*USERS, *BAD])} == set(stems[0])


@pytest.mark.parametrize("words", [ACROSS, ("--only", "analyzer")], ids=["across", "alone"])
def test_the_clean_twins_are_flagged_in_neither_mode(words):
    done = run_check(CORPUS, *words, "--files", *USERS, *GOOD)
    assert done.returncode == 0 and flagged(done) == set(), done.stdout + done.stderr


def test_without_the_option_the_faults_are_not_seen():
    done = run_check(CORPUS, "--only", "analyzer", "--files", *USERS, *BAD)
    assert done.returncode == 0 and flagged(done) == set(), done.stdout + done.stderr


ONE = "cap007_revoked"
FAULT = {(f"{ONE}.user.c", 11, "CAP007")}


def test_the_results_of_both_modes_are_not_mixed(tmp_path):
    words = ("--files", CORPUS / f"{ONE}.user.c", CORPUS / f"{ONE}.bad.c")
    store = {"env": {**os.environ, "ARAMID_CHECK_RESULTS": str(tmp_path)}}
    for _ in range(2):
        assert flagged(run_check(CORPUS, "--only", "analyzer", *words, **store)) == set()
        assert flagged(run_check(CORPUS, *ACROSS, *words, **store)) == FAULT


def test_the_path_leads_through_the_other_file(tmp_path):
    log = tmp_path / "log.sarif"
    run_check(CORPUS, *ACROSS, "--sarif", log, "--files", f"{ONE}.user.c", f"{ONE}.bad.c")
    result, = json.loads(log.read_text(encoding="utf-8"))["runs"][0]["results"]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    files = {Path(step["location"]["physicalLocation"]["artifactLocation"]["uri"]).name
             for step in steps}
    assert files == {f"{ONE}.user.c", f"{ONE}.bad.c"}


@pytest.fixture(name="project")
def _project(tmp_path):
    """Two folders, compiled each in itself with the header that only its own flags find."""
    includes = [f"-I{ROOT / room}/include" for room in ("caps", "annotations")]
    rows = []
    for role in ("user", "bad"):
        folder = tmp_path / role
        (folder / "own").mkdir(parents=True)
        shutil.copy(CORPUS.parent / "corpus.h", folder / "own/corpus.h")
        text = (CORPUS / f"{ONE}.{role}.c").read_text(encoding="utf-8")
        (folder / f"{ONE}.{role}.c").write_text(text.replace("../corpus.h", "corpus.h"))
        rows.append({"directory": str(folder), "file": f"{ONE}.{role}.c",
                     "arguments": ["cc", "-std=gnu17", "-DARAMID_PROFILE=BALANCED", "-Iown",
                                   *includes, "-c", f"{ONE}.{role}.c"]})
    (tmp_path / "compile_commands.json").write_text(json.dumps(rows))
    return tmp_path


def add_unit(project, name, text):
    """Another unit of the project, compiled as the first."""
    database = project / "compile_commands.json"
    rows = json.loads(database.read_text())
    (project / "user" / name).write_text(text)
    rows.append({**rows[0], "file": name, "arguments": [*rows[0]["arguments"][:-1], name]})
    database.write_text(json.dumps(rows))


def test_relative_include_folders_are_those_of_each_unit(project):
    assert flagged(run_check(project, *ACROSS, "--project", project)) == FAULT


def test_a_function_that_two_units_define_is_not_followed(project):
    add_unit(project, "second.c", '#include "corpus.h"\nint finish(CAP(net_access) net, int choice);\n'
             "int finish(CAP(net_access) net, int choice)\n{\n\treturn net_transmit(net, choice);\n}\n")
    done = run_check(project, *ACROSS, "--project", project)
    assert done.returncode == 0 and flagged(done) == set(), done.stdout + done.stderr


def test_a_unit_that_does_not_compile_is_named_and_the_others_are_followed(project):
    add_unit(project, "broken.c", "int broken( {\n")
    done = run_check(project, *ACROSS, "--project", project)
    assert done.returncode == 2 and flagged(done) == FAULT
    assert re.fullmatch(r"aramid check: analyzer could not check user/broken\.c: .*error: .*\n",
                        done.stderr)


LOCKS = """#include <aramid/context.h>
#include <aramid/lock.h>
struct ARAMID_LOCKABLE("spinlock") spinlock {
	int held;
};
void spin_lock(struct spinlock *lock) ACQUIRES_LOCK(lock);
void switch_away(struct spinlock *lock);
int wait_for_frame(int number) MAY_SLEEP;
"""


@pytest.mark.parametrize("hatch, status", [("", 1), ('NO_LOCK_ANALYSIS("the next gives it up")', 0)])
def test_a_lock_that_another_file_takes_counts_unless_a_hatch_excuses_it(tmp_path, hatch, status):
    (tmp_path / "user.c").write_text(
        f"{LOCKS}int run(struct spinlock *lock, int choice);\n"
        "int run(struct spinlock *lock, int choice)\n{\n\tswitch_away(lock);\n"
        "\treturn wait_for_frame(choice);\n}\n")
    (tmp_path / "away.c").write_text(
        f"{LOCKS}void switch_away(struct spinlock *lock) {hatch}\n{{\n\tspin_lock(lock);\n}}\n")
    done = run_check(tmp_path, *ACROSS, "--files", "user.c", "away.c")
    assert done.returncode == status, done.stdout + done.stderr
    assert flagged(done) == ({("user.c", 13, "CTX001")} if status else set())


def test_a_missing_mapper_is_status_2_with_the_package_when_it_is_asked_for(tmp_path):
    for name in ("python3", "sh", "cmake", "ninja", "gcc", "make", "clang-19", "clang++-19"):
        (tmp_path / name).symlink_to(shutil.which(name))
    without = {"env": {**os.environ, "PATH": str(tmp_path)}}
    words = ("--files", CORPUS / f"{ONE}.good.c")
    done = run_check(CORPUS, *ACROSS, *words, **without)
    assert done.returncode == 2
    assert done.stderr == ("aramid check: clang-extdef-mapping-19 is missing: "
                           "install package clang-tools-19\n")
    assert run_check(CORPUS, "--only", "analyzer", *words, **without).returncode == 0


def test_without_the_analyzer_the_option_is_refused():
    done = run_check(CORPUS, "--only", "sparse", "--cross-unit", "--files", GOOD[0])
    assert done.returncode == 2
    assert done.stderr == ("aramid check: --cross-unit is for the analyzer, which --only leaves out "
                           "(see ./aramid help check)\n")
