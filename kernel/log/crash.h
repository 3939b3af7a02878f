/* SPDX-License-Identifier: MIT
 *
 * The crash dump: what the core says when it cannot go on.
 */
#pragma once

#include <arch/trap_frame.h>

/* Stop the other CPUs, print message, registers (of frame, where there is one), a symbolised
 * backtrace, the running service and held locks, and halt. Any context. */
_Noreturn void crash(const struct trap_frame *frame, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));

/* A line of the dump to where the log goes, whoever holds the log. */
void log_emergency(const char *line);

/* One line of the log with the prefix that the runner knows. */
void log_write(const char *prefix, const char *line);

/* Read the command line's options for the log. */
void log_init(void);
