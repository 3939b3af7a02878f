/* SPDX-License-Identifier: MIT
 *
 * A model of a file system: what ext2 must be like after random operations.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Numbers that a seed gives. */
uint64_t random_next(void);
uint64_t random_below(uint64_t limit);
void random_start(uint64_t seed);

/* The root, as mounted. The block size chooses where contents go. */
void model_start(uint64_t root, uint32_t block_size, bool owner_is_root);
/* One operation on both. What they answer is the same, or the process ends. */
void model_operate(void);
/* Everything that can be seen of the file system is as in the model. */
void model_compare(void);
/* Print the root's names, each with its inode's number and size. */
void model_list(void);
/* Files that were removed and are still in use are given up. */
void model_release(void);
uint64_t model_refused(void); /* operations that found no space */
