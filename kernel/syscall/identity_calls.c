/* SPDX-License-Identifier: MIT
 *
 * Who the caller is: ids of process, group, session, user (credentials(7)).
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>

#define KEEP (-1) /* an id that stays as it is */

long sys_getpid(void)
{
	return current_process()->id;
}

long sys_gettid(void)
{
	return current_task()->id;
}

long sys_getppid(void)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct process *parent = current_process()->parent;
	long id = parent ? parent->id : 0;

	spin_unlock_irq(&process_table_lock, flags);
	return id;
}

long sys_getpgrp(void)
{
	return process_group_of(0);
}

long sys_getpgid(int which)
{
	return process_group_of(which);
}

long sys_setpgid(int which, int group)
{
	return process_set_group(which, group);
}

long sys_getsid(int which)
{
	return process_session_of(which);
}

long sys_setsid(void)
{
	return process_new_session();
}

long sys_getuid(void)
{
	return current_process()->uid;
}

long sys_geteuid(void)
{
	return current_process()->euid;
}

long sys_getgid(void)
{
	return current_process()->gid;
}

long sys_getegid(void)
{
	return current_process()->egid;
}

/* The three ids of one kind, user or group. */
struct ids {
	uint32_t *real, *effective, *saved;
};

static struct ids user_ids(void)
{
	struct process *self = current_process();

	return (struct ids){&self->uid, &self->euid, &self->suid};
}

static struct ids group_ids(void)
{
	struct process *self = current_process();

	return (struct ids){&self->gid, &self->egid, &self->sgid};
}

static long put_ids(struct ids ids, void __user *real, void __user *effective, void __user *saved)
{
	if (copy_to_user(real, ids.real, sizeof(*ids.real)) ||
	    copy_to_user(effective, ids.effective, sizeof(*ids.effective)) ||
	    copy_to_user(saved, ids.saved, sizeof(*ids.saved)))
		return -EFAULT;
	return 0;
}

long sys_getresuid(void __user *real, void __user *effective, void __user *saved)
{
	return put_ids(user_ids(), real, effective, saved);
}

long sys_getresgid(void __user *real, void __user *effective, void __user *saved)
{
	return put_ids(group_ids(), real, effective, saved);
}

/* Whether the caller may take this id: root any, others one that they have. */
static bool may_take(struct ids ids, int id)
{
	return id == KEEP || current_process()->euid == 0 || (uint32_t)id == *ids.real ||
	       (uint32_t)id == *ids.effective || (uint32_t)id == *ids.saved;
}

static long set_three(struct ids ids, int real, int effective, int saved)
{
	if (!may_take(ids, real) || !may_take(ids, effective) || !may_take(ids, saved))
		return -EPERM;
	if (real != KEEP)
		*ids.real = (uint32_t)real;
	if (effective != KEEP)
		*ids.effective = (uint32_t)effective;
	if (saved != KEEP)
		*ids.saved = (uint32_t)saved;
	return 0;
}

/* setreuid(2): the saved id follows when the real one is set, or the effective one to
 * something else than the real one was. */
static long set_two(struct ids ids, int real, int effective)
{
	uint32_t old_real = *ids.real;
	long error = set_three(ids, real, effective, KEEP);

	if (error)
		return error;
	if (real != KEEP || (effective != KEEP && (uint32_t)effective != old_real))
		*ids.saved = *ids.effective;
	return 0;
}

/* setuid(2): all three for root, else the effective one. */
static long set_one(struct ids ids, int id)
{
	if (id == KEEP)
		return -EINVAL;
	if (current_process()->euid == 0)
		return set_three(ids, id, id, id);
	if ((uint32_t)id != *ids.real && (uint32_t)id != *ids.saved)
		return -EPERM;
	return set_three(ids, KEEP, id, KEEP);
}

long sys_setuid(int id)
{
	return set_one(user_ids(), id);
}

long sys_setgid(int id)
{
	return set_one(group_ids(), id);
}

long sys_setreuid(int real, int effective)
{
	return set_two(user_ids(), real, effective);
}

long sys_setregid(int real, int effective)
{
	return set_two(group_ids(), real, effective);
}

long sys_setresuid(int real, int effective, int saved)
{
	return set_three(user_ids(), real, effective, saved);
}

long sys_setresgid(int real, int effective, int saved)
{
	return set_three(group_ids(), real, effective, saved);
}

/* Nobody is in supplementary groups. */
long sys_getgroups(int count, void __user *groups)
{
	return count < 0 ? -EINVAL : 0;
}

long sys_setgroups(int count, const void __user *groups)
{
	if (current_process()->euid != 0)
		return -EPERM;
	return count == 0 ? 0 : -EINVAL;
}
