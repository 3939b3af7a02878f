/* SPDX-License-Identifier: MIT */
#include <linux/capability.h>

#include <kernel/mm/heap.h>
#include <kernel/proc/credentials.h>
#include <kernel/proc/process.h>

#define CAPABILITY(number) (1UL << (number))

/* What comes and goes with the file system's user id (capabilities(7)). */
#define FILE_CAPABILITIES                                                                          \
	(CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_DAC_OVERRIDE) | CAPABILITY(CAP_DAC_READ_SEARCH) |  \
	 CAPABILITY(CAP_FOWNER) | CAPABILITY(CAP_FSETID) | CAPABILITY(CAP_LINUX_IMMUTABLE) |       \
	 CAPABILITY(CAP_MKNOD) | CAPABILITY(CAP_MAC_OVERRIDE))

void credentials_init(struct process *process)
{
	process->credentials.capabilities.permitted = CAPABILITIES_ALL;
	process->credentials.capabilities.effective = CAPABILITIES_ALL;
}

void credentials_copy(struct process *child, struct process *parent)
{
	struct group_list *groups = credentials_hold_groups(parent);

	child->credentials = parent->credentials;
	child->credentials.groups = groups;
}

void credentials_end(struct process *process)
{
	group_list_put(process->credentials.groups);
}

bool process_is_capable(unsigned int capability)
{
	const struct process *process = current_process();

	return !process ||
	       (process->credentials.capabilities.effective & CAPABILITY(capability)) != 0;
}

static bool is_listed(struct process *process, uint32_t group)
{
	struct group_list *groups = credentials_hold_groups(process);
	uint32_t low = 0, high = groups ? groups->count : 0;
	bool found = false;

	while (low < high && !found) {
		uint32_t middle = low + (high - low) / 2;

		found = groups->ids[middle] == group;
		if (groups->ids[middle] < group)
			low = middle + 1;
		else
			high = middle;
	}
	group_list_put(groups);
	return found;
}

bool process_is_in_group(uint32_t group)
{
	struct process *self = current_process();

	return self->credentials.group.filesystem == group || is_listed(self, group);
}

bool process_is_really_in_group(uint32_t group)
{
	struct process *self = current_process();

	return self->credentials.group.real == group || is_listed(self, group);
}

static bool has_superuser(const struct id_set *ids)
{
	return ids->real == 0 || ids->effective == 0 || ids->saved == 0;
}

/* What a process holds in memory may be of who it was (prctl(2), PR_SET_DUMPABLE). */
static void hide_after_change(struct credentials *self, const struct id_set *from,
                              const struct id_set *to)
{
	if (from->effective != to->effective || from->filesystem != to->filesystem)
		self->is_hidden = true;
}

void credentials_set_users(const struct id_set *ids)
{
	struct credentials *self = &current_process()->credentials;
	struct capability_set *capabilities = &self->capabilities;

	if (has_superuser(&self->user) && !has_superuser(ids))
		capabilities->permitted = capabilities->effective = 0;
	if (self->user.effective == 0 && ids->effective != 0)
		capabilities->effective = 0;
	if (self->user.effective != 0 && ids->effective == 0)
		capabilities->effective = capabilities->permitted;
	if (self->user.filesystem == 0 && ids->filesystem != 0)
		capabilities->effective &= ~FILE_CAPABILITIES;
	if (self->user.filesystem != 0 && ids->filesystem == 0)
		capabilities->effective |= capabilities->permitted & FILE_CAPABILITIES;
	hide_after_change(self, &self->user, ids);
	self->user = *ids;
}

void credentials_set_group_ids(const struct id_set *ids)
{
	struct credentials *self = &current_process()->credentials;

	hide_after_change(self, &self->group, ids);
	self->group = *ids;
}

void credentials_exec(uint32_t user, uint32_t group)
{
	struct credentials *self = &current_process()->credentials;
	struct capability_set *capabilities = &self->capabilities;
	bool root = user == 0 || self->user.real == 0;

	self->user.effective = self->user.saved = self->user.filesystem = user;
	self->group.effective = self->group.saved = self->group.filesystem = group;
	self->is_hidden = user != self->user.real || group != self->group.real;
	capabilities->permitted = root ? CAPABILITIES_ALL : 0;
	capabilities->effective = user == 0 ? CAPABILITIES_ALL : 0;
}

struct group_list *group_list_create(uint32_t count)
{
	struct group_list *groups =
	        heap_alloc(&core_heap, sizeof(*groups) + count * sizeof(groups->ids[0]));

	if (groups) {
		groups->references = 1;
		groups->count = count;
	}
	return groups;
}

/* Put the largest of ids[at] and what lies below it on top. */
static void sift(uint32_t *ids, uint32_t at, uint32_t count)
{
	for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
		uint32_t parent = ids[at];

		if (child + 1 < count && ids[child + 1] > ids[child])
			child++;
		if (ids[child] <= parent)
			return;
		ids[at] = ids[child];
		ids[child] = parent;
	}
}

void group_list_sort(struct group_list *groups)
{
	for (uint32_t at = groups->count / 2; at-- > 0;)
		sift(groups->ids, at, groups->count);
	for (uint32_t end = groups->count; end-- > 1;) {
		uint32_t last = groups->ids[end];

		groups->ids[end] = groups->ids[0];
		groups->ids[0] = last;
		sift(groups->ids, 0, end);
	}
}

void group_list_put(struct group_list *groups)
{
	if (groups && __atomic_sub_fetch(&groups->references, 1, __ATOMIC_ACQ_REL) == 0)
		heap_free(&core_heap, groups);
}

void credentials_set_groups(struct group_list *groups)
{
	struct process *self = current_process();
	struct group_list *old;

	spin_lock(&self->names);
	old = self->credentials.groups;
	__atomic_store_n(&self->credentials.groups, groups, __ATOMIC_RELEASE);
	spin_unlock(&self->names);
	group_list_put(old);
}

struct group_list *credentials_hold_groups(struct process *process)
{
	struct group_list *groups;

	/* Most are in none. */
	if (!__atomic_load_n(&process->credentials.groups, __ATOMIC_ACQUIRE))
		return NULL;
	spin_lock(&process->names);
	groups = process->credentials.groups;
	if (groups)
		__atomic_fetch_add(&groups->references, 1, __ATOMIC_RELAXED);
	spin_unlock(&process->names);
	return groups;
}
