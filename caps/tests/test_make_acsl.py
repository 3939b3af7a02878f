# SPDX-License-Identifier: MIT
"""make-acsl writes the predicates of the kinds, and who establishes them, from the tables."""
import os
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
TOOL = os.path.join(HERE, "..", "tools", "make-acsl")


def make(*arguments):
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False)


def test_a_projects_own_kind_gets_its_predicate_and_its_mint():
    done = make("--kinds", os.path.join(HERE, "project_kinds.def"))
    with open(os.path.join(HERE, "project_kinds.def"), encoding="utf-8") as file:
        kind = file.read().split("CAP_KIND(")[1].split(",")[0]
    assert done.returncode == 0
    assert f"predicate genuine_{kind}(float model) = genuine(model);" in done.stdout
    assert f"ensures flow: genuine_{kind}(\\result.model); */\nstruct cap_{kind} cap_mint_{kind}(" \
        in done.stdout


def test_validating_establishes_that_the_token_was_validated():
    assert "validated_net_access(cap.model); */\nvoid cap_validate_net_access(" \
           "struct cap_net_access cap);" in make().stdout


def test_attenuation_establishes_the_weaker_kind():
    assert "genuine_block_read(\\result.model); */\nstruct cap_block_read " \
           "cap_attenuate_block_read_from_block_access(struct cap_block_access cap);" in \
        make().stdout


def test_for_eva_each_kind_has_a_value_of_its_own_and_no_contract_gives_it():
    text = make("--eva").stdout
    values = [line.split()[2] for line in text.splitlines() if line.startswith("#define GENUINE_")]
    assert len(values) == len(set(values)) > 3
    assert "ensures" not in text


def test_a_table_that_is_none_is_one_line_and_status_1(tmp_path):
    (tmp_path / "none.def").write_text("nothing\n")
    done = make("--kinds", str(tmp_path / "none.def"))
    assert done.returncode == 1 and done.stderr.count("\n") == 1
