/* SPDX-License-Identifier: MIT
 *
 * Writing into an address space that is not loaded: exec fills a new one while the
 * old one is still whole. For kernel/mm alone.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct vmspace;

struct space_writer {
	struct vmspace *space;
	uint64_t address; /* where the next byte goes */
	char *page;       /* the page that address lies in, or NULL */
	int error;        /* the first failure; nothing is written after it */
};

void writer_start(struct space_writer *writer, struct vmspace *space, uint64_t address);

/* Append; memory appears as if the process had touched it. Failures are kept for
 * writer_finish. May sleep. */
void writer_put(struct space_writer *writer, const void *data, uint64_t size);
void writer_put_word(struct space_writer *writer, uint64_t word);
void writer_clear(struct space_writer *writer, uint64_t size);

/* 0, -EFAULT (not writable), -ENOMEM or -EIO. */
int __must_check writer_finish(const struct space_writer *writer);
