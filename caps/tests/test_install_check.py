# SPDX-License-Identifier: MIT
"""aramid_check() and aramid-check, from the installed package and nothing else of this tree."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CAPS = HERE.parent
PROJECT = HERE / "checked"
COMPILERS = ("clang-19", "gcc")

# What the porter does instead of looking, and what must be said of it by the build and the check.
FORGES = ("\tCAP(door_look) made = {};\n\n\t(void)cap;\n\tcap_wield(door_look, made);\n"
          "\treturn door_is_open(made);", "CAP001")
MINTS = ("\tcap = cap_mint(door_look, 1);\n\tcap_wield(door_look, cap);\n"
         "\treturn door_is_open(cap);", "CAP003")
HAS_NO_RIGHT = ("\treturn door_is_open(cap);", "-Wthread-safety-analysis")
OPENS = ("\tcap_wield(door_look, cap);\n\treturn door_is_open(cap);\n}\n\n"
         "void porter_opens(CAP(door_open) cap);\nvoid porter_opens(CAP(door_open) cap)\n{\n"
         "\tcap_wield(door_open, cap);\n\tdoor_set(cap, true);", "CAP006")
FAULTS = {"forges": FORGES, "mints": MINTS, "has_no_right": HAS_NO_RIGHT, "opens": OPENS}
HONEST = "\tcap_wield(door_look, cap);\n\treturn door_is_open(cap);"


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, timeout=300, **options)


def must(*command, **options):
    done = run(*command, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder, *words):
    """The prefix, moved away from where it was installed."""
    build, first = folder / "build", folder / "first"
    must("cmake", "-S", CAPS, "-B", build, "-G", "Ninja", "-DCMAKE_C_COMPILER=clang-19",
         "-DBUILD_TESTING=OFF", *words)
    must("cmake", "--build", build)
    must("cmake", "--install", build, "--prefix", first)
    shutil.rmtree(build)
    return Path(shutil.move(first, folder / "moved"))


@pytest.fixture(scope="module", name="prefix")
def _prefix(tmp_path_factory):
    return install(tmp_path_factory.mktemp("install"), "-DARAMID_CHECKERS=ON")


@pytest.fixture(name="project")
def _project(tmp_path):
    """A copy of the project, to be made worse."""
    return Path(shutil.copytree(PROJECT, tmp_path / "project"))


def configure(prefix, project, compiler="clang-19", profile="BALANCED", **options):
    return run("cmake", "-S", project, "-B", project / "build", "-G", "Ninja",
               f"-DCMAKE_PREFIX_PATH={prefix}", f"-DARAMID_PROFILE={profile}",
               f"-DCMAKE_C_COMPILER={compiler}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", **options)


def spoil(project, fault):
    porter = project / "porter.c"
    text = porter.read_text(encoding="utf-8")
    assert HONEST in text
    porter.write_text(text.replace(HONEST, FAULTS[fault][0]), encoding="utf-8")
    return FAULTS[fault][1]


def check(prefix, project, *words, **options):
    """aramid-check with a store of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(project / "cache"),
                   **options.pop("env", {})}
    return run(prefix / "bin/aramid-check", "--kinds", project / "doors.def",
               "--policy", project / "doors.project", *words, cwd=project, env=environment)


@pytest.mark.parametrize("profile", ["FORTRESS", "BALANCED"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_project_builds_through_the_gate_and_runs(prefix, project, compiler, profile):
    done = configure(prefix, project, compiler, profile)
    assert done.returncode == 0, done.stderr
    must("cmake", "--build", project / "build")
    assert must(project / "build/house") == "open\n"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_fault_fails_the_build_until_it_is_gone(prefix, project, compiler, fault):
    honest = (project / "porter.c").read_text(encoding="utf-8")
    rule = spoil(project, fault)
    assert configure(prefix, project, compiler).returncode == 0
    for _ in range(2):  # what failed is not taken for done
        done = run("cmake", "--build", project / "build")
        assert done.returncode != 0
        assert re.search(rf"porter\.c:\d+:\d+: error: .*{rule}", done.stdout)
        assert not (project / "build/house").exists()
    (project / "porter.c").write_text(honest, encoding="utf-8")
    must("cmake", "--build", project / "build")


def test_a_changed_policy_or_table_has_the_target_checked_anew(prefix, project):
    assert configure(prefix, project).returncode == 0
    must("cmake", "--build", project / "build")
    policy = project / "doors.project"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("entitled door_look porter.c\n", ""), encoding="utf-8")
    done = run("cmake", "--build", project / "build")
    assert done.returncode != 0 and "CAP006: 'door_is_open' needs door_look" in done.stdout
    policy.write_text(text, encoding="utf-8")
    must("cmake", "--build", project / "build")
    with open(project / "doors.def", "a", encoding="utf-8") as file:
        file.write("CAP_EDGE(door_look, door_of_nobody)\n")
    done = run("cmake", "--build", project / "build")
    assert done.returncode != 0 and "no kind 'door_of_nobody'" in done.stdout


def test_an_object_library_that_mints_out_of_the_sources_checkers_sight_fails_the_build(
        prefix, project):
    door = project / "door.c"
    text = door.read_text(encoding="utf-8").replace("\tdoor = open;", (
        "#ifndef __CHECKER__\n\tcap = cap_mint(door_open, 1);\n#endif\n\tdoor = open;"))
    door.write_text(text, encoding="utf-8")
    assert configure(prefix, project).returncode == 0
    done = run("cmake", "--build", project / "build")
    assert done.returncode != 0
    assert re.search(r"door\.c:\d+:\d+: error: CAP003: object code may not reference the mint "
                     r"'cap_mint_door_open' here", done.stdout)


@pytest.mark.parametrize("words, said", [
    ("KIND doors.def", "unknown words: KIND;doors.def"),
    ("KINDS none.def", "none.def is missing"),
])
def test_wrong_words_for_aramid_check_are_refused(prefix, project, words, said):
    with open(project / "CMakeLists.txt", "a", encoding="utf-8") as file:
        file.write(f"add_library(more STATIC door.c)\naramid_check(more {words})\n")
    done = configure(prefix, project)
    assert done.returncode != 0 and said in " ".join(done.stderr.split())


def path_without(folder, program):
    """A PATH of links to all that the configuring calls, but for one program."""
    folder.mkdir()
    for place in os.environ["PATH"].split(":"):
        for file in Path(place).iterdir() if os.path.isdir(place) else ():
            if file.name != program and not (folder / file.name).is_symlink():
                (folder / file.name).symlink_to(file)
    return {"PATH": str(folder)}


@pytest.mark.parametrize("program, package, tool", [
    ("sparse", "sparse", "sparse"), ("clang-19", "clang-19", "roles"),
    ("llvm-nm-19", "llvm-19", "objects")])
def test_a_missing_tool_is_named_with_its_package(prefix, project, program, package, tool):
    environment = path_without(project / "bin", program)
    done = check(prefix, project, "--only", tool, "--files", "door.c", env=environment)
    assert done.returncode == 2
    assert done.stderr == f"aramid-check: {program} is missing: install package {package}\n"
    done = configure(prefix, project, "gcc", env={**os.environ, **environment})
    assert done.returncode != 0
    assert f"{program} is missing: install package {package}" in " ".join(done.stderr.split())


def test_aramid_check_of_a_project_tells_clean_from_faulty_from_unable(prefix, project):
    assert configure(prefix, project).returncode == 0
    clean = check(prefix, project, "--project", project)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert clean.stdout.splitlines()[-1].endswith(": 0 findings")
    rule = spoil(project, "forges")
    log = project / "log.sarif"
    faulty = check(prefix, project, "--project", project, "--sarif", log)
    assert faulty.returncode == 1
    assert re.search(rf"^porter\.c:\d+:\d+: error: {rule}: ", faulty.stdout, re.M)
    assert "A token is" in log.read_text(encoding="utf-8"), "the rule's page is not in it"
    (project / "porter.c").write_text("int broken( {\n", encoding="utf-8")
    assert check(prefix, project, "--only", "capflow", "--project", project).returncode == 2
    nothing = check(prefix, project)
    assert nothing.returncode == 2
    assert nothing.stderr.startswith("aramid-check: say what to check: ")


def test_a_compile_command_is_checked_without_cmake(prefix, project):
    flags = must("pkg-config", "--cflags", "aramid-caps-balanced", env={
        **os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}).split()
    command = ["--", "gcc", "-std=c17", *flags, f"-I{project}",
               "-DARAMID_CAP_PROJECT_KINDS=<doors.def>", "main.c", "door.c", "porter.c"]
    done = check(prefix, project, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "checked 3 files" in done.stdout
    rule = spoil(project, "opens")
    done = check(prefix, project, *command)
    assert done.returncode == 1 and f"error: {rule}: " in done.stdout


def test_no_installed_file_names_a_folder_of_this_machine(prefix):
    for file in prefix.rglob("*"):
        if file.is_file() and file.suffix != ".a":
            assert str(CAPS.parent).encode() not in file.read_bytes(), file


def test_the_library_installs_without_the_checkers_and_says_so(tmp_path, project):
    build = tmp_path / "build"
    said = must("cmake", "-S", CAPS, "-B", build, "-G", "Ninja", "-DCMAKE_C_COMPILER=clang-19",
                "-DBUILD_TESTING=OFF", "-DARAMID_CHECKERS=OFF")
    assert "aramid-check is not installed (ARAMID_CHECKERS is OFF)" in said
    must("cmake", "--build", build)
    must("cmake", "--install", build, "--prefix", tmp_path / "prefix")
    assert not (tmp_path / "prefix/bin/aramid-check").exists()
    done = configure(tmp_path / "prefix", project)
    assert done.returncode != 0
    assert "installed without the checkers" in " ".join(done.stderr.split())


def test_what_building_the_checkers_lacks_is_named(tmp_path):
    words = ("cmake", "-S", CAPS, "-G", "Ninja", "-DCMAKE_C_COMPILER=clang-19",
             "-DBUILD_TESTING=OFF")
    environment = {**os.environ, **path_without(tmp_path / "bin", "flock")}
    said = must(*words, "-B", tmp_path / "default", env=environment)
    assert ("aramid-check is not installed, since this is missing: flock (package util-linux)"
            in said)
    done = run(*words, "-B", tmp_path / "wanted", "-DARAMID_CHECKERS=ON", env=environment)
    assert done.returncode != 0
    assert "this is missing: flock (package util-linux)" in " ".join(done.stderr.split())
