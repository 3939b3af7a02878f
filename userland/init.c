/* SPDX-License-Identifier: MIT
 *
 * Process 1: gives the console a session, runs one shell in it and ends with its status.
 *
 * With /run/aramid/exec (put there by `./aramid boot --exec`) the shell runs that file's text:
 * input from /dev/null, output to the console byte for byte. Without it the shell is a login
 * shell on the console: bash where there is one. The kernel reports process 1's exit status on its
 * second channel.
 *
 * BusyBox's poweroff, halt and reboot signal process 1 with SIGUSR2, SIGUSR1 and SIGTERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define COMMAND_FILE "/run/aramid/exec"
#define CONSOLE      "/dev/console"

/* One argument of execve is at most 128 KiB (MAX_ARG_STRLEN), so a longer command cannot run. */
static char command[128 * 1024];

static char *const environment[] = {
        "PATH=/sbin:/usr/sbin:/bin:/usr/bin",
        "HOME=/root",
        "USER=root",
        "LOGNAME=root",
        "SHELL=/bin/sh",
        "TERM=linux",
        NULL,
};

static void fail(const char *what)
{
	dprintf(2, "init: %s: %s\n", what, strerror(errno));
	_exit(127);
}

/* Every call here may be made from a signal handler. */
static void end_machine(int number)
{
	sync();
	if (number == SIGUSR1)
		reboot(RB_HALT_SYSTEM);
	if (number == SIGTERM)
		reboot(RB_AUTOBOOT);
	reboot(RB_POWER_OFF);
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = end_machine};

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* Puts the command's text into `command`; 0 when there is no command file. */
static int read_command(void)
{
	int fd = open(COMMAND_FILE, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	while ((got = read(fd, command + length, sizeof(command) - length)) > 0)
		length += (size_t)got;
	if (got < 0)
		fail(COMMAND_FILE);
	if (length == sizeof(command)) {
		errno = E2BIG;
		fail(COMMAND_FILE);
	}
	close(fd);
	return 1;
}

/* Opens `path` as exactly `fd`. */
static void open_as(int fd, const char *path, int flags)
{
	int opened = open(path, flags | O_NOCTTY);

	if (opened < 0)
		fail(path);
	if (opened != fd) {
		if (dup2(opened, fd) < 0)
			fail(path);
		close(opened);
	}
}

static void open_console(void)
{
	open_as(0, CONSOLE, O_RDWR);
	if (dup2(0, 1) < 0 || dup2(0, 2) < 0)
		fail(CONSOLE);
}

/* Makes the caller a session leader whose controlling and foreground terminal is fd 1. */
static void take_terminal(void)
{
	if (setsid() < 0)
		fail("setsid");
	if (ioctl(1, TIOCSCTTY, 0) < 0)
		fail("TIOCSCTTY");
	if (tcsetpgrp(1, getpid()) < 0)
		fail("tcsetpgrp");
}

/* No CR before LF: a command's output leaves the machine as it was written. */
static void write_raw(void)
{
	struct termios terminal;

	if (tcgetattr(1, &terminal) < 0)
		fail("tcgetattr");
	terminal.c_oflag &= ~(tcflag_t)OPOST;
	if (tcsetattr(1, TCSANOW, &terminal) < 0)
		fail("tcsetattr");
}

static _Noreturn void run_shell(int has_command)
{
	char *const login[] = {"-sh", NULL}, *const login_bash[] = {"-bash", NULL};
	char *const once[] = {"sh", "-c", command, NULL};

	take_terminal();
	if (has_command) {
		write_raw();
		open_as(0, "/dev/null", O_RDONLY);
	} else {
		if (chdir("/root") < 0)
			fail("/root");
		execve("/bin/bash", login_bash, environment);
	}
	execve("/bin/sh", has_command ? once : login, environment);
	fail("/bin/sh");
	_exit(127);
}

int main(void)
{
	int has_command, status;
	pid_t shell, ended;

	open_console();
	catch_signals();
	has_command = read_command();
	shell = fork();
	if (shell < 0)
		fail("fork");
	if (shell == 0)
		run_shell(has_command);
	/* Orphans come to process 1: each is waited for, and the shell's end is ours. */
	do {
		ended = waitpid(-1, &status, 0);
		if (ended < 0 && errno != EINTR)
			fail("wait");
	} while (ended != shell);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
