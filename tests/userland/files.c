/* SPDX-License-Identifier: MIT
 *
 * Files and directories, and each error that their calls name in the manual.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "expect.h"

static int make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	EXPECT(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return fd;
}

static void test_open_flags(void)
{
	char text[16] = "";
	int fd = make("file", "0123456789");

	close(fd);
	EXPECT_ERROR(EEXIST, open("file", O_CREAT | O_EXCL | O_RDWR, 0600));
	EXPECT_ERROR(ENOENT, open("none", O_RDONLY));
	EXPECT_ERROR(ENOENT, open("", O_RDONLY));
	EXPECT_ERROR(ENOTDIR, open("file/x", O_RDONLY));
	EXPECT_ERROR(ENOTDIR, open("file", O_RDONLY | O_DIRECTORY));
	EXPECT_ERROR(EISDIR, open("..", O_WRONLY));
	fd = open("file", O_WRONLY | O_APPEND);
	EXPECT(write(fd, "abc", 3) == 3 && lseek(fd, 0, SEEK_END) == 13);
	EXPECT_ERROR(EBADF, read(fd, text, 1));
	close(fd);
	EXPECT_ERROR(EBADF, close(fd));
	fd = open("file", O_RDONLY);
	EXPECT_ERROR(EBADF, write(fd, "x", 1));
	EXPECT_ERROR(EINVAL, lseek(fd, -1, SEEK_SET));
	EXPECT(pread(fd, text, 4, 10) == 3 && memcmp(text, "abc", 3) == 0);
	EXPECT(pread(fd, text, 4, 13) == 0);
	close(fd);
	fd = open("file", O_RDWR | O_TRUNC);
	EXPECT(lseek(fd, 0, SEEK_END) == 0);
	close(fd);
	EXPECT(unlink("file") == 0);
}

static void test_holes_and_truncation(void)
{
	char text[8192];
	struct stat st;
	int fd = make("holes", "start");

	EXPECT(pwrite(fd, "end", 3, 100000) == 3 && fstat(fd, &st) == 0 && st.st_size == 100003);
	EXPECT(pread(fd, text, sizeof(text), 5) == sizeof(text));
	for (size_t i = 0; i < sizeof(text); i++)
		if (text[i] != 0)
			EXPECT(!"a hole reads as zeros");
	EXPECT(ftruncate(fd, 3) == 0 && ftruncate(fd, 10) == 0);
	EXPECT(pread(fd, text, 16, 0) == 10 && memcmp(text, "sta\0\0\0\0\0\0\0", 10) == 0);
	EXPECT_ERROR(EINVAL, ftruncate(fd, -1));
	close(fd);
	unlink("holes");
}

static void test_vectors(void)
{
	char a[4], b[8];
	struct iovec parts[] = {{a, sizeof(a)}, {b, sizeof(b)}};
	int fd = make("vector", "abcdefghij");

	lseek(fd, 0, SEEK_SET);
	EXPECT(readv(fd, parts, 2) == 10 && memcmp(a, "abcd", 4) == 0 &&
	       memcmp(b, "efghij", 6) == 0);
	EXPECT_ERROR(EINVAL, readv(fd, parts, -1));
	close(fd);
	unlink("vector");
}

static void test_names(void)
{
	char name[NAME_MAX + 2], path[PATH_MAX + 10], text[32];
	struct stat first, second;

	memset(name, 'n', sizeof(name));
	name[NAME_MAX + 1] = 0;
	EXPECT_ERROR(ENAMETOOLONG, open(name, O_CREAT | O_RDWR, 0600));
	name[NAME_MAX] = 0;
	close(make(name, "long"));
	EXPECT(unlink(name) == 0);
	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = 0;
	EXPECT_ERROR(ENAMETOOLONG, open(path, O_RDONLY));
	EXPECT(symlink("two", "one") == 0 && symlink("one", "two") == 0);
	EXPECT_ERROR(ELOOP, open("one", O_RDONLY));
	EXPECT(readlink("one", text, sizeof(text)) == 3 && memcmp(text, "two", 3) == 0);
	EXPECT_ERROR(EINVAL, readlink(".", text, sizeof(text)));
	EXPECT(unlink("one") == 0 && unlink("two") == 0);
	close(make("file", "x"));
	EXPECT(link("file", "other") == 0 && stat("file", &first) == 0 &&
	       stat("other", &second) == 0);
	EXPECT(first.st_ino == second.st_ino && first.st_nlink == 2);
	EXPECT(unlink("file") == 0 && stat("other", &second) == 0 && second.st_nlink == 1);
	EXPECT(unlink("other") == 0);
}

static void test_directories(void)
{
	char name[32];
	struct dirent *entry;
	int seen = 0;
	DIR *directory;

	EXPECT(mkdir("folder", 0700) == 0);
	EXPECT_ERROR(EEXIST, mkdir("folder", 0700));
	EXPECT_ERROR(ENOENT, mkdir("none/folder", 0700));
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "folder/%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	directory = opendir("folder");
	while (directory && (entry = readdir(directory)))
		seen += entry->d_name[0] != '.';
	EXPECT(seen == 500);
	if (directory)
		closedir(directory);
	EXPECT_ERROR(ENOTEMPTY, rmdir("folder"));
	EXPECT_ERROR(EISDIR, unlink("folder"));
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "folder/%d", i);
		EXPECT(unlink(name) == 0);
	}
	EXPECT(rmdir("folder") == 0);
	EXPECT_ERROR(ENOENT, rmdir("folder"));
}

static void test_rename(void)
{
	char text[8] = "";
	int fd = make("from", "new"), kept = make("to", "old");

	EXPECT(rename("from", "to") == 0);
	EXPECT_ERROR(ENOENT, open("from", O_RDONLY));
	/* The replaced file lives on for who has it open. */
	EXPECT(pread(kept, text, 3, 0) == 3 && memcmp(text, "old", 3) == 0);
	close(kept);
	close(fd);
	EXPECT(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0);
	EXPECT_ERROR(EINVAL, rename("a", "a/b/c"));
	EXPECT_ERROR(ENOENT, rename("none", "x"));
	EXPECT(rename("a/b", "b") == 0 && rmdir("b") == 0 && rmdir("a") == 0 && unlink("to") == 0);
}

static void test_open_and_unlinked(void)
{
	char text[8] = "";
	int fd = make("gone", "still"), copy = dup(fd);

	EXPECT(unlink("gone") == 0);
	EXPECT(lseek(fd, 0, SEEK_SET) == 0 && read(copy, text, 5) == 5);
	EXPECT(memcmp(text, "still", 5) == 0 && lseek(fd, 0, SEEK_CUR) == 5);
	close(fd);
	close(copy);
}

static void test_metadata(void)
{
	struct timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 5}, {.tv_sec = 2000, .tv_nsec = 7}};
	struct stat st;

	close(make("meta", "12345"));
	EXPECT(chmod("meta", 0640) == 0 && utimensat(AT_FDCWD, "meta", times, 0) == 0);
	EXPECT(stat("meta", &st) == 0 && st.st_mode == (S_IFREG | 0640) && st.st_size == 5);
	EXPECT(st.st_mtime == 2000 && st.st_atime == 1000);
	unlink("meta");
}

static void test_devices(void)
{
	char text[16];
	int fd = open("/dev/null", O_RDWR);

	EXPECT(write(fd, "gone", 4) == 4 && read(fd, text, 4) == 0);
	close(fd);
	fd = open("/dev/zero", O_RDONLY);
	memset(text, 'x', sizeof(text));
	EXPECT(read(fd, text, sizeof(text)) == sizeof(text) && text[0] == 0 && text[15] == 0);
	close(fd);
}

int main(void)
{
	EXPECT(mkdir("/tmp/files", 0700) == 0 && chdir("/tmp/files") == 0);
	test_open_flags();
	test_holes_and_truncation();
	test_vectors();
	test_names();
	test_directories();
	test_rename();
	test_open_and_unlinked();
	test_metadata();
	test_devices();
	EXPECT(chdir("/") == 0 && rmdir("/tmp/files") == 0);
	return expect_result();
}
