/* SPDX-License-Identifier: MIT
 *
 * Pseudo-terminals as controlling terminals: who has one, job control, hang-ups (credentials(7),
 * tty_ioctl(4)).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

#include "contract.h"
#include "terminals.h"

#define PATIENCE_S 10 /* what does not come by then is not under way */

#define GONE 7 /* the exit status of a child that has seen what it waited for */

/* A child that leads a session with the pair's slave for its terminal, and nothing else of it. */
static pid_t child_with_terminal(const struct pair *pair, void (*run)(int slave))
{
	int ready[2];
	pid_t child;
	char byte;

	if (pipe(ready))
		SAY("no pipe");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(pair->master);
		close(ready[0]);
		/* Whatever was ignored where the cases were started. */
		signal(SIGHUP, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		setsid();
		ioctl(pair->slave, TIOCSCTTY, 0);
		close(ready[1]);
		run(pair->slave);
		fflush(stdout);
		_exit(0);
	}
	close(ready[1]);
	(void)!read(ready[0], &byte, 1);
	close(ready[0]);
	return child;
}

static void tell_end(pid_t child)
{
	int status = 0;

	if (waitpid(child, &status, WUNTRACED) != child)
		SAY("no such child");
	else if (WIFSTOPPED(status))
		SAY("stopped by %d", WSTOPSIG(status));
	else if (WIFSIGNALED(status))
		SAY("ended by %d", WTERMSIG(status));
	else
		SAY("ended with %d", WEXITSTATUS(status));
}

static void wait_for_signal(int slave)
{
	(void)slave;
	/* One that does not come is not waited for by whoever reads what the cases say. */
	alarm(PATIENCE_S);
	for (;;)
		pause();
}

CASE(tty_that_a_session_leader_opens_is_its)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	unlockpt(master);
	SHOW(setsid() > 0);
	SHOW(open("/dev/tty", O_RDWR));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	SHOW(open("/dev/tty", O_RDWR));
	SHOW(open(ptsname(master), O_WRONLY) >= 0);
	SHOW(open("/dev/tty", O_RDWR));
	SHOW(open(ptsname(master), O_RDWR) >= 0);
	SHOW(open("/dev/tty", O_RDWR) >= 0);
	SHOW(tcgetsid(slave) == getpid());
	SHOW(tcgetpgrp(slave) == getpgrp());
	SHOW(tcgetsid(master) == getpid());
	SHOW(tcgetpgrp(master) == getpgrp());
	SHOW(ioctl(slave, TIOCSCTTY, 0));
	catch_signal(SIGHUP, 0);
	SHOW(ioctl(slave, TIOCNOTTY, 0));
	SHOW(signals_caught);
	SHOW(ioctl(slave, TIOCNOTTY, 0));
}

CASE(tty_that_is_taken)
{
	struct pair pair = open_pair(), other = open_pair();
	pid_t child;

	SHOW(ioctl(pair.slave, TIOCSCTTY, 0));
	SHOW(setsid() > 0);
	SHOW(ioctl(pair.slave, TIOCSCTTY, 0));
	SHOW(ioctl(other.slave, TIOCSCTTY, 0));
	SHOW(tcgetpgrp(other.slave));
	SHOW(tcsetpgrp(other.slave, getpgrp()));
	SHOW(tcsetpgrp(pair.slave, 1));
	signal(SIGHUP, SIG_IGN);
	SHOW(ioctl(pair.slave, TIOCNOTTY, 0));
	SHOW(open("/dev/tty", O_RDWR));
	SHOW(ioctl(pair.slave, TIOCSCTTY, 0));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		setsid();
		SHOW(open("/dev/tty", O_RDWR));
		SHOW(ioctl(pair.slave, TIOCSCTTY, 0));
		SHOW(ioctl(pair.slave, TIOCSCTTY, 1));
		fflush(stdout);
		_exit(0);
	}
	tell_end(child);
}

static void compare_device(int slave)
{
	char line[512];
	FILE *file = fopen("/proc/self/stat", "r");
	struct stat status;
	int device = 0, foreground = 0;

	fstat(slave, &status);
	if (file && fgets(line, sizeof(line), file))
		sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %d %d", &device, &foreground);
	SHOW((dev_t)device == status.st_rdev);
	SHOW(foreground == getpgrp());
	SHOW(stat("/dev/tty", &status));
	SHOW(status.st_rdev);
}

CASE(tty_in_proc)
{
	struct pair pair = open_pair();

	tell_end(child_with_terminal(&pair, compare_device));
}

CASE(tty_keys_that_are_signals)
{
	static const char *const keys[] = {"\003", "\034"};
	struct pair pair = open_pair();
	pid_t child;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		child = child_with_terminal(&pair, wait_for_signal);
		type(pair.master, keys[i]);
		tell_end(child);
		tell(pair.master);
	}
}

/* A job of its own in the foreground. */
static void run_a_job(int slave)
{
	pid_t job;
	int status = 0;

	signal(SIGTTOU, SIG_IGN);
	job = fork();
	if (job == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(slave, getpid());
		wait_for_signal(slave);
	}
	if (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status))
		SAY("the job is stopped by %d", WSTOPSIG(status));
	kill(job, SIGCONT);
	(void)!write(slave, "goes on", 7);
	if (waitpid(job, &status, 0) == job && WIFSIGNALED(status))
		SAY("the job is ended by %d", WTERMSIG(status));
	SHOW(tcgetpgrp(slave) == job);
	SHOW(tcsetpgrp(slave, getpgrp()));
	SHOW(tcgetpgrp(slave) == getpgrp());
}

CASE(tty_job_that_is_stopped_and_ended)
{
	struct pair pair = open_pair();
	pid_t child = child_with_terminal(&pair, run_a_job);

	wait_for_foreground(pair.master, child);
	type(pair.master, "\032");
	skip_to(pair.master, 'n');
	type(pair.master, "\003");
	tell_end(child);
	tell(pair.master);
}

static void run_in_background(int slave)
{
	struct termios settings;
	pid_t job;
	char byte;

	for (int change = 0; change < 2; change++) {
		fflush(stdout);
		job = fork();
		if (job == 0) {
			setpgid(0, 0);
			if (change && tcgetattr(slave, &settings) == 0)
				tcsetattr(slave, TCSANOW, &settings);
			_exit(read(slave, &byte, 1) != 1);
		}
		tell_end(job);
		kill(job, SIGKILL);
		tell_end(job);
	}
}

CASE(tty_for_background_jobs)
{
	struct pair pair = open_pair();

	tell_end(child_with_terminal(&pair, run_in_background));
}

static void wait_for_new_size(int slave)
{
	struct winsize size = {0};

	catch_signal(SIGWINCH, SA_RESTART);
	for (int sizes = 0; sizes < 3; sizes++) {
		(void)!write(slave, "?", 1);
		skip_to(slave, '\n');
		ioctl(slave, TIOCGWINSZ, &size);
		SAY("%u x %u, %d signals", size.ws_row, size.ws_col, signals_caught);
	}
}

CASE(tty_that_gets_another_size)
{
	struct pair pair = open_pair();
	struct winsize size = {30, 90, 0, 0};
	pid_t child = child_with_terminal(&pair, wait_for_new_size);

	for (int sizes = 0; sizes < 3; sizes++) {
		skip_to(pair.master, '?');
		size.ws_row += sizes == 1; /* else it is the same size again */
		SHOW(ioctl(pair.master, TIOCSWINSZ, &size));
		type(pair.master, "\n");
	}
	tell_end(child);
}

CASE(tty_whose_master_goes_tells_the_session_leader)
{
	struct pair pair = open_pair();
	pid_t child = child_with_terminal(&pair, wait_for_signal);

	wait_until_asleep(child);
	close(pair.master);
	tell_end(child);
}

static void read_on(int slave)
{
	char byte;

	signal(SIGHUP, SIG_IGN);
	SHOW(read(slave, &byte, 1));
	SHOW(read(slave, &byte, 1));
	SHOW(write(slave, "x", 1));
	SHOW(open("/dev/tty", O_RDWR));
	SHOW(ioctl(slave, TIOCSCTTY, 0));
}

CASE(tty_reader_whose_master_goes)
{
	struct pair pair = open_pair();
	pid_t child = child_with_terminal(&pair, read_on);

	wait_until_asleep(child);
	close(pair.master);
	tell_end(child);
}

static void write_on(int slave)
{
	char bytes[1024];

	memset(bytes, 'x', sizeof(bytes));
	signal(SIGHUP, SIG_IGN);
	while (write(slave, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes))
		;
	SHOW(write(slave, bytes, 1));
}

CASE(tty_writer_whose_master_goes)
{
	struct pair pair = open_pair();
	pid_t child = child_with_terminal(&pair, write_on);

	wait_until_asleep(child);
	close(pair.master);
	tell_end(child);
}

static void end_for_hang_up(int number)
{
	(void)number;
	_exit(GONE);
}

/* The leader of a session and a job in the foreground, which says how it ends. */
static void lead_a_job(int slave)
{
	pid_t job = fork();

	if (job == 0) {
		signal(SIGHUP, end_for_hang_up);
		signal(SIGTTOU, SIG_IGN);
		setpgid(0, 0);
		(void)!write(slave, "ready\n", 6);
		tcsetpgrp(slave, getpid());
		wait_for_signal(slave);
	}
	wait_for_foreground(slave, getpgrp());
}

static void lead_a_job_until_hang_up(int slave)
{
	lead_a_job(slave);
	wait_for_signal(slave);
}

/* The job's end is seen at a pipe that it holds. */
static void tell_end_of_all(int end)
{
	char byte;

	SHOW(read(end, &byte, 1));
}

CASE(tty_foreground_job_hears_of_the_leaders_end)
{
	struct pair pair = open_pair();
	int ends[2];
	pid_t child;

	SHOW(pipe(ends));
	child = child_with_terminal(&pair, lead_a_job);
	close(ends[1]);
	tell(pair.master);
	tell_end(child);
	tell_end_of_all(ends[0]);
	/* What is open of the slave was not cut off. */
	SHOW(write(pair.slave, "still\n", 6));
	tell(pair.master);
	SHOW(tcgetsid(pair.master));
}

CASE(tty_foreground_job_hears_of_the_masters_end_by_the_leaders)
{
	struct pair pair = open_pair();
	int ends[2];
	pid_t child;

	SHOW(pipe(ends));
	child = child_with_terminal(&pair, lead_a_job_until_hang_up);
	close(ends[1]);
	tell(pair.master);
	wait_for_foreground(pair.master, child);
	close(pair.master);
	tell_end(child);
	tell_end_of_all(ends[0]);
}
