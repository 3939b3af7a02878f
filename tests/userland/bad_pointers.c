/* SPDX-License-Identifier: MIT
 *
 * bad_pointers [unmapped]: every pointer argument of the system calls below, bad in each way:
 * EFAULT, or ENOSYS where the kernel has no such call. With `unmapped` only user addresses are
 * tried: a profile without access_ok promises nothing for the others.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#include "expect.h"

#define PAGE 4096

/* Which arguments are pointers, as bit masks of their positions. */
struct row {
	const char *name;
	long number;
	unsigned int in;     /* read by the kernel: a structure or a string */
	unsigned int out;    /* written by the kernel: a structure */
	unsigned int buffer; /* with a length: a part may be transferred first */
	long arguments[6];   /* all of them good */
};

#define A0 1u
#define A1 2u
#define A2 4u
#define A3 8u

struct bad_address {
	const char *name;
	char *address;
	bool readable;   /* bad only for what the kernel writes */
	bool straddling; /* starts in good memory */
	bool kernel;     /* beyond what a user may have */
};

static char *new_pages(size_t count, int protection)
{
	char *pages = mmap(NULL, count * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		abort();
	return pages;
}

static int tried, unknown;

static void try_row(const struct row *row, int position, const struct bad_address *bad)
{
	long a[6], got;

	memcpy(a, row->arguments, sizeof(a));
	a[position] = (long)bad->address;
	errno = 0;
	got = syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	tried++;
	if (got == -1 && errno == ENOSYS) {
		unknown++;
		return;
	}
	if (got != -1 || errno != EFAULT) {
		printf("%s: argument %d %s: %ld, errno %d\n", row->name, position, bad->name, got,
		       got == -1 ? errno : 0);
		expect_failed();
	}
}

int main(int argc, char **argv)
{
	bool only_unmapped = argc == 2 && strcmp(argv[1], "unmapped") == 0;
	char *good = new_pages(4, PROT_READ | PROT_WRITE), *gone = new_pages(1, PROT_READ);
	char *edge = new_pages(2, PROT_READ | PROT_WRITE), *read_only = new_pages(1, PROT_READ);
	char *closed = new_pages(1, PROT_NONE);
	long path = (long)"/etc/motd", folder = (long)"/tmp", buf = (long)good, pair[2];
	long file = open("/tmp/bad_pointers", O_RDWR | O_CREAT | O_TRUNC, 0600);
	long directory = open("/", O_RDONLY), motd = open("/etc/motd", O_RDONLY), ends[2];
	int fds[2];
	const long cwd = AT_FDCWD;

	munmap(gone, PAGE);
	munmap(edge + PAGE, PAGE);
	EXPECT(file >= 0 && directory >= 0 && motd >= 0 && pipe(fds) == 0);
	ends[0] = fds[0];
	ends[1] = fds[1];
	EXPECT(write(fds[1], "waiting", 7) == 7);
	pair[0] = (long)good;
	pair[1] = 8;

	const struct bad_address addresses[] = {
	        {"in the first page", (char *)8, false, false, false},
	        {"unmapped", gone, false, false, false},
	        {"without access", closed, false, false, false},
	        {"read-only", read_only, true, false, false},
	        {"ending in unmapped memory", edge + PAGE - 4, false, true, false},
	        {"of the kernel", (char *)0xffffffff80100000, false, false, true},
	        {"of the direct map", (char *)0xffff888000001000, false, false, true},
	        {"non-canonical", (char *)0x0000800000000000, false, false, true},
	        {"non-canonical and odd", (char *)0x4141414141414140, false, false, true},
	        {"the last of all", (char *)-8L, false, false, true},
	};
	const struct row rows[] = {
	        {"read", SYS_read, 0, 0, A1, {motd, buf, 16}},
	        {"read of a pipe", SYS_read, 0, 0, A1, {ends[0], buf, 4}},
	        {"write", SYS_write, 0, 0, 0, {file, buf, 16}},
	        {"open", SYS_open, A0, 0, 0, {path, O_RDONLY}},
	        {"stat", SYS_stat, A0, A1, 0, {path, buf}},
	        {"fstat", SYS_fstat, 0, A1, 0, {motd, buf}},
	        {"lstat", SYS_lstat, A0, A1, 0, {path, buf}},
	        {"poll", SYS_poll, A0, 0, 0, {buf, 1, 0}},
	        {"rt_sigaction", SYS_rt_sigaction, A1, A2, 0, {SIGUSR1, 0, 0, 8}},
	        {"rt_sigprocmask", SYS_rt_sigprocmask, A1, A2, 0, {SIG_BLOCK, buf, buf, 8}},
	        {"rt_sigpending", SYS_rt_sigpending, 0, A0, 0, {buf, 8}},
	        {"sigaltstack", SYS_sigaltstack, A0, A1, 0, {0, 0}},
	        {"pread64", SYS_pread64, 0, 0, A1, {motd, buf, 16, 0}},
	        {"pwrite64", SYS_pwrite64, 0, 0, 0, {file, buf, 16, 0}},
	        {"readv", SYS_readv, A1, 0, 0, {motd, (long)pair, 1}},
	        {"writev", SYS_writev, A1, 0, 0, {file, (long)pair, 1}},
	        {"access", SYS_access, A0, 0, 0, {path, 0}},
	        {"pipe", SYS_pipe, 0, A0, 0, {buf}},
	        {"pipe2", SYS_pipe2, 0, A0, 0, {buf, 0}},
	        {"nanosleep", SYS_nanosleep, A0, 0, 0, {buf, 0}},
	        {"clock_nanosleep", SYS_clock_nanosleep, A2, 0, 0, {CLOCK_MONOTONIC, 0, buf, 0}},
	        {"execve", SYS_execve, A0, 0, 0, {path, 0, 0}},
	        {"execve's arguments", SYS_execve, A1 | A2, 0, 0, {(long)"/bin/true", 0, 0}},
	        {"uname", SYS_uname, 0, A0, 0, {buf}},
	        {"truncate", SYS_truncate, A0, 0, 0, {(long)"/tmp/bad_pointers", 0}},
	        {"getdents64", SYS_getdents64, 0, 0, A1, {directory, buf, PAGE}},
	        {"getcwd", SYS_getcwd, 0, 0, A0, {buf, 64}},
	        {"chdir", SYS_chdir, A0, 0, 0, {folder}},
	        {"rename", SYS_rename, A0 | A1, 0, 0, {path, (long)"/tmp/none"}},
	        {"mkdir", SYS_mkdir, A0, 0, 0, {folder, 0700}},
	        {"rmdir", SYS_rmdir, A0, 0, 0, {(long)"/none"}},
	        {"creat", SYS_creat, A0, 0, 0, {(long)"/tmp/bad_pointers", 0600}},
	        {"link", SYS_link, A0 | A1, 0, 0, {path, (long)"/tmp/none"}},
	        {"unlink", SYS_unlink, A0, 0, 0, {(long)"/none"}},
	        {"symlink", SYS_symlink, A0 | A1, 0, 0, {path, (long)"/tmp/none"}},
	        {"readlink", SYS_readlink, A0, 0, A1, {(long)"/bin/sh", buf, 64}},
	        {"chmod", SYS_chmod, A0, 0, 0, {path, 0644}},
	        {"chown", SYS_chown, A0, 0, 0, {path, 0, 0}},
	        {"gettimeofday", SYS_gettimeofday, 0, A0, 0, {buf, 0}},
	        {"getrlimit", SYS_getrlimit, 0, A1, 0, {7, buf}},
	        {"getrusage", SYS_getrusage, 0, A1, 0, {0, buf}},
	        {"sysinfo", SYS_sysinfo, 0, A0, 0, {buf}},
	        {"times", SYS_times, 0, A0, 0, {buf}},
	        {"statfs", SYS_statfs, A0, A1, 0, {path, buf}},
	        {"fstatfs", SYS_fstatfs, 0, A1, 0, {motd, buf}},
	        {"arch_prctl", SYS_arch_prctl, 0, A1, 0, {0x1003, buf}},
	        {"time", SYS_time, 0, A0, 0, {buf}},
	        {"futex", SYS_futex, 0, 0, 0, {buf, 0, 1, 0}},
	        {"sched_getaffinity", SYS_sched_getaffinity, 0, 0, A2, {0, 128, buf}},
	        {"clock_gettime", SYS_clock_gettime, 0, A1, 0, {CLOCK_REALTIME, buf}},
	        {"clock_getres", SYS_clock_getres, 0, A1, 0, {CLOCK_REALTIME, buf}},
	        {"openat", SYS_openat, A1, 0, 0, {cwd, path, O_RDONLY}},
	        {"mkdirat", SYS_mkdirat, A1, 0, 0, {cwd, folder, 0700}},
	        {"newfstatat", SYS_newfstatat, A1, A2, 0, {cwd, path, buf, 0}},
	        {"unlinkat", SYS_unlinkat, A1, 0, 0, {cwd, (long)"/none", 0}},
	        {"symlinkat", SYS_symlinkat, A0 | A2, 0, 0, {path, cwd, (long)"/tmp/none"}},
	        {"readlinkat", SYS_readlinkat, A1, 0, A2, {cwd, (long)"/bin/sh", buf, 64}},
	        {"fchmodat", SYS_fchmodat, A1, 0, 0, {cwd, path, 0644}},
	        {"faccessat", SYS_faccessat, A1, 0, 0, {cwd, path, 0}},
	        {"utimensat", SYS_utimensat, A1, 0, 0, {cwd, path, 0, 0}},
	        {"prlimit64", SYS_prlimit64, 0, A3, 0, {0, 7, 0, buf}},
	        {"getrandom", SYS_getrandom, 0, 0, A0, {buf, 16, 0}},
	        {"statx", SYS_statx, A1, 0, 0, {cwd, path, 0, 0, buf}},
	        {"setitimer", SYS_setitimer, A1, 0, 0, {ITIMER_REAL, buf, 0}},
	        {"rt_sigsuspend", SYS_rt_sigsuspend, A0, 0, 0, {buf, 8}},
	};

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		const struct row *row = &rows[r];

		for (int position = 0; position < 6; position++) {
			unsigned int bit = 1u << position;
			/* read and write name their buffer; write's and futex's is only read. */
			bool reads = (row->in & bit) || (!row->out && !row->buffer && !row->in &&
			                                 row->arguments[position] == buf);

			if (!reads && !((row->out | row->buffer) & bit))
				continue;
			for (size_t b = 0; b < sizeof(addresses) / sizeof(addresses[0]); b++) {
				const struct bad_address *bad = &addresses[b];

				if ((bad->readable && reads) || (bad->kernel && only_unmapped))
					continue;
				if (bad->straddling &&
				    ((row->buffer & bit) || !((row->in | row->out) & bit)))
					continue;
				/* What a call wrote before it met the hole must not end the next
				 * string. */
				memset(edge, 'a', PAGE);
				lseek((int)motd, 0, SEEK_SET);
				lseek((int)directory, 0, SEEK_SET);
				memset(good, 0, 64);
				try_row(row, position, bad);
			}
		}
	}
	unlink("/tmp/bad_pointers");
	printf("%d bad pointers tried, %d in calls that are not there\n", tried, unknown);
	EXPECT(tried - unknown >= 400 || only_unmapped);
	return expect_result();
}
