/* SPDX-License-Identifier: MIT
 *
 * Open files and descriptors: open(2), read(2), lseek(2), dup(2), fcntl(2), pipe(2), stat(2).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>

#include "contract.h"

CASE(open_makes_files)
{
	struct stat status;
	int fd = open("a", O_CREAT | O_RDWR, 06777);

	SHOW(fd);
	SHOW(fstat(fd, &status));
	SHOW(status.st_mode);
	SHOW(status.st_nlink);
	SHOW(status.st_size);
	SHOW(status.st_uid == getuid() && status.st_gid == getgid());
	SHOW(open("a", O_CREAT | O_EXCL | O_RDWR, 0600));
	SHOW(open("a", O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	SHOW(fcntl(4, F_GETFD));
	SHOW(open("none", O_RDWR));
	SHOW(open("a/b", O_RDWR));
	SHOW(open("a/", O_RDWR));
	SHOW(open("none/", O_CREAT | O_RDWR, 0600));
	SHOW(open("", O_RDONLY));
	SHOW(open((void *)8, O_RDONLY));
	SHOW(openat(99, "a", O_RDONLY));
	SHOW(openat(fd, "a", O_RDONLY));
	umask(0);
	SHOW(fstat(open("b", O_CREAT | O_WRONLY, 0222), &status));
	SHOW(status.st_mode);
}

CASE(open_truncates)
{
	int fd = make_file("a", "some text");
	struct stat status;

	SHOW(open("a", O_WRONLY | O_TRUNC) >= 0);
	SHOW(fstat(fd, &status));
	SHOW(status.st_size);
	SHOW(write(fd, "more", 4));
	chmod("a", 0400);
	SHOW(open("a", O_RDONLY | O_TRUNC));
	SHOW(open("a", O_WRONLY | O_TRUNC));
	SHOW(lseek(fd, 0, SEEK_END));
}

CASE(positions)
{
	int fd = make_file("a", "0123456789"), copy = dup(fd), other = open("a", O_RDONLY), ends[2];
	char text[4] = "";

	SHOW(lseek(fd, 4, SEEK_SET));
	SHOW(lseek(copy, 0, SEEK_CUR));
	SHOW(lseek(other, 0, SEEK_CUR));
	SHOW(read(copy, text, 3));
	SAY("%s", text);
	SHOW(lseek(fd, -2, SEEK_CUR));
	SHOW(lseek(fd, -3, SEEK_END));
	SHOW(lseek(fd, 100, SEEK_END));
	SHOW(read(fd, text, 1));
	SHOW(write(fd, "x", 1));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(lseek(fd, -200, SEEK_CUR));
	SHOW(lseek(fd, -1, SEEK_SET));
	SHOW(lseek(fd, 0, 77));
	SHOW(lseek(99, 0, SEEK_SET));
	SHOW(pipe(ends));
	SHOW(lseek(ends[0], 0, SEEK_CUR));
	SHOW(pread(ends[0], text, 1, 0));
	SHOW(pread(fd, text, 1, -1));
	SHOW(pwrite(fd, text, 1, -1));
}

CASE(reads_and_writes_refuse)
{
	int fd = make_file("a", "text"), reader = open("a", O_RDONLY), writer = open("a", O_WRONLY);
	char byte;

	SHOW(read(writer, &byte, 1));
	SHOW(write(reader, &byte, 1));
	SHOW(read(99, &byte, 1));
	SHOW(write(99, &byte, 1));
	SHOW(read(fd, (void *)8, 4));
	SHOW(write(fd, (void *)8, 4));
	SHOW(read(fd, (void *)8, 0));
	SHOW(write(fd, (void *)8, 0));
	SHOW(read(open(".", O_RDONLY), &byte, 1));
	SHOW(read(open("a", O_PATH), &byte, 1));
	SHOW(ftruncate(reader, 0));
	SHOW(ftruncate(fd, -1));
	SHOW(truncate("none", 0));
	SHOW(truncate(".", 0));
}

CASE(vectors)
{
	int fd = make_file("a", "");
	char one[3] = "ab", two[4] = "cde", back[8] = "";
	struct iovec out[] = {{one, 2}, {NULL, 0}, {two, 3}};
	struct iovec in[] = {{back, 1}, {back + 1, 7}};
	struct iovec wrong = {one, (size_t)-1};

	SHOW(writev(fd, out, 3));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(readv(fd, in, 2));
	SAY("%s", back);
	SHOW(writev(fd, out, 0));
	SHOW(writev(fd, out, -1));
	SHOW(writev(fd, out, 1025));
	SHOW(writev(fd, (void *)8, 1));
	SHOW(writev(fd, &wrong, 1));
	SHOW(preadv(fd, in, 2, 2));
	SHOW(preadv(fd, in, 2, -1));
}

CASE(descriptors_are_duplicated)
{
	int fd = make_file("a", "text");

	SHOW(dup(fd));
	SHOW(dup(99));
	SHOW(dup2(fd, 10));
	SHOW(dup2(fd, fd) == fd);
	SHOW(dup2(99, 99));
	SHOW(dup2(fd, -1));
	SHOW(dup3(fd, 11, O_CLOEXEC));
	SHOW(fcntl(11, F_GETFD));
	SHOW(dup3(fd, fd, 0));
	SHOW(dup3(fd, 12, 1));
	SHOW(fcntl(fd, F_DUPFD, 20));
	SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 20));
	SHOW(fcntl(21, F_GETFD));
	SHOW(close(20));
	SHOW(close(20));
	SHOW(close(-1));
	SHOW(syscall(SYS_close_range, 10, 21, 0));
	SHOW(fcntl(11, F_GETFD));
	SHOW(syscall(SYS_close_range, 5, 4, 0));
	SHOW(syscall(SYS_close_range, 5, 6, 1));
}

CASE(file_flags)
{
	int fd = make_file("a", "text");

	SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	SHOW(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY));
	SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(write(fd, "x", 1));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(fcntl(fd, F_SETFD, 3));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, 999, 0));
	SHOW(fcntl(99, F_GETFL));
	SHOW(ioctl(fd, 0x5401, NULL));
	SHOW(ioctl(99, 0x5401, NULL));
}

CASE(pipes)
{
	char text[8] = "";
	int ends[2], count;

	SHOW(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
	SHOW(fcntl(ends[0], F_GETFD));
	SHOW(read(ends[0], text, 1));
	SHOW(write(ends[1], "abc", 3));
	SHOW(ioctl(ends[0], FIONREAD, &count));
	SHOW(count);
	SHOW(read(ends[0], text, 8));
	SHOW(write(ends[0], "x", 1));
	SHOW(read(ends[1], text, 1));
	SHOW(close(ends[1]));
	SHOW(read(ends[0], text, 1));
	SHOW(pipe2(ends, 1));
	SHOW(syscall(SYS_pipe2, 8, 0));
	SHOW(pipe(ends));
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(ends[1], "x", 1));
	catch_signal(SIGPIPE, 0);
	SHOW(write(ends[1], "x", 1));
	SHOW(signals_caught);
}

CASE(full_pipe)
{
	static char block[65536];
	int ends[2];

	SHOW(pipe2(ends, O_NONBLOCK));
	SHOW(write(ends[1], block, sizeof(block)));
	SHOW(write(ends[1], block, 1));
	SHOW(read(ends[0], block, 4096));
	SHOW(write(ends[1], block, 4097));
	SHOW(write(ends[1], block, 4096));
	SHOW(write(ends[1], block, 1));
}

CASE(modes_and_times)
{
	struct timespec times[2] = {{1000, 5}, {2000, 999999999}};
	struct stat status;
	int fd = make_file("a", "text");

	SHOW(chmod("a", 07777));
	SHOW(stat("a", &status));
	SHOW(status.st_mode);
	SHOW(fchmod(fd, 0));
	SHOW(fchmodat(AT_FDCWD, "a", 0640, 0));
	SHOW(chmod("none", 0600));
	SHOW(fchmod(99, 0600));
	SHOW(utimensat(AT_FDCWD, "a", times, 0));
	SHOW(stat("a", &status));
	SHOW(status.st_atim.tv_sec);
	SHOW(status.st_atim.tv_nsec);
	SHOW(status.st_mtim.tv_sec);
	SHOW(status.st_mtim.tv_nsec);
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_nsec = UTIME_NOW;
	SHOW(futimens(fd, times));
	SHOW(stat("a", &status));
	SHOW(status.st_atim.tv_sec);
	SHOW(status.st_mtim.tv_sec > 1000000000);
	times[0].tv_nsec = -1;
	SHOW(utimensat(AT_FDCWD, "a", times, 0));
	SHOW(utimensat(AT_FDCWD, "none", NULL, 0));
	SHOW(utimensat(AT_FDCWD, "a", NULL, 1));
}

CASE(status_of_files)
{
	struct stat status;
	int fd = make_file("a", "text");

	symlink("a", "s");
	mkfifo("f", 0640);
	SHOW(stat("s", &status));
	SHOW(S_ISREG(status.st_mode));
	SHOW(lstat("s", &status));
	SHOW(S_ISLNK(status.st_mode));
	SHOW(status.st_size);
	SHOW(stat("f", &status));
	SHOW(status.st_mode);
	SHOW(fstatat(fd, "", &status, AT_EMPTY_PATH));
	SHOW(status.st_size);
	SHOW(status.st_blksize);
	SHOW(fstatat(AT_FDCWD, "", &status, 0));
	SHOW(fstatat(fd, "a", &status, 0));
	SHOW(fstatat(AT_FDCWD, "a", &status, 1));
	SHOW(stat("a/x", &status));
	SHOW(stat("none", &status));
	SHOW(syscall(SYS_stat, "a", 8));
	SHOW(fstat(99, &status));
	SHOW(stat("/dev/null", &status));
	SHOW(S_ISCHR(status.st_mode));
	SHOW((long)status.st_rdev);
}

CASE(masks_of_new_files)
{
	SHOW(umask(0777));
	SHOW(umask(01777));
	SHOW(umask(0));
}

CASE(fifos)
{
	char text[4] = "";
	int reader, writer;

	SHOW(mkfifo("f", 0600));
	SHOW(mkfifo("f", 0600));
	SHOW(open("f", O_WRONLY | O_NONBLOCK));
	SHOW(reader = open("f", O_RDONLY | O_NONBLOCK));
	SHOW(read(reader, text, 1));
	SHOW(writer = open("f", O_WRONLY | O_NONBLOCK));
	SHOW(read(reader, text, 1));
	SHOW(write(writer, "abc", 3));
	SHOW(read(reader, text, 3));
	close(reader);
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(writer, "x", 1));
	SHOW(lseek(writer, 0, SEEK_CUR));
}

CASE(devices)
{
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
	int full = open("/dev/full", O_RDWR);
	char bytes[4] = "xxx";

	SHOW(read(null, bytes, 4));
	SHOW(write(null, bytes, 4));
	SHOW(read(zero, bytes, 4));
	SHOW(bytes[0] + bytes[3]);
	SHOW(write(zero, bytes, 4));
	SHOW(write(full, bytes, 4));
	SHOW(read(full, bytes, 4));
	SHOW(read(open("/dev/urandom", O_RDONLY), bytes, 4));
}

CASE(position_of_a_device)
{
	SHOW(lseek(open("/dev/null", O_RDWR), 10, SEEK_SET));
}
