# SPDX-License-Identifier: MIT
"""The interactive shell: prompt, line discipline, Ctrl-C, Ctrl-Z, job control, the ways out."""

import re

import guest
import pexpect
import pytest


@pytest.fixture(scope="module", params=guest.PROFILES)
def terminal(request):
    held = guest.Terminal(request.param, smp=2, timeout=120)
    yield held
    held.end()


def test_login_shows_the_message_of_the_day(terminal):
    assert "Welcome to Aramid." in terminal.run("cat /etc/motd")


def test_ctrl_c_ends_a_running_program_and_the_shell_goes_on(terminal):
    terminal.start("sleep 60")
    terminal.press("c")
    terminal.until_prompt()
    assert terminal.run("echo status $?") == "status 130\n"


def test_ctrl_c_ends_every_program_of_a_pipeline(terminal):
    terminal.start("sleep 60 | cat | cat")
    terminal.press("c")
    terminal.until_prompt()
    assert "sleep 60" not in terminal.run("ps")


def test_ctrl_c_ends_a_loop_of_the_shell(terminal):
    terminal.start("while true; do sleep 0.1; done")
    # Between two programs the foreground group is that of one that has ended: who presses then has
    # to press again, as on Linux.
    for _ in range(5):
        terminal.press("c")
        if terminal.child.expect([guest.PROMPT, pexpect.TIMEOUT], timeout=3) == 0:
            break
    assert terminal.run("echo alive") == "alive\n"


def test_ctrl_c_at_the_prompt_gives_a_new_prompt(terminal):
    terminal.child.send("half a comm")
    terminal.press("c")
    terminal.until_prompt()
    assert terminal.run("echo alive") == "alive\n"


def test_ctrl_backslash_quits_a_program(terminal):
    terminal.start("sleep 60")
    terminal.press("\\")
    terminal.until_prompt()
    assert terminal.run("echo status $?") == "status 131\n"


def test_ctrl_z_stops_and_fg_goes_on(terminal):
    terminal.start("sleep 1")
    terminal.press("z")
    assert re.search(r"\[1\]\+ +Stopped +sleep 1", terminal.until_prompt())
    assert re.search(r"\[1\]\+ +Stopped +sleep 1", terminal.run("jobs"))
    assert "sleep 1" in terminal.run("fg")
    assert terminal.run("echo status $?") == "status 0\n"
    assert terminal.run("jobs") == ""


def test_ctrl_z_then_bg_runs_in_the_background(terminal):
    terminal.start("sleep 1")
    terminal.press("z")
    terminal.until_prompt()
    assert re.search(r"\[1\] +sleep 1", terminal.run("bg"))
    assert re.search(r"\[1\]\+ +Done +sleep 1", terminal.run("wait; jobs"))


def test_a_background_reader_of_the_terminal_is_stopped(terminal):
    terminal.run("cat &")
    # ash reports a stopped job at the next prompt, so one empty command lets it be seen.
    terminal.run("sleep 0.2")
    assert re.search(r"\[1\]\+ +Stopped \(tty input\) +cat", terminal.run("jobs"))
    terminal.run("kill -9 %1; sleep 0.1; true")
    terminal.run("true")
    assert terminal.run("jobs") == ""


def test_kill_ends_a_stopped_job(terminal):
    terminal.start("sleep 60")
    terminal.press("z")
    terminal.until_prompt()
    terminal.run("kill -9 %1; sleep 0.1; true")
    terminal.run("true")
    assert terminal.run("jobs") == ""


def test_ctrl_d_ends_the_input_of_a_program(terminal):
    terminal.start("wc -c")
    terminal.child.send("four\r")
    terminal.child.expect("four\r+\n")
    terminal.press("d")
    assert terminal.until_prompt().strip() == "5"


def test_backspace_and_ctrl_u_edit_a_line_of_a_program(terminal):
    terminal.start("cat")
    terminal.child.send("garbage\x15abx\x7fc\r")
    terminal.child.expect("abc\r+\n")
    terminal.press("d")
    terminal.until_prompt()


def test_exit_ends_the_machine_with_the_shells_status():
    held = guest.Terminal("balanced")
    assert held.end("exit 3") == 3


def test_poweroff_ends_the_machine_orderly():
    held = guest.Terminal("balanced", smp=2)
    assert held.end("poweroff") == 0
