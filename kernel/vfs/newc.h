/* SPDX-License-Identifier: MIT
 *
 * Reading a cpio archive in the "newc" form, member by member, out of memory that
 * is not trusted: nothing outside [start, start + size) is read, whatever it says
 * (Linux Documentation/driver-api/early-userspace/buffer-format.rst). Pure: no
 * allocation, no state elsewhere.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

#define NEWC_NAME_MAX 4096u

struct newc_reader {
	const char *start;
	uint64_t size;
	uint64_t position; /* of the next header */
	const char *fault; /* what is wrong at position, after NEWC_CORRUPT */
};

struct newc_member {
	uint32_t inode, mode, uid, gid, links, mtime;
	uint32_t device_major, device_minor; /* of a device node */
	const char *name;                    /* NUL-ended, in the archive */
	const char *content;                 /* size bytes, in the archive */
	uint64_t size;
};

enum newc_result {
	NEWC_MEMBER,  /* *member is the next one */
	NEWC_END,     /* the archive, or the last of several, ended */
	NEWC_CORRUPT, /* reader->fault says why */
};

void newc_begin(struct newc_reader *reader, const void *start, uint64_t size);
enum newc_result __must_check newc_next(struct newc_reader *reader, struct newc_member *member);
