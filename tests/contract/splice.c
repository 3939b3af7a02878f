/* SPDX-License-Identifier: MIT
 *
 * sendfile(2), copy_file_range(2), splice(2), tee(2), vmsplice(2).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "contract.h"

/* What is to be read from a descriptor, without waiting. */
static void show_contents(int fd)
{
	char text[128];
	ssize_t count;

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	count = read(fd, text, sizeof(text));
	if (count < 0)
		SAY("contents: errno %d", errno);
	else
		SAY("contents: %zd '%.*s'", count, (int)count, text);
}

static long position(int fd)
{
	return lseek(fd, 0, SEEK_CUR);
}

static void rewind_file(int fd)
{
	lseek(fd, 0, SEEK_SET);
}

CASE(sendfile_to_a_file)
{
	int in = make_file("in", "0123456789"), out = make_file("out", "");
	off_t offset = 4;

	SHOW(sendfile(out, in, NULL, 3));
	SHOW(position(in));
	SHOW(position(out));
	SHOW(sendfile(out, in, &offset, 100));
	SHOW(offset);
	SHOW(position(in));
	SHOW(sendfile(out, in, &offset, 100));
	SHOW(sendfile(out, in, NULL, 0));
	rewind_file(out);
	show_contents(out);
}

CASE(sendfile_to_a_pipe)
{
	int in = make_file("in", "hello, pipe"), ends[2];

	SHOW(pipe(ends));
	SHOW(sendfile(ends[1], in, NULL, 5));
	SHOW(sendfile(ends[1], in, NULL, 50));
	show_contents(ends[0]);
	SHOW(sendfile(ends[1], in, NULL, 50));
}

CASE(sendfile_refuses)
{
	int in = make_file("in", "text"), out = make_file("out", ""), ends[2];
	int write_only = open("in", O_WRONLY), read_only = open("out", O_RDONLY);
	int append = open("out", O_WRONLY | O_APPEND);
	off_t offset = -1;

	SHOW(pipe(ends));
	SHOW(sendfile(out, 99, NULL, 4));
	SHOW(sendfile(99, in, NULL, 4));
	SHOW(sendfile(out, write_only, NULL, 4));
	SHOW(sendfile(read_only, in, NULL, 4));
	SHOW(sendfile(append, in, NULL, 4));
	SHOW(sendfile(out, in, &offset, 4));
	SHOW(sendfile(out, in, (void *)8, 4));
	offset = 0;
	SHOW(sendfile(out, ends[0], &offset, 4));
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	SHOW(sendfile(ends[1], in, NULL, 4));
}

CASE(copy_file_range_copies)
{
	int in = make_file("in", "0123456789"), out = make_file("out", "abcdefghij");
	loff_t from = 2, to = 8;

	SHOW(copy_file_range(in, &from, out, &to, 4, 0));
	SHOW(from);
	SHOW(to);
	SHOW(position(in) + position(out));
	SHOW(copy_file_range(in, NULL, out, NULL, 3, 0));
	SHOW(position(in));
	SHOW(position(out));
	from = 10;
	SHOW(copy_file_range(in, &from, out, NULL, 3, 0));
	from = 0;
	to = 5;
	SHOW(copy_file_range(in, &from, in, &to, 5, 0));
	rewind_file(in);
	show_contents(in);
	rewind_file(out);
	show_contents(out);
}

CASE(copy_file_range_refuses)
{
	int in = make_file("in", "0123456789"), out = make_file("out", ""), ends[2];
	int directory = open(".", O_RDONLY), append = open("out", O_WRONLY | O_APPEND);
	int write_only = open("in", O_WRONLY), read_only = open("out", O_RDONLY);
	loff_t from = 0, to = 2;

	SHOW(pipe(ends));
	SHOW(copy_file_range(in, NULL, out, NULL, 1, 1));
	SHOW(copy_file_range(99, NULL, out, NULL, 1, 0));
	SHOW(copy_file_range(in, NULL, 99, NULL, 1, 0));
	SHOW(copy_file_range(directory, NULL, out, NULL, 1, 0));
	SHOW(copy_file_range(in, NULL, ends[1], NULL, 1, 0));
	SHOW(copy_file_range(write_only, NULL, out, NULL, 1, 0));
	SHOW(copy_file_range(in, NULL, read_only, NULL, 1, 0));
	SHOW(copy_file_range(in, NULL, append, NULL, 1, 0));
	SHOW(copy_file_range(in, &from, in, &to, 5, 0));
	SHOW(copy_file_range(in, (void *)8, out, NULL, 1, 0));
	SHOW(copy_file_range(in, NULL, out, NULL, 0, 0));
}

CASE(splice_file_to_pipe_to_file)
{
	int in = make_file("in", "0123456789"), out = make_file("out", ""), ends[2];
	loff_t from = 3, to = 2;

	SHOW(pipe(ends));
	SHOW(splice(in, &from, ends[1], NULL, 4, 0));
	SHOW(from);
	SHOW(position(in));
	SHOW(splice(ends[0], NULL, out, &to, 100, 0));
	SHOW(to);
	SHOW(position(out));
	SHOW(splice(in, NULL, ends[1], NULL, 2, 0));
	SHOW(position(in));
	SHOW(splice(ends[0], NULL, out, NULL, 1, 0));
	SHOW(position(out));
	show_contents(ends[0]);
	SHOW(splice(ends[0], NULL, out, NULL, 1, SPLICE_F_NONBLOCK));
	close(ends[1]);
	SHOW(splice(ends[0], NULL, out, NULL, 1, 0));
	SHOW(lseek(out, 2, SEEK_SET));
	show_contents(out);
}

CASE(splice_between_pipes)
{
	int first[2], second[2];

	SHOW(pipe(first));
	SHOW(pipe(second));
	SHOW(write(first[1], "abcdef", 6));
	SHOW(tee(first[0], second[1], 4, 0));
	show_contents(second[0]);
	SHOW(splice(first[0], NULL, second[1], NULL, 5, 0));
	show_contents(second[0]);
	show_contents(first[0]);
	SHOW(tee(first[0], second[1], 4, SPLICE_F_NONBLOCK));
	close(first[1]);
	SHOW(tee(first[0], second[1], 4, 0));
	SHOW(splice(first[0], NULL, second[1], NULL, 5, 0));
}

CASE(splice_refuses)
{
	int file = make_file("in", "text"), other = make_file("out", ""), ends[2];
	loff_t offset = 0;

	SHOW(pipe(ends));
	SHOW(splice(file, NULL, other, NULL, 4, 0));
	SHOW(splice(file, NULL, ends[1], &offset, 4, 0));
	SHOW(splice(ends[0], &offset, file, NULL, 4, 0));
	SHOW(splice(file, NULL, ends[1], NULL, 4, 16));
	SHOW(splice(file, NULL, ends[1], NULL, 0, 16));
	SHOW(splice(99, NULL, ends[1], NULL, 4, 0));
	SHOW(splice(file, NULL, ends[0], NULL, 4, 0));
	SHOW(splice(ends[1], NULL, file, NULL, 4, 0));
	SHOW(splice(ends[0], NULL, ends[1], NULL, 4, 0));
	SHOW(tee(ends[0], ends[1], 4, 0));
	SHOW(tee(file, ends[1], 4, 0));
	SHOW(tee(ends[0], ends[1], 4, 16));
	offset = -1;
	SHOW(splice(file, &offset, ends[1], NULL, 4, 0));
}

CASE(splice_waits)
{
	int out = make_file("out", ""), ends[2];

	SHOW(pipe(ends));
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		_exit(write(ends[1], "late", 4) != 4);
	}
	SHOW(splice(ends[0], NULL, out, NULL, 100, 0));
	rewind_file(out);
	show_contents(out);
}

CASE(splice_to_null)
{
	int null = open("/dev/null", O_WRONLY), file = make_file("in", "0123456789"), ends[2];

	SHOW(pipe(ends));
	SHOW(write(ends[1], "gone", 4));
	SHOW(splice(ends[0], NULL, null, NULL, 100, 0));
	SHOW(sendfile(null, file, NULL, 100));
}

CASE(vmsplice_both_ways)
{
	char a[3] = "", b[8] = "";
	struct iovec out[] = {{"one", 3}, {"", 0}, {"two", 3}}, in[] = {{a, 2}, {b, 8}};
	int ends[2], file = make_file("file", "");

	SHOW(pipe(ends));
	SHOW(vmsplice(ends[1], out, 3, 0));
	SHOW(vmsplice(ends[0], in, 2, 0));
	SAY("%s %s", a, b);
	SHOW(vmsplice(ends[0], in, 2, SPLICE_F_NONBLOCK));
	SHOW(vmsplice(file, out, 1, 0));
	SHOW(vmsplice(ends[1], out, 1, 16));
	SHOW(vmsplice(ends[1], out, 0, 0));
	SHOW(vmsplice(99, out, 1, 0));
}

CASE(vmsplice_waits_for_room_for_all_and_can_be_interrupted)
{
	static char bytes[65535];
	struct iovec out = {bytes, 4096};
	int ends[2];

	SHOW(pipe(ends));
	SHOW(write(ends[1], bytes, sizeof(bytes)));
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(vmsplice(ends[1], &out, 1, 0));
	SHOW(signals_caught);
}
