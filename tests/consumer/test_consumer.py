# SPDX-License-Identifier: MIT
"""A program with plugins, built against the installed library: the hostile plugin's forgeries are
refused at run time in Fortress and flagged by check in every profile."""
import os
import re
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROFILES = ("FORTRESS", "BALANCED", "PERFORMANCE", "LUDICROUS")
COMPILERS = ("clang-19", "gcc")
HONEST = "lists its directory: done\nopens its port: done\n0 refused, 0 counted\n"
REFUSED = {
    "use a literal": "stale (revoked, or never granted)",
    "use a zeroed carrier": "stale (revoked, or never granted)",
    "use a static carrier": "stale (revoked, or never granted)",
    "copy another kind": "of another kind",
    "disguise another kind": "of another kind",
    "cast a pointer": "of another kind",
    "flip a bit": "forged (wrong nonce)",
    "steal a neighbour's token": "stolen (bound to another owner)",
    "index to a neighbour's token": "stolen (bound to another owner)",
    "use a kept token": "stale (revoked, or never granted)",
}
# What lay in the registers decides for which reason these are refused.
REFUSED_SOMEHOW = {"use uninitialised memory", "drop the parameter"}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def must(*command):
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", name="builds")
def build_against_the_installed_package(tmp_path_factory):
    """The consumer's build folder for each profile and compiler."""
    folder = tmp_path_factory.mktemp("consumer")
    library, prefix = str(folder / "library"), str(folder / "prefix")
    must("cmake", "-S", f"{ROOT}/caps", "-B", library, "-G", "Ninja",
         "-DCMAKE_C_COMPILER=clang-19", "-DBUILD_TESTING=OFF", "-DARAMID_CHECKERS=OFF")
    must("cmake", "--build", library)
    must("cmake", "--install", library, "--prefix", prefix)
    folders = {}
    for profile in PROFILES:
        for compiler in COMPILERS:
            build = folders[profile, compiler] = str(folder / f"{profile}-{compiler}")
            must("cmake", "-S", HERE, "-B", build, "-G", "Ninja", f"-DCMAKE_C_COMPILER={compiler}",
                 f"-DCMAKE_PREFIX_PATH={prefix}", f"-DARAMID_PROFILE={profile}",
                 "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
            must("cmake", "--build", build)
    return folders


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_an_honest_plugin_does_what_it_has_the_rights_for(builds, profile, compiler):
    build = builds[profile, compiler]
    assert must(f"{build}/host", f"{build}/lister.so") == HONEST


@pytest.mark.parametrize("compiler", COMPILERS)
def test_fortress_refuses_and_counts_every_forgery(builds, compiler):
    build = builds["FORTRESS", compiler]
    *lines, last = must(f"{build}/host", f"{build}/hostile.so").splitlines()
    outcome = dict(line.rsplit(": ", 1) for line in lines)
    assert outcome.pop("keep a token") == "done"
    for name in REFUSED_SOMEHOW:
        assert outcome.pop(name) != "done"
    assert outcome == REFUSED
    count = len(REFUSED) + len(REFUSED_SOMEHOW)
    assert last == f"{count} refused, {count} counted"


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_plugin_that_mints_does_not_load_in_fortress(builds, compiler):
    build = builds["FORTRESS", compiler]
    done = run(f"{build}/host", f"{build}/minter.so")
    assert done.returncode == 1
    assert "undefined symbol: cap_token_mint" in done.stderr


def test_a_plugin_of_another_profile_does_not_load(builds):
    host, plugin = builds["FORTRESS", "gcc"], builds["BALANCED", "gcc"]
    done = run(f"{host}/host", f"{plugin}/lister.so")
    assert done.returncode == 1
    assert "aramid_is_built_as_BALANCED" in done.stderr


def test_the_build_proves_the_flow_of_tokens_when_it_is_told_to(builds, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source, build = tmp_path / "source", str(tmp_path / "build")
    source.mkdir()
    for name in os.listdir(HERE):
        if not name.startswith(("test_", "__")):
            shutil.copy(os.path.join(HERE, name), source)
    prefix = os.path.join(os.path.dirname(builds["BALANCED", "gcc"]), "prefix")
    must("cmake", "-S", str(source), "-B", build, "-G", "Ninja", "-DCMAKE_C_COMPILER=gcc",
         f"-DCMAKE_PREFIX_PATH={prefix}", "-DARAMID_PROFILE=FORTRESS", "-DARAMID_PROVE_FLOW=ON")
    must("cmake", "--build", build, "--target", "lister")
    text = (source / "lister.c").read_text()
    forged = text.replace("host_open_port(rights->port)", "host_open_port((CAP(port_open)){})")
    (source / "lister.c").write_text(forged)
    done = run("cmake", "--build", build, "--target", "lister")
    line = forged[:forged.index("host_open_port((CAP")].count("\n") + 1
    assert done.returncode != 0
    assert f"lister.c:{line}: error: not proved: open_port calls host_open_port with" in done.stdout


def expected_findings():
    """(file, line, rule) of each line that says that it must be flagged."""
    expected = set()
    for name in ("hostile.c", "minter.c"):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                flagged = re.search(r"flagged: ([\w-]+(?:, [\w-]+)*)", line)
                if flagged:
                    expected |= {(name, number, rule) for rule in flagged[1].split(", ")}
    return expected


@pytest.mark.parametrize("profile", PROFILES)
def test_check_flags_every_forgery_and_nothing_of_the_honest(builds, profile, tmp_path):
    policy = tmp_path / "policy"
    policy.write_text(must(f"{ROOT}/caps/tools/make-policy", "--kinds", f"{HERE}/rights.def",
                           "--project", f"{HERE}/consumer.policy"))
    done = run(f"{ROOT}/aramid", "check", "--policy", str(policy), "--compdb",
               f"{builds[profile, 'clang-19']}/compile_commands.json")
    assert done.returncode == 1, done.stdout + done.stderr
    found = re.findall(r"([\w.]+\.[ch]):(\d+):\d+: error: (\S+):", done.stdout)
    assert {file for file, _, _ in found} == {"hostile.c", "minter.c"}
    for file, line, rule in expected_findings():
        assert [rule for at in found if at[0] == file and int(at[1]) == line
                and at[2].startswith(rule)], (file, line, rule)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("level", ["-O1", "-O2", "-O3", "-Os"])
@pytest.mark.parametrize("source", ["host.c", "lister.c"])
def test_in_balanced_the_consumer_compiles_to_what_it_is_without_tokens(source, level, compiler):
    must(f"{ROOT}/caps/tests/strip_tokens", f"{HERE}/{source}", "--", compiler, "-std=gnu17", level,
         "-DARAMID_PROFILE=BALANCED", f"-I{HERE}", f"-I{ROOT}/caps/include",
         f"-I{ROOT}/annotations/include", "-DARAMID_CAP_PROJECT_KINDS=<rights.def>")
