/* SPDX-License-Identifier: MIT
 *
 * Bytes from file to file within the kernel (splice(2), tee(2), sendfile(2), copy_file_range(2)).
 *
 * Positions are the caller's and move on by what was moved. Answers are counts, which may be
 * short, 0 at the end of the input, or negative errno; -EINVAL for kinds of file that have no way
 * to or from the kernel's memory. The caller has checked that the files are open for it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/user.h>

struct file;

/* Between two files that are no pipes: until size is reached or the input ends. */
long splice_files(struct file *from, uint64_t *from_at, struct file *to, uint64_t *to_at,
                  uint64_t size);

/* As much as there is room, or bytes, for; waits only while there is none. */
long splice_into_pipe(struct file *from, uint64_t *from_at, struct file *pipe, uint64_t size,
                      bool nonblocking);
long splice_from_pipe(struct file *pipe, struct file *to, uint64_t *to_at, uint64_t size,
                      bool nonblocking);

/* From one pipe into another; consume: the bytes are gone from the first (else tee(2)). -EINVAL
 * when both are one. */
long splice_pipes(struct file *from, struct file *to, uint64_t size, bool consume,
                  bool nonblocking);

/* Between a pipe and the caller's memory (vmsplice(2)): as much as there is room, or bytes, for. */
long splice_user(struct file *pipe, void __user *buffer, uint64_t size, bool into_pipe,
                 bool nonblocking);
