# SPDX-License-Identifier: MIT
"""`./aramid boot` as a script sees it: output, exit statuses, machines, wrong usage."""

import os
import re
import subprocess

import guest
import pytest

DOOR = os.path.join(guest.ROOT, "aramid")


def door(*arguments):
    return subprocess.run([DOOR, *arguments], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("status", [0, 1, 7, 250])
def test_boot_exits_with_the_commands_status(status):
    assert guest.boot("balanced", f"exit {status}").status == status


def test_a_status_above_250_is_shown_as_250_and_said_so():
    done = guest.boot("balanced", "exit 255")
    assert done.status == 250
    assert "255" in done.err


def test_a_killed_command_gives_128_and_the_signal():
    assert guest.boot("balanced", "kill -9 $$").status == 128 + 9


def test_output_is_the_commands_only_and_byte_for_byte():
    done = subprocess.run([*guest.options("balanced"), "--exec",
                           r"printf 'a\n\tb\r\n\000\377no newline'"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert done.stdout == b"a\n\tb\r\n\0\xffno newline"


def test_much_output_arrives_complete():
    done = guest.boot("balanced", "seq 1 20000")
    assert done.out == "".join(f"{n}\n" for n in range(1, 20001))


def test_standard_error_comes_out_too_and_input_is_empty():
    done = guest.boot("balanced", "echo complaint >&2; wc -c")
    assert done.out == "complaint\n0\n"


def test_a_command_may_hold_quotes_newlines_and_utf8():
    done = guest.boot("balanced", "echo \"it's ü\"\necho second")
    assert done.out == "it's ü\nsecond\n"


@pytest.mark.parametrize("machine", ["microvm", "q35"])
@pytest.mark.parametrize("profile", guest.PROFILES)
def test_each_profile_boots_on_each_machine(profile, machine):
    done = guest.boot(profile, "echo booted", machine=machine)
    assert (done.status, done.out) == (0, "booted\n"), done.err


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_each_profile_boots_when_built_with_gcc(profile):
    done = guest.boot(profile, "echo booted", more=("--compiler", "gcc"))
    assert (done.status, done.out) == (0, "booted\n"), done.err


def test_both_cpus_are_up():
    done = guest.boot("balanced", "nproc", smp=2)
    assert done.out == "2\n"


def test_counting_instructions_gives_the_same_run_twice():
    command = "ls -l / | md5sum; date"
    runs = [guest.boot("balanced", command, more=("--icount",)) for _ in range(2)]
    assert runs[0].status == 0
    assert runs[0].out == runs[1].out
    assert runs[0].log == runs[1].log


def test_a_time_out_is_252():
    done = guest.boot("balanced", "sleep 60", timeout=3)
    assert done.status == 252
    assert "timed out" in done.err


def test_a_command_that_switches_the_machine_off_ends_it_with_0():
    assert guest.boot("balanced", "poweroff; sleep 60").status == 0


def test_an_image_that_is_no_kernel_is_254(tmp_path):
    image = tmp_path / "image"
    image.write_bytes(b"no kernel")
    done = guest.boot("balanced", "true", more=("--kernel", str(image)))
    assert done.status == 254


@pytest.mark.parametrize("arguments, word", [
    (["boot"], "PROFILE"),
    (["boot", "nosuch"], "nosuch"),
    (["boot", "balanced", "--smp", "many"], "many"),
    (["boot", "balanced", "--mem", "some"], "some"),
    (["boot", "balanced", "--machine", "toaster"], "toaster"),
    (["boot", "balanced", "--nonsense"], "--nonsense"),
    (["boot", "balanced", "--icount", "--accel", "kvm"], "--icount"),
    (["boot", "balanced", "--initrd", "/none", "--no-build"], "/none"),
])
def test_wrong_usage_of_boot_is_one_line_and_255(arguments, word):
    done = door(*arguments)
    assert done.returncode == 255
    assert word in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize("arguments, word", [
    (["nosuch"], "nosuch"),
    (["help", "nosuch"], "nosuch"),
    (["run", "nosuch"], "nosuch"),
    (["build"], "profile"),
    (["build", "nosuch"], "nosuch"),
    (["build", "balanced", "--compiler", "icc"], "clang or gcc"),
    (["build", "balanced", "--nonsense"], "--nonsense"),
    (["test", "nosuch"], "nosuch"),
    (["bench", "--nonsense"], "--nonsense"),
])
def test_wrong_usage_of_the_door_is_one_line_and_2(arguments, word):
    done = door(*arguments)
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(lines) == 1 and word in lines[0]


def commands():
    """Those that help lists."""
    said = subprocess.run([DOOR, "help"], text=True, stdout=subprocess.PIPE, check=True).stdout
    return [command for command in re.findall(r"^  ([a-z]+) ", said, re.MULTILINE)
            if command != "help"]


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help(command):
    for arguments in (["help", command], [command, "help"], [command, "--help"]):
        done = door(*arguments)
        assert done.returncode == 0
        assert f"./aramid {command}" in done.stdout


def test_every_tested_package_has_its_version_and_reason():
    with open(os.path.join(guest.ROOT, "packages.list"), encoding="utf-8") as table:
        rows = [line.split(None, 4) for line in table if not line.startswith("#")]
    assert all(len(row) == 5 and row[1] in ("bin", "src", "root") for row in rows)


@pytest.fixture(name="without_packages")
def _without_packages(tmp_path):
    """An environment with a dpkg-query that knows gdb alone."""
    fake = tmp_path / "dpkg-query"
    fake.write_text('#!/bin/sh\nfor name in "$@"; do :; done\n'
                    'test "$name" = gdb && echo "installed 13.1-3"\n')
    fake.chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def test_the_doctor_finds_nothing_missing_where_all_is_installed():
    done = door("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^ok +prove$", done.stdout, re.MULTILINE)
    assert "missing" not in done.stdout


def test_the_doctor_names_what_is_missing_and_the_next_step(without_packages):
    done = subprocess.run([DOOR, "doctor"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=without_packages)
    assert done.returncode == 1
    assert re.search(r"^ok +debug$", done.stdout, re.MULTILINE)
    assert re.search(r"^missing +prove\n +frama-c-base \(", done.stdout, re.MULTILINE)
    install = done.stdout.splitlines()[-1].split()
    assert install[:4] == ["sudo", "apt-get", "install", "--no-install-recommends"]
    assert {"frama-c-base", "qemu-system-x86", "e2fsprogs"} <= set(install) and "gdb" not in install


def complete(*words):
    """What bash offers for the last word."""
    script = (". tools/completion.bash; COMP_WORDS=(./aramid \"$@\"); COMP_CWORD=$#; _aramid; "
              "printf '%s\\n' \"${COMPREPLY[@]}\"")
    return subprocess.run(["bash", "-c", script, "bash", *words], cwd=guest.ROOT, text=True,
                          stdout=subprocess.PIPE, check=True).stdout.split()


def test_the_shell_completes_commands_options_and_what_they_take():
    assert complete("pro") == ["prove"]
    assert set(complete("")) == {*commands(), "help"}
    assert complete("boot", "lu") == ["ludicrous"]
    assert complete("boot", "balanced", "--mach") == ["--machine"]
    assert complete("boot", "balanced", "--machine", "") == ["microvm", "q35"]
    assert complete("check", "--sar") == ["--sarif"]
    assert complete("test", "unw") == ["unwinding"]
    assert "virtqueue" in complete("prove", "virt")


def test_a_missing_package_is_named(without_packages):
    done = subprocess.run([DOOR, "boot", "balanced", "--exec", "true"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=without_packages)
    assert done.returncode == 255
    assert "install package qemu-system-x86" in done.stderr


@pytest.mark.parametrize("profile", ["balanced"])
def test_debug_stops_at_a_function_of_the_kernel(profile):
    done = door("debug", profile, "--", "-batch", "-ex", "hbreak kernel_main", "-ex", "continue",
                "-ex", "backtrace 1")
    assert "kernel_main" in done.stdout.splitlines()[-2] + done.stdout.splitlines()[-1]
