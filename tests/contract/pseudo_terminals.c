/* SPDX-License-Identifier: MIT
 *
 * Pseudo-terminals as two ends of a line (pty(7), pts(4), ioctl_tty(2)). What they do to sessions
 * is in terminal_sessions.c.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include "contract.h"
#include "terminals.h"

CASE(pty_that_is_opened_step_by_step)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), lock = -1, number = -1;
	struct stat status;
	char name[32];

	SHOW(master >= 0);
	SHOW(ioctl(master, TIOCGPTLCK, &lock));
	SHOW(lock);
	SHOW(ioctl(master, TIOCGPTN, &number));
	snprintf(name, sizeof(name), "/dev/pts/%d", number);
	SHOW(strcmp(name, ptsname(master)));
	SHOW(open(name, O_RDWR | O_NOCTTY));
	SHOW(grantpt(master));
	SHOW(unlockpt(master));
	SHOW(open(name, O_RDWR | O_NOCTTY) >= 0);
	SHOW(stat(name, &status));
	SAY("mode %o links %u", (unsigned int)status.st_mode, (unsigned int)status.st_nlink);
	SAY("mine %d", status.st_uid == geteuid() && status.st_gid == getegid());
	SAY("major %u minor %d", major(status.st_rdev), (int)minor(status.st_rdev) == number);
	SHOW(chmod(name, 0622));
	SHOW(stat(name, &status));
	SAY("mode %o", (unsigned int)status.st_mode);
	close(master);
	SHOW(open(name, O_RDWR | O_NOCTTY));
	SHOW(stat(name, &status));
}

CASE(pty_names_that_are_none)
{
	static const char *const names[] = {"/dev/pts/01", "/dev/pts/x", "/dev/pts/4294967296",
	                                    "/dev/pts/-1", "/dev/pts/99999"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		SHOW(open(names[i], O_RDWR | O_NOCTTY));
	SHOW(open("/dev/pts", O_RDONLY | O_DIRECTORY) >= 0);
	SHOW(open("/dev/pts/new", O_RDWR | O_CREAT, 0600));
}

CASE(pty_that_is_new_has_the_usual_settings)
{
	struct pair pair = open_pair();
	struct termios settings[2];
	struct winsize size = {1, 2, 3, 4};

	SHOW(ioctl(pair.slave, TCGETS, &settings[0]));
	SHOW(ioctl(pair.master, TCGETS, &settings[1]));
	for (int i = 0; i < 2; i++) {
		SAY("%o %o %o %o %d", settings[i].c_iflag, settings[i].c_oflag, settings[i].c_cflag,
		    settings[i].c_lflag, settings[i].c_line);
		for (int key = 0; key < 17; key++)
			printf("%x ", settings[i].c_cc[key]);
		SAY(".");
	}
	SHOW(ioctl(pair.slave, TIOCGWINSZ, &size));
	SAY("%u x %u", size.ws_row, size.ws_col);
	size = (struct winsize){24, 80, 0, 0};
	SHOW(ioctl(pair.master, TIOCSWINSZ, &size));
	SHOW(ioctl(pair.slave, TIOCGWINSZ, &size));
	SAY("%u x %u", size.ws_row, size.ws_col);
	SHOW(isatty(pair.master));
	SHOW(isatty(pair.slave));
	SHOW(lseek(pair.master, 0, SEEK_CUR));
	SHOW(lseek(pair.slave, 0, SEEK_CUR));
}

CASE(pty_commands_of_the_one_side_alone)
{
	struct pair pair = open_pair();
	int value = 0;

	SHOW(ioctl(pair.slave, TIOCGPTN, &value));
	SHOW(ioctl(pair.slave, TIOCSPTLCK, &value));
	SHOW(ioctl(pair.slave, TIOCGPTPEER, O_RDWR));
	SHOW(ioctl(pair.master, TIOCNOTTY, 0));
	SHOW(ioctl(pair.master, TIOCGSID, &value));
	SHOW(ioctl(pair.slave, TIOCGSID, &value));
	SHOW(ioctl(pair.master, TIOCGPGRP, &value));
	SHOW(value);
	SHOW(ioctl(pair.slave, TIOCGPGRP, &value));
	SHOW(ioctl(pair.master, TIOCSPTLCK, NULL));
	SHOW(ioctl(pair.master, TIOCGPTN, NULL));
}

CASE(pty_in_lines)
{
	struct pair pair = open_pair();
	int count = 0;

	type(pair.master, "one\ntwo");
	tell(pair.master);
	SHOW(ioctl(pair.slave, FIONREAD, &count));
	SHOW(count);
	tell(pair.slave);
	SHOW(poll_now(pair.slave, POLLIN));
	type(pair.master, "x\177\177o\n");
	tell(pair.master);
	tell(pair.slave);
	type(pair.master, "words to kill\025left\n");
	tell(pair.slave);
	type(pair.master, "part\004");
	tell(pair.slave);
	type(pair.master, "\004");
	tell(pair.slave);
	type(pair.master, "a\026\003b\n");
	tell(pair.slave);
	tell(pair.master);
}

CASE(pty_that_is_raw)
{
	struct pair pair = open_pair();
	struct termios settings;
	int count = 0;

	tcgetattr(pair.slave, &settings);
	cfmakeraw(&settings);
	SHOW(tcsetattr(pair.slave, TCSANOW, &settings));
	type(pair.master, "a\003\004\r\n");
	SHOW(ioctl(pair.slave, FIONREAD, &count));
	SHOW(count);
	tell(pair.slave);
	SHOW(poll_now(pair.master, POLLIN));
	SHOW(write(pair.slave, "x\ny", 3));
	tell(pair.master);
	settings.c_cc[VMIN] = 0;
	settings.c_cc[VTIME] = 1;
	SHOW(tcsetattr(pair.master, TCSANOW, &settings));
	SHOW(read(pair.slave, &count, 1));
}

CASE(pty_output_is_processed)
{
	struct pair pair = open_pair();
	struct termios settings;
	int count = 0;

	SHOW(write(pair.slave, "a\nb\tc\n", 6));
	rest(20);
	SHOW(ioctl(pair.master, FIONREAD, &count));
	SHOW(count);
	tell(pair.master);
	tcgetattr(pair.slave, &settings);
	settings.c_oflag |= XTABS;
	tcsetattr(pair.slave, TCSADRAIN, &settings);
	SHOW(write(pair.slave, "b\tc\n", 4));
	tell(pair.master);
	settings.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(pair.slave, TCSAFLUSH, &settings);
	type(pair.master, "secret\n");
	tell(pair.slave);
	SHOW(poll_now(pair.master, POLLIN));
}

CASE(pty_without_waiting)
{
	struct pair pair = open_pair();
	char byte;

	fcntl(pair.master, F_SETFL, O_RDWR | O_NONBLOCK);
	fcntl(pair.slave, F_SETFL, O_RDWR | O_NONBLOCK);
	SHOW(read(pair.master, &byte, 1));
	SHOW(read(pair.slave, &byte, 1));
	SHOW(poll_now(pair.master, POLLIN | POLLOUT));
	SHOW(poll_now(pair.slave, POLLIN | POLLOUT));
	type(pair.master, "half");
	SHOW(read(pair.slave, &byte, 1));
	SHOW(read(pair.slave, &byte, 0));
	SHOW(tcflush(pair.slave, TCIFLUSH));
	type(pair.master, "\n");
	tell(pair.slave);
	SHOW(write(pair.master, NULL, 1));
	SHOW(write(pair.slave, NULL, 1));
	SHOW(write(pair.slave, "x", 1));
	rest(20);
	SHOW(poll_now(pair.master, POLLIN));
}

/* Some writes until no more fits, then all of it at the other end. */
static void fill_and_drain(int from, int to)
{
	char bytes[512], back[512];
	long written = 0, got = 0, count;

	memset(bytes, 'x', sizeof(bytes));
	fcntl(from, F_SETFL, O_RDWR | O_NONBLOCK);
	fcntl(to, F_SETFL, O_RDWR | O_NONBLOCK);
	/* Linux moves bytes on behind the writer's back: full is what stays so. */
	for (int quiet = 0; quiet < 3;) {
		count = write(from, bytes, sizeof(bytes));
		if (count > 0) {
			written += count;
			quiet = 0;
		} else {
			rest(20);
			quiet++;
		}
	}
	SHOW(written >= 4000 && written < 200000);
	SHOW(write(from, bytes, 1));
	SHOW(poll_now(from, POLLOUT));
	for (int quiet = 0; quiet < 3;) {
		count = read(to, back, sizeof(back));
		if (count > 0) {
			got += count;
			quiet = 0;
		} else {
			rest(20);
			quiet++;
		}
	}
	SHOW(got == written);
	SHOW(poll_now(from, POLLOUT));
	SHOW(write(from, bytes, 1));
}

CASE(pty_whose_output_nobody_reads_is_full)
{
	struct pair pair = open_pair();

	fill_and_drain(pair.slave, pair.master);
}

CASE(pty_whose_raw_input_nobody_reads_is_full)
{
	struct pair pair = open_pair();
	struct termios settings;

	tcgetattr(pair.slave, &settings);
	cfmakeraw(&settings);
	tcsetattr(pair.slave, TCSANOW, &settings);
	fill_and_drain(pair.master, pair.slave);
}

CASE(pty_that_is_stopped)
{
	struct pair pair = open_pair();

	fcntl(pair.slave, F_SETFL, O_RDWR | O_NONBLOCK);
	type(pair.master, "\023");
	rest(20);
	SHOW(write(pair.slave, "x", 1));
	SHOW(poll_now(pair.slave, POLLOUT));
	type(pair.master, "\021");
	rest(20);
	SHOW(poll_now(pair.slave, POLLOUT));
	SHOW(write(pair.slave, "y", 1));
	tell(pair.master);
	SHOW(tcflow(pair.slave, TCOOFF));
	SHOW(write(pair.slave, "x", 1));
	SHOW(tcflow(pair.slave, TCOON));
	SHOW(write(pair.slave, "z", 1));
	tell(pair.master);
}

CASE(pty_in_an_interest_list)
{
	struct pair pair = open_pair();
	int list = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = 1}, got = {0};

	SHOW(epoll_ctl(list, EPOLL_CTL_ADD, pair.master, &event));
	event.data.u32 = 2;
	SHOW(epoll_ctl(list, EPOLL_CTL_ADD, pair.slave, &event));
	SHOW(epoll_wait(list, &got, 1, 0));
	write_later(pair.slave, "x", 30);
	SHOW(epoll_wait(list, &got, 1, 2000));
	SAY("%u: %x", got.data.u32, got.events);
	tell(pair.master);
	write_later(pair.master, "\n", 30);
	tell(pair.slave);
	tell(pair.master);
	close(pair.slave);
	rest(20);
	SHOW(epoll_wait(list, &got, 1, 2000));
	SAY("%u: %x", got.data.u32, got.events);
}

CASE(pty_whose_slave_is_closed)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char byte;

	unlockpt(master);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	SHOW(read(master, &byte, 1)); /* it was never open */
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	SHOW(write(slave, "last", 4));
	close(slave);
	rest(20);
	SHOW(poll_now(master, POLLIN | POLLOUT));
	tell(master);
	SHOW(read(master, &byte, 1));
	SHOW(poll_now(master, POLLIN | POLLOUT));
	SHOW(write(master, "next\n", 5));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	tell(slave);
	tell(master);
	SHOW(read(master, &byte, 1));
	SHOW(poll_now(master, POLLIN | POLLOUT));
}

CASE(pty_whose_master_is_closed)
{
	struct pair pair = open_pair();
	struct termios settings;
	struct stat status;
	pid_t group = 0;
	char byte;

	type(pair.master, "unread\n");
	rest(20);
	close(pair.master);
	SHOW(read(pair.slave, &byte, 1));
	SHOW(write(pair.slave, "x", 1));
	SHOW(ioctl(pair.slave, TCGETS, &settings));
	SHOW(ioctl(pair.slave, TIOCGPGRP, &group));
	SHOW(poll_now(pair.slave, POLLIN | POLLOUT));
	SHOW(fstat(pair.slave, &status));
	SHOW(isatty(pair.slave));
}

CASE(pty_peers)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), peer;
	char link[32], target[64] = "";

	SHOW(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY));
	unlockpt(master);
	peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	SHOW(peer >= 0);
	SHOW(fcntl(peer, F_GETFD));
	SHOW(fcntl(peer, F_GETFL) & O_ACCMODE);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", peer);
	SHOW(readlink(link, target, sizeof(target) - 1) > 0);
	SHOW(strcmp(target, ptsname(master)));
	SHOW(write(peer, "peer", 4));
	tell(master);
	peer = ioctl(master, TIOCGPTPEER, O_RDONLY | O_NOCTTY);
	SHOW(fcntl(peer, F_GETFL) & O_ACCMODE);
	SHOW(write(peer, "peer", 4));
}

CASE(pty_pairs_do_not_mix)
{
	struct pair pairs[8];
	char text[32];

	for (int i = 0; i < 8; i++) {
		pairs[i] = open_pair();
		snprintf(text, sizeof(text), "pair %d", i);
		SHOW(write(pairs[i].slave, text, 6));
	}
	for (int i = 7; i >= 0; i--)
		tell(pairs[i].master);
	for (int i = 0; i < 8; i++) {
		snprintf(text, sizeof(text), "%s", ttyname(pairs[i].slave));
		SHOW(strcmp(text, ptsname(pairs[i].master)));
	}
}
