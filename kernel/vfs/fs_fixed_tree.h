/* SPDX-License-Identifier: MIT
 *
 * Operations of a service whose tree no program may change: they refuse. Included once by
 * such a service, so no guard:
 *
 *   #define FS_SERVICE chaos
 *   #define FS_REFUSAL (-EROFS)
 *   #include <kernel/vfs/fs_fixed_tree.h>
 *
 * The table of operations (fs_ops_table.h) comes behind it.
 */
#define FS_JOIN__(service, operation) service##_##operation
#define FS_JOIN_(service, operation)  FS_JOIN__(service, operation)
#define FS_FUNCTION_(operation)       FS_JOIN_(FS_SERVICE, operation)

long FS_FUNCTION_(create)(uint64_t directory, const char *name, const struct fs_new *new_object,
                          const char *target, struct fs_attr *attr)
{
	return FS_REFUSAL;
}

long FS_FUNCTION_(link)(uint64_t directory, const char *name, uint64_t object, struct fs_attr *attr)
{
	return FS_REFUSAL;
}

long FS_FUNCTION_(unlink)(uint64_t directory, const char *name, uint32_t flags)
{
	return FS_REFUSAL;
}

long FS_FUNCTION_(rename)(uint64_t old_directory, const char *old_name, uint64_t new_directory,
                          const char *new_name, uint32_t flags)
{
	return FS_REFUSAL;
}

long FS_FUNCTION_(extend)(uint64_t object, uint64_t offset, uint64_t size, struct fs_attr *attr)
{
	return FS_REFUSAL;
}

/* Nothing of an object is kept for the core. */
long FS_FUNCTION_(release)(uint64_t object)
{
	return 0;
}

#undef FS_JOIN__
#undef FS_JOIN_
#undef FS_FUNCTION_
#undef FS_REFUSAL
