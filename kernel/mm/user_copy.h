/* SPDX-License-Identifier: MIT
 *
 * The only way between kernel and user memory. Ranges are checked first
 * (ARAMID_CHECK_USER_POINTERS), faults end the copy. May sleep.
 */
#pragma once

#include <stddef.h>

#include <aramid/check.h>
#include <aramid/context.h>
#include <aramid/user.h>

/* 0 or -EFAULT; after a fault the destination is partly written. */
int __must_check copy_from_user(void *to, const void __user *from, size_t size) MAY_SLEEP;
int __must_check copy_to_user(void __user *to, const void *from, size_t size) MAY_SLEEP;

/* How many bytes were copied, or zeroed, before a fault: for read(2) and write(2), which
 * report a short count. */
size_t __must_check copy_from_user_partial(void *to, const void __user *from,
                                           size_t size) MAY_SLEEP;
size_t __must_check copy_to_user_partial(void __user *to, const void *from, size_t size) MAY_SLEEP;
size_t __must_check clear_user_partial(void __user *to, size_t size) MAY_SLEEP;

/* Length without the NUL, -EFAULT or -ENAMETOOLONG. */
long __must_check copy_string_from_user(char *to, const char __user *from, size_t size) MAY_SLEEP;
