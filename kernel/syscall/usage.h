/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include <aramid/user.h>

/* A struct rusage with these times: 0 or -EFAULT. */
long usage_put(void __user *to, uint64_t user_ticks, uint64_t kernel_ticks);
