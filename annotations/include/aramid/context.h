/* SPDX-License-Identifier: MIT
 *
 * What a function may do to its caller's context, stated in its declaration. Readers see a word;
 * the analyzer plugin sees an annotation; the compilers see nothing. NEVER_PANICS is not
 * `nothrow`: with that attribute the compiler would drop landing pads that a hardware fault
 * inside the function still needs.
 */
#pragma once

#ifdef __clang_analyzer__
#define ARAMID_CONTEXT_(word) __attribute__((annotate("aramid:" word)))
#else
#define ARAMID_CONTEXT_(word)
#endif

/* May give up the CPU: not under a spinlock (CTX001), not with interrupts off. */
#define MAY_SLEEP ARAMID_CONTEXT_("may_sleep")

/* May raise a panic that unwinds to the nearest boundary: what the caller holds must be in the
 * ledger or in a cleanup attribute. */
#define MAY_PANIC ARAMID_CONTEXT_("may_panic")

/* Called between begin_panic and the landing, or by code that cannot be unwound: raises no
 * panic of its own (CTX002). */
#define NEVER_PANICS ARAMID_CONTEXT_("never_panics")

/* Runs in interrupt context: neither sleeps nor takes a lock that is held with interrupts on. */
#define IN_INTERRUPT ARAMID_CONTEXT_("in_interrupt")
