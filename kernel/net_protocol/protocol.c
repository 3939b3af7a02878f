/* SPDX-License-Identifier: MIT
 *
 * The thread of the service's timers, and what is said about addresses.
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

static struct service *service; /* NULL: there is none */
static struct mutex lock = MUTEX_INIT(lock);
static struct net_address addresses[INTERFACES_MAX] GUARDED_BY(lock);
static uint64_t changes GUARDED_BY(lock); /* that were looked at, of the service's present life */
static uint32_t life GUARDED_BY(lock);
static struct wait_queue never = WAIT_QUEUE_INIT(never);

static uint32_t byte_of(uint32_t address, unsigned int index)
{
	return address >> 8 * index & 0xff;
}

/* What has changed is said. */
static void note(unsigned int number, const struct net_address *now) REQUIRES_LOCK(lock)
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

static void look_at_addresses(const struct net_protocol_state *state)
{
	struct net_address now;

	mutex_lock(&lock);
	if (state->changes != changes || service->repairs != life) {
		changes = state->changes;
		life = service->repairs;
		for (unsigned int i = 0; net_protocol_describe(service, i, &now) == 0; i++)
			note(i, &now);
	}
	mutex_unlock(&lock);
}

/* How long it wants to wait, in ms. */
static uint64_t work(void)
{
	struct net_protocol_state state;
	long error = net_protocol_work(service, &state);

	interfaces_push();
	if (error)
		return RETRY;
	look_at_addresses(&state);
	return state.wait;
}

void protocol_take_arrived(void)
{
	while (work() == 0) {
	}
}

static void run(void *argument)
{
	(void)argument;
	for (;;) {
		uint64_t wait = work() * NS_PER_MS;

		if (wait)
			WAIT_UNTIL(&never, false, WAIT_PLAIN, time_now() + wait);
	}
}

void protocol_start(void)
{
	struct thread *thread = thread_create("protocols", run, NULL);

	for (unsigned int i = 0; i < service_count; i++)
		if (services[i].is_protocol)
			service = &services[i];
	if (thread && service)
		thread_start(thread);
	else
		panic("the network protocols cannot be started");
}
