/* SPDX-License-Identifier: MIT
 *
 * Epolls that watch epolls: how deep. No epoll comes to watch another one meanwhile.
 */
#include <kernel/lib/errno.h>
#include <kernel/vfs/epoll_items.h>

#define PATHS_MAX 1000u

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* How many steps lead down from an epoll; more than EPOLL_NESTS_MAX when it comes to `looked_for`,
 * or when there are more paths than anyone should follow under a lock. */
static uint32_t depth_below(struct epoll *epoll, const struct epoll *looked_for, uint32_t *paths)
{
	struct list *node, *next;
	uint32_t depth = 0;

	if (epoll == looked_for || ++*paths > PATHS_MAX)
		return EPOLL_NESTS_MAX + 1;
	for (unsigned int i = 0; i < EPOLL_BUCKETS; i++)
		list_for_each(node, next, &epoll->items[i])
		{
			struct epoll_item *item = list_entry(node, struct epoll_item, bucket);
			struct epoll *below = epoll_of(item->file);

			if (below)
				depth = larger(depth, 1 + depth_below(below, looked_for, paths));
			if (depth > EPOLL_NESTS_MAX)
				return depth;
		}
	return depth;
}

/* The same upwards: what becomes ready is told along these. */
static uint32_t depth_above(struct epoll *epoll, uint32_t *paths)
{
	struct list *node, *next;
	uint32_t depth = 0;

	if (++*paths > PATHS_MAX)
		return EPOLL_NESTS_MAX + 1;
	list_for_each(node, next, &epoll->watchers)
	{
		struct epoll_item *item = list_entry(node, struct epoll_item, watcher);

		depth = larger(depth, 1 + depth_above(item->epoll, paths));
		if (depth > EPOLL_NESTS_MAX)
			return depth;
	}
	return depth;
}

long epoll_check_nesting(struct epoll *epoll, const struct file *target)
{
	struct epoll *watched = epoll_of(target);
	uint32_t below = 0, above = 0;

	if (!watched)
		return 0;
	return depth_below(watched, epoll, &below) + 1 + depth_above(epoll, &above) >
	                       EPOLL_NESTS_MAX
	               ? -ELOOP
	               : 0;
}
