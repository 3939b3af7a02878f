/* SPDX-License-Identifier: MIT
 *
 * socketpair(2), and what bytes and messages do between two sockets (unix(7), send(2), recv(2)).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "contract.h"

#define ALL (POLLIN | POLLOUT | POLLRDHUP | POLLPRI)

static int pair[2];

static void make(int type)
{
	if (socketpair(AF_UNIX, type, 0, pair) < 0)
		SAY("no pair: %d", errno);
}

CASE(socket_creation)
{
	SHOW(socket(AF_UNIX, SOCK_STREAM, 0));
	SHOW(socket(AF_UNIX, SOCK_DGRAM, AF_UNIX));
	SHOW(socket(AF_UNIX, SOCK_SEQPACKET, 0));
	SHOW(socket(AF_UNIX, SOCK_RAW, 0));
	SHOW(socket(AF_UNIX, SOCK_STREAM, 2));
	SHOW(socket(AF_UNIX, SOCK_RDM, 0));
	SHOW(socket(AF_UNIX, 11, 0));
	SHOW(socket(AF_UNIX, 0, 0));
	SHOW(socket(AF_UNIX, -1, 0));
	SHOW(socket(AF_UNIX, SOCK_STREAM | 0x40, 0));
	SHOW(socket(0, SOCK_STREAM, 0));
	SHOW(socket(45, SOCK_STREAM, 0));
	SHOW(socket(46, 11, 0));
	SHOW(socket(-1, SOCK_STREAM, 0));
}

CASE(socket_flags)
{
	int plain = socket(AF_UNIX, SOCK_STREAM, 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat status;

	SHOW(fcntl(plain, F_GETFD));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(plain, F_GETFL));
	SHOW(fcntl(fd, F_GETFL) == (O_RDWR | O_NONBLOCK));
	SHOW(fstat(fd, &status));
	SHOW(status.st_mode);
	SHOW(status.st_size);
	SHOW(status.st_nlink);
	SHOW(status.st_uid == geteuid());
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(pread(fd, &status, 1, 0));
	SHOW(ftruncate(fd, 0));
	SHOW(fsync(fd));
}

CASE(socket_calls_on_other_files)
{
	int file = make_file("f", "text"), handle = open("f", O_PATH);
	char byte;

	SHOW(listen(file, 1));
	SHOW(accept(file, NULL, NULL));
	SHOW(bind(file, NULL, 0));
	SHOW(connect(77, NULL, 0));
	SHOW(shutdown(file, SHUT_RD));
	SHOW(send(file, "x", 1, 0));
	SHOW(recv(file, &byte, 1, 0));
	SHOW(recv(handle, &byte, 1, 0));
	SHOW(getsockname(file, NULL, NULL));
	SHOW(setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &file, 4));
	SHOW(getsockopt(78, SOL_SOCKET, SO_REUSEADDR, NULL, NULL));
}

CASE(socketpair_refuses)
{
	SHOW(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 8));
	SHOW(socketpair(AF_UNIX, SOCK_STREAM | 1 << 20, 0, pair));
	SHOW(socketpair(AF_UNIX, SOCK_RDM, 0, pair));
	SHOW(socketpair(99, SOCK_STREAM, 0, pair));
	/* Nothing is left open. */
	SHOW(open("/dev/null", O_RDONLY));
}

CASE(stream_pair_carries_bytes)
{
	char text[16] = "";

	make(SOCK_STREAM);
	SHOW(write(pair[0], "hello ", 6));
	SHOW(write(pair[0], "world", 5));
	SHOW(read(pair[1], text, 4));
	SHOW(read(pair[1], text, sizeof(text)));
	SAY("%.7s", text);
	SHOW(write(pair[1], "back", 4));
	SHOW(recv(pair[0], text, sizeof(text), MSG_DONTWAIT));
	SHOW(recv(pair[0], text, sizeof(text), MSG_DONTWAIT));
	SHOW(read(pair[0], text, 0));
	SHOW(write(pair[0], text, 0));
	SHOW(recv(pair[1], text, 0, MSG_DONTWAIT));
	SHOW(write(pair[0], (void *)8, 4));
	SHOW(write(pair[0], "abcd", 4));
	SHOW(read(pair[1], (void *)8, 4));
	SHOW(read(pair[1], text, 4));
}

CASE(stream_polls)
{
	char byte;

	make(SOCK_STREAM);
	SHOW(poll_now(pair[0], ALL));
	SHOW(write(pair[1], "x", 1));
	SHOW(poll_now(pair[0], ALL));
	SHOW(shutdown(pair[1], SHUT_WR));
	SHOW(poll_now(pair[0], ALL));
	SHOW(read(pair[0], &byte, 1));
	SHOW(poll_now(pair[0], ALL));
	SHOW(read(pair[0], &byte, 1));
	SHOW(poll_now(pair[1], ALL));
	SHOW(shutdown(pair[0], SHUT_WR));
	SHOW(poll_now(pair[0], ALL));
	SHOW(poll_now(pair[1], ALL));
	SHOW(poll_now(socket(AF_UNIX, SOCK_STREAM, 0), ALL));
	SHOW(poll_now(socket(AF_UNIX, SOCK_DGRAM, 0), ALL));
	SHOW(poll_now(socket(AF_UNIX, SOCK_SEQPACKET, 0), ALL));
}

CASE(stream_peer_goes)
{
	char text[8];

	catch_signal(SIGPIPE, 0);
	make(SOCK_STREAM);
	write(pair[1], "rest", 4);
	close(pair[1]);
	SHOW(poll_now(pair[0], ALL));
	SHOW(send(pair[0], "x", 1, MSG_NOSIGNAL));
	SHOW(signals_caught);
	SHOW(write(pair[0], "x", 1));
	SHOW(signals_caught);
	SHOW(write(pair[0], "", 0));
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(read(pair[0], text, sizeof(text)));
}

CASE(stream_peer_goes_with_bytes_unread)
{
	char text[8];
	int error = 0;
	socklen_t size = sizeof(error);

	signal(SIGPIPE, SIG_IGN);
	make(SOCK_STREAM);
	write(pair[0], "unread", 6);
	write(pair[1], "rest", 4);
	close(pair[1]);
	SHOW(poll_now(pair[0], ALL));
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(read(pair[0], text, sizeof(text)));
	make(SOCK_STREAM);
	write(pair[0], "unread", 6);
	close(pair[1]);
	SHOW(getsockopt(pair[0], SOL_SOCKET, SO_ERROR, &error, &size));
	SHOW(error == ECONNRESET);
	SHOW(getsockopt(pair[0], SOL_SOCKET, SO_ERROR, &error, &size));
	SHOW(error);
	SHOW(write(pair[0], "x", 1));
}

CASE(stream_shutdown)
{
	char byte;

	signal(SIGPIPE, SIG_IGN);
	make(SOCK_STREAM);
	SHOW(shutdown(pair[0], 3));
	SHOW(shutdown(pair[0], -1));
	write(pair[0], "a", 1);
	write(pair[1], "b", 1);
	SHOW(shutdown(pair[0], SHUT_RD));
	SHOW(read(pair[0], &byte, 1));
	SHOW(read(pair[0], &byte, 1));
	SHOW(write(pair[1], "c", 1));
	SHOW(write(pair[0], "d", 1));
	SHOW(shutdown(pair[0], SHUT_RDWR));
	SHOW(write(pair[0], "e", 1));
	SHOW(read(pair[1], &byte, 1));
	SHOW(read(pair[1], &byte, 1));
	SHOW(read(pair[1], &byte, 1));
	SHOW(shutdown(socket(AF_UNIX, SOCK_STREAM, 0), SHUT_RDWR));
}

CASE(stream_peek_and_truncate)
{
	char text[16];

	make(SOCK_STREAM);
	write(pair[0], "first", 5);
	write(pair[0], "second", 6);
	memset(text, '.', sizeof(text));
	SHOW(recv(pair[1], text, 3, MSG_PEEK));
	SHOW(recv(pair[1], text, 8, MSG_PEEK));
	SAY("%.8s", text);
	SHOW(recv(pair[1], text, 5, 0));
	SHOW(recv(pair[1], text, 16, MSG_PEEK | MSG_DONTWAIT));
	SHOW(recv(pair[1], text, 16, 0));
	SAY("%.6s", text);
	SHOW(recv(pair[1], text, 16, MSG_PEEK | MSG_DONTWAIT));
}

CASE(stream_waits_for_all)
{
	char text[16];

	make(SOCK_STREAM);
	fflush(stdout);
	if (fork() == 0) {
		write(pair[0], "abc", 3);
		rest(50);
		write(pair[0], "def", 3);
		rest(50);
		write(pair[0], "gh", 2);
		_exit(0);
	}
	close(pair[0]);
	SHOW(recv(pair[1], text, 6, MSG_WAITALL));
	SHOW(recv(pair[1], text, 6, MSG_WAITALL));
	SHOW(recv(pair[1], text, 6, MSG_WAITALL));
}

CASE(stream_is_full)
{
	static char block[65536];
	long sum = 0, count, got = 0;

	make(SOCK_STREAM | SOCK_NONBLOCK);
	while ((count = write(pair[0], block, sizeof(block))) > 0)
		sum += count;
	SHOW(write(pair[0], block, 1));
	SHOW(sum >= 100000 && sum < 1000000);
	SHOW(poll_now(pair[0], POLLOUT));
	SHOW(poll_now(pair[1], POLLIN));
	while ((count = read(pair[1], block, sizeof(block))) > 0)
		got += count;
	SHOW(got == sum);
	SHOW(poll_now(pair[0], POLLOUT));
}

#define MUCH 1000000

CASE(stream_carries_much)
{
	static unsigned char block[30011];
	long got = 0, wrong = 0, count;
	int status;

	make(SOCK_STREAM);
	fflush(stdout);
	if (fork() == 0) {
		static unsigned char all[MUCH];

		for (long i = 0; i < MUCH; i++)
			all[i] = (unsigned char)(i * 7 >> 3);
		_exit(write(pair[0], all, MUCH) != MUCH);
	}
	close(pair[0]);
	while ((count = read(pair[1], block, sizeof(block))) > 0) {
		for (long i = 0; i < count; i++)
			wrong += block[i] != (unsigned char)((got + i) * 7 >> 3);
		got += count;
	}
	SHOW(got);
	SHOW(wrong);
	wait(&status);
	SHOW(status);
}

CASE(datagram_pair)
{
	char text[16] = "";
	struct iovec piece = {text, 3};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};

	make(SOCK_DGRAM);
	SHOW(write(pair[0], "first", 5));
	SHOW(write(pair[0], "", 0));
	SHOW(write(pair[0], "third", 5));
	SHOW(read(pair[1], text, 2));
	SHOW(recv(pair[1], text, sizeof(text), 0));
	SHOW(recvmsg(pair[1], &message, 0));
	SHOW(message.msg_flags == MSG_TRUNC);
	SHOW(recv(pair[1], text, sizeof(text), MSG_DONTWAIT));
	write(pair[1], "longer", 6);
	SHOW(recv(pair[0], text, 2, MSG_PEEK | MSG_TRUNC));
	SHOW(recv(pair[0], text, 2, MSG_PEEK));
	SHOW(recv(pair[0], text, 0, MSG_TRUNC));
	SHOW(recv(pair[0], text, 1, MSG_DONTWAIT));
	write(pair[1], "lost", 4);
	SHOW(read(pair[0], (void *)8, 4));
	SHOW(recv(pair[0], text, 1, MSG_DONTWAIT));
	SHOW(send(pair[0], "x", 1, MSG_OOB));
}

CASE(datagram_peer_goes)
{
	char byte;

	catch_signal(SIGPIPE, 0);
	make(SOCK_DGRAM);
	write(pair[1], "x", 1);
	close(pair[1]);
	SHOW(poll_now(pair[0], ALL));
	SHOW(read(pair[0], &byte, 1));
	SHOW(write(pair[0], "y", 1));
	SHOW(write(pair[0], "y", 1));
	SHOW(signals_caught);
	SHOW(recv(pair[0], &byte, 1, MSG_DONTWAIT));
}

CASE(datagram_shutdown)
{
	char byte;

	catch_signal(SIGPIPE, 0);
	make(SOCK_DGRAM);
	SHOW(shutdown(pair[1], SHUT_RD));
	SHOW(write(pair[0], "x", 1));
	SHOW(read(pair[1], &byte, 1));
	SHOW(recv(pair[1], &byte, 1, MSG_DONTWAIT));
	SHOW(shutdown(pair[0], SHUT_WR));
	SHOW(write(pair[0], "x", 1));
	SHOW(poll_now(pair[0], ALL));
	SHOW(poll_now(pair[1], ALL));
	SHOW(signals_caught);
}

CASE(datagram_too_long)
{
	static char block[300000];

	make(SOCK_DGRAM);
	SHOW(write(pair[0], block, sizeof(block)));
	SHOW(write(pair[0], block, 150000));
	SHOW(recv(pair[1], block, sizeof(block), 0));
}

CASE(sequence_pair)
{
	char text[16];

	catch_signal(SIGPIPE, 0);
	make(SOCK_SEQPACKET);
	SHOW(write(pair[0], "first", 5));
	SHOW(write(pair[0], "second", 6));
	SHOW(read(pair[1], text, 2));
	SHOW(read(pair[1], text, sizeof(text)));
	SHOW(recv(pair[1], text, sizeof(text), MSG_DONTWAIT));
	SHOW(poll_now(pair[0], ALL));
	write(pair[1], "last", 4);
	close(pair[1]);
	SHOW(poll_now(pair[0], ALL));
	SHOW(write(pair[0], "x", 1));
	SHOW(signals_caught);
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(recv(pair[0], text, sizeof(text), MSG_DONTWAIT));
}

CASE(sequence_peer_goes_with_packets_unread)
{
	char text[8];

	make(SOCK_SEQPACKET);
	write(pair[0], "unread", 6);
	write(pair[1], "rest", 4);
	close(pair[1]);
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(read(pair[0], text, sizeof(text)));
	SHOW(read(pair[0], text, sizeof(text)));
}

CASE(messages_of_segments)
{
	char one[3], two[4], three[8];
	struct iovec out[] = {{"ab", 2}, {"", 0}, {"cdef", 4}};
	struct iovec in[] = {{one, 1}, {two, 0}, {three, 8}};

	make(SOCK_DGRAM);
	SHOW(writev(pair[0], out, 3));
	SHOW(writev(pair[0], out, 1));
	SHOW(writev(pair[0], out, 0));
	SHOW(readv(pair[1], in, 3));
	SAY("%c %.5s", one[0], three);
	SHOW(readv(pair[1], in, 1));
	SHOW(recv(pair[1], three, 8, MSG_DONTWAIT));
	SHOW(recv(pair[1], three, 8, MSG_DONTWAIT));
	SHOW(writev(pair[0], out, -1));
	SHOW(writev(pair[0], out, 1025));
	SHOW(writev(pair[0], (void *)8, 1));
	make(SOCK_STREAM);
	SHOW(writev(pair[0], out, 3));
	SHOW(readv(pair[1], in, 3));
	SAY("%c %.5s", one[0], three);
}

CASE(bytes_that_wait_are_counted)
{
	int count = -1;

	make(SOCK_STREAM);
	write(pair[0], "abc", 3);
	write(pair[0], "de", 2);
	SHOW(ioctl(pair[1], FIONREAD, &count));
	SHOW(count);
	SHOW(ioctl(pair[0], FIONREAD, &count));
	SHOW(count);
	SHOW(ioctl(pair[0], TIOCOUTQ, &count));
	SHOW(count > 0);
	SHOW(ioctl(pair[1], TIOCOUTQ, &count));
	SHOW(count);
	make(SOCK_DGRAM);
	write(pair[0], "abc", 3);
	write(pair[0], "de", 2);
	SHOW(ioctl(pair[1], FIONREAD, &count));
	SHOW(count);
	SHOW(ioctl(pair[1], TCGETS, &count));
	SHOW(ioctl(pair[1], FIONREAD, (void *)8));
	count = 1;
	SHOW(ioctl(pair[1], FIONBIO, &count));
	SHOW(fcntl(pair[1], F_GETFL) == (O_RDWR | O_NONBLOCK));
}

CASE(reads_and_writes_are_interrupted)
{
	static char block[65536];
	char byte;

	make(SOCK_STREAM);
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(read(pair[0], &byte, 1));
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	while (write(pair[0], block, sizeof(block)) > 0)
		;
	fcntl(pair[0], F_SETFL, 0);
	signal_later(SIGUSR1, 100);
	SHOW(write(pair[0], block, 1));
	SHOW(signals_caught);
}

CASE(timeouts)
{
	struct timeval time = {0, 60000}, got;
	socklen_t size = sizeof(got);
	char byte;
	long start;

	make(SOCK_STREAM);
	SHOW(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)));
	start = now_ms();
	SHOW(read(pair[0], &byte, 1));
	SHOW(now_ms() - start >= 55);
	SHOW(getsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &got, &size));
	SAY("%ld %ld %u", (long)got.tv_sec, (long)got.tv_usec, size);
	catch_signal(SIGUSR1, SA_RESTART);
	time.tv_sec = 5;
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	signal_later(SIGUSR1, 100);
	SHOW(read(pair[0], &byte, 1));
	time.tv_usec = 1000000;
	SHOW(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) == -1 && errno == EDOM);
	SHOW(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, 8));
	time = (struct timeval){-1, 0};
	SHOW(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)));
	SHOW(read(pair[0], &byte, 1));
}

CASE(files_are_sent_to_sockets)
{
	int file = make_file("f", "contents of a file");
	char text[32] = "";
	off_t offset = 9;

	make(SOCK_STREAM);
	SHOW(sendfile(pair[0], file, &offset, 100));
	SHOW(offset);
	SHOW(read(pair[1], text, sizeof(text)));
	SAY("%s", text);
	SHOW(sendfile(file, pair[1], NULL, 1));
	SHOW(sendfile(pair[0], file, NULL, 8));
	SHOW(recv(pair[1], text, sizeof(text), MSG_DONTWAIT));
}

CASE(sockets_are_spliced)
{
	int pipes[2];
	char text[16] = "";

	make(SOCK_STREAM);
	pipe(pipes);
	write(pair[0], "through", 7);
	SHOW(syscall(SYS_splice, pair[1], NULL, pipes[1], NULL, 16, 0));
	SHOW(read(pipes[0], text, sizeof(text)));
	SAY("%s", text);
	write(pipes[1], "and back", 8);
	SHOW(syscall(SYS_splice, pipes[0], NULL, pair[1], NULL, 16, 0));
	SHOW(read(pair[0], text, sizeof(text)));
	SAY("%s", text);
}

CASE(many_messages_at_once)
{
	char texts[4][8];
	struct iovec out[] = {{"one", 3}, {"two", 3}, {"three", 5}}, in[4];
	struct mmsghdr messages[4] = {0};
	struct timespec none = {0, 0}, bad = {0, 1000000000};

	make(SOCK_DGRAM);
	for (int i = 0; i < 3; i++)
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &out[i], .msg_iovlen = 1};
	SHOW(syscall(SYS_sendmmsg, pair[0], messages, 3, 0));
	SAY("%u %u %u", messages[0].msg_len, messages[1].msg_len, messages[2].msg_len);
	SHOW(syscall(SYS_sendmmsg, pair[0], messages, 0, 0));
	for (int i = 0; i < 4; i++) {
		in[i] = (struct iovec){texts[i], sizeof(texts[i])};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &in[i], .msg_iovlen = 1};
	}
	SHOW(syscall(SYS_recvmmsg, pair[1], messages, 4, 0, &bad));
	SHOW(syscall(SYS_recvmmsg, pair[1], messages, 1, 0, NULL));
	SHOW(syscall(SYS_recvmmsg, pair[1], messages, 4, MSG_WAITFORONE, NULL));
	SAY("%u %u %.3s %.5s", messages[0].msg_len, messages[1].msg_len, texts[0], texts[1]);
	SHOW(syscall(SYS_recvmmsg, pair[1], messages, 4, MSG_DONTWAIT, &none));
}

CASE(messages_are_refused)
{
	struct iovec one = {"x", 1}, far = {(void *)8, 4}, huge = {"x", (size_t)1 << 63};
	struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1};

	make(SOCK_DGRAM);
	SHOW(syscall(SYS_sendmsg, pair[0], (void *)8, 0));
	message.msg_iovlen = 1025;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0) == -1 && errno == EMSGSIZE);
	message.msg_iovlen = 1;
	message.msg_iov = &far;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	message.msg_iov = &huge;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	message.msg_iov = (void *)8;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	message.msg_iov = &one;
	message.msg_name = &one;
	message.msg_namelen = (socklen_t)-1;
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	SHOW(recv(pair[1], &message, 1, MSG_DONTWAIT));
}
