# SPDX-License-Identifier: MIT
"""A real program with privileged parts, converted to tokens by a semantic patch, checked, built in
the four profiles, and run over loopback; the steps of docs/guide/existing-code.md."""

import getpass
import os
import pty
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from accounts import check  # noqa: E402
from dropbear_tree import (CONFIGURED, OURS, PROFILES, PROGRAMS, build,  # noqa: E402
                           configure, convert, database, figures, install_library,
                           link_command, plant)
from sources import ROOT, must, read_entries, write_database  # noqa: E402

GUIDE = ROOT / "docs/guide/existing-code.md"
SECONDS = 30  # a hang detector for what is run

# What somebody may come to write in it: file, function, text, who flags it under which rule.
MISUSES = {
    "makes a right up": (
        "svr-kex.c", "recv_msg_kexdh_init",
        'run_shell_command((struct cap_program_run){}, "id", 0, "/bin/sh");', "CAP001: .*literal"),
    "becomes a user without the right": (
        "svr-tcpfwd.c", "svr_remotetcpreq", "setuid(0);", "CAP008: 'setuid'"),
    "does what its file is not handed": (
        "svr-auth.c", "recv_msg_userauth_request", "load_all_hostkeys(session_rights.key);",
        "CAP006: 'load_all_hostkeys' needs host_key"),
    "calls without the token": (
        "svr-chansession.c", "svr_chansessinitialise", 'pty_release("/dev/pts/0");',
        "sparse: not enough arguments"),
    "casts the parameter away": (
        "svr-chansession.c", "svr_chansessinitialise",
        '((void (*)(const char *))pty_release)("/dev/pts/0");', "CAP006: .*loses it"),
    "mints beside the core": (
        "svr-auth.c", "recv_msg_userauth_request",
        "session_rights.program = cap_mint(program_run, 2);", "CAP003: "),
    "keeps a token for later": (
        "svr-auth.c", "recv_msg_userauth_request",
        "static struct cap_host_key kept; kept = session_rights.key;", "CAP002: .*'kept'"),
    "writes a token to the log": (
        "svr-auth.c", "recv_msg_userauth_request",
        'dropbear_log(LOG_INFO, "%p", session_rights.key);', "CAP005: .*variable argument"),
}


@pytest.fixture(scope="module", name="policies")
def make_policies(tmp_path_factory):
    """The policy's two files, as options."""
    kinds = tmp_path_factory.mktemp("policy") / "kinds.policy"
    kinds.write_text(must([ROOT / "caps/tools/make-policy", "--kinds", OURS / "rights.def"]))
    return ["--policy", kinds, "--policy", OURS / "dropbear.policy"]


@pytest.fixture(scope="module", name="baseline")
def check_before(tmp_path_factory):
    """What the checkers say of dropbear as it is, in the place where it is converted later."""
    install_library()
    convert("plain")
    configure()
    path = tmp_path_factory.mktemp("baseline") / "baseline.sarif"
    account = check("--sarif", path, "--compdb", database("balanced", own=()))
    assert account.status == 1 and not account.unable, account.output
    assert account.capabilities() == 0, account.output
    return path


@pytest.fixture(scope="module", name="converted")
def convert_it(baseline):
    """Dropbear with tokens in TREE; the value is the baseline."""
    convert("tokens")
    return baseline


@pytest.fixture(scope="module", name="folders")
def build_all(converted):
    """The build folder of each profile; the client and the key's maker are built once."""
    assert converted
    return {profile: build(profile, PROGRAMS if profile == "fortress" else ["dropbear"])
            for profile in PROFILES}


def test_the_conversion_brings_no_finding(converted, policies):
    path = database("balanced")
    account = check(*policies, "--baseline", converted, "--compdb", path)
    assert account.status == 0 and not account.rules, account.output
    assert account.files == len(read_entries(path)), account.output
    assert "0 of them new" in account.output


@pytest.mark.parametrize("misuse", MISUSES)
def test_check_flags_what(converted, policies, misuse, tmp_path):
    assert converted
    file, function, text, expected = MISUSES[misuse]
    path, line = plant(file, function, text, tmp_path)
    entry, = [entry for entry in read_entries(database("balanced"))
              if Path(entry["file"]).name == file]
    entry["arguments"] = [word if not word.endswith(file) else str(path)
                          for word in entry["arguments"]]
    write_database(tmp_path / "compile_commands.json", [{**entry, "file": str(path)}])
    account = check(*policies, "--compdb", tmp_path / "compile_commands.json")
    assert re.search(rf"/{file}:{line}:\d+: error: {expected}", account.output), account.output


class Server:
    """Dropbear on a port of the loopback, with a key of its own and a home of its own."""

    def __init__(self, program, client, home):
        self.client, self.home = client, home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])
        must(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", home / "home.so", OURS / "home.c"])
        self.environment = dict(os.environ, HOME_FOR_TEST=str(home), LD_PRELOAD=f"{home}/home.so")
        (home / ".ssh").mkdir(mode=0o700)
        maker = client.with_name("dropbearkey")
        must([maker, "-t", "ed25519", "-f", home / "host"])
        public = must([maker, "-t", "ed25519", "-f", home / "id"])
        keys = home / ".ssh" / "authorized_keys"
        keys.write_text(next(line for line in public.splitlines() if line.startswith("ssh-")))
        keys.chmod(0o600)
        self.log = home / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program, "-F", "-E", "-p", f"127.0.0.1:{self.port}", "-r", home / "host",
                 "-P", home / "pid"], env=self.environment, stdin=subprocess.DEVNULL, stderr=log)

    def __enter__(self):
        deadline = time.monotonic() + SECONDS
        while "Not backgrounding" not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, command, *options, stdin=subprocess.DEVNULL):
        """Runs a command through the client: (exit status, its output, the client's own words)."""
        done = subprocess.run(
            [self.client, "-y", "-y", *options, "-i", self.home / "id", "-p", self.port,
             f"{getpass.getuser()}@127.0.0.1", command], env=self.environment, stdin=stdin,
            text=True, capture_output=True, timeout=SECONDS, check=False)
        return done.returncode, done.stdout.replace("\r\n", "\n"), done.stderr


@pytest.fixture(name="home")
def private_home(tmp_path):
    """A folder that the server trusts: nobody else may write in it."""
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.mark.parametrize("profile", PROFILES)
def test_a_user_runs_a_command_over_loopback(folders, profile, home):
    with Server(folders[profile] / "dropbear", folders["fortress"] / "dbclient", home) as server:
        status, said, words = server.ask("echo through; id -u; exit 7")
    assert (status, said) == (7, f"through\n{os.getuid()}\n"), words + server.log.read_text()


def test_fortress_gives_a_user_a_terminal(folders, home):
    master, slave = pty.openpty()
    with Server(folders["fortress"] / "dropbear", folders["fortress"] / "dbclient", home) as server:
        status, said, words = server.ask("tty", "-t", stdin=slave)
    os.close(master)
    os.close(slave)
    assert status == 0 and said.startswith("/dev/"), said + words + server.log.read_text()


def relink(folder, profile, path, into):
    """The server of a build in which one source is replaced by another of its name."""
    entry, = [entry for entry in read_entries(database(profile))
              if Path(entry["file"]).name == path.name]
    words = [str(path) if word.endswith(path.name) else word for word in entry["arguments"]]
    words[words.index("-o") + 1] = str(into / "planted.o")
    must([*words, "-w"], CONFIGURED)
    words = link_command(profile)
    words[words.index("-o") + 1] = str(into / "dropbear.planted")
    words[words.index(path.with_suffix(".o").name)] = str(into / "planted.o")
    must(words, folder)
    return into / "dropbear.planted"


@pytest.mark.parametrize("profile", ["fortress", "balanced"])
def test_only_fortress_stops_a_right_that_is_used_before_the_user_is_known(folders, profile, home):
    mark = home / "mark"
    path, _ = plant("svr-kex.c", "recv_msg_kexdh_init",
                    f'run_shell_command(session_rights.program, "touch {mark}", 0, '
                    '(char *)"/bin/sh");', home)
    program = relink(folders[profile], profile, path, home)
    with Server(program, folders["fortress"] / "dbclient", home) as server:
        status, said, _ = server.ask("echo through")
    assert status != 0 and said == ""
    assert mark.exists() == (profile == "balanced")
    assert ("aramid" in server.log.read_text()) == (profile == "fortress"), server.log.read_text()


def test_the_guide_has_the_figures(converted):
    assert converted
    assert figures() in GUIDE.read_text(encoding="utf-8"), figures()
