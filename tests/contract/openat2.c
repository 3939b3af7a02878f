/* SPDX-License-Identifier: MIT
 *
 * openat2(2).
 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "contract.h"

#define SYS_OPENAT2   437
#define NO_XDEV       0x01
#define NO_MAGICLINKS 0x02
#define NO_SYMLINKS   0x04
#define BENEATH       0x08
#define IN_ROOT       0x10

struct how {
	uint64_t flags, mode, resolve;
};

/* Opens, says the result, closes. */
static long try_open(int directory, const char *path, uint64_t flags, uint64_t mode,
                     uint64_t resolve)
{
	struct how how = {flags, mode, resolve};
	long fd = syscall(SYS_OPENAT2, directory, path, &how, sizeof(how));

	if (fd >= 0)
		close((int)fd);
	return fd >= 0 ? 0 : -1;
}

static long resolve(int directory, const char *path, uint64_t limits)
{
	return try_open(directory, path, O_RDONLY, 0, limits);
}

/* A tree with links: top/{file,sub/{file,up -> ../file,out -> ../../outside,abs -> /dev/null}},
 * outside. A descriptor of top. */
static int make_tree(void)
{
	make_file("outside", "");
	SHOW(mkdir("top", 0700));
	SHOW(mkdir("top/sub", 0700));
	make_file("top/file", "");
	make_file("top/sub/file", "");
	SHOW(symlink("../file", "top/sub/up"));
	SHOW(symlink("../../outside", "top/sub/out"));
	SHOW(symlink("/dev/null", "top/sub/abs"));
	SHOW(symlink("/file", "top/sub/root"));
	SHOW(symlink("sub", "top/link"));
	return open("top", O_RDONLY | O_DIRECTORY);
}

CASE(openat2_beneath)
{
	int top = make_tree();

	SHOW(resolve(top, "sub/file", BENEATH));
	SHOW(resolve(top, "sub/../file", BENEATH));
	SHOW(resolve(top, "../outside", BENEATH));
	SHOW(resolve(top, "sub/../../top/file", BENEATH));
	SHOW(resolve(top, "/dev/null", BENEATH));
	SHOW(resolve(top, "sub/up", BENEATH));
	SHOW(resolve(top, "sub/out", BENEATH));
	SHOW(resolve(top, "sub/abs", BENEATH));
	SHOW(resolve(top, "link/file", BENEATH));
	SHOW(resolve(AT_FDCWD, "top/file", BENEATH));
	SHOW(resolve(AT_FDCWD, "..", BENEATH));
	SHOW(resolve(top, "none", BENEATH));
	SHOW(resolve(top, ".", BENEATH));
}

CASE(openat2_in_root)
{
	int top = make_tree();

	SHOW(resolve(top, "/file", IN_ROOT));
	SHOW(resolve(top, "/sub/file", IN_ROOT));
	SHOW(resolve(top, "../../file", IN_ROOT));
	SHOW(resolve(top, "/outside", IN_ROOT));
	SHOW(resolve(top, "sub/out", IN_ROOT));
	SHOW(resolve(top, "sub/abs", IN_ROOT));
	SHOW(resolve(top, "sub/root", IN_ROOT));
	SHOW(resolve(99, "/file", IN_ROOT));
	SHOW(resolve(make_file("file", ""), "/file", IN_ROOT));
}

CASE(openat2_without_links)
{
	int top = make_tree();

	SHOW(resolve(top, "sub/file", NO_SYMLINKS));
	SHOW(resolve(top, "sub/up", NO_SYMLINKS));
	SHOW(resolve(top, "link/file", NO_SYMLINKS));
	SHOW(try_open(top, "link", O_PATH | O_NOFOLLOW, 0, NO_SYMLINKS));
	SHOW(resolve(top, "sub/up", NO_MAGICLINKS));
	SHOW(try_open(top, "sub/up", O_CREAT | O_WRONLY, 0600, NO_SYMLINKS));
	SHOW(try_open(top, "sub/new", O_CREAT | O_WRONLY, 0600, NO_SYMLINKS));
}

CASE(openat2_on_one_file_system)
{
	int top = make_tree(), root = open("/", O_RDONLY);

	SHOW(resolve(top, "sub/file", NO_XDEV));
	SHOW(resolve(top, "sub/../file", NO_XDEV));
	SHOW(resolve(root, "proc/self", NO_XDEV));
	SHOW(resolve(top, "sub/abs", NO_XDEV));
}

CASE(openat2_creates_beneath)
{
	int top = make_tree();

	SHOW(try_open(top, "sub/new", O_CREAT | O_EXCL | O_RDWR, 0640, BENEATH));
	SHOW(try_open(top, "sub/new", O_CREAT | O_EXCL | O_RDWR, 0640, BENEATH));
	SHOW(try_open(top, "../new", O_CREAT | O_RDWR, 0640, BENEATH));
	SHOW(symlink("../../fresh", "top/sub/dangling"));
	SHOW(try_open(top, "sub/dangling", O_CREAT | O_RDWR, 0640, BENEATH));
	SHOW(try_open(top, "sub/dangling", O_CREAT | O_RDWR, 0640, IN_ROOT));
	SHOW(access("fresh", F_OK));
	SHOW(access("top/fresh", F_OK));
}

CASE(openat2_is_strict)
{
	struct {
		struct how how;
		uint64_t more;
	} long_how = {{O_RDONLY, 0, 0}, 0};

	make_file("file", "");
	SHOW(try_open(AT_FDCWD, "file", 1UL << 40, 0, 0));
	SHOW(try_open(AT_FDCWD, "file", O_RDONLY, 0600, 0));
	SHOW(try_open(AT_FDCWD, "file", O_CREAT, 010600, 0));
	SHOW(try_open(AT_FDCWD, "file", O_PATH | O_RDWR, 0, 0));
	SHOW(try_open(AT_FDCWD, "file", O_CREAT | O_DIRECTORY, 0600, 0));
	SHOW(resolve(AT_FDCWD, "file", 0x40));
	SHOW(resolve(AT_FDCWD, "file", BENEATH | IN_ROOT));
	SHOW(resolve(99, "file", 0));
	SHOW(resolve(AT_FDCWD, "file", 0));
	SHOW(syscall(SYS_OPENAT2, AT_FDCWD, "file", &long_how, 23));
	SHOW(syscall(SYS_OPENAT2, AT_FDCWD, "file", (void *)8, 24));
	SHOW(syscall(SYS_OPENAT2, AT_FDCWD, "file", &long_how, 5000));
	SHOW(syscall(SYS_OPENAT2, AT_FDCWD, "file", &long_how, sizeof(long_how)));
	long_how.more = 1;
	SHOW(syscall(SYS_OPENAT2, AT_FDCWD, "file", &long_how, sizeof(long_how)));
}
