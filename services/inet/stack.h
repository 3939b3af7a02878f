/* SPDX-License-Identifier: MIT
 *
 * lwIP's start.
 */
#pragma once

#include <aramid/check.h>

/* -ENOMEM. */
int __must_check inet_stack_start(void);
