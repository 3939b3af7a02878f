/* SPDX-License-Identifier: MIT
 *
 * Check, then copy. The raw copies (arch) lift SMAP, so that an unchecked range
 * would be a way into the kernel's memory: nobody else calls them.
 */
#include <kernel/mm/user_copy.h>

#include <arch/user_access.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/user_range.h>

int copy_from_user(void *to, const void __user *from, size_t size)
{
	if (!access_ok(from, size))
		return -EFAULT;
	return user_copy_in(to, from, size) == 0 ? 0 : -EFAULT;
}

int copy_to_user(void __user *to, const void *from, size_t size)
{
	if (!access_ok(to, size))
		return -EFAULT;
	return user_copy_out(to, from, size) == 0 ? 0 : -EFAULT;
}

size_t copy_from_user_partial(void *to, const void __user *from, size_t size)
{
	if (!access_ok(from, size))
		return 0;
	return size - user_copy_in(to, from, size);
}

size_t copy_to_user_partial(void __user *to, const void *from, size_t size)
{
	if (!access_ok(to, size))
		return 0;
	return size - user_copy_out(to, from, size);
}

size_t clear_user_partial(void __user *to, size_t size)
{
	if (!access_ok(to, size))
		return 0;
	return size - user_clear(to, size);
}

long copy_string_from_user(char *to, const char __user *from, size_t size)
{
	unsigned long space = user_bytes_from((__force unsigned long)from);
	long length;

	if (!ARAMID_CHECK_USER_POINTERS || space >= size)
		return user_copy_string(to, from, size);
	if (space == 0)
		return -EFAULT;
	/* User space ends within size: no NUL before that is a bad pointer, not a long name. */
	length = user_copy_string(to, from, space);
	return length == -ENAMETOOLONG ? -EFAULT : length;
}
