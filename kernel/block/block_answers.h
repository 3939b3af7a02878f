/* SPDX-License-Identifier: MIT
 *
 * What a driver answers is looked at before the call ends, as fs_answers.h says of file systems.
 */
#pragma once

#include <stdint.h>

#include <kernel/block/block.h>

const char *block_attach_fault(long result, const uint64_t *arguments);
const char *block_submit_fault(long result, const uint64_t *arguments);
const char *block_collect_fault(long result, const uint64_t *arguments);
