# SPDX-License-Identifier: MIT
"""The workflow of docs/ci: its commands run on the guide's project, against this tree's check."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests/consumer"))
from test_guide import steps as guide_steps  # noqa: E402  (the path above comes first)

WORKFLOW = yaml.safe_load((ROOT / "docs/ci/aramid-check.yml").read_text(encoding="utf-8"))
STEPS = WORKFLOW["jobs"]["check"]["steps"]
CHECK, PACKAGES = "Check", "Install Debian's packages"


def step_named(name):
    """The one step with this name."""
    step, = (step for step in STEPS if step["name"] == name)
    return step


class Runner:
    """What the service that runs workflows does with run-steps, as far as these use it."""

    def __init__(self, folder):
        self.workspace, self.temp = folder / "workspace", folder / "temp"
        for path in (self.workspace / "project", self.temp, folder / "fake"):
            path.mkdir(parents=True)
        (self.workspace / "aramid").symlink_to(ROOT)
        # What is installed is asked for here, not changed.
        fake = folder / "fake/apt-get"
        fake.write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\n')
        fake.chmod(0o755)
        self._folder, self._added = folder, folder / "added"
        self._added.write_text("")

    def project(self, *names):
        """Writes files of the guide into the project."""
        for name, text in guide_steps():
            if name in names:
                (self.workspace / "project" / name).write_text(text)

    def run(self, step):
        """Runs one step's commands."""
        paths = [*self._added.read_text().split(), os.environ["PATH"]]
        if step["name"] == PACKAGES:
            paths.insert(0, str(self._folder / "fake"))
        environment = {**os.environ, **WORKFLOW["env"], "KINDS": "lamp.def",
                       "POLICY": "lamp.project", "PATH": ":".join(paths),
                       "GITHUB_WORKSPACE": str(self.workspace), "GITHUB_PATH": str(self._added),
                       "RUNNER_TEMP": str(self.temp)}
        script = self.temp / "step.sh"
        script.write_text(step["run"])
        return subprocess.run([WORKFLOW["defaults"]["run"]["shell"], "-e", script], text=True,
                              env=environment, check=False, timeout=120, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              cwd=self.workspace / step.get("working-directory", ""))

    def run_before_check(self):
        """Every run-step before the check."""
        for step in STEPS[:STEPS.index(step_named(CHECK))]:
            if "run" in step:
                done = self.run(step)
                assert done.returncode == 0, f"{step['name']}: {done.stdout}"

    def asked(self):
        """What apt-get was asked for."""
        return (self._folder / "asked").read_text()


LAMP = ("lamp.def", "lamp.h", "lamp.c", "main.c", "CMakeLists.txt", "lamp.project")


@pytest.fixture(name="runner")
def _runner(tmp_path):
    runner = Runner(tmp_path)
    runner.project(*LAMP)
    return runner


def test_the_commands_check_a_clean_project_and_leave_what_is_uploaded(runner):
    runner.run_before_check()
    done = runner.run(step_named(CHECK))
    assert done.returncode == 0, done.stdout
    assert "0 findings" in done.stdout
    shown = step_named("Show the findings beside the code")["with"]
    log = json.loads((runner.workspace / shown["sarif_file"]).read_text(encoding="utf-8"))
    assert log["runs"][0]["results"] == []
    assert (runner.workspace / shown["checkout_path"] / "lamp.c").is_file()
    kept = runner.workspace / step_named("Keep the report")["with"]["path"]
    assert (kept / "index.html").is_file()


def test_a_forged_token_fails_the_step_until_it_is_in_the_baseline(runner):
    runner.project("thief.c")
    file = runner.workspace / "project/CMakeLists.txt"
    # A project whose build is gated would not come as far as the check.
    text = re.sub(r"^aramid_check\(.*\n", "", file.read_text(), flags=re.M)
    file.write_text(text.replace("lamp main.c", "lamp thief.c main.c"))
    runner.run_before_check()
    done = runner.run(step_named(CHECK))
    assert done.returncode == 1
    assert re.search(r"^thief\.c:7:\d+: error: CAP001", done.stdout, re.M)
    sarif = runner.workspace / "report/aramid.sarif"
    place = json.loads(sarif.read_text())["runs"][0]["results"][0]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "thief.c"
    sarif.rename(runner.workspace / "project" / WORKFLOW["env"]["BASELINE"])
    done = runner.run(step_named(CHECK))
    assert done.returncode == 0, done.stdout
    assert "0 of them new" in done.stdout


def test_findings_are_shown_and_kept_though_the_check_failed():
    names = [step["name"] for step in STEPS]
    for name in ("Show the findings beside the code", "Keep the report"):
        assert names.index(name) > names.index(CHECK)
        assert "!cancelled()" in step_named(name)["if"]
    assert step_named("Show the findings beside the code")["with"]["category"] == "aramid-check"
    assert WORKFLOW["permissions"] == {"contents": "read", "security-events": "write"}


def test_no_command_has_text_of_an_event_in_it():
    """An expression in a command would put a branch's name into the shell."""
    assert not [step["name"] for step in STEPS if "${{" in step.get("run", "")]


def test_the_installed_packages_are_in_the_table_and_all_that_the_check_asks_for(runner):
    runner.run(step_named(PACKAGES))
    update, install = runner.asked().splitlines()
    assert "update" in update.split()
    named = {word for word in install.split() if not word.startswith("-")} - {"install"}
    table = {line.split()[2]: line.split()[0] for line in
             (ROOT / "packages.list").read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith("#") and line.split()[1] == "bin"}
    assert named <= set(table)
    wanted = {package for package, need in table.items() if need == "check"}
    sources = [*(ROOT / "analysis/aramid_check").glob("*.py"), *(ROOT / "analysis/report").glob("*.py"),
               ROOT / "tools/debian-source"]
    for source in sources:
        said = re.findall(r'need\([\w".-]+, "([\w-]+)"\)|install package ([\w-]+)',
                          source.read_text(encoding="utf-8"))
        wanted |= {name for pair in said for name in pair if name}
    assert {"clang-19", "sparse", "graphviz", "llvm-19", "dpkg-dev"} <= wanted
    assert wanted - named <= {"make"}, "make comes with dpkg-dev"
