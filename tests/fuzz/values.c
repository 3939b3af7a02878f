/* SPDX-License-Identifier: MIT
 *
 * Numbers: which ones an argument may take, by its kind, and by the name that the table of
 * system calls gives it. What musl has no name for is a number here, as its manual page has it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define DESCRIPTORS 24 /* most of a worker's are below */
#define NO_PROCESS  5000000

/* The numbers that make sense for an argument of this name; of one call, or of each (NULL). Bits
 * are joined for an argument of the kinds FLAGS and MODE. */
struct domain {
	const char *call, *name;
	const long *values;
	unsigned int count;
};

#define DOMAIN(call, name, ...)                                                                    \
	{call, name, (const long[]){__VA_ARGS__}, sizeof((long[]){__VA_ARGS__}) / sizeof(long)}

#define AT_BITS                                                                                    \
	AT_SYMLINK_NOFOLLOW, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_EMPTY_PATH, AT_NO_AUTOMOUNT,      \
	        AT_EACCESS

static const struct domain domains[] = {
        DOMAIN("clone", "flags", CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD,
               CLONE_VFORK, CLONE_PARENT, CLONE_SYSVSEM, CLONE_SETTLS, CLONE_PARENT_SETTID,
               CLONE_CHILD_CLEARTID, CLONE_CHILD_SETTID, SIGCHLD, SIGUSR1),
        DOMAIN("clock_nanosleep", "flags", 1),
        DOMAIN("close_range", "flags", 4, 2),
        DOMAIN("copy_file_range", "flags", 0),
        DOMAIN("dup3", "flags", O_CLOEXEC),
        DOMAIN("epoll_create1", "flags", EPOLL_CLOEXEC),
        DOMAIN("epoll_ctl", "operation", EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, 0, 4),
        DOMAIN("eventfd2", "flags", EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE),
        DOMAIN("fallocate", "mode", 1, 2, 8, 16, 32, 64),
        DOMAIN("fcntl", "command", F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
               F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_GETOWN,
               F_SETOWN, F_GETSIG, F_SETSIG, F_GETPIPE_SZ, F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS),
        DOMAIN("flock", "operation", LOCK_SH, LOCK_EX, LOCK_UN, LOCK_SH | LOCK_NB,
               LOCK_EX | LOCK_NB, 0, 15),
        DOMAIN("futex", "operation", 0, 1, 3, 4, 5, 6, 7, 9, 10, 128, 256),
        DOMAIN("getrandom", "flags", 1, 2, 4),
        DOMAIN("getrusage", "who", RUSAGE_SELF, RUSAGE_CHILDREN, 1, 2),
        DOMAIN("ioctl", "command", TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCSWINSZ,
               TIOCGPGRP, TIOCSPGRP, TIOCSCTTY, TIOCNOTTY, TIOCGSID, FIONREAD, FIONBIO, FIOASYNC,
               FIOCLEX, FIONCLEX, TIOCOUTQ, TCFLSH, TCSBRK, TIOCGPTN, TIOCSPTLCK, TIOCSTI),
        DOMAIN("lseek", "whence", SEEK_SET, SEEK_CUR, SEEK_END, 3, 4, 5),
        DOMAIN("madvise", "advice", MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED,
               MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_HUGEPAGE,
               MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_WIPEONFORK, MADV_KEEPONFORK, MADV_COLD,
               MADV_PAGEOUT, 22, 23),
        DOMAIN("fadvise64", "advice", 0, 1, 2, 3, 4, 5, 6),
        DOMAIN("memfd_create", "flags", MFD_CLOEXEC, MFD_ALLOW_SEALING),
        DOMAIN("mlock2", "flags", 1),
        DOMAIN("mlockall", "flags", MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT),
        DOMAIN("mmap", "flags", MAP_SHARED, MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS, MAP_POPULATE,
               MAP_NORESERVE, MAP_GROWSDOWN, MAP_LOCKED, MAP_STACK, MAP_FIXED_NOREPLACE,
               MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS, MAP_PRIVATE | MAP_FIXED),
        DOMAIN("mremap", "flags", MREMAP_MAYMOVE, MREMAP_FIXED, 4),
        DOMAIN("msync", "flags", MS_ASYNC, MS_INVALIDATE, MS_SYNC),
        DOMAIN("preadv2", "flags", 1, 2, 4, 8, 16),
        DOMAIN("pwritev2", "flags", 1, 2, 4, 8, 16),
        DOMAIN("prctl", "option", PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_GET_DUMPABLE,
               PR_SET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_KEEPCAPS, PR_GET_KEEPCAPS,
               PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER,
               PR_GET_CHILD_SUBREAPER, PR_SET_TIMERSLACK, PR_GET_TIMERSLACK, PR_CAPBSET_READ,
               PR_SET_SECCOMP, 0x53564d41, PR_GET_TID_ADDRESS, PR_SET_MM),
        DOMAIN("arch_prctl", "code", 0x1001, 0x1002, 0x1003, 0x1004, 0x1011, 0x1012, 0x2001),
        DOMAIN("reboot", "magic", 0xfee1dead),
        DOMAIN("reboot", "magic2", 0x28121969, 0x05121996),
        DOMAIN("reboot", "command", RB_DISABLE_CAD, RB_POWER_OFF),
        DOMAIN("renameat2", "flags", 1, 2, 4),
        DOMAIN("rt_sigprocmask", "how", SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK, 3),
        DOMAIN("accept4", "flags", SOCK_CLOEXEC, SOCK_NONBLOCK),
        DOMAIN("shutdown", "how", 0, 1, 2, 3),
        DOMAIN("signalfd4", "flags", O_CLOEXEC, O_NONBLOCK),
        DOMAIN("statx", "wanted", 0x7ff, 0xfff, 0x1000),
        DOMAIN("sync_file_range", "flags", 1, 2, 4),
        DOMAIN("timerfd_create", "flags", TFD_CLOEXEC, TFD_NONBLOCK),
        DOMAIN("timerfd_settime", "flags", 1, 2),
        DOMAIN("umount2", "flags", 1, 2, 4, 8),
        DOMAIN("wait4", "options", WNOHANG, WUNTRACED, WCONTINUED, 0x20000000, 0x40000000),
        DOMAIN("tee", "flags", 1, 2, 4, 8),
        DOMAIN("splice", "flags", 1, 2, 4, 8),
        DOMAIN("vmsplice", "flags", 1, 2, 4, 8),
        DOMAIN("pipe2", "flags", O_CLOEXEC, O_NONBLOCK, O_DIRECT),
        DOMAIN("open", "flags", O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK,
               O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC, O_PATH, O_TMPFILE, O_NOATIME, O_SYNC),
        DOMAIN("openat", "flags", O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK,
               O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC, O_PATH, O_TMPFILE, O_NOATIME, O_SYNC),
        DOMAIN("setxattr", "flags", 1, 2),
        DOMAIN("lsetxattr", "flags", 1, 2),
        DOMAIN("fsetxattr", "flags", 1, 2),
        DOMAIN(NULL, "address_size", 2, 3, 4, 8, 12, 110, 110, 110, 111, 128, 129, 0, 1),
        DOMAIN(NULL, "level", SOL_SOCKET, SOL_SOCKET, SOL_SOCKET, 0, 6, 41),
        DOMAIN(NULL, "option", SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF,
               SO_KEEPALIVE, SO_PRIORITY, SO_LINGER, SO_PASSCRED, SO_PEERCRED, SO_RCVLOWAT, 20, 21,
               SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN, 31, 59),
        DOMAIN(NULL, "option_size", sizeof(int), sizeof(int), 2 * sizeof(int), 16, 1, 0),
        DOMAIN(NULL, "message_flags", MSG_DONTWAIT, MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC, MSG_WAITALL,
               MSG_NOSIGNAL, MSG_OOB, MSG_CMSG_CLOEXEC, MSG_WAITFORONE, MSG_EOR),
        DOMAIN(NULL, "waiting_most", 0, 1, 2, 5, 128),
        DOMAIN(NULL, "flags", AT_BITS),
        DOMAIN(NULL, "protection", PROT_READ, PROT_WRITE, PROT_EXEC, PROT_GROWSDOWN),
        DOMAIN(NULL, "domain", AF_UNIX, AF_UNIX, AF_UNIX, AF_UNIX, AF_UNIX, AF_INET, AF_INET6,
               AF_NETLINK, AF_PACKET),
        DOMAIN(NULL, "protocol", 0, 0, 0, 0, 1, 6, 17),
        DOMAIN(NULL, "type", SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET,
               SOCK_STREAM | SOCK_CLOEXEC, SOCK_DGRAM | SOCK_NONBLOCK),
        DOMAIN(NULL, "resource", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
        DOMAIN(NULL, "count", 0, 1, 2, 3, 8, 64, 1024, 1025),
        DOMAIN(NULL, "most", 0, 1, 2, 8, 64),
        DOMAIN(NULL, "timeout", 0, 1, 3, -1),
        DOMAIN(NULL, "which", 0, 1, 2, 3),
        DOMAIN(NULL, "mode", 0400, 0200, 0100, 0040, 0020, 0010, 04000, 02000, 01000, S_IFREG,
               S_IFIFO, S_IFDIR, S_IFCHR, S_IFSOCK),
        DOMAIN(NULL, "wanted", R_OK, W_OK, X_OK),
};

static const long borderline[] = {
        0,        1,          -1,        2,         7,
        8,        PAGE - 1,   PAGE,      65535,     65536,
        INT_MAX,  INT_MIN,    UINT_MAX,  LONG_MAX,  LONG_MIN,
        1L << 32, 1L << 46,   1L << 12,  -PAGE + 1, LONG_MAX - 1,
        -4095,    1000000000, 999999999,
};

static const long sizes[] = {0,    1,       3,        8,         16,       64,      100, 4095,
                             PAGE, 4097,    2 * PAGE, 16 * PAGE, 65535,    1 << 20, 8,   2 * PAGE,
                             PAGE, INT_MAX, 1L << 31, 1L << 46,  LONG_MAX, -1};

#define PICK(maker, array) (array)[random_below(maker, sizeof(array) / sizeof((array)[0]))]

uint64_t size_value(struct maker *maker)
{
	if (odd_in(maker, 8))
		return (uint64_t)PICK(maker, sizes);
	/* The rest without the huge ones, which are the last five. */
	return (uint64_t)sizes[random_below(maker, sizeof(sizes) / sizeof(sizes[0]) - 5)];
}

int descriptor_value(struct maker *maker)
{
	static const int odd[] = {-1, AT_FDCWD, 63, 64, 1000, INT_MAX, INT_MIN};

	if (odd_in(maker, 5))
		return PICK(maker, odd);
	return (int)random_below(maker, DESCRIPTORS);
}

int process_value(struct maker *maker)
{
	static const int nobody[] = {0, NO_PROCESS, INT_MAX, INT_MIN};

	switch (random_below(maker, maker->privileged ? 3 : 5)) {
	case 0:
		return PICK(maker, nobody);
	case 1:
		return maker->pids[random_below(maker, PIDS)];
	case 2:
		return maker->slot->task;
	case 3:
		return maker->control->slots[random_below(maker, WORKERS)][0].task;
	default:
		return (int)random_below(maker, 200) - 100;
	}
}

/* Most calls on sockets are on one. */
static bool is_on_sockets(const struct call *call)
{
	static const char *const names[] = {"socket_address", "message_flags", "waiting_most",
	                                    "option_value"};

	for (unsigned int i = 1; i < call->count; i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (strcmp(call->names[i], names[j]) == 0)
				return true;
	return false;
}

static const struct domain *find_domain(const char *call, const char *name)
{
	const struct domain *found = NULL;

	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]) && !found; i++)
		if ((!domains[i].call || strcmp(domains[i].call, call) == 0) &&
		    strcmp(domains[i].name, name) == 0)
			found = &domains[i];
	return found;
}

static uint64_t borderline_value(struct maker *maker)
{
	return one_in(maker, 3) ? random_word(maker) >> random_below(maker, 64)
	                        : (uint64_t)PICK(maker, borderline);
}

static uint64_t bits_value(struct maker *maker, const struct domain *domain)
{
	uint64_t bits = 0;

	if (odd_in(maker, 8))
		return borderline_value(maker);
	if (odd_in(maker, 8))
		return 1ul << random_below(maker, 32);
	for (unsigned int n = random_below(maker, 4); n > 0 && domain; n--)
		bits |= (uint64_t)domain->values[random_below(maker, domain->count)];
	return bits;
}

static uint64_t number_value(struct maker *maker, const struct domain *domain)
{
	if (odd_in(maker, 6))
		return borderline_value(maker);
	if (domain)
		return (uint64_t)domain->values[random_below(maker, domain->count)];
	return random_below(maker, 16);
}

static int signal_value(struct maker *maker)
{
	static const int harmless[] = {SIGUSR1, SIGCHLD, SIGWINCH, SIGURG, SIGCONT, 34, 64, 0};

	if (odd_in(maker, 2))
		return (int)random_below(maker, 70) - 2;
	return PICK(maker, harmless);
}

uint64_t value_of(struct maker *maker, const struct call *call, unsigned int position)
{
	const struct domain *domain = find_domain(call->name, call->names[position]);
	static const int ids[] = {0, 1000, 1001, 65534, -1, INT_MAX, INT_MIN};

	switch (call->kinds[position]) {
	case KIND_FD:
		if (strstr(call->names[position], "directory") && !one_in(maker, 4))
			return (uint64_t)AT_FDCWD;
		if (is_on_sockets(call) && !one_in(maker, 3))
			return FIRST_SOCKET + random_below(maker, SOCKETS);
		return (uint64_t)descriptor_value(maker);
	case KIND_SIZE:
		if (strcmp(call->names[position], "mask_size") == 0 && !odd_in(maker, 6))
			return 8;
		return domain ? number_value(maker, domain) : size_value(maker);
	case KIND_FLAGS:
	case KIND_MODE:
		return bits_value(maker, domain);
	case KIND_PID:
		return (uint64_t)process_value(maker);
	case KIND_SIGNAL:
		return (uint64_t)signal_value(maker);
	case KIND_CLOCK:
		return odd_in(maker, 4) ? borderline_value(maker) : random_below(maker, 13);
	case KIND_ID:
		return (uint64_t)PICK(maker, ids);
	case KIND_LONG:
		return odd_in(maker, 2) ? borderline_value(maker) : random_below(maker, 20000);
	default:
		return number_value(maker, domain);
	}
}
