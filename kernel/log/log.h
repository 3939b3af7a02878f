/* SPDX-License-Identifier: MIT
 *
 * The kernel log and the end of the world. Lines go to the debug console (the
 * runner's second channel) and, unless booted with `quiet`, to the serial port.
 * Callable from anywhere, interrupts included; never sleeps.
 */
#pragma once

/* One line, without the newline. */
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A service's fault or failed promise: contained where a boundary is on the
 * stack, else (core code, or profiles without containment) a crash dump and a
 * halt. Does not return to the caller. */
#define panic(...) panic_at(__FILE__, __LINE__, __func__, __VA_ARGS__)
_Noreturn void panic_at(const char *file, int line, const char *function, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));

/* What must hold, in every profile. */
#define ASSERT(condition)                                                                          \
	do {                                                                                       \
		if (__builtin_expect(!(condition), 0))                                             \
			panic("assertion failed: %s", #condition);                                 \
	} while (0)
