/* SPDX-License-Identifier: MIT
 *
 * Who sends a signal, as calls say it.
 */
#pragma once

#include <aramid/check.h>
#include <aramid/user.h>
#include <kernel/proc/signal.h>

/* The caller, with a code (SI_USER...). */
struct signal_origin signal_from_caller(int32_t code);

/* What a siginfo_t of the caller's says, for a signal to a process: it may not claim to be the
 * kernel, or kill(2), but to itself. number: what si_signo must be, 0: anything. -EFAULT,
 * -EINVAL, -EPERM. */
long __must_check signal_origin_get(const void __user *info, int which, int number,
                                    struct signal_origin *origin);
