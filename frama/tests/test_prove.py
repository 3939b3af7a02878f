# SPDX-License-Identifier: MIT
"""What prove accepts, refuses and reports."""
import os
import shutil
import subprocess
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

RANGE = "kernel/mm/user_range.h"


def prove(*arguments, environment=None):
    return subprocess.run([os.path.join(ROOT, "frama", "prove"), *arguments],
                          capture_output=True, text=True, env=environment, check=False)


def copy_tree(to):
    for folder in ("annotations", "caps/include", "caps/src", "frama"):
        shutil.copytree(os.path.join(ROOT, folder), to / folder)
    for folder in ("kernel/mm", "kernel/vfs", "kernel/lib", "kernel/boundary",
                   "arch/x86_64/include"):
        shutil.copytree(os.path.join(ROOT, folder), to / folder)


def test_a_fact_believed_beyond_the_table_is_an_error(tmp_path):
    copy_tree(tmp_path)
    header = tmp_path / RANGE
    header.write_text(header.read_text() + "/*@ axiomatic wrong { axiom a: 0 == 1; } */\n")
    done = prove("access_ok", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "believed, but targets.list does not allow it" in done.stdout


def test_source_that_frama_c_cannot_read_is_not_proved(tmp_path):
    copy_tree(tmp_path)
    (tmp_path / RANGE).write_text("int broken( {\n")
    done = prove("access_ok", "--root", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "proved 0 of 1 goals"


def test_the_report_names_each_function_with_its_file(tmp_path):
    done = prove("access_ok", "--report", str(tmp_path / "report"))
    text = (tmp_path / "report" / "proofs.md").read_text()
    assert done.returncode == 0
    assert "| `kernel/mm/user_range.h` | `user_range_ok` | access_ok |" in text
    assert f"{done.stdout.split()[-4]} of {done.stdout.split()[-2]} goals" in text
    claims = (tmp_path / "report" / "what-is-proved.md").read_text()
    line = [line for line in claims.splitlines() if "| access_ok |" in line]
    assert len(line) == 1 and f"| {done.stdout.split()[-4]} goals |" in line[0]
    # What was not tried with the others is no claim.
    assert "| **not tried in this run: elf, bits** |" in claims


def test_an_unchanged_target_is_not_proved_again_and_a_changed_one_is(tmp_path):
    copy_tree(tmp_path)
    assert prove("access_ok", "--root", str(tmp_path)).returncode == 0
    again = prove("access_ok", "--root", str(tmp_path)).stdout
    with open(tmp_path / RANGE, "a", encoding="utf-8") as file:
        # Otherwise than in an earlier run, whose results are kept.
        file.write(f"/* changed at {time.time_ns()} */\n")
    changed = prove("access_ok", "--root", str(tmp_path)).stdout
    assert "access_ok: unchanged since it was proved" in again
    assert "unchanged" not in changed


def test_an_axiom_that_z3_refutes_over_bit_vectors_is_an_error(tmp_path):
    copy_tree(tmp_path)
    formulas = tmp_path / "frama" / "bits.smt2"
    formulas.write_text(formulas.read_text().replace("#xfffffffffffff000", "#xfffffffffffff001"))
    done = prove("bits", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "axiom page_mask is not proved: sat" in done.stdout


def test_an_unknown_target_is_one_line_and_status_2():
    done = prove("nothing")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no target 'nothing'" in done.stderr


def test_a_missing_prover_is_named_with_its_package(tmp_path):
    for tool in ("frama-c", "why3", "cvc4", "gcc", "ocamlfind", "ocamlopt", "python3", "env"):
        os.symlink(shutil.which(tool), tmp_path / tool)
    done = prove("access_ok", environment=dict(os.environ, PATH=str(tmp_path)))
    assert done.returncode == 2
    assert done.stderr == "prove: z3 missing: install z3\n"
