# SPDX-License-Identifier: MIT
"""The installed package builds a project that has nothing else of this tree."""
import os
import re
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
CAPS = os.path.dirname(HERE)
PROJECT = os.path.join(HERE, "installed")
PROFILES = ("FORTRESS", "BALANCED", "PERFORMANCE", "LUDICROUS")
COMPILERS = ("clang-19", "gcc")
# What doors prints: a token's size, how often the door opened, how many tokens were refused.
EXPECTED = {"FORTRESS": "16 1 1", "BALANCED": "0 2 0", "PERFORMANCE": "0 2 0",
            "LUDICROUS": "0 2 0"}
FLAGS = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
         "-DARAMID_CAP_PROJECT_KINDS=<doors.def>", f"-I{PROJECT}"]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module", name="prefix")
def installed_and_moved(tmp_path_factory):
    """The prefix, moved away from where it was installed."""
    folder = tmp_path_factory.mktemp("install")
    build, first = str(folder / "build"), str(folder / "first")
    run("cmake", "-S", CAPS, "-B", build, "-G", "Ninja", "-DCMAKE_C_COMPILER=clang-19",
        "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_TESTING=OFF", "-DARAMID_CHECKERS=OFF")
    run("cmake", "--build", build)
    run("cmake", "--install", build, "--prefix", first)
    shutil.rmtree(build)
    return shutil.move(first, str(folder / "moved"))


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_cmake_project_finds_the_package_and_runs(prefix, compiler, profile, tmp_path):
    run("cmake", "-S", PROJECT, "-B", str(tmp_path), "-G", "Ninja",
        f"-DCMAKE_C_COMPILER={compiler}", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DARAMID_PROFILE={profile}")
    run("cmake", "--build", str(tmp_path))
    assert run(str(tmp_path / "doors")) == EXPECTED[profile]


def pkg_config(prefix, profile, word):
    done = subprocess.run(
        ["pkg-config", word, f"aramid-caps-{profile.lower()}"], text=True, capture_output=True,
        check=False, env=dict(os.environ, PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig"))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_pkg_config_gives_the_flags_to_build_by_hand(prefix, compiler, profile, tmp_path):
    program = str(tmp_path / "doors")
    run(compiler, *FLAGS, *pkg_config(prefix, profile, "--cflags"),
        os.path.join(PROJECT, "doors.c"), *pkg_config(prefix, profile, "--libs"), "-o", program)
    assert run(program) == EXPECTED[profile]


def test_an_object_of_one_profile_does_not_link_with_anothers_library(prefix, tmp_path):
    done = subprocess.run(
        ["clang-19", *FLAGS, *pkg_config(prefix, "BALANCED", "--cflags"),
         os.path.join(PROJECT, "doors.c"), *pkg_config(prefix, "FORTRESS", "--libs"),
         "-o", str(tmp_path / "doors")], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "aramid_is_built_as_BALANCED" in done.stderr


def test_the_freestanding_library_asks_for_its_environment_alone(prefix):
    library = f"{prefix}/lib/libaramid_caps_fortress-freestanding.a"
    symbols = run("nm", library)
    wanted = set(re.findall(r"^ +U (\w+)", symbols, re.M))
    defined = set(re.findall(r"^\w+ [A-Z] (\w+)", symbols, re.M))
    assert wanted - defined <= {"cap_current_owner", "cap_refused", "cap_entropy", "memcpy", "memset"}


def test_an_unknown_profile_is_named(prefix, tmp_path):
    done = subprocess.run(
        ["cmake", "-S", PROJECT, "-B", str(tmp_path), "-G", "Ninja",
         f"-DCMAKE_PREFIX_PATH={prefix}", "-DARAMID_PROFILE=CASTLE"],
        capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ARAMID_PROFILE is 'CASTLE'" in done.stderr


def test_no_installed_file_names_a_folder_of_this_machine(prefix):
    for folder, _, names in os.walk(prefix):
        for name in names:
            if not name.endswith(".a"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    assert os.path.dirname(CAPS) not in file.read(), name
