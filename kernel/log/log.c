/* SPDX-License-Identifier: MIT
 *
 * The kernel log: each line to the debug console, and to the serial port unless the
 * command line says quiet.
 */
#include <stdbool.h>

#include <arch/boot_info.h>
#include <arch/machine.h>
#include <arch/serial.h>
#include <kernel/boundary/boundary.h>
#include <kernel/lib/string.h>
#include <kernel/log/crash.h>
#include <kernel/log/log.h>
#include <kernel/sync/spinlock.h>

#define LINE_MAX 1024

static struct spinlock log_lock = SPINLOCK_INIT(log);
static bool on_serial = true; /* until the command line has been read */

void log_init(void)
{
	on_serial = !boot_option("quiet");
}

void log_write(const char *prefix, const char *line)
{
	unsigned long flags = spin_lock_irq(&log_lock);

	debug_console_write(prefix, strlen(prefix));
	debug_console_write(line, strlen(line));
	debug_console_write("\n", 1);
	if (on_serial) {
		serial_write(line, strlen(line));
		serial_write("\r\n", 2);
	}
	spin_unlock_irq(&log_lock, flags);
}

void log_line(const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list args;

	va_start(args, fmt);
	format_list(line, sizeof(line), fmt, args);
	va_end(args);
	log_write("log: ", line);
}

/* Without the lock: what crashed may hold it. */
void log_emergency(const char *line)
{
	debug_console_write("panic: ", 7);
	debug_console_write(line, strlen(line));
	debug_console_write("\n", 1);
	if (on_serial) {
		serial_write(line, strlen(line));
		serial_write("\r\n", 2);
	}
}

_Noreturn void panic_at(const char *file, int line, const char *function, const char *fmt, ...)
{
	char message[256], where[384];
	va_list args;

	va_start(args, fmt);
	format_list(message, sizeof(message), fmt, args);
	va_end(args);
	format(where, sizeof(where), "%s (%s:%d)", message, file, line);
	begin_panic(CAUSE_panic, function, where);
	crash(NULL, "%s (%s:%d): %s", function, file, line, message);
}
