/* SPDX-License-Identifier: MIT
 *
 * capget(2) and capset(2).
 */
#include <linux/capability.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>

/* How many words of each set the caller speaks of; -EINVAL tells it what we understand. */
static long read_header(void __user *user_header, struct __user_cap_header_struct *header)
{
	if (copy_from_user(header, user_header, sizeof(*header)))
		return -EFAULT;
	switch (header->version) {
	case _LINUX_CAPABILITY_VERSION_1:
		return _LINUX_CAPABILITY_U32S_1;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		return _LINUX_CAPABILITY_U32S_3;
	default:
		header->version = _LINUX_CAPABILITY_VERSION_3;
		if (copy_to_user(user_header, &header->version, sizeof(header->version)))
			return -EFAULT;
		return -EINVAL;
	}
}

static long find_capabilities(int which, struct capability_set *set)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct task *task = which ? task_find(which) : current_task();

	if (task)
		*set = task->process->credentials.capabilities;
	spin_unlock_irq(&process_table_lock, flags);
	return task ? 0 : -ESRCH;
}

long sys_capget(void __user *user_header, void __user *data)
{
	struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3];
	struct __user_cap_header_struct header;
	struct capability_set set;
	long count = read_header(user_header, &header), error;

	if (!data && (count == -EINVAL || count > 0))
		return 0;
	if (count < 0)
		return count;
	if (header.pid < 0)
		return -EINVAL;
	error = find_capabilities(header.pid, &set);
	if (error)
		return error;
	for (unsigned int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		words[i] = (struct __user_cap_data_struct){
		        .effective = (uint32_t)(set.effective >> 32 * i),
		        .permitted = (uint32_t)(set.permitted >> 32 * i),
		        .inheritable = (uint32_t)(set.inheritable >> 32 * i),
		};
	return copy_to_user(data, words, (size_t)count * sizeof(words[0]));
}

/* capabilities(7), "Programmatically adjusting capability sets". */
static long change(const struct capability_set *new)
{
	struct capability_set *now = &current_process()->credentials.capabilities;
	uint64_t may_inherit = now->inheritable | now->permitted;

	if (process_is_capable(CAP_SETPCAP))
		may_inherit = CAPABILITIES_ALL;
	if ((new->inheritable & ~may_inherit) || (new->permitted & ~now->permitted) ||
	    (new->effective & ~new->permitted))
		return -EPERM;
	*now = *new;
	return 0;
}

long sys_capset(void __user *user_header, const void __user *data)
{
	struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3] = {{0}};
	struct __user_cap_header_struct header;
	struct capability_set set = {0};
	long count = read_header(user_header, &header);

	if (count < 0)
		return count;
	if (header.pid != 0 && header.pid != current_task()->id)
		return -EPERM;
	if (copy_from_user(words, data, (size_t)count * sizeof(words[0])))
		return -EFAULT;
	for (unsigned int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		set.effective |= (uint64_t)words[i].effective << 32 * i;
		set.permitted |= (uint64_t)words[i].permitted << 32 * i;
		set.inheritable |= (uint64_t)words[i].inheritable << 32 * i;
	}
	set.effective &= CAPABILITIES_ALL;
	set.permitted &= CAPABILITIES_ALL;
	set.inheritable &= CAPABILITIES_ALL;
	return change(&set);
}
