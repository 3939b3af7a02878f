/* SPDX-License-Identifier: MIT
 *
 * What a service answers is not believed, where the core can know better: fs_NAME_fault looks at
 * the result and the out-parameters of one operation before the call ends, so that a service that
 * breaks its word falls, and what it changed is undone.
 *
 * arguments: as the row of fs_operations.def has them, one word each. NULL, or what is wrong.
 */
#pragma once

#include <stdint.h>

#include <kernel/vfs/fs.h>

#define FS_ANSWER_(name)                        const char *fs_##name##_fault(long result, const uint64_t *arguments);
#define OPERATION1(name, effect, a)             FS_ANSWER_(name)
#define OPERATION2(name, effect, a, b)          FS_ANSWER_(name)
#define OPERATION3(name, effect, a, b, c)       FS_ANSWER_(name)
#define OPERATION4(name, effect, a, b, c, d)    FS_ANSWER_(name)
#define OPERATION5(name, effect, a, b, c, d, e) FS_ANSWER_(name)
#include <kernel/vfs/fs_operations.def>
#include <kernel/boundary/operations_end.h>
#undef FS_ANSWER_
