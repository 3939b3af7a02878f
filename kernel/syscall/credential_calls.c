/* SPDX-License-Identifier: MIT
 *
 * The caller's users and groups (credentials(7)).
 */
#include <linux/capability.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>

#define KEEP (-1) /* an id that stays as it is */

static struct credentials *own(void)
{
	return &current_process()->credentials;
}

long sys_getuid(void)
{
	return own()->user.real;
}

long sys_geteuid(void)
{
	return own()->user.effective;
}

long sys_getgid(void)
{
	return own()->group.real;
}

long sys_getegid(void)
{
	return own()->group.effective;
}

static long put_ids(const struct id_set *ids, void __user *real, void __user *effective,
                    void __user *saved)
{
	if (copy_to_user(real, &ids->real, sizeof(ids->real)) ||
	    copy_to_user(effective, &ids->effective, sizeof(ids->effective)) ||
	    copy_to_user(saved, &ids->saved, sizeof(ids->saved)))
		return -EFAULT;
	return 0;
}

long sys_getresuid(void __user *real, void __user *effective, void __user *saved)
{
	return put_ids(&own()->user, real, effective, saved);
}

long sys_getresgid(void __user *real, void __user *effective, void __user *saved)
{
	return put_ids(&own()->group, real, effective, saved);
}

/* The two kinds of id differ in who may take any, and in what else changes with them. */
struct kind {
	unsigned int capability;
	struct id_set now;
	void (*set)(const struct id_set *ids);
};

static struct kind users(void)
{
	return (struct kind){CAP_SETUID, own()->user, credentials_set_users};
}

static struct kind groups(void)
{
	return (struct kind){CAP_SETGID, own()->group, credentials_set_group_ids};
}

/* The file system's id follows the effective one. */
static long take(const struct kind *kind, uint32_t real, uint32_t effective, uint32_t saved)
{
	const struct id_set ids = {real, effective, saved, effective};

	kind->set(&ids);
	return 0;
}

static uint32_t chosen(int id, uint32_t now)
{
	return id == KEEP ? now : (uint32_t)id;
}

static bool is_any(const struct id_set *ids, int id)
{
	return id == KEEP || (uint32_t)id == ids->real || (uint32_t)id == ids->effective ||
	       (uint32_t)id == ids->saved;
}

static long set_three(struct kind kind, int real, int effective, int saved)
{
	const struct id_set *now = &kind.now;

	if (!(is_any(now, real) && is_any(now, effective) && is_any(now, saved)) &&
	    !process_is_capable(kind.capability))
		return -EPERM;
	return take(&kind, chosen(real, now->real), chosen(effective, now->effective),
	            chosen(saved, now->saved));
}

/* setreuid(2): the saved id follows when the real one is set, or the effective one to
 * something else than the real one was. */
static long set_two(struct kind kind, int real, int effective)
{
	const struct id_set *now = &kind.now;
	bool follows = real != KEEP || (effective != KEEP && (uint32_t)effective != now->real);
	uint32_t becomes = chosen(effective, now->effective);

	if (!((real == KEEP || (uint32_t)real == now->real || (uint32_t)real == now->effective) &&
	      is_any(now, effective)) &&
	    !process_is_capable(kind.capability))
		return -EPERM;
	return take(&kind, chosen(real, now->real), becomes, follows ? becomes : now->saved);
}

/* setuid(2): all three with the privilege, else the effective one. */
static long set_one(struct kind kind, int id)
{
	const struct id_set *now = &kind.now;

	if (id == KEEP)
		return -EINVAL;
	if (process_is_capable(kind.capability))
		return take(&kind, (uint32_t)id, (uint32_t)id, (uint32_t)id);
	if ((uint32_t)id != now->real && (uint32_t)id != now->saved)
		return -EPERM;
	return take(&kind, now->real, (uint32_t)id, now->saved);
}

/* setfsuid(2): the answer is what was, whether it changed or not. */
static long set_filesystem(struct kind kind, int id)
{
	struct id_set ids = kind.now;

	if (id != KEEP && (is_any(&ids, id) || (uint32_t)id == ids.filesystem ||
	                   process_is_capable(kind.capability))) {
		ids.filesystem = (uint32_t)id;
		kind.set(&ids);
	}
	return kind.now.filesystem;
}

long sys_setuid(int id)
{
	return set_one(users(), id);
}

long sys_setgid(int id)
{
	return set_one(groups(), id);
}

long sys_setreuid(int real, int effective)
{
	return set_two(users(), real, effective);
}

long sys_setregid(int real, int effective)
{
	return set_two(groups(), real, effective);
}

long sys_setresuid(int real, int effective, int saved)
{
	return set_three(users(), real, effective, saved);
}

long sys_setresgid(int real, int effective, int saved)
{
	return set_three(groups(), real, effective, saved);
}

long sys_setfsuid(int id)
{
	return set_filesystem(users(), id);
}

long sys_setfsgid(int id)
{
	return set_filesystem(groups(), id);
}

static long put_groups(const struct group_list *list, int room, void __user *to)
{
	uint32_t count = list ? list->count : 0;

	if (room == 0)
		return count;
	if ((uint32_t)room < count)
		return -EINVAL;
	return count && copy_to_user(to, list->ids, count * sizeof(list->ids[0])) ? -EFAULT : count;
}

long sys_getgroups(int count, void __user *to)
{
	struct group_list *list;
	long result;

	if (count < 0)
		return -EINVAL;
	list = credentials_hold_groups(current_process());
	result = put_groups(list, count, to);
	group_list_put(list);
	return result;
}

long sys_setgroups(int count, const void __user *from)
{
	struct group_list *list = NULL;

	if (!process_is_capable(CAP_SETGID))
		return -EPERM;
	if (count < 0 || count > GROUPS_MAX)
		return -EINVAL;
	if (count > 0) {
		list = group_list_create((uint32_t)count);
		if (!list)
			return -ENOMEM;
		if (copy_from_user(list->ids, from, (uint32_t)count * sizeof(list->ids[0]))) {
			group_list_put(list);
			return -EFAULT;
		}
		group_list_sort(list);
	}
	credentials_set_groups(list);
	return 0;
}
