/* SPDX-License-Identifier: MIT
 *
 * Streams of AF_INET over the loopback (ip(7), tcp(7)): names, connections, bytes and their ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "contract.h"

#define ALL      (POLLIN | POLLOUT | POLLRDHUP | POLLPRI)
#define MANY     300000
#define NOT_OURS "192.0.2.1" /* of no machine (RFC 5737) */

static struct sockaddr_in at(const char *address, int port)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	name.sin_addr.s_addr = inet_addr(address);
	return name;
}

static int stream(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int bind_to(int fd, const char *address, int port)
{
	struct sockaddr_in name = at(address, port);

	return bind(fd, (struct sockaddr *)&name, sizeof(name));
}

static int connect_to(int fd, int port)
{
	struct sockaddr_in name = at("127.0.0.1", port);

	return connect(fd, (struct sockaddr *)&name, sizeof(name));
}

static int port_of(int fd)
{
	struct sockaddr_in name = {0};
	socklen_t size = sizeof(name);

	if (getsockname(fd, (struct sockaddr *)&name, &size))
		return -1;
	return ntohs(name.sin_port);
}

static int make_listener(void)
{
	int fd = stream();

	if (bind_to(fd, "127.0.0.1", 0) || listen(fd, 5))
		SAY("no listener: %d", errno);
	return fd;
}

/* Two that are connected. */
static void connect_pair(int pair[2])
{
	int listener = make_listener();

	pair[0] = stream();
	if (connect_to(pair[0], port_of(listener)))
		SAY("no connection: %d", errno);
	pair[1] = accept(listener, NULL, NULL);
	close(listener);
}

static int waiting_error(int fd)
{
	int error = -1;
	socklen_t size = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error;
}

/* Until one of these holds, for what comes by way of another thread of the kernel's. */
static long wait_for(int fd, short events)
{
	struct pollfd poll_fd = {fd, events, 0};

	return poll(&poll_fd, 1, 5000) == 1 ? poll_fd.revents : -1;
}

CASE(internet_stream_creation)
{
	int value = -1;
	socklen_t size = sizeof(value);
	int fd = stream();

	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	SHOW(socket(AF_INET, SOCK_SEQPACKET, 0));
	SHOW(getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &value, &size));
	SAY("%d", value);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &size));
	SAY("%d", value);
	SHOW(poll_now(fd, ALL));
	SHOW(recv(fd, &value, 1, MSG_DONTWAIT));
	signal(SIGPIPE, SIG_IGN);
	SHOW(send(fd, "x", 1, 0));
	SHOW(shutdown(fd, SHUT_RDWR));
	SHOW(accept(fd, NULL, NULL));
	SHOW(port_of(fd));
	SHOW(getpeername(fd, (struct sockaddr *)&(struct sockaddr_in){0}, &size));
}

CASE(internet_stream_names)
{
	struct sockaddr_in name = at("127.0.0.1", 0);
	int fd = stream(), other = stream(), port;

	SHOW(bind(fd, (struct sockaddr *)&name, 8));
	name.sin_family = AF_UNIX;
	SHOW(bind(fd, (struct sockaddr *)&name, sizeof(name)));
	SHOW(bind_to(fd, NOT_OURS, 0));
	SHOW(bind_to(fd, "127.0.0.1", 80));
	SHOW(bind_to(fd, "127.0.0.1", 0));
	SHOW(bind_to(fd, "127.0.0.1", 0));
	port = port_of(fd);
	SHOW(port > 1024);
	SHOW(listen(fd, 1));
	SHOW(listen(fd, 2));
	SHOW(bind_to(other, "127.0.0.1", port));
	SHOW(bind_to(other, "0.0.0.0", port));
	SHOW(connect_to(fd, port));
	SHOW(poll_now(fd, ALL));
	/* musl's accept4 makes up for what it takes for an older kernel, and waits. */
	SHOW(syscall(SYS_accept4, fd, NULL, NULL, SOCK_NONBLOCK | 0x40));
	SHOW(fcntl(fd, F_SETFL, O_NONBLOCK));
	SHOW(accept(fd, NULL, NULL));
	close(fd);
	SHOW(bind_to(other, "127.0.0.1", port));
}

CASE(internet_stream_connections)
{
	struct sockaddr_in name = {0};
	socklen_t size = sizeof(name);
	int listener = make_listener(), port = port_of(listener), fd = stream(), accepted;

	SHOW(connect_to(fd, port));
	SHOW(connect_to(fd, port));
	SHOW(wait_for(listener, POLLIN));
	accepted = accept(listener, (struct sockaddr *)&name, &size);
	SHOW(accepted);
	SHOW(size);
	SHOW(name.sin_family);
	SHOW(name.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	SHOW(ntohs(name.sin_port) == port_of(fd));
	SHOW(port_of(accepted) == port);
	SHOW(getpeername(fd, (struct sockaddr *)&name, &size));
	SHOW(ntohs(name.sin_port) == port);
	SHOW(poll_now(fd, ALL));
	SHOW(poll_now(accepted, ALL));
	SHOW(poll_now(listener, ALL));
	SHOW(listen(fd, 1));
	SHOW(bind_to(fd, "127.0.0.1", 0));
}

CASE(internet_stream_refused)
{
	int listener = make_listener(), port = port_of(listener), fd = stream();

	close(listener);
	SHOW(connect_to(fd, port));
	SHOW(waiting_error(fd));
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	/* Over the loopback it may be refused before the call is over. */
	(void)connect_to(fd, port);
	SHOW(wait_for(fd, POLLOUT) & POLLOUT);
	SHOW(waiting_error(fd) == ECONNREFUSED);
	SHOW(waiting_error(fd));
}

CASE(internet_stream_bytes)
{
	char text[32] = "";
	int pair[2], count = 0;

	connect_pair(pair);
	SHOW(write(pair[0], "hello ", 6));
	SHOW(write(pair[0], "world", 5));
	SHOW(recv(pair[1], text, 11, MSG_WAITALL | MSG_PEEK));
	SHOW(recv(pair[1], text, 4, 0));
	SHOW(ioctl(pair[1], FIONREAD, &count));
	SHOW(count);
	SHOW(recv(pair[1], text, sizeof(text), MSG_PEEK));
	SHOW(recv(pair[1], text, sizeof(text), 0));
	SAY("%.7s", text);
	SHOW(recv(pair[1], text, sizeof(text), MSG_DONTWAIT));
	SHOW(write(pair[1], "back", 4));
	SHOW(wait_for(pair[0], POLLIN));
	SHOW(read(pair[0], (void *)8, 4));
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(write(pair[0], (void *)8, 4));
	SHOW(send(pair[0], "", 0, 0));
}

CASE(internet_stream_ends)
{
	char byte;
	int pair[2];

	connect_pair(pair);
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(pair[0], "x", 1));
	SHOW(shutdown(pair[0], SHUT_WR));
	SHOW(write(pair[0], "y", 1));
	SHOW(wait_for(pair[1], POLLRDHUP));
	SHOW(read(pair[1], &byte, 1));
	SHOW(read(pair[1], &byte, 1));
	SHOW(poll_now(pair[1], ALL));
	SHOW(poll_now(pair[0], ALL));
	SHOW(write(pair[1], "z", 1));
	close(pair[1]);
	SHOW(wait_for(pair[0], POLLRDHUP) & POLLHUP);
	SHOW(read(pair[0], &byte, 1));
	SHOW(read(pair[0], &byte, 1));
	SHOW(waiting_error(pair[0]));
}

CASE(internet_stream_cut)
{
	struct linger at_once = {1, 0};
	char byte;
	int pair[2];

	connect_pair(pair);
	signal(SIGPIPE, SIG_IGN);
	setsockopt(pair[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(pair[0]);
	SHOW(wait_for(pair[1], POLLRDHUP));
	SHOW(read(pair[1], &byte, 1));
	SHOW(read(pair[1], &byte, 1));
	SHOW(write(pair[1], "x", 1));
}

CASE(internet_stream_options)
{
	int pair[2], on = 1, value = -1;
	socklen_t size = sizeof(value);

	connect_pair(pair);
	SHOW(getsockopt(pair[0], IPPROTO_TCP, TCP_NODELAY, &value, &size));
	SHOW(value);
	SHOW(setsockopt(pair[0], IPPROTO_TCP, TCP_NODELAY, &on, 2));
	SHOW(setsockopt(pair[0], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	SHOW(getsockopt(pair[0], IPPROTO_TCP, TCP_NODELAY, &value, &size));
	SHOW(value);
	SHOW(setsockopt(pair[0], IPPROTO_TCP, 999, &on, sizeof(on)));
	SHOW(setsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)));
	SHOW(getsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, &value, &size));
	SHOW(value);
}

/* What closed first keeps its port for a while; who says so may have it. */
CASE(internet_stream_reuse)
{
	int listener = stream(), fd = stream(), on = 1, port, accepted;
	char byte;

	SHOW(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	SHOW(bind_to(listener, "127.0.0.1", 0));
	SHOW(listen(listener, 1));
	port = port_of(listener);
	SHOW(connect_to(fd, port));
	accepted = accept(listener, NULL, NULL);
	close(accepted);
	SHOW(read(fd, &byte, 1));
	close(fd);
	close(listener);
	listener = stream();
	SHOW(bind_to(listener, "127.0.0.1", port));
	SHOW(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	SHOW(bind_to(listener, "127.0.0.1", port));
	SHOW(listen(listener, 1));
}

CASE(internet_stream_carries_much)
{
	static unsigned char bytes[MANY];
	unsigned int sum = 0, expected = 0;
	long count, done = 0;
	int pair[2];

	connect_pair(pair);
	for (int i = 0; i < MANY; i++) {
		bytes[i] = (unsigned char)(i * 7 + (i >> 8));
		expected = expected * 31 + bytes[i];
	}
	if (fork() == 0) {
		close(pair[1]);
		_exit(write(pair[0], bytes, MANY) == MANY ? 0 : 1);
	}
	close(pair[0]);
	memset(bytes, 0, MANY);
	while ((count = read(pair[1], bytes, 5000)) > 0) {
		for (long i = 0; i < count; i++)
			sum = sum * 31 + bytes[i];
		done += count;
	}
	SHOW(done);
	SHOW(count);
	SHOW(sum == expected);
	wait(NULL);
}

/* Who does not read holds the other up. */
CASE(internet_stream_fills)
{
	static char bytes[65536];
	int pair[2];
	long sent = 0, count;

	connect_pair(pair);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	while ((count = write(pair[0], bytes, sizeof(bytes))) > 0)
		sent += count;
	SHOW(count);
	SHOW(errno == EAGAIN);
	SHOW(sent > 65536);
	SHOW(poll_now(pair[0], POLLOUT));
	for (long got = 0; got < sent; got += count)
		if ((count = read(pair[1], bytes, sizeof(bytes))) <= 0)
			break;
	SHOW(count > 0);
	SHOW(wait_for(pair[0], POLLOUT));
}

CASE(internet_stream_waits)
{
	struct timeval soon = {0, 20000};
	int pair[2], listener = make_listener();
	char byte;

	connect_pair(pair);
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	SHOW(read(pair[0], &byte, 1));
	setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	SHOW(accept(listener, NULL, NULL));
	catch_signal(SIGALRM, 0);
	signal_later(SIGALRM, 20);
	SHOW(read(pair[1], &byte, 1));
	catch_signal(SIGALRM, SA_RESTART);
	signal_later(SIGALRM, 20);
	if (fork() == 0) {
		rest(100);
		_exit(write(pair[0], "x", 1) != 1);
	}
	SHOW(read(pair[1], &byte, 1));
	wait(NULL);
}

CASE(internet_stream_epoll)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET};
	int pair[2], epoll = epoll_create1(0);

	connect_pair(pair);
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, pair[1], &event));
	SHOW(epoll_wait(epoll, &event, 1, 0));
	SHOW(event.events);
	SHOW(epoll_wait(epoll, &event, 1, 0));
	SHOW(write(pair[0], "x", 1));
	SHOW(epoll_wait(epoll, &event, 1, 5000));
	SHOW(event.events);
	SHOW(epoll_wait(epoll, &event, 1, 0));
	close(pair[0]);
	SHOW(epoll_wait(epoll, &event, 1, 5000));
	SHOW(event.events & EPOLLIN);
}
