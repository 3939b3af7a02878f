/* SPDX-License-Identifier: MIT
 *
 * What each task read and wrote (proc(5), io).
 */
#pragma once

#include <kernel/proc/task.h>

/* One call, which came to this. */
static inline long io_count_read(long result)
{
	struct io_counts *io = &current_task()->io;

	io->reads++;
	io->bytes_read += result > 0 ? (uint64_t)result : 0;
	return result;
}

static inline long io_count_write(long result)
{
	struct io_counts *io = &current_task()->io;

	io->writes++;
	io->bytes_written += result > 0 ? (uint64_t)result : 0;
	return result;
}
