/* SPDX-License-Identifier: MIT
 *
 * What travels beside the bytes: open files, and who sends (unix(7), "Ancillary messages").
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "contract.h"

#define MOST 300

static int pair[2];

static void make(int type)
{
	if (socketpair(AF_UNIX, type, 0, pair) < 0)
		SAY("no pair: %d", errno);
}

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(MOST * sizeof(int)) + 64];
};

static long send_files(int to, const char *text, const int *files, int count)
{
	union control control = {0};
	struct iovec piece = {(void *)text, strlen(text)};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control};

	message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(&control.header), files, count * sizeof(int));
	return syscall(SYS_sendmsg, to, &message, MSG_NOSIGNAL);
}

/* Says what came; the files' descriptors. */
static int receive(int from, int size, size_t room, int flags, int *files)
{
	static char text[64];
	union control control;
	struct iovec piece = {text, size};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control};
	int count = 0;
	long got;

	message.msg_controllen = room;
	got = recvmsg(from, &message, flags);
	if (got < 0) {
		SAY("error %d", errno);
		return 0;
	}
	printf("%.*s: flags %x, control %zu", (int)got, text, (unsigned int)message.msg_flags,
	       (size_t)message.msg_controllen);
	for (struct cmsghdr *one = CMSG_FIRSTHDR(&message); one; one = CMSG_NXTHDR(&message, one)) {
		printf(", %d of %zu", one->cmsg_type, (size_t)one->cmsg_len);
		if (one->cmsg_type == SCM_RIGHTS) {
			count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			memcpy(files, CMSG_DATA(one), count * sizeof(int));
		}
	}
	putchar('\n');
	return count;
}

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

CASE(files_travel)
{
	int file = make_file("f", "contents"), files[4], count;
	char text[9] = "";

	make(SOCK_STREAM);
	SHOW(send_files(pair[0], "a", (int[]){file, pair[0]}, 2));
	close(file);
	count = receive(pair[1], 8, sizeof(union control), 0, files);
	SHOW(count);
	SHOW(files[0]);
	SHOW(files[1]);
	SHOW(fcntl(files[0], F_GETFD));
	SHOW(read(files[0], text, 8));
	SAY("%s", text);
	SHOW(write(files[1], "again", 5));
	SHOW(read(pair[1], text, 8));
	SHOW(send_files(pair[0], "b", files, 1));
	count = receive(pair[1], 8, sizeof(union control), MSG_CMSG_CLOEXEC, files);
	SHOW(fcntl(files[0], F_GETFD));
}

CASE(files_of_a_process_that_ends)
{
	int files[2], status;
	char text[8];

	make(SOCK_DGRAM);
	fflush(stdout);
	if (fork() == 0) {
		int ends[2];

		pipe(ends);
		write(ends[1], "hidden", 6);
		_exit(send_files(pair[0], "pipe", ends, 1) != 4);
	}
	wait(&status);
	SHOW(status);
	SHOW(receive(pair[1], 8, sizeof(union control), 0, files));
	SHOW(read(files[0], text, sizeof(text)));
	SHOW(read(files[0], text, sizeof(text)));
}

CASE(files_are_refused)
{
	int many[MOST];

	make(SOCK_DGRAM);
	for (int i = 0; i < MOST; i++)
		many[i] = 0;
	SHOW(send_files(pair[0], "x", many, 253));
	SHOW(send_files(pair[0], "x", many, 254));
	many[2] = 77;
	SHOW(send_files(pair[0], "x", many, 3));
	many[2] = -1;
	SHOW(send_files(pair[0], "x", many, 3));
	SHOW(send_files(pair[0], "x", many, 0));
	SHOW(receive(pair[1], 8, sizeof(union control), 0, many));
	SHOW(receive(pair[1], 8, sizeof(union control), 0, many));
	SHOW(receive(pair[1], 8, sizeof(union control), MSG_DONTWAIT, many));
}

CASE(control_messages_are_refused)
{
	union control control = {0};
	struct iovec piece = {"x", 1};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control};

	make(SOCK_STREAM);
	message.msg_controllen = 15;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	message.msg_controllen = 16;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	control.header.cmsg_len = 17;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	control.header.cmsg_len = 16;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = 77;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	control.header.cmsg_type = SCM_CREDENTIALS;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	message.msg_control = (void *)8;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
}

CASE(files_without_room)
{
	int files[4];

	make(SOCK_DGRAM);
	for (int i = 0; i < 5; i++)
		send_files(pair[0], "x", (int[]){0, 1, 2}, 3);
	SHOW(receive(pair[1], 8, 0, 0, files));
	SHOW(receive(pair[1], 8, 15, 0, files));
	SHOW(receive(pair[1], 8, CMSG_LEN(4), 0, files));
	SHOW(is_open(files[0]));
	SHOW(receive(pair[1], 8, CMSG_SPACE(8), 0, files));
	SHOW(read(pair[1], files, 4));
	/* What nobody took is closed. */
	SHOW(open("/dev/null", O_RDONLY));
}

CASE(files_without_descriptors)
{
	struct rlimit limit = {7, 7};
	int files[4];

	make(SOCK_DGRAM);
	send_files(pair[0], "x", (int[]){0, 1, 2}, 3);
	send_files(pair[0], "x", (int[]){0, 1, 2}, 3);
	setrlimit(RLIMIT_NOFILE, &limit);
	SHOW(receive(pair[1], 8, sizeof(union control), 0, files));
	SHOW(receive(pair[1], 8, sizeof(union control), 0, files));
}

CASE(files_divide_a_stream)
{
	int files[4];

	make(SOCK_STREAM);
	write(pair[0], "ab", 2);
	send_files(pair[0], "cd", (int[]){0}, 1);
	write(pair[0], "ef", 2);
	send_files(pair[0], "gh", (int[]){0}, 1);
	send_files(pair[0], "ij", (int[]){0}, 1);
	SHOW(receive(pair[1], 3, sizeof(union control), 0, files));
	SHOW(receive(pair[1], 8, sizeof(union control), 0, files));
	SHOW(receive(pair[1], 8, sizeof(union control), MSG_DONTWAIT, files));
	SHOW(receive(pair[1], 8, sizeof(union control), MSG_DONTWAIT, files));
	SHOW(receive(pair[1], 8, sizeof(union control), MSG_DONTWAIT, files));
}

CASE(files_are_peeked_at)
{
	int files[2], again[2];

	make(SOCK_DGRAM);
	send_files(pair[0], "peek", (int[]){0}, 1);
	SHOW(receive(pair[1], 8, sizeof(union control), MSG_PEEK, files));
	SHOW(receive(pair[1], 8, sizeof(union control), 0, again));
	SHOW(is_open(files[0]));
	SHOW(again[0] != files[0]);
}

/* The other end of a pipe tells when the last one is closed. */
static int pipe_end(int *ends)
{
	char byte;

	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 40; i++) {
		if (read(ends[0], &byte, 1) == 0)
			return 1;
		rest(50);
	}
	return 0;
}

CASE(files_in_a_socket_that_is_closed)
{
	int ends[2];

	make(SOCK_STREAM);
	pipe(ends);
	send_files(pair[0], "x", &ends[1], 1);
	close(ends[1]);
	close(pair[1]);
	SHOW(pipe_end(ends));
}

CASE(sockets_that_travel_to_each_other)
{
	int ends[2], other;

	make(SOCK_STREAM);
	pipe(ends);
	other = pair[0];
	/* Each lies in the other, and the pipe in both. */
	SHOW(send_files(pair[0], "x", (int[]){pair[0], ends[1]}, 2));
	SHOW(send_files(pair[1], "x", (int[]){pair[1], ends[1]}, 2));
	close(ends[1]);
	close(pair[1]);
	SHOW(is_open(other));
	close(other);
	/* Linux looks for such sockets when another one is closed. */
	close(socket(AF_UNIX, SOCK_DGRAM, 0));
	SHOW(pipe_end(ends));
}

CASE(a_socket_in_its_own_messages)
{
	int ends[2];

	make(SOCK_DGRAM);
	pipe(ends);
	SHOW(send_files(pair[0], "x", (int[]){pair[1], ends[1]}, 2));
	close(ends[1]);
	close(pair[1]);
	close(pair[0]);
	close(socket(AF_UNIX, SOCK_DGRAM, 0));
	SHOW(pipe_end(ends));
}

#define CHAIN 200

CASE(a_long_chain_of_sockets)
{
	int ends[2], next[2], inner;

	pipe(ends);
	inner = ends[1];
	/* Each pair has the one before among its messages. */
	for (int i = 0; i < CHAIN; i++) {
		socketpair(AF_UNIX, SOCK_DGRAM, 0, next);
		if (send_files(next[0], "x", &inner, 1) != 1)
			SAY("not sent: %d", errno);
		close(inner);
		close(next[0]);
		inner = next[1];
	}
	close(inner);
	SHOW(pipe_end(ends));
}

CASE(files_on_their_way_are_bounded)
{
	struct rlimit limit = {20, 20};
	int sent = 0, error;

	make(SOCK_DGRAM);
	setrlimit(RLIMIT_NOFILE, &limit);
	while (sent < 1000 && send_files(pair[0], "x", (int[]){0, 0, 0, 0}, 4) == 1)
		sent++;
	error = errno;
	SHOW(sent);
	SHOW(error == ETOOMANYREFS);
	SHOW(write(pair[0], "x", 1));
}

static int set_option(int fd, int which)
{
	return setsockopt(fd, SOL_SOCKET, which, &(int){1}, sizeof(int));
}

/* Who the next message says that it is from. */
static void say_sender(int from, int size)
{
	union control control;
	char text[16];
	struct iovec piece = {text, size};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control};
	struct ucred sender = {-5, 0, 0};
	long got;

	message.msg_controllen = sizeof(control);
	got = recvmsg(from, &message, MSG_DONTWAIT);
	if (got > 0 && message.msg_controllen >= CMSG_LEN(sizeof(sender)))
		memcpy(&sender, CMSG_DATA(&control.header), sizeof(sender));
	SAY("%ld bytes, flags %x, control %zu: %s, user %d, group %d", got,
	    (unsigned int)message.msg_flags, got < 0 ? 0 : (size_t)message.msg_controllen,
	    sender.pid == getpid()  ? "mine"
	    : sender.pid == -5      ? "nobody's"
	    : sender.pid == 0       ? "unknown"
	                            : "another one's",
	    sender.uid == getuid(), sender.gid == getgid());
}

static long send_as(int to, struct ucred who)
{
	union control control = {0};
	struct iovec piece = {"as", 2};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control};

	message.msg_controllen = CMSG_SPACE(sizeof(who));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_CREDENTIALS;
	control.header.cmsg_len = CMSG_LEN(sizeof(who));
	memcpy(CMSG_DATA(&control.header), &who, sizeof(who));
	return syscall(SYS_sendmsg, to, &message, 0);
}

CASE(senders_are_told)
{
	struct ucred self = {getpid(), getuid(), getgid()};

	make(SOCK_DGRAM);
	SHOW(set_option(pair[1], SO_PASSCRED));
	SHOW(write(pair[0], "plain", 5));
	say_sender(pair[1], 16);
	SHOW(send_as(pair[0], self));
	say_sender(pair[1], 16);
	self.pid++;
	SHOW(send_as(pair[0], self));
	self.pid--;
	self.uid = 12345;
	SHOW(send_as(pair[0], self));
	self.uid = getuid();
	self.gid = 12345;
	SHOW(send_as(pair[0], self));
	SHOW(send_as(pair[1], (struct ucred){getpid(), getuid(), getgid()}));
	say_sender(pair[0], 16);
	write(pair[0], "cut", 3);
	SHOW(recv(pair[1], &self, 1, 0));
	write(pair[0], "cut", 3);
	SHOW(receive(pair[1], 8, 20, 0, (int[4]){0}));
}

CASE(senders_divide_a_stream)
{
	make(SOCK_STREAM);
	write(pair[0], "before", 6);
	set_option(pair[1], SO_PASSCRED);
	write(pair[0], "one", 3);
	write(pair[0], "two", 3);
	fflush(stdout);
	if (fork() == 0) {
		write(pair[0], "child", 5);
		_exit(0);
	}
	wait(NULL);
	say_sender(pair[1], 16);
	say_sender(pair[1], 4);
	say_sender(pair[1], 16);
	say_sender(pair[1], 16);
	say_sender(pair[1], 16);
}

CASE(peers_are_told)
{
	struct ucred peer = {-5, 1, 1};
	socklen_t size = sizeof(peer);

	make(SOCK_STREAM);
	SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &size));
	SHOW(peer.pid == getpid() && peer.uid == geteuid() && peer.gid == getegid());
	SHOW(getsockopt(socket(AF_UNIX, SOCK_STREAM, 0), SOL_SOCKET, SO_PEERCRED, &peer, &size));
	SAY("%d %d %d", peer.pid, (int)peer.uid, (int)peer.gid);
	size = 4;
	SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &size));
	SHOW(size);
}
