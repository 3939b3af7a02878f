/* SPDX-License-Identifier: MIT
 *
 * One look at each operation's answer. A negative result is an errno and nothing else is read.
 */
#include <stdbool.h>
#include <stddef.h>

#include <kernel/boundary/answer.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/vfs/fs_answers.h>
#include <kernel/vfs/fs_type.h>
#include <linux/stat.h>

static const char bad_attributes[] = "its attributes cannot be";

/* Attributes that an operation filled in. object: whose, 0 when the service chooses. */
static const char *described(long result, uint64_t object, const struct fs_attr *attr)
{
	if (result != 0)
		return answer_plain_fault(result);
	return fs_is_type(attr->mode) && attr->object != 0 && (!object || attr->object == object) &&
	                       (int64_t)attr->size >= 0
	               ? NULL
	               : bad_attributes;
}

const char *fs_root_fault(long result, const uint64_t *arguments)
{
	return described(result, 0, (const struct fs_attr *)arguments[0]);
}

const char *fs_lookup_fault(long result, const uint64_t *arguments)
{
	return described(result, 0, (const struct fs_attr *)arguments[2]);
}

const char *fs_getattr_fault(long result, const uint64_t *arguments)
{
	return described(result, arguments[0], (const struct fs_attr *)arguments[1]);
}

const char *fs_setattr_fault(long result, const uint64_t *arguments)
{
	return described(result, arguments[0], (const struct fs_attr *)arguments[1]);
}

const char *fs_create_fault(long result, const uint64_t *arguments)
{
	const struct fs_new *wanted = (const struct fs_new *)arguments[2];
	const struct fs_attr *attr = (const struct fs_attr *)arguments[4];
	const char *fault = described(result, 0, attr);

	if (fault || result < 0)
		return fault;
	return attr->mode == wanted->mode && attr->uid == wanted->uid && attr->gid == wanted->gid &&
	                       (attr->links != 0) == (arguments[1] != 0)
	               ? NULL
	               : bad_attributes;
}

const char *fs_link_fault(long result, const uint64_t *arguments)
{
	const struct fs_attr *attr = (const struct fs_attr *)arguments[3];
	const char *fault = described(result, arguments[2], attr);

	if (fault || result < 0)
		return fault;
	return attr->links > 0 ? NULL : bad_attributes;
}

const char *fs_unlink_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

const char *fs_rename_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

const char *fs_readlink_fault(long result, const uint64_t *arguments)
{
	return answer_count_fault(result, arguments[2]);
}

/* Each entry has a name, and a cookie behind the one before, so that a reader gets to the end. */
const char *fs_readdir_fault(long result, const uint64_t *arguments)
{
	const struct fs_entry *entries = (const struct fs_entry *)arguments[2];
	const char *fault = answer_count_fault(result, arguments[3] / sizeof(*entries));
	uint64_t cookie = arguments[1];

	if (fault)
		return fault;
	for (long i = 0; i < result; i++) {
		if (entries[i].name[0] == '\0' || entries[i].cookie <= cookie ||
		    strnlen(entries[i].name, sizeof(entries[i].name)) > FS_NAME_MAX)
			return "its entries cannot be";
		cookie = entries[i].cookie;
	}
	return NULL;
}

const char *fs_read_fault(long result, const uint64_t *arguments)
{
	return answer_count_fault(result, arguments[3]);
}

const char *fs_write_fault(long result, const uint64_t *arguments)
{
	return answer_count_fault(result, arguments[3]);
}

const char *fs_extend_fault(long result, const uint64_t *arguments)
{
	const struct fs_attr *attr = (const struct fs_attr *)arguments[3];
	const char *fault = described(result, arguments[0], attr);

	if (fault || result < 0)
		return fault;
	return attr->size >= arguments[1] + arguments[2] ? NULL : bad_attributes;
}

const char *fs_release_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

const char *fs_statfs_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}
