/* SPDX-License-Identifier: MIT
 *
 * bind(2), listen(2), accept(2), connect(2) and names of sockets (unix(7)).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "contract.h"

#define ALL (POLLIN | POLLOUT | POLLRDHUP)
#define AT  offsetof(struct sockaddr_un, sun_path)

/* A name is a path; with @ in front it is abstract, and has the process in it. */
static socklen_t make(struct sockaddr_un *name, const char *path)
{
	*name = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (*path != '@') {
		strcpy(name->sun_path, path);
		return AT + strlen(path) + 1;
	}
	return AT + 1 + snprintf(name->sun_path + 1, 100, "aramid.%d.%s", getpid(), path + 1);
}

static int bind_to(int fd, const char *path)
{
	struct sockaddr_un name;

	return bind(fd, (void *)&name, make(&name, path));
}

static int connect_to(int fd, const char *path)
{
	struct sockaddr_un name;

	return connect(fd, (void *)&name, make(&name, path));
}

static long send_to(int fd, const char *text, const char *path)
{
	struct sockaddr_un name;

	return sendto(fd, text, strlen(text), MSG_DONTWAIT, (void *)&name, make(&name, path));
}

static int unix_socket(int type)
{
	return socket(AF_UNIX, type, 0);
}

static int listening(const char *path)
{
	int fd = unix_socket(SOCK_STREAM);

	if (bind_to(fd, path) || listen(fd, 5))
		SAY("not listening: %d", errno);
	return fd;
}

/* An error that contract.h has no name for. */
static int is(int result, int error)
{
	return result == -1 && errno == error;
}

static void say_name(const char *what, int (*ask)(int, struct sockaddr *, socklen_t *), int fd)
{
	struct sockaddr_un name;
	socklen_t size = sizeof(name);

	memset(&name, 0, sizeof(name));
	if (ask(fd, (void *)&name, &size) < 0)
		SAY("%s: error %d", what, errno);
	else if (size > AT && name.sun_path[0] == '\0')
		SAY("%s: abstract, %d bytes more", what, size - (int)AT > 6);
	else
		SAY("%s: family %d, size %u, %.108s", what, name.sun_family, size, name.sun_path);
}

CASE(bind_to_a_path)
{
	int fd = unix_socket(SOCK_STREAM), other = unix_socket(SOCK_STREAM);
	struct stat status;

	umask(027);
	SHOW(bind_to(fd, "s"));
	SHOW(stat("s", &status));
	SAY("%o", (unsigned int)status.st_mode);
	SHOW(is(bind_to(other, "s"), EADDRINUSE));
	SHOW(bind_to(fd, "t"));
	say_name("own", getsockname, fd);
	say_name("other", getsockname, other);
	SHOW(bind_to(other, "none/s"));
	SHOW(bind_to(other, "s/t"));
	SHOW(open("s", O_RDWR));
	SHOW(open("s", O_PATH) >= 0);
	SHOW(unlink("s"));
	SHOW(bind_to(other, "s"));
	say_name("other", getsockname, other);
}

CASE(bind_refuses)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "s"};
	int fd = unix_socket(SOCK_STREAM);

	SHOW(bind(fd, (void *)&name, 0));
	SHOW(bind(fd, (void *)&name, 1));
	SHOW(bind(fd, (void *)&name, sizeof(name) + 1));
	SHOW(bind(fd, (void *)&name, 129));
	SHOW(bind(fd, (void *)&name, -1));
	SHOW(bind(fd, (void *)8, 10));
	name.sun_family = AF_INET;
	SHOW(bind(fd, (void *)&name, sizeof(name)));
	name.sun_family = AF_UNIX;
	memset(name.sun_path, 'n', sizeof(name.sun_path));
	SHOW(bind(fd, (void *)&name, sizeof(name)));
	say_name("of 108 bytes", getsockname, fd);
	SHOW(listen(unix_socket(SOCK_STREAM), 1));
	SHOW(listen(unix_socket(SOCK_DGRAM), 1));
	SHOW(accept(unix_socket(SOCK_DGRAM), NULL, NULL));
	SHOW(accept(unix_socket(SOCK_STREAM), NULL, NULL));
}

CASE(abstract_names)
{
	int fd = unix_socket(SOCK_STREAM), other = unix_socket(SOCK_STREAM);
	int datagram = unix_socket(SOCK_DGRAM), client = unix_socket(SOCK_STREAM);

	SHOW(bind_to(fd, "@name"));
	SHOW(is(bind_to(other, "@name"), EADDRINUSE));
	SHOW(bind_to(datagram, "@name"));
	say_name("own", getsockname, fd);
	SHOW(is(connect_to(client, "@name"), ECONNREFUSED));
	SHOW(listen(fd, 1));
	SHOW(connect_to(client, "@name"));
	say_name("peer", getpeername, client);
	SHOW(is(connect_to(unix_socket(SOCK_STREAM), "@other"), ECONNREFUSED));
	close(fd);
	SHOW(bind_to(other, "@name"));
}

CASE(a_name_by_itself)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	socklen_t size = sizeof(name);
	int fd = unix_socket(SOCK_STREAM), other = unix_socket(SOCK_STREAM);

	SHOW(bind(fd, (void *)&name, sizeof(sa_family_t)));
	SHOW(getsockname(fd, (void *)&name, &size));
	SHOW(size);
	SHOW(name.sun_path[0]);
	SHOW(strspn(name.sun_path + 1, "0123456789abcdef"));
	name.sun_family = AF_UNIX;
	SHOW(bind(fd, (void *)&name, sizeof(sa_family_t)));
	SHOW(bind(other, (void *)&name, sizeof(sa_family_t)));
	SHOW(bind_to(other, "s"));
}

CASE(a_connection_from_call_to_end)
{
	int listener = listening("s"), client = unix_socket(SOCK_STREAM), server;
	struct sockaddr_un name;
	socklen_t size = sizeof(name);
	char text[8] = "";

	SHOW(poll_now(listener, ALL));
	SHOW(connect_to(client, "s"));
	SHOW(poll_now(listener, ALL));
	SHOW(poll_now(client, ALL));
	SHOW(write(client, "early", 5));
	server = accept(listener, (void *)&name, &size);
	SHOW(server);
	SHOW(size);
	SHOW(poll_now(listener, ALL));
	SHOW(read(server, text, sizeof(text)));
	SHOW(write(server, "late", 4));
	SHOW(read(client, text, sizeof(text)));
	say_name("client", getsockname, client);
	say_name("client's peer", getpeername, client);
	say_name("server", getsockname, server);
	say_name("server's peer", getpeername, server);
	close(client);
	SHOW(read(server, text, sizeof(text)));
	say_name("server's peer", getpeername, server);
	SHOW(connect_to(server, "s") == -1 && errno == EISCONN);
}

CASE(connect_refuses)
{
	int listener = listening("s"), client = unix_socket(SOCK_STREAM);
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	close(make_file("f", ""));
	mkdir("d", 0700);
	chmod("s", 0400);
	SHOW(connect_to(client, "s"));
	chmod("s", 0200);
	SHOW(connect_to(client, "none"));
	SHOW(connect_to(client, "f/s"));
	SHOW(is(connect_to(client, "f"), ECONNREFUSED));
	SHOW(is(connect_to(client, "d"), ECONNREFUSED));
	SHOW(is(connect_to(unix_socket(SOCK_DGRAM), "s"), EPROTOTYPE));
	SHOW(is(connect_to(unix_socket(SOCK_SEQPACKET), "s"), EPROTOTYPE));
	SHOW(connect(client, (void *)&name, 2));
	SHOW(connect(client, (void *)8, 20));
	name.sun_family = AF_INET;
	SHOW(connect(client, (void *)&name, sizeof(name)));
	SHOW(connect_to(listener, "s"));
	SHOW(connect_to(client, "s"));
	SHOW(is(connect_to(client, "s"), EISCONN));
	SHOW(bind_to(client, "c"));
	say_name("client", getsockname, client);
	close(listener);
	SHOW(is(connect_to(unix_socket(SOCK_STREAM), "s"), ECONNREFUSED));
	SHOW(listen(client, 1));
}

CASE(a_backlog_is_full)
{
	int listener = unix_socket(SOCK_STREAM | SOCK_NONBLOCK), status;

	bind_to(listener, "s");
	listen(listener, 1);
	for (int i = 0; i < 3; i++)
		SHOW(connect_to(unix_socket(SOCK_STREAM | SOCK_NONBLOCK), "s"));
	fflush(stdout);
	if (fork() == 0) {
		/* Waits until there is room. */
		_exit(connect_to(unix_socket(SOCK_STREAM), "s") != 0);
	}
	rest(60);
	SHOW(waitpid(-1, &status, WNOHANG));
	SHOW(accept(listener, NULL, NULL) > 0);
	SHOW(wait(&status) > 0);
	SHOW(status);
	SHOW(accept(listener, NULL, NULL) > 0);
	SHOW(accept(listener, NULL, NULL) > 0);
	SHOW(accept(listener, NULL, NULL));
}

CASE(a_listener_goes_before_it_accepted)
{
	int listener = listening("s"), client = unix_socket(SOCK_STREAM);
	char byte;

	signal(SIGPIPE, SIG_IGN);
	connect_to(client, "s");
	close(listener);
	SHOW(poll_now(client, ALL));
	SHOW(is(read(client, &byte, 1), ECONNRESET));
	SHOW(read(client, &byte, 1));
	SHOW(write(client, "x", 1));
}

CASE(accept_waits)
{
	int listener = listening("s"), server;
	char text[8];

	fflush(stdout);
	if (fork() == 0) {
		int client = unix_socket(SOCK_STREAM);

		rest(60);
		connect_to(client, "s");
		write(client, "hello", 5);
		_exit(0);
	}
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	SHOW(server);
	SHOW(fcntl(server, F_GETFD));
	SHOW(fcntl(server, F_GETFL) == (O_RDWR | O_NONBLOCK));
	wait(NULL);
	SHOW(read(server, text, sizeof(text)));
	SHOW(read(server, text, sizeof(text)));
	SHOW(syscall(SYS_accept4, listener, NULL, NULL, 1));
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(accept(listener, NULL, NULL));
}

CASE(datagrams_to_names)
{
	int one = unix_socket(SOCK_DGRAM), two = unix_socket(SOCK_DGRAM);
	struct sockaddr_un name;
	socklen_t size = sizeof(name);
	char text[8] = "";

	bind_to(one, "one");
	SHOW(send_to(two, "first", "one"));
	SHOW(recvfrom(one, text, sizeof(text), 0, (void *)&name, &size));
	SHOW(size);
	bind_to(two, "two");
	SHOW(send_to(two, "second", "one"));
	size = sizeof(name);
	memset(&name, 0, sizeof(name));
	SHOW(recvfrom(one, text, sizeof(text), 0, (void *)&name, &size));
	SAY("%u %s", size, name.sun_path);
	size = 4;
	send_to(two, "third", "one");
	SHOW(recvfrom(one, text, sizeof(text), 0, (void *)&name, &size));
	SHOW(size);
	SHOW(send_to(two, "x", "none"));
	SHOW(is(send(two, "x", 1, 0), ENOTCONN));
	unlink("one");
	SHOW(send_to(two, "x", "one"));
	SHOW(recv(one, text, 1, MSG_DONTWAIT));
}

CASE(datagrams_to_a_peer)
{
	int one = unix_socket(SOCK_DGRAM), two = unix_socket(SOCK_DGRAM);
	int three = unix_socket(SOCK_DGRAM);
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	char byte;

	bind_to(one, "one");
	bind_to(two, "two");
	SHOW(connect_to(two, "one"));
	SHOW(send(two, "x", 1, 0));
	SHOW(read(one, &byte, 1));
	say_name("peer", getpeername, two);
	SHOW(connect_to(one, "two"));
	/* Who has a peer listens to nobody else. */
	SHOW(connect_to(three, "one"));
	SHOW(send_to(three, "x", "one"));
	SHOW(connect(one, &none, sizeof(none)));
	SHOW(send_to(three, "x", "one"));
	SHOW(is(getpeername(one, &none, &(socklen_t){sizeof(none)}), ENOTCONN));
	close(one);
	SHOW(is(send(two, "x", 1, 0), ECONNREFUSED));
	SHOW(is(send(two, "x", 1, 0), ENOTCONN));
}

CASE(datagrams_are_too_many)
{
	int receiver = unix_socket(SOCK_DGRAM), sender = unix_socket(SOCK_DGRAM), count = 0;
	int status;
	char byte;

	bind_to(receiver, "r");
	connect_to(sender, "r");
	while (count < 1000 && send(sender, "x", 1, MSG_DONTWAIT) == 1)
		count++;
	SHOW(count > 5 && count < 1000);
	SHOW(send(sender, "x", 1, MSG_DONTWAIT));
	SHOW(poll_now(sender, POLLOUT));
	fflush(stdout);
	if (fork() == 0)
		_exit(send(sender, "y", 1, 0) != 1);
	rest(60);
	SHOW(waitpid(-1, &status, WNOHANG));
	SHOW(read(receiver, &byte, 1));
	wait(&status);
	SHOW(status);
	while (recv(receiver, &byte, 1, MSG_DONTWAIT) == 1)
		;
	SHOW(byte == 'y');
	SHOW(poll_now(sender, POLLOUT));
}

CASE(stream_with_an_address)
{
	int listener = listening("s"), client = unix_socket(SOCK_STREAM);
	char byte;

	SHOW(send_to(client, "x", "s"));
	SHOW(is(send(client, "x", 1, 0), ENOTCONN));
	SHOW(recv(client, &byte, 1, 0));
	SHOW(recv(listener, &byte, 1, 0));
	connect_to(client, "s");
	SHOW(is(send_to(client, "x", "s"), EISCONN));
	SHOW(is(recv(unix_socket(SOCK_SEQPACKET), &byte, 1, 0), ENOTCONN));
	SHOW(is(send(unix_socket(SOCK_SEQPACKET), "x", 1, 0), ENOTCONN));
}

CASE(sockets_wake_epoll)
{
	int listener = listening("s"), client = unix_socket(SOCK_STREAM), server;
	int epoll = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u32 = 1}, got;

	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event));
	SHOW(epoll_wait(epoll, &got, 1, 0));
	fflush(stdout);
	if (fork() == 0) {
		rest(40);
		connect_to(client, "s");
		rest(40);
		write(client, "x", 1);
		read(client, &event, 1);
		_exit(0);
	}
	close(client);
	SHOW(epoll_wait(epoll, &got, 1, 2000));
	server = accept(listener, NULL, NULL);
	event.data.u32 = 2;
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event));
	SHOW(epoll_wait(epoll, &got, 1, 2000));
	SAY("%x %u", got.events, got.data.u32);
	read(server, &event, 1);
	write(server, "y", 1);
	SHOW(epoll_wait(epoll, &got, 1, 2000));
	SAY("%x %u", got.events, got.data.u32);
}

static int option(int fd, int which)
{
	int value = -77;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, which, &value, &size) < 0 ? -errno : value;
}

static int set_option(int fd, int which, int value)
{
	return setsockopt(fd, SOL_SOCKET, which, &value, sizeof(value));
}

CASE(options)
{
	int fd = unix_socket(SOCK_STREAM), listener = listening("s"), value = 1;
	socklen_t size;

	SHOW(option(fd, SO_TYPE));
	SHOW(option(unix_socket(SOCK_SEQPACKET), SO_TYPE));
	SHOW(option(fd, SO_DOMAIN));
	SHOW(option(fd, SO_PROTOCOL));
	SHOW(option(fd, SO_ERROR));
	SHOW(option(fd, SO_ACCEPTCONN));
	SHOW(option(listener, SO_ACCEPTCONN));
	SHOW(option(fd, SO_REUSEADDR));
	SHOW(set_option(fd, SO_REUSEADDR, 5));
	SHOW(option(fd, SO_REUSEADDR));
	SHOW(set_option(fd, SO_KEEPALIVE, 1));
	SHOW(option(fd, SO_KEEPALIVE));
	SHOW(option(fd, SO_SNDBUF));
	SHOW(option(fd, SO_RCVBUF));
	SHOW(set_option(fd, SO_SNDBUF, 10000));
	SHOW(option(fd, SO_SNDBUF));
	SHOW(set_option(fd, SO_SNDBUF, 1));
	SHOW(option(fd, SO_SNDBUF) < 5000);
	SHOW(set_option(fd, SO_TYPE, 1) == -1 && errno == ENOPROTOOPT);
	SHOW(option(fd, 0x7777) == -ENOPROTOOPT);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, 3));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, -1));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (void *)8, 4));
	SHOW(setsockopt(fd, 6, 1, &value, 4));
	SHOW(getsockopt(fd, 6, 1, &value, &size));
	size = 2;
	SHOW(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &size));
	SHOW(size);
	size = (socklen_t)-1;
	SHOW(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &size));
	SHOW(set_option(fd, SO_PRIORITY, 6));
	SHOW(option(fd, SO_PRIORITY));
	SHOW(set_option(fd, SO_PRIORITY, 7));
	SHOW(set_option(fd, SO_DEBUG, 1));
}

CASE(small_buffers_hold_less)
{
	static char block[16384];
	int pair[2];
	long sum = 0, count;

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
	set_option(pair[0], SO_SNDBUF, 5000);
	while ((count = write(pair[0], block, 1000)) > 0)
		sum += count;
	SHOW(sum > 0 && sum < 60000);
	SHOW(poll_now(pair[0], POLLOUT));
	SHOW(poll_now(pair[1], POLLOUT));
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	set_option(pair[0], SO_SNDBUF, 5000);
	SHOW(send(pair[0], block, 16384, MSG_DONTWAIT) == -1 && errno == EMSGSIZE);
}

CASE(sockets_have_links_in_proc)
{
	int fd = unix_socket(SOCK_STREAM);
	char path[32], target[64] = "";
	struct stat status;

	fstat(fd, &status);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	SHOW(readlink(path, target, sizeof(target) - 1) > 0);
	snprintf(path, sizeof(path), "socket:[%lu]", (unsigned long)status.st_ino);
	SHOW(strcmp(path, target));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	SHOW(open(path, O_RDWR));
	SHOW(stat(path, &status));
	SHOW(S_ISSOCK(status.st_mode));
}

CASE(proc_net_unix)
{
	int listener = listening("s");
	char line[256], path[64];
	unsigned int refs, protocol, flags, type, state;
	FILE *file = fopen("/proc/net/unix", "r");

	if (!file || !fgets(line, sizeof(line), file)) {
		SAY("cannot be read");
		return;
	}
	printf("%s", line);
	listen(listener, 3);
	while (fgets(line, sizeof(line), file)) {
		unsigned long number;

		path[0] = '\0';
		if (sscanf(line, "%*[^:]: %x %x %x %x %x %lu %63s", &refs, &protocol, &flags, &type,
		           &state, &number, path) == 7 &&
		    strcmp(path, "s") == 0)
			SAY("%u %u %x %u %u %s", refs, protocol, flags, type, state, path);
	}
	fclose(file);
}
