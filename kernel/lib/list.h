/* SPDX-License-Identifier: MIT
 *
 * Circular doubly linked list with the node inside the element. The owner of
 * the list names the lock that guards it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name) {&(name), &(name)}

/* The element that a node lies in. */
#define list_entry(node, type, member) ((type *)((char *)(node) - offsetof(type, member)))

/* Visit each element; the body may remove the one it stands on. */
#define list_for_each(node, scratch, head)                                                         \
	for ((node) = (head)->next, (scratch) = (node)->next; (node) != (head);                    \
	     (node) = (scratch), (scratch) = (node)->next)

static inline void list_init(struct list *list)
{
	list->next = list->prev = list;
}

static inline bool list_empty(const struct list *list)
{
	return list->next == list;
}

static inline void list_add_after(struct list *where, struct list *node)
{
	node->next = where->next;
	node->prev = where;
	where->next->prev = node;
	where->next = node;
}

static inline void list_add_tail(struct list *head, struct list *node)
{
	list_add_after(head->prev, node);
}

/* Unlink; the node is left empty, so that removing it twice does no harm. */
static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}
