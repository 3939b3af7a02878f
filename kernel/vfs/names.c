/* SPDX-License-Identifier: MIT
 *
 * A set-associative table: a name's hash tells its set, in which what was remembered last comes
 * first. Long names are asked for each time.
 */
#include <kernel/boundary/service.h>
#include <kernel/vfs/names.h>
#include <kernel/vfs/vnode.h>
#include <kernel/vfs/vnode_table.h>

#define SETS  256u
#define WAYS  2u
#define WORDS 4u /* of a name, with the NUL behind it */

/* A name in a directory. */
struct key {
	uint64_t directory; /* its object */
	uint32_t owner;     /* its service's number */
	uint32_t repairs;   /* of that service: what is of another count is old */
	uint64_t text[WORDS];
};

/* What it stands for. All zero: free, as no service has the number 0. */
struct name {
	struct key key;
	struct vnode
	        *vnode;  /* NULL: the directory has no such name. No reference: looked at by … */
	uint64_t object; /* … whether it is still this object's */
};

static struct name names[SETS][WAYS] GUARDED_BY(vnode_table_lock);

/* false: names of this service, or names this long, are not remembered. */
static bool make_key(const struct vnode *directory, const char *name, uint32_t repairs,
                     struct key *key)
{
	const struct service *service = directory->service;
	char *text = (char *)key->text;

	if (service->recovery != SERVICE_ROLL_BACK)
		return false;
	*key = (struct key){
	        .directory = directory->object,
	        .owner = service->owner,
	        .repairs = repairs,
	};
	for (unsigned int i = 0; name[i]; i++) {
		if (i == sizeof(key->text) - 1)
			return false;
		text[i] = name[i];
	}
	return true;
}

static bool is_same(const struct key *a, const struct key *b)
{
	uint64_t differs =
	        (a->directory ^ b->directory) | (a->owner ^ b->owner) | (a->repairs ^ b->repairs);

	for (unsigned int i = 0; i < WORDS; i++)
		differs |= a->text[i] ^ b->text[i];
	return differs == 0;
}

static struct name *set_of(const struct key *key) REQUIRES_LOCK(vnode_table_lock)
{
	uint64_t hash = key->directory + key->owner;

	for (unsigned int i = 0; i < WORDS; i++)
		hash = (hash ^ key->text[i]) * 0x9e3779b97f4a7c15UL;
	return names[(hash >> 32) % SETS];
}

static struct name *look_up(const struct key *key) REQUIRES_LOCK(vnode_table_lock)
{
	struct name *set = set_of(key);

	for (unsigned int i = 0; i < WAYS; i++)
		if (is_same(&set[i].key, key))
			return &set[i];
	return NULL;
}

bool names_find(struct vnode *directory, const char *name, struct vnode **child)
{
	const struct service *service = directory->service;
	const struct name *found;
	struct key key;
	bool known;

	*child = NULL;
	if (service->state != SERVICE_RUNNING || !make_key(directory, name, service->repairs, &key))
		return false;
	spin_lock(&vnode_table_lock);
	found = look_up(&key);
	known = found != NULL;
	if (known && found->vnode) {
		known = vnode_revive(found->vnode, service, found->object, directory);
		*child = known ? found->vnode : NULL;
	}
	spin_unlock(&vnode_table_lock);
	return known;
}

void names_remember(struct vnode *directory, const char *name, struct vnode *child, uint64_t moment)
{
	uint32_t repairs = vnode_moment_repairs(moment);
	struct name *set, *at;
	struct key key;

	if (child && !vnode_may_idle(child)) {
		names_forget(directory, name);
		return;
	}
	/* What was known before a repair is not found any more. */
	if (repairs != directory->service->repairs || !make_key(directory, name, repairs, &key))
		return;
	spin_lock(&vnode_table_lock);
	at = look_up(&key);
	if (!at) {
		set = set_of(&key);
		for (unsigned int i = WAYS - 1; i > 0; i--)
			set[i] = set[i - 1];
		at = set;
	}
	*at = (struct name){key, child, child ? child->object : 0};
	spin_unlock(&vnode_table_lock);
}

void names_forget(struct vnode *directory, const char *name)
{
	struct name *found;
	struct key key;

	if (!make_key(directory, name, directory->service->repairs, &key))
		return;
	spin_lock(&vnode_table_lock);
	found = look_up(&key);
	if (found)
		*found = (struct name){.vnode = NULL};
	spin_unlock(&vnode_table_lock);
}
