# SPDX-License-Identifier: MIT
"""The fault campaign in its short form: that it repeats itself, that faults of a known outcome
have it, and that its judge can say no. The long form is `./aramid campaign`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from injector import decode, judge, results  # noqa: E402  (the path above comes first)
from injector.image import Image  # noqa: E402

# Trials of the short campaign, half of them in each profile: what fits into a minute of a core.
SHORT = 40
# The share of the detected ones that must be survived whole. The long campaigns measure it; of the
# dozen here two may be among those that are not, whatever faults a changed kernel gives.
LEAST_WHOLE = 0.75
SEED = 3


def campaign(*words):
    """The command's result."""
    return subprocess.run([ROOT / "aramid", "campaign", *map(str, words)], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900)


def run(path, *words):
    """A campaign whose figures are in the file; what it wrote."""
    done = campaign("--json", path, "--no-build", *words)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return json.loads(path.read_text())


@pytest.fixture(scope="module", autouse=True)
def built():
    """The kernels are there and as the sources say."""
    for profile in ("fortress", "balanced"):
        subprocess.run([ROOT / "tools/build-kernel", profile, "clang"], check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / "userland/build"], check=True, stdout=subprocess.DEVNULL)


def test_the_same_seed_gives_the_same_faults_and_outcomes_in_one_go_or_in_parts(tmp_path):
    words = ("--profile", "balanced", "--seed", SEED, "--count", 4)
    whole = run(tmp_path / "whole.json", *words)
    parts = [tmp_path / f"part{number}.json" for number in (1, 2)]
    for number, path in enumerate(parts, 1):
        run(path, *words, "--shard", f"{number}/2")
    done = campaign("--merge", *parts, "--json", tmp_path / "merged.json")
    assert done.returncode in (0, 1), done.stderr
    assert json.loads((tmp_path / "merged.json").read_text()) == whole
    assert [trial["number"] for trial in whole["trials"]] == list(range(4))


def test_a_campaign_that_was_ended_goes_on_where_it_was(tmp_path):
    path = tmp_path / "figures.json"
    words = ("--profile", "balanced", "--seed", SEED, "--count", 3, "--fault", "direct_panic")
    before = run(path, *words)
    journal = Path(f"{path}.journal")
    lines = journal.read_text().splitlines(keepends=True)
    # Two trials are lost, one of them in the middle of its line.
    journal.write_text("".join(lines[:2]) + lines[2][:20])
    assert run(path, *words) == before
    refused = campaign("--json", path, "--no-build", *words[:-4], "--count", 4)
    assert refused.returncode == 2
    assert "is of another campaign (count, kinds differ)" in refused.stderr


@pytest.mark.parametrize("profile, kind", [("balanced", "direct_panic"), (
    "fortress", "null_pointer"), ("fortress", "endless_loop")])
def test_a_known_fault_is_detected_contained_and_restored_and_crashes_without(tmp_path, profile,
                                                                              kind):
    figures = run(tmp_path / "figures.json", "--profile", profile, "--seed", 1, "--count", 1,
                  "--fault", kind)["totals"]
    names = ("injected", "activated", "detected", "contained", "restored", "data_intact", "whole",
             "off_crashed")
    assert {name: figures[name] for name in names} == dict.fromkeys(names, 1)
    assert all(figures[name] == 0 for name in ("silent", "hung", "core_damaged", "leaked"))


@pytest.mark.parametrize("kind, outcome, held", [
    ("planted_core_fault", "core_damaged", 1), ("planted_loss", "data_intact", 0),
    ("planted_leak", "leaked", 1)])
def test_planted_damage_is_seen(tmp_path, kind, outcome, held):
    done = run(tmp_path / "figures.json", "--profile", "balanced", "--seed", 1, "--count", 1,
               "--service", "tmpfs", "--fault", kind)
    assert done["totals"]["detected"] == 1, done
    assert done["totals"][outcome] == held, done
    assert [trial["failed"] for trial in done["failures"]] == [True]
    assert done["totals"]["whole"] == 0


@pytest.mark.parametrize("profile", ["fortress", "balanced"])
def test_most_faults_of_a_short_campaign_are_survived_whole(tmp_path, profile):
    done = run(tmp_path / "figures.json", "--profile", profile, "--seed", SEED,
               "--count", SHORT // 2, "--html", tmp_path / "page")
    totals = done["totals"]
    assert totals["injected"] == SHORT // 2
    assert totals["detected"] >= SHORT // 8
    assert totals["whole"] >= LEAST_WHOLE * totals["detected"], done["failures"]
    page = (tmp_path / "page" / "index.html").read_text()
    assert "survived whole" in page and "http://" not in page


@pytest.mark.parametrize("words, said", [
    (("--count", "many"), "argument --count: 'many' is not a number from 1 on"),
    (("--profile", "ludicrous"), "argument --profile: invalid choice: 'ludicrous'"),
    (("--fault", "gremlin"), "--fault: no kind 'gremlin' (one of all, code_bit_flip, "),
    (("--service", "chaos"), "--service: 'chaos' is not one that the workload uses"),
    (("--service", "devfs", "--fault", "heap_bit_flip"), "devfs has no place for it"),
    (("--shard", "3/2"), "argument --shard: '3/2' is not a part like 2/5"),
    (("--merge", "/nonexistent/figures"), "/nonexistent/figures: No such file or directory"),
    (("surplus",), "unrecognized arguments: surplus")])
def test_a_wrong_command_line_is_status_2_and_one_line(tmp_path, words, said):
    done = campaign("--json", tmp_path / "figures.json", "--no-build", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("campaign: ") and said in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not done.stdout


def test_every_instruction_of_the_services_is_taken_apart_to_its_last_byte():
    image = Image(str(ROOT / "build/balanced-clang/kernel/aramid.elf"))
    for service in image.services:
        for instruction in image.instructions(service).values():
            assert decode.layout(instruction.code), instruction
            # The base register of an operand is the one that the disassembler names.
            base = decode.base_register(instruction.code)
            assert base is None or f"(%{base}" in instruction.operands, instruction


def test_the_interval_is_wilsons():
    # Wilson (1927); figures from R's binom::binom.confint(x, n, methods = "wilson").
    assert results.wilson(0, 10) == pytest.approx((0.0, 0.2775328), abs=1e-6)
    assert results.wilson(9, 10) == pytest.approx((0.5958500, 0.9821238), abs=1e-6)
    assert results.wilson(0, 0) == (0.0, 1.0)


USUAL = """after pages_free 10
after heap_pages 1
after pages_of_processes 1
after pages_of_stores 1
after heap_objects 1
after service_heap_objects 1
after vnodes 1
after files 1
after spinlocks_held 0
after mutexes_held 1
after tokens 3
answers tmpfs yes
bystander yes
verdict
"""
FALL = "log: service tmpfs: panic contained in f during read: x; backtrace:\n"


@pytest.mark.parametrize("said, log, how, outcomes", [
    (USUAL, "", "finished", "activated no_effect"),
    (USUAL, FALL, "finished", "activated detected contained restored data_intact"),
    ("wrong look: size\n" + USUAL, "", "finished", "activated silent"),
    ("failed write 28\n" + USUAL, "", "finished",
     "activated detected contained restored data_intact"),
    ("failed write 28\nwrong look: size\n" + USUAL, "", "finished", "activated silent"),
    ("lost f: size\n" + USUAL, FALL, "finished", "activated detected contained restored"),
    (USUAL.replace("tmpfs yes", "tmpfs no"), FALL, "finished",
     "activated detected contained data_intact"),
    (USUAL.replace("free 10", "free 9"), FALL, "finished",
     "activated detected contained restored data_intact leaked"),
    (USUAL.replace("mutexes_held 1", "mutexes_held 2"), FALL, "finished",
     "activated detected contained restored data_intact core_damaged"),
    (USUAL.replace("bystander yes", "bystander no"), FALL, "finished", "activated detected"),
    (USUAL, FALL + FALL.replace("tmpfs", "devfs"), "finished",
     "activated detected restored data_intact core_damaged"),
    ("", FALL + "panic: kernel panic: x\n", "crashed", "activated detected core_damaged"),
    ("", "", "hung", "activated detected hung")])
def test_the_judge_says(said, log, how, outcomes):
    class Side:
        active = True

        def __init__(self, ending):
            self.ending = ending

    class Ending:
        def __init__(self, how, said, log):
            self.how, self.said, self.log = how, said, log

    class Tmpfs:
        service = "tmpfs"

    verdict = judge.judge(Tmpfs, Side(Ending(how, said, log)), None,
                          Side(Ending("finished", USUAL, "")))
    assert " ".join(verdict.outcomes) == outcomes
