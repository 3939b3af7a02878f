/* SPDX-License-Identifier: MIT
 *
 * The only escape hatch from the token rules. The reason is a string literal that says why the
 * rule does not hold here; `./aramid check` counts the hatches and prints each with its reason.
 *
 *   CAP(net_access) cap = CAP_UNSAFE("replay test needs a stale token", *saved);
 *
 * The compilers see the expression alone. Sparse and capflow see a value of its type that came
 * from cap_unsafe_value, so what is inside the hatch is not analysed and what comes out of it
 * is recognised. The expression is not void; it is evaluated once.
 */
#pragma once

#ifdef __CHECKER__
void *cap_unsafe_value(const char *reason);
#define CAP_UNSAFE(reason, ...) (*(__typeof__(__VA_ARGS__) *)cap_unsafe_value("" reason))
#else
#define CAP_UNSAFE(reason, ...) ((void)sizeof("" reason), (__VA_ARGS__))
#endif
