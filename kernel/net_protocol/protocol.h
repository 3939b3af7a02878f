/* SPDX-License-Identifier: MIT
 *
 * The network protocols at work: the core has the service work when frames have arrived, when its
 * timers are due, and when a socket has asked something of it.
 */
#pragma once

#include <stdbool.h>

#include <aramid/context.h>
#include <aramid/lock.h>
#include <kernel/sync/mutex.h>

struct net_protocol_news;
struct service;

/* Who has sockets on the protocols. Each is called between protocol_enter and protocol_leave, and
 * may sleep. */
struct protocol_user {
	/* A socket is now like this. */
	void (*note)(const struct net_protocol_news *news);
	/* The service begins anew and knows no socket: those that can be are to be made again. */
	void (*restore)(struct service *service);
	/* The service is out of service. */
	void (*lose)(void);
};

/* After services have started, and before interfaces. */
void protocol_start(const struct protocol_user *user);

/* Frames may have arrived. */
void protocol_take_arrived(void) MAY_SLEEP;

/* Held from protocol_enter to protocol_leave: what operations are about, and what they answered. */
extern struct mutex protocol_lock;

/* Between these operations are asked of the service, by one thread at a time. */
struct service *protocol_enter(void) ACQUIRES_LOCK(protocol_lock) MAY_SLEEP;
/* has_changed: what the operations did may be news for other sockets, which are told before this
 * returns, and may be frames to send. */
void protocol_leave(bool has_changed) RELEASES_LOCK(protocol_lock) MAY_SLEEP;
