/* SPDX-License-Identifier: MIT
 *
 * Tracing in the manner of strace(1): one line of the log a call, with its
 * arguments as their kinds say. Boot option: trace-syscalls.
 */
#include <asm/unistd_64.h>

#include <arch/boot_info.h>
#include <arch/trap_frame.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/table.h>

#define LINE_BYTES 256
#define PATH_SHOWN 64

int trace_answer;

int trace_ask(void)
{
	trace_answer = boot_option("trace-syscalls") ? 2 : 1;
	return trace_answer;
}

static int show_path(char *to, size_t size, uint64_t address)
{
	char path[PATH_SHOWN];
	long length = copy_string_from_user(path, (const char __user *)address, sizeof(path));

	if (length == -ENAMETOOLONG) {
		path[sizeof(path) - 1] = '\0';
		return format(to, size, "\"%s\"...", path);
	}
	if (length < 0)
		return format(to, size, "0x%lx", address);
	return format(to, size, "\"%s\"", path);
}

static int show_argument(char *to, size_t size, enum syscall_kind kind, uint64_t value)
{
	switch (kind) {
	case SYSCALL_KIND_FD:
	case SYSCALL_KIND_INT:
	case SYSCALL_KIND_PID:
	case SYSCALL_KIND_SIGNAL:
	case SYSCALL_KIND_CLOCK:
	case SYSCALL_KIND_ID:
		return format(to, size, "%d", (int)value);
	case SYSCALL_KIND_LONG:
	case SYSCALL_KIND_SIZE:
		return format(to, size, "%ld", (long)value);
	case SYSCALL_KIND_PATH:
		return show_path(to, size, value);
	case SYSCALL_KIND_MODE:
		/* format has no octal: three digits do for permissions. */
		return format(to, size, "0%u%u%u", (unsigned int)(value >> 6 & 7),
		              (unsigned int)(value >> 3 & 7), (unsigned int)(value & 7));
	default:
		return format(to, size, "0x%lx", value);
	}
}

static void describe(char *line, size_t size, const struct syscall *syscall,
                     const uint64_t *arguments)
{
	size_t used = (size_t)format(line, size, "%d %s(", current_process()->id, syscall->name);
	unsigned int i;

	for (i = 0; i < syscall->count && used < size; i++) {
		if (i > 0)
			used += string_copy(line + used, ", ", size - used);
		if (used < size)
			used += (size_t)show_argument(line + used, size - used,
			                              (enum syscall_kind)syscall->kinds[i],
			                              arguments[i]);
	}
	if (used < size)
		string_copy(line + used, ")", size - used);
}

long trace_call(const struct syscall *syscall, unsigned int number, const struct trap_frame *frame)
{
	const uint64_t arguments[6] = {frame->SYSCALL_ARGUMENT_0, frame->SYSCALL_ARGUMENT_1,
	                               frame->SYSCALL_ARGUMENT_2, frame->SYSCALL_ARGUMENT_3,
	                               frame->SYSCALL_ARGUMENT_4, frame->SYSCALL_ARGUMENT_5};
	char line[LINE_BYTES];
	long result;

	/* Before the call: it may change the memory that the arguments point to. */
	describe(line, sizeof(line), syscall, arguments);
	if (number == __NR_exit || number == __NR_exit_group)
		log_line("trace: %s", line);
	result = syscall->call(frame);
	log_line("trace: %s = %ld", line, result);
	return result;
}
