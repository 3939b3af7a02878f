/* SPDX-License-Identifier: MIT
 *
 * The kernel's table of system calls, as the fuzzer reads it.
 */
#include <sys/syscall.h>

#include "fuzz.h"

/* Younger than musl's headers. */
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

#define ROW(call, amount, kind_list, name_list) {#call, SYS_##call, amount, kind_list, name_list},
#define LIST(...)                               {__VA_ARGS__}
#define K(kind)                                 KIND_##kind
#define SYSCALL0(name)                          ROW(name, 0, LIST(0), LIST(NULL))
#define SYSCALL1(name, k1, a1)                  ROW(name, 1, LIST(K(k1)), LIST(#a1))
#define SYSCALL2(name, k1, a1, k2, a2)          ROW(name, 2, LIST(K(k1), K(k2)), LIST(#a1, #a2))
#define SYSCALL3(name, k1, a1, k2, a2, k3, a3)                                                     \
	ROW(name, 3, LIST(K(k1), K(k2), K(k3)), LIST(#a1, #a2, #a3))
#define SYSCALL4(name, k1, a1, k2, a2, k3, a3, k4, a4)                                             \
	ROW(name, 4, LIST(K(k1), K(k2), K(k3), K(k4)), LIST(#a1, #a2, #a3, #a4))
#define SYSCALL5(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)                                     \
	ROW(name, 5, LIST(K(k1), K(k2), K(k3), K(k4), K(k5)), LIST(#a1, #a2, #a3, #a4, #a5))
#define SYSCALL6(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5, k6, a6)                             \
	ROW(name, 6, LIST(K(k1), K(k2), K(k3), K(k4), K(k5), K(k6)),                               \
	    LIST(#a1, #a2, #a3, #a4, #a5, #a6))

const struct call calls[] = {
#include "../../kernel/syscall/syscalls.def"
};

const unsigned int call_count = sizeof(calls) / sizeof(calls[0]);

_Static_assert(sizeof(calls) / sizeof(calls[0]) <= CALLS_MOST, "control has room for each call");
