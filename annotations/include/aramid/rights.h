/* SPDX-License-Identifier: MIT
 *
 * Rights as roles of Clang's thread-safety analysis (-Wthread-safety): "may this function call
 * that one at all?" A right is an object that is declared and never defined, so that naming it
 * in an annotation costs nothing and using its value does not link. Other compilers and tools
 * see no annotation.
 *
 *   ARAMID_RIGHT(net_access);                               once, at file scope
 *   int net_transmit(const void *frame) NEEDS_RIGHT(net_access);
 *   int (*transmit)(const void *frame) FIELD_NEEDS_RIGHT(net_access);   in an ops struct
 *
 * A caller has the right because it needs it itself, or because it called a function that is
 * marked PROVES_RIGHT (for tokens: cap_validate and cap_wield, in aramid/cap.h).
 */
#pragma once

#if defined(__clang__)
#define ARAMID_RIGHT_ATTR_(x) __attribute__((x))
#else
#define ARAMID_RIGHT_ATTR_(x)
#endif

struct ARAMID_RIGHT_ATTR_(capability("right")) aramid_right {
	char never_defined;
};

/* Declares a right. Any number of times, in any number of files. */
#define ARAMID_RIGHT(name) extern const struct aramid_right right_##name

/* The function is called only where the right is held. */
#define NEEDS_RIGHT(name) ARAMID_RIGHT_ATTR_(requires_capability(right_##name))

/* The function pointer is read, so called, only where the right is held. */
#define FIELD_NEEDS_RIGHT(name) ARAMID_RIGHT_ATTR_(guarded_by(right_##name))

/* After a call of the function the right is held to the end of the caller. */
#define PROVES_RIGHT(name) ARAMID_RIGHT_ATTR_(assert_capability(right_##name))
