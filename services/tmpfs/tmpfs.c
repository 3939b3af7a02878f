/* SPDX-License-Identifier: MIT
 *
 * tmpfs's start and its face.
 */
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>

struct tmpfs_state tmpfs_state;
struct tmpfs_rights tmpfs_rights;

/* The first start makes the root. It is not noted: a start that falls leaves nothing behind,
 * for the core begins the next one with fresh memory. */
static int make_root(void)
{
	struct tmpfs_inode *root = core_alloc(sizeof(*root));
	struct system_info *system = core_alloc(sizeof(*system));

	if (!root || !system) {
		core_free(root);
		core_free(system);
		return -ENOMEM;
	}
	core_system_info(system);
	tmpfs_state.pages_limit = system->pages_total / 2; /* as Linux's default */
	core_free(system);
	root->object = TMPFS_ROOT;
	root->mode = S_IFDIR | 0755;
	root->links = 2;
	root->parent = root;
	root->next_cookie = 1;
	root->access_time = root->modify_time = root->change_time = core_time_wall();
	tmpfs_state.inodes[TMPFS_ROOT % TMPFS_BUCKETS] = root;
	tmpfs_state.next_object = TMPFS_ROOT + 1;
	tmpfs_state.inode_count = 1;
	tmpfs_state.root = root;
	return 0;
}

int tmpfs_init(const struct service_rights *rights)
{
	tmpfs_rights.pages = rights->pages;
	/* After a roll-back the files are there, and only the rights are new. */
	return tmpfs_state.root ? 0 : make_root();
}

#define FS_SERVICE       tmpfs
#define FS_SERVICE_CHECK tmpfs_recover
#include <kernel/vfs/fs_ops_table.h>
