# SPDX-License-Identifier: MIT
"""The checkers' policy is made from the tables of kinds and a project's file."""
import os
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
MAKE_POLICY = os.path.join(os.path.dirname(HERE), "tools", "make-policy")


def make_policy(*arguments):
    return subprocess.run([MAKE_POLICY, *arguments], capture_output=True, text=True, check=False)


def test_the_policy_has_each_kind_its_mint_and_its_edges():
    done = make_policy("--kinds", os.path.join(HERE, "project_kinds.def"))
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    for kind in ("page_alloc", "net_access", "block_access", "block_read", "door_open"):
        assert f"kind {kind}" in lines
        assert f"mint cap_mint_{kind} {kind}" in lines
    assert "edge block_read block_access" in lines
    assert "edge door_look door_open" in lines


def test_a_projects_lines_are_appended(tmp_path):
    project = tmp_path / "project.policy"
    project.write_text("# ours\ncarrier driver   # the driver's state\ncore-file src/core/*.c\n")
    lines = make_policy("--project", str(project)).stdout.splitlines()
    assert lines[-2:] == ["carrier driver", "core-file src/core/*.c"]


def test_a_project_lists_its_allocators_and_callbacks_and_c_has_its_own(tmp_path):
    project = tmp_path / "project.policy"
    project.write_text("allocator take_memory\ncallback on_work\ntakes-carrier give_memory\n")
    lines = make_policy("--project", str(project)).stdout.splitlines()
    assert lines[-3:] == ["allocator take_memory", "callback on_work", "takes-carrier give_memory"]
    assert "allocator malloc" in lines and "takes-carrier free" in lines


def refused(*arguments):
    done = make_policy(*arguments)
    assert done.returncode == 1
    assert done.stdout == "" and done.stderr.count("\n") == 1
    return done.stderr


def test_a_wrong_project_line_is_named(tmp_path):
    project = tmp_path / "project.policy"
    project.write_text("carrier driver\ncarier driver\n")
    assert f"{project}:2: unknown fact 'carier'" in refused("--project", str(project))


def test_a_wrong_table_is_named(tmp_path):
    table = tmp_path / "kinds.def"
    table.write_text('CAP_KIND(net_access, "a", "b", "c")\n')
    assert "kind 'net_access' has a row already" in refused("--kinds", str(table))
    table.write_text("CAP_EDGE(net_access, door)\n")
    assert "no kind 'door'" in refused("--kinds", str(table))
    table.write_text("\n")
    assert "no CAP_KIND or CAP_EDGE row" in refused("--kinds", str(table))
    assert "No such file" in refused("--kinds", str(tmp_path / "none.def"))
