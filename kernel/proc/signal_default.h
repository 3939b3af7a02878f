/* SPDX-License-Identifier: MIT
 *
 * What signals do to a process that does not handle them (signal(7), standard signals).
 * No core files are written.
 */
#pragma once

#include <asm/signal.h>

#include <kernel/proc/signal.h>

enum signal_effect { SIGNAL_END, SIGNAL_IGNORE, SIGNAL_STOP };

/* Those that an instruction of the process itself raises. */
#define FAULT_SIGNALS                                                                              \
	(SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP) |     \
	 SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSYS))

enum signal_effect signal_default(int number);
