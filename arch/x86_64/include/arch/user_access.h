/* SPDX-License-Identifier: MIT
 *
 * Raw access to user memory: SMAP is lifted inside, a fault ends the copy.
 * Callers have checked the range (kernel/mm/user_copy.h does): nothing else
 * may call these. May sleep (a page may have to be brought in).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <aramid/user.h>

/* Bytes that were not copied: 0 is success. */
size_t user_copy_in(void *to, const void __user *from, size_t size);
size_t user_copy_out(void __user *to, const void *from, size_t size);
size_t user_clear(void __user *to, size_t size);

/* Length of a string without its NUL, copied with it; -EFAULT, or -ENAMETOOLONG
 * when no NUL stands within size bytes. */
long user_copy_string(char *to, const char __user *from, size_t size);

/* Atomic compare-and-exchange of a user word: 0 and *old, or -EFAULT. */
int user_compare_exchange(uint32_t __user *word, uint32_t *old, uint32_t desired);

/* Kernel memory that may not be there or not be writable (a pointer that a service
 * passed): 0 or -EFAULT. Never sleeps. */
int probe_copy(void *to, const void *from, size_t size);

/* Where execution goes on when the instruction at rip faults: 0 when it is none of
 * the above. */
uint64_t exception_fixup(uint64_t rip);
