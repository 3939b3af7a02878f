/* SPDX-License-Identifier: MIT
 *
 * inotify(7).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <utime.h>

#include "contract.h"

static const struct {
	uint32_t bit;
	const char *name;
} bits[] = {
#define B(name) {IN_##name, #name}
        B(ACCESS),     B(MODIFY),   B(ATTRIB), B(CLOSE_WRITE), B(CLOSE_NOWRITE), B(OPEN),
        B(MOVED_FROM), B(MOVED_TO), B(CREATE), B(DELETE),      B(DELETE_SELF),   B(MOVE_SELF),
        B(Q_OVERFLOW), B(IGNORED),  B(ISDIR),  B(UNMOUNT),
#undef B
};

/* One event; cookies as how many others there were before them. */
static void say(const struct inotify_event *event)
{
	static uint32_t first;

	printf("  %d", event->wd);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (event->mask & bits[i].bit)
			printf(" %s", bits[i].name);
	if (event->cookie && !first)
		first = event->cookie;
	if (event->cookie)
		printf(" cookie %u", event->cookie - first);
	if (event->len)
		printf(" %s (%u)", event->name, event->len);
	putchar('\n');
}

static void say_all(int fd)
{
	static char buffer[8192] __attribute__((aligned(8)));
	long size;

	while ((size = read(fd, buffer, sizeof(buffer))) > 0)
		for (char *at = buffer; at < buffer + size;) {
			const struct inotify_event *event = (void *)at;

			say(event);
			at += sizeof(*event) + event->len;
		}
	if (size == 0 || errno != EAGAIN)
		SAY("  read: %ld, errno %d", size, errno);
}

/* A call, and what is heard of it. */
#define HEAR(call)                                                                                 \
	do {                                                                                       \
		show(#call, (errno = 0, (long)(call)));                                            \
		say_all(in);                                                                       \
	} while (0)

CASE(inotify_hears_of_names)
{
	int in = inotify_init1(IN_NONBLOCK);

	SHOW(inotify_add_watch(in, ".", IN_ALL_EVENTS & ~(IN_OPEN | IN_CLOSE | IN_ACCESS)));
	HEAR(mkdir("d", 0700));
	HEAR(mknod("file", S_IFREG | 0600, 0));
	HEAR(mkfifo("pipe", 0600));
	HEAR(symlink("file", "link"));
	HEAR(link("file", "hard"));
	HEAR(close(open("new", O_CREAT | O_WRONLY, 0600)));
	HEAR(unlink("hard"));
	HEAR(unlink("link"));
	HEAR(rmdir("d"));
	HEAR(mkdir("d", 0700));
	HEAR(mkdir("d/below", 0700));
	HEAR(chmod("d", 0711));
	HEAR(unlink("none"));
}

CASE(inotify_hears_of_contents)
{
	int in = inotify_init1(IN_NONBLOCK), fd;
	char text[8];

	make_file("file", "text");
	SHOW(inotify_add_watch(in, ".", IN_ALL_EVENTS));
	HEAR(fd = open("file", O_RDWR));
	HEAR(read(fd, text, sizeof(text)));
	HEAR(read(fd, text, sizeof(text)));
	HEAR(pread(fd, text, 2, 0));
	HEAR(write(fd, "more", 4));
	HEAR(pwrite(fd, "more", 4, 0));
	HEAR(write(fd, "", 0));
	HEAR(ftruncate(fd, 3));
	HEAR(fchmod(fd, 0640));
	HEAR(lseek(fd, 0, SEEK_SET));
	HEAR(fcntl(fd, F_GETFL) & O_ACCMODE);
	HEAR(close(fd));
	HEAR(close(open("file", O_RDONLY)));
	HEAR(close(open("file", O_WRONLY)));
	HEAR(close(open("file", O_PATH)));
	HEAR(truncate("file", 1));
	HEAR(utime("file", NULL));
}

CASE(inotify_hears_of_copies)
{
	int in = inotify_init1(IN_NONBLOCK);
	int from = make_file("from", "text"), to = make_file("to", "");

	SHOW(inotify_add_watch(in, "from", IN_ALL_EVENTS));
	SHOW(inotify_add_watch(in, "to", IN_ALL_EVENTS));
	HEAR(sendfile(to, from, NULL, 2));
	HEAR(sendfile(to, from, NULL, 9));
	HEAR(sendfile(to, from, NULL, 9));
	HEAR(fallocate(to, 0, 0, 100));
}

CASE(inotify_tells_each_instance)
{
	int in = inotify_init1(IN_NONBLOCK), other = inotify_init1(IN_NONBLOCK);

	SHOW(inotify_add_watch(in, ".", IN_CREATE | IN_DELETE));
	SHOW(inotify_add_watch(other, ".", IN_DELETE));
	mkdir("d", 0700);
	rmdir("d");
	say_all(in);
	say_all(other);
	close(in);
	mkdir("d", 0700);
	rmdir("d");
	mkdir("e", 0700);
	rmdir("e");
	say_all(other);
}

CASE(inotify_hears_of_truncating_opens)
{
	int in = inotify_init1(IN_NONBLOCK), fd;

	make_file("file", "text");
	/* Linux 6.1 and later ones differ in what comes first, this or the opening. */
	SHOW(inotify_add_watch(in, "file", IN_ALL_EVENTS & ~IN_OPEN));
	HEAR(fd = open("file", O_RDWR | O_TRUNC));
	HEAR(close(fd));
	HEAR(fd = open("file", O_RDWR | O_TRUNC | O_CREAT, 0600));
	HEAR(close(fd));
}

CASE(inotify_hears_of_directories)
{
	int in = inotify_init1(IN_NONBLOCK), fd;
	char entries[4096];

	mkdir("d", 0700);
	SHOW(inotify_add_watch(in, ".", IN_ALL_EVENTS));
	SHOW(inotify_add_watch(in, "d", IN_ALL_EVENTS));
	HEAR(fd = open("d", O_RDONLY | O_DIRECTORY));
	HEAR(syscall(SYS_getdents64, fd, entries, sizeof(entries)) > 0);
	HEAR(fchmod(fd, 0755));
	HEAR(close(fd));
}

CASE(inotify_hears_of_a_file_itself)
{
	int in = inotify_init1(IN_NONBLOCK), fd;

	close(make_file("file", "text"));
	SHOW(inotify_add_watch(in, "file", IN_ALL_EVENTS));
	HEAR(link("file", "hard"));
	HEAR(unlink("file"));
	HEAR(rename("hard", "again"));
	HEAR(fd = open("again", O_WRONLY));
	HEAR(unlink("again"));
	HEAR(write(fd, "x", 1));
	HEAR(close(fd));
	HEAR(inotify_rm_watch(in, 1));
}

CASE(inotify_hears_of_the_end_of_a_directory)
{
	int in = inotify_init1(IN_NONBLOCK);

	mkdir("d", 0700);
	SHOW(inotify_add_watch(in, "d", IN_ALL_EVENTS));
	HEAR(rename("d", "e"));
	HEAR(rmdir("e"));
	SHOW(inotify_rm_watch(in, 1));
}

CASE(inotify_hears_of_moves)
{
	int in = inotify_init1(IN_NONBLOCK);

	make_file("file", "text");
	make_file("other", "text");
	mkdir("d", 0700);
	mkdir("e", 0700);
	SHOW(inotify_add_watch(in, ".", IN_MOVE | IN_CREATE | IN_DELETE));
	SHOW(inotify_add_watch(in, "d", IN_MOVE | IN_CREATE | IN_DELETE));
	SHOW(inotify_add_watch(in, "file", IN_MOVE_SELF | IN_DELETE_SELF | IN_ATTRIB));
	HEAR(rename("file", "name"));
	HEAR(rename("name", "d/name"));
	HEAR(rename("d/name", "e/name"));
	HEAR(rename("e/name", "d/back"));
	HEAR(rename("d/back", "other"));
	HEAR(rename("e", "d/e"));
	HEAR(rename("none", "file"));
	HEAR(rename("other", "other"));
}

CASE(inotify_hears_of_what_was_replaced)
{
	int in = inotify_init1(IN_NONBLOCK);

	close(make_file("file", "text"));
	close(make_file("other", "text"));
	SHOW(inotify_add_watch(in, "other", IN_ALL_EVENTS));
	HEAR(rename("file", "other"));
}

CASE(inotify_names_what_was_moved_while_open)
{
	int in = inotify_init1(IN_NONBLOCK), fd = make_file("file", "text");

	mkdir("d", 0700);
	rename("file", "d/moved");
	SHOW(inotify_add_watch(in, "d", IN_MODIFY | IN_CLOSE));
	HEAR(write(fd, "x", 1));
	rename("d/moved", "d/again");
	HEAR(write(fd, "x", 1));
	unlink("d/again");
	HEAR(write(fd, "x", 1));
	HEAR(close(fd));
}

CASE(inotify_leaves_out_what_was_unlinked)
{
	int in = inotify_init1(IN_NONBLOCK), fd = make_file("file", "text");

	SHOW(inotify_add_watch(in, ".", IN_MODIFY | IN_CLOSE | IN_EXCL_UNLINK));
	HEAR(write(fd, "x", 1));
	unlink("file");
	HEAR(write(fd, "x", 1));
	HEAR(close(fd));
}

CASE(inotify_changes_a_watch)
{
	int in = inotify_init1(IN_NONBLOCK);

	close(make_file("file", "text"));
	symlink("file", "link");
	SHOW(inotify_add_watch(in, "file", IN_ATTRIB));
	SHOW(inotify_add_watch(in, "link", IN_MODIFY | IN_MASK_ADD));
	HEAR(chmod("file", 0600));
	HEAR(truncate("file", 1));
	SHOW(inotify_add_watch(in, "file", IN_MODIFY));
	HEAR(chmod("file", 0600));
	HEAR(truncate("file", 1));
	SHOW(inotify_add_watch(in, "file", IN_MODIFY | IN_MASK_CREATE));
	SHOW(inotify_add_watch(in, "link", IN_ATTRIB | IN_DONT_FOLLOW | IN_MASK_CREATE));
	SHOW(inotify_add_watch(in, ".", IN_ATTRIB));
	SHOW(inotify_rm_watch(in, 2));
	SHOW(inotify_rm_watch(in, 2));
	say_all(in);
	SHOW(inotify_add_watch(in, "link", IN_ATTRIB | IN_DONT_FOLLOW | IN_MASK_CREATE));
}

CASE(inotify_watches_once)
{
	int in = inotify_init1(IN_NONBLOCK);

	close(make_file("file", "text"));
	SHOW(inotify_add_watch(in, "file", IN_ATTRIB | IN_ONESHOT));
	HEAR(truncate("file", 1));
	HEAR(chmod("file", 0600));
	HEAR(chmod("file", 0644));
	SHOW(inotify_rm_watch(in, 1));
}

CASE(inotify_refuses)
{
	int in = inotify_init1(IN_CLOEXEC), fd = make_file("file", "text");

	mkdir("closed", 0300);
	SHOW(inotify_init1(1));
	SHOW(fcntl(in, F_GETFD));
	SHOW(fcntl(in, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	SHOW(inotify_add_watch(in, "none", IN_OPEN));
	SHOW(inotify_add_watch(in, "", IN_OPEN));
	SHOW(inotify_add_watch(in, "file", 0));
	SHOW(inotify_add_watch(in, "file", 0x10000));
	SHOW(inotify_add_watch(in, "file", IN_OPEN | IN_ONLYDIR));
	SHOW(inotify_add_watch(in, "file", IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE));
	SHOW(inotify_add_watch(in, "closed", IN_OPEN));
	SHOW(inotify_add_watch(in, (void *)8, IN_OPEN));
	SHOW(inotify_add_watch(fd, "file", IN_OPEN));
	SHOW(inotify_add_watch(99, "file", IN_OPEN));
	SHOW(inotify_rm_watch(in, 1));
	SHOW(inotify_rm_watch(fd, 1));
	SHOW(inotify_rm_watch(99, 1));
	SHOW(write(in, "x", 1));
	SHOW(inotify_add_watch(in, "file", IN_ISDIR));
}

CASE(inotify_reads_what_fits)
{
	int in = inotify_init1(IN_NONBLOCK), waiting = -1;
	char buffer[256];

	SHOW(inotify_add_watch(in, ".", IN_CREATE));
	SHOW(read(in, buffer, sizeof(buffer)));
	SHOW(poll_now(in, POLLIN | POLLOUT));
	mkdir("a-name-of-16-byt", 0700);
	mkdir("a-name-of-15-by", 0700);
	mkdir("b", 0700);
	SHOW(poll_now(in, POLLIN | POLLOUT));
	SHOW(ioctl(in, FIONREAD, &waiting));
	SHOW(waiting);
	SHOW(read(in, buffer, 15));
	SHOW(read(in, buffer, 47));
	SHOW(read(in, buffer, 48));
	SHOW(read(in, buffer, 63));
	SHOW(ioctl(in, FIONREAD, &waiting));
	SHOW(waiting);
	SHOW(read(in, (void *)8, 64));
	SHOW(read(in, buffer, 64));
}

CASE(inotify_says_equal_things_once)
{
	int in = inotify_init1(IN_NONBLOCK), fd = make_file("file", "text");

	SHOW(inotify_add_watch(in, ".", IN_MODIFY | IN_ATTRIB));
	write(fd, "a", 1);
	write(fd, "b", 1);
	fchmod(fd, 0600);
	write(fd, "c", 1);
	say_all(in);
}

CASE(inotify_wakes_a_reader)
{
	int in = inotify_init(), ep = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN};
	char buffer[256];

	SHOW(inotify_add_watch(in, ".", IN_CREATE));
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, in, &event));
	SHOW(epoll_wait(ep, &event, 1, 0));
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		mkdir("a", 0700);
		rest(20);
		mkdir("b", 0700);
		_exit(0);
	}
	SHOW(read(in, buffer, sizeof(buffer)));
	SHOW(epoll_wait(ep, &event, 1, 5000));
	SHOW(event.events);
	SHOW(read(in, buffer, sizeof(buffer)));
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 50);
	SHOW(read(in, buffer, sizeof(buffer)));
	SHOW(signals_caught);
}

/* How much it takes, of each kind, is known to who reads /proc/sys/fs/inotify. */
static long bound(const char *name)
{
	char path[64], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/fs/inotify/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		SAY("%s cannot be read", path);
	close(fd);
	return atol(text);
}

CASE(inotify_overflows)
{
	int in = inotify_init1(IN_NONBLOCK), fd = make_file("file", "text");
	int other = make_file("other", "text");
	long most = bound("max_queued_events"), heard = 0, last = 0;
	char byte;
	static struct inotify_event events[256];

	SHOW(inotify_add_watch(in, "file", IN_MODIFY | IN_ACCESS));
	SHOW(inotify_add_watch(in, "other", IN_ACCESS));
	for (long i = 0; i < most + 20; i++)
		(void)!pread(i % 2 ? fd : other, &byte, 1, 0);
	for (long size; (size = read(in, events, sizeof(events))) > 0; last--) {
		last = size / (long)sizeof(events[0]);
		heard += last;
	}
	SHOW(heard - most);
	SHOW(events[last].mask == IN_Q_OVERFLOW);
	SHOW(events[last].wd);
	write(fd, "x", 1);
	say_all(in);
}

CASE(inotify_has_so_many_instances)
{
	long most = bound("max_user_instances");
	long made = 0;

	while (made <= most && inotify_init() >= 0)
		made++;
	SHOW(errno);
	SHOW(made > most / 2);
}
