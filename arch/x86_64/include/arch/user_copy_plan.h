/* SPDX-License-Identifier: MIT
 *
 * How user memory is copied on this CPU (user_access.S).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct user_copy_plan {
	size_t string_from; /* bytes, from which on the string instruction copies */
	bool bytes;         /* rep movsb; else rep movsq and a tail */
};

/* Fixed after boot. */
extern struct user_copy_plan user_copy_plan;

/* What CPUs have, worst first; the last that fits this one is taken. */
enum user_copy_cpu { USER_COPY_WORDS, USER_COPY_ERMS, USER_COPY_FSRM, USER_COPY_CPUS };
extern const struct user_copy_plan user_copy_plans[USER_COPY_CPUS];

/* Choose by CPUID; boot CPU, once, before the first copy. */
void user_copy_choose(void);
