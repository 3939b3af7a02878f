/* SPDX-License-Identifier: MIT
 *
 * What is proved of the user copies: whatever a program says, the raw copies touch user space only,
 * and the answer is one that the caller can rely on. The raw copies are assembler with a fault
 * handler, and believed; kernel buffers are the callers'.
 */
#pragma once

#include <arch/user_access.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>

/*@ predicate in_user_space(char *start, integer size) =
      (unsigned long)start + size <= USER_LIMIT; */

/* How many bytes were not copied. */
/*@ requires in_user_space((char *)from, size);
    assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result <= size; */
size_t user_copy_in(void *to, const void __user *from, size_t size);

/*@ requires in_user_space((char *)to, size);
    assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result <= size; */
size_t user_copy_out(void __user *to, const void *from, size_t size);

/*@ requires in_user_space((char *)to, size);
    assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result <= size; */
size_t user_clear(void __user *to, size_t size);

/*@ requires in_user_space((char *)from, size) && size > 0;
    assigns to[0 .. size - 1];
    exits \false;
    ensures 0 <= \result < size || \result == -EFAULT || \result == -ENAMETOOLONG; */
long user_copy_string(char *to, const char __user *from, size_t size);

/* 0 only for a range in user space. */
/*@ assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result == 0 || \result == -EFAULT;
    ensures \result == 0 ==> in_user_space((char *)from, size); */
int copy_from_user(void *to, const void __user *from, size_t size);

/*@ assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result == 0 || \result == -EFAULT;
    ensures \result == 0 ==> in_user_space((char *)to, size); */
int copy_to_user(void __user *to, const void *from, size_t size);

/* No more than was asked for, and nothing outside user space. */
/*@ assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result <= size;
    ensures \result > 0 ==> in_user_space((char *)from, size); */
size_t copy_from_user_partial(void *to, const void __user *from, size_t size);

/*@ assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result <= size;
    ensures \result > 0 ==> in_user_space((char *)to, size); */
size_t copy_to_user_partial(void __user *to, const void *from, size_t size);

/*@ assigns ((char *)to)[0 .. size - 1];
    exits \false;
    ensures \result <= size;
    ensures \result > 0 ==> in_user_space((char *)to, size); */
size_t clear_user_partial(void __user *to, size_t size);

/* A length is less than the buffer's size, and the string with its NUL is in user space. */
/*@ requires size > 0;
    assigns to[0 .. size - 1];
    exits \false;
    ensures 0 <= \result < size || \result == -EFAULT || \result == -ENAMETOOLONG;
    ensures \result >= 0 ==> in_user_space((char *)from, \result + 1);
    ensures \result == -ENAMETOOLONG ==> in_user_space((char *)from, size); */
long copy_string_from_user(char *to, const char __user *from, size_t size);
