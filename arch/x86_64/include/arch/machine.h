/* SPDX-License-Identifier: MIT
 *
 * The machine as a whole: how a run of it ends. Under QEMU the isa-debug-exit
 * device ends it, and the debug console (port 0xe9) carries the second channel.
 */
#pragma once

#include <stddef.h>

/* Report a status on the second channel (`exit-status N`) and power off. */
_Noreturn void machine_power_off(int status);

/* Stop every CPU after a crash dump. */
_Noreturn void machine_halt(void);

/* Stop the other CPUs, so that a crash dump is not interleaved. */
void machine_stop_others(void);

/* Bytes to the second channel. Any context. */
void debug_console_write(const char *bytes, size_t size);
