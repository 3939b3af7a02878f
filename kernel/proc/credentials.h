/* SPDX-License-Identifier: MIT
 *
 * Who a process is, and what that lets it do (credentials(7), capabilities(7)). The words of it
 * any task may read, and the last writer sets them; its groups have process->names.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct process;

#define GROUPS_MAX 65536 /* NGROUPS_MAX */

/* Supplementary groups, in order of their ids; never changed while it is shared. */
struct group_list {
	uint32_t references; /* atomic */
	uint32_t count;
	uint32_t ids[];
};

/* The ids of one kind, users' or groups'. */
struct id_set {
	uint32_t real, effective, saved;
	uint32_t filesystem; /* what files are asked with: the effective one but for setfsuid(2) */
};

struct capability_set {
	uint64_t effective, permitted, inheritable;
};

struct credentials {
	struct id_set user, group;
	struct capability_set capabilities;
	struct group_list *groups; /* one reference, NULL: none */
	bool no_new_privileges;    /* prctl(2) */
	bool is_hidden;            /* others may not look into it: prctl(2), PR_SET_DUMPABLE */
};

#define CAPABILITIES_ALL ((1UL << 41) - 1) /* to CAP_CHECKPOINT_RESTORE */

/* Pid 1's are the superuser's, with all capabilities; a child's its parent's. */
void credentials_init(struct process *process);
void credentials_copy(struct process *child, struct process *parent);
void credentials_end(struct process *process);

/* Whether the calling process has a capability in effect (CAP_*); a kernel thread has all. */
bool process_is_capable(unsigned int capability);

/* Whether the calling process is in a group: the one its files get, or a supplementary one. */
bool process_is_in_group(uint32_t group);
/* The same by its real group, for access(2). */
bool process_is_really_in_group(uint32_t group);

/* The calling process's user ids become these: what capabilities it has follows
 * (capabilities(7), "Effect of user ID changes"). The file system's id follows the effective
 * one. */
void credentials_set_users(const struct id_set *ids);
void credentials_set_group_ids(const struct id_set *ids);

/* exec: the effective ids of the program, and the capabilities that come with them. */
void credentials_exec(uint32_t user, uint32_t group);

/* A list of this length, whose ids are to be filled in and sorted; NULL when memory is out. The
 * calling process's become these: takes the reference over. */
struct group_list *group_list_create(uint32_t count);
void group_list_sort(struct group_list *groups);
void group_list_put(struct group_list *groups);
void credentials_set_groups(struct group_list *groups);
/* A process's, with a reference; NULL: none. */
struct group_list *credentials_hold_groups(struct process *process);
