/* SPDX-License-Identifier: MIT
 *
 * Turns in the service: of the thread of its timers, of the interfaces' threads, and of who has a
 * socket. What is said about addresses.
 */
#include <kernel/boundary/core_info.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <kernel/net_device/interface.h>
#include <kernel/net_protocol/net_protocol_proxies.h>
#include <kernel/net_protocol/protocol.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/mutex.h>
#include <kernel/time/time.h>

#define NS_PER_MS 1000000UL
/* When the service has fallen, or is out of service, it is asked again after so long. */
#define RETRY 250u /* ms */
/* Who has changed something sees the news of every socket, and waits for no more than that. */
#define TURNS_MOST (NET_SOCKETS_MAX / NET_NEWS_MAX + 1)

static struct service *service; /* NULL: there is none */
static const struct protocol_user *user;
struct mutex protocol_lock = MUTEX_INIT(protocol_lock);
static struct net_address addresses[INTERFACES_MAX] GUARDED_BY(protocol_lock);
static uint64_t
        changes GUARDED_BY(protocol_lock); /* that were looked at, of the service's present life */
static uint32_t life GUARDED_BY(protocol_lock);
static struct wait_queue never = WAIT_QUEUE_INIT(never);

static uint32_t byte_of(uint32_t address, unsigned int index)
{
	return address >> 8 * index & 0xff;
}

/* What has changed is said. */
static void note(unsigned int number, const struct net_address *now) REQUIRES_LOCK(protocol_lock)
{
	struct interface_info info;
	uint32_t at = now->address, by = now->gateway;

	if (number >= INTERFACES_MAX ||
	    (addresses[number].address == at && addresses[number].gateway == by))
		return;
	addresses[number] = *now;
	if (interface_describe(number, &info))
		return;
	if (at)
		log_line("%s: address %u.%u.%u.%u, gateway %u.%u.%u.%u", info.name, byte_of(at, 0),
		         byte_of(at, 1), byte_of(at, 2), byte_of(at, 3), byte_of(by, 0),
		         byte_of(by, 1), byte_of(by, 2), byte_of(by, 3));
	else
		log_line("%s: no address", info.name);
}

static void look_at_addresses(void) REQUIRES_LOCK(protocol_lock)
{
	struct net_address now;

	for (unsigned int i = 0; net_protocol_describe(service, i, &now) == 0; i++)
		note(i, &now);
}

/* Whether the service began anew since the last time. */
static bool has_new_life(void) REQUIRES_LOCK(protocol_lock)
{
	uint32_t now = service->repairs;
	bool is_new = now != life;

	life = now;
	return is_new;
}

/* How long it wants to wait, in ms. */
static uint64_t work(void) REQUIRES_LOCK(protocol_lock)
{
	struct net_protocol_state state;
	long error = net_protocol_work(service, &state);
	bool is_new = has_new_life();

	if (is_new)
		user->restore(service);
	else if (error)
		user->lose();
	if (error)
		return RETRY;
	for (uint64_t i = 0; i < state.count; i++)
		user->note(&state.news[i]);
	if (is_new || state.changes != changes) {
		changes = state.changes;
		look_at_addresses();
	}
	return state.wait;
}

struct service *protocol_enter(void)
{
	mutex_lock(&protocol_lock);
	return service;
}

void protocol_leave(bool has_changed)
{
	for (unsigned int turns = 0; has_changed && turns < TURNS_MOST && work() == 0; turns++) {
	}
	mutex_unlock(&protocol_lock);
	if (has_changed)
		interfaces_push();
}

void protocol_take_arrived(void)
{
	(void)protocol_enter();
	protocol_leave(true);
}

static uint64_t work_once(void)
{
	uint64_t wait;

	mutex_lock(&protocol_lock);
	wait = work();
	mutex_unlock(&protocol_lock);
	interfaces_push();
	return wait;
}

static void run(void *argument)
{
	(void)argument;
	for (;;) {
		uint64_t wait = work_once() * NS_PER_MS;

		if (wait)
			WAIT_UNTIL(&never, false, WAIT_PLAIN, time_now() + wait);
	}
}

void protocol_start(const struct protocol_user *the_user)
{
	struct thread *thread = thread_create("protocols", run, NULL);

	user = the_user;
	for (unsigned int i = 0; i < service_count; i++)
		if (services[i].is_protocol)
			service = &services[i];
	if (thread && service)
		thread_start(thread);
	else
		panic("the network protocols cannot be started");
}
