/* SPDX-License-Identifier: MIT
 *
 * getrlimit(2) and its kin.
 */
#include <linux/resource.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/syscall/syscall.h>

long sys_prlimit64(int which, int resource, const void __user *new_limit, void __user *old_limit)
{
	struct rlimit64 wanted = {0}, had;
	struct resource_limit new, old;
	int error;

	if (new_limit && copy_from_user(&wanted, new_limit, sizeof(wanted)))
		return -EFAULT;
	new = (struct resource_limit){wanted.rlim_cur, wanted.rlim_max};
	error = resource_limit_change(which, resource, new_limit ? &new : NULL, &old);
	if (error)
		return error;
	had = (struct rlimit64){old.soft, old.hard};
	return old_limit ? copy_to_user(old_limit, &had, sizeof(had)) : 0;
}

long sys_getrlimit(int resource, void __user *limit)
{
	struct resource_limit old;
	struct rlimit64 had;
	int error = resource_limit_change(0, resource, NULL, &old);

	if (error)
		return error;
	had = (struct rlimit64){old.soft, old.hard};
	return copy_to_user(limit, &had, sizeof(had));
}

long sys_setrlimit(int resource, const void __user *limit)
{
	struct rlimit64 wanted;
	struct resource_limit new, old;

	if (copy_from_user(&wanted, limit, sizeof(wanted)))
		return -EFAULT;
	new = (struct resource_limit){wanted.rlim_cur, wanted.rlim_max};
	return resource_limit_change(0, resource, &new, &old);
}
