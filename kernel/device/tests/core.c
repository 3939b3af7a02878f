/* SPDX-License-Identifier: MIT
 *
 * What devices, disks, interfaces and their drivers find around them, on the host: one thread, a
 * clock that goes when it is asked, pages that are counted, and a driver that is called directly
 * and may fall.
 */
#include "core.h"
#include "hostile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arch/boot_info.h>
#include <arch/entropy.h>
#include <kernel/block/block_proxies.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/device/device_queue.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/net_device/net_device_proxies.h>
#include <kernel/proc/thread.h>
#include <kernel/time/time.h>
#include <services/virtio_blk/virtio_blk.h>
#include <services/virtio_net/virtio_net.h>

char host_ram[HOST_RAM_PAGES * PAGE_SIZE] __attribute__((aligned(4096)));
struct core_rights core_rights;
struct service services[1];
const unsigned int service_count = 1;

static uint64_t now;
static uint32_t references[HOST_RAM_PAGES], falls;
static unsigned int depth;
static void (*meanwhile)(void);
static struct thread started;
static uint32_t waits_left; /* of the running thread; 0: none runs */
static jmp_buf thread_stops;

void core_start(uint32_t kind, uint32_t per_mille_falls, void (*others)(void))
{
	falls = per_mille_falls;
	meanwhile = others;
	services[0].drives = kind;
	services[0].name = "driver";
}

/* ---- pages ---- */

/* The one that was freed last comes first. */
paddr_t page_alloc(CAP(page_alloc) cap, unsigned int order)
{
	static uint32_t hint = HOST_RAM_PAGES - 1;

	(void)cap;
	if (order != 0)
		abort();
	for (uint32_t i = 0; i < HOST_RAM_PAGES;
	     i++, hint = hint > 1 ? hint - 1 : HOST_RAM_PAGES - 1)
		if (references[hint] == 0) {
			references[hint] = 1;
			memset(host_ram + hint * PAGE_SIZE, 0, PAGE_SIZE);
			return hint * PAGE_SIZE;
		}
	return 0;
}

void page_get(CAP(page_alloc) cap, paddr_t page)
{
	(void)cap;
	references[page / PAGE_SIZE]++;
}

uint32_t page_references(paddr_t page)
{
	return references[page / PAGE_SIZE];
}

void page_put(CAP(page_alloc) cap, paddr_t page)
{
	(void)cap;
	if (references[page / PAGE_SIZE] == 0)
		abort();
	if (--references[page / PAGE_SIZE] == 0 && hostile_holds(page)) {
		fprintf(stderr, "a page is free that the device may write\n");
		abort();
	}
}

/* ---- time, and others ---- */

uint64_t time_now(void)
{
	return now += NS_PER_SECOND / 1000;
}

void mutex_init(struct mutex *mutex)
{
	mutex->owner = NULL;
}

void mutex_lock(struct mutex *mutex)
{
	if (mutex->owner)
		abort();
	mutex->owner = (struct thread *)mutex;
}

void mutex_unlock(struct mutex *mutex)
{
	mutex->owner = NULL;
}

void wait_queue_init(struct wait_queue *queue)
{
	(void)queue;
}

void wait_begin(struct wait_queue *queue, struct waiter *waiter, enum wait_mode mode)
{
	(void)queue;
	(void)waiter;
	(void)mode;
	if (waits_left > 0 && --waits_left == 0)
		longjmp(thread_stops, 1);
}

void wait_end(struct waiter *waiter)
{
	(void)waiter;
}

void wake_all(struct wait_queue *queue)
{
	(void)queue;
}

/* The others go on in the meantime. */
int wait_sleep(enum wait_mode mode, uint64_t deadline)
{
	(void)mode;
	hostile_act();
	if (waits_left > 0) {
		now = deadline;
		return -ETIMEDOUT;
	}
	if (depth < 8 && chance(200)) {
		depth++;
		meanwhile();
		depth--;
	}
	now += roll(500) * (NS_PER_SECOND / 1000);
	return now > deadline ? -ETIMEDOUT : 0;
}

uint64_t entropy_u64(void)
{
	return (uint64_t)roll(UINT32_MAX) << 32 | roll(UINT32_MAX);
}

struct thread *thread_create(const char *name, void (*entry)(void *), void *argument)
{
	started.name = name;
	started.entry = entry;
	started.argument = argument;
	return &started;
}

void thread_start(struct thread *thread)
{
	(void)thread;
}

void core_run_thread(uint32_t waits)
{
	waits_left = waits;
	if (setjmp(thread_stops) == 0)
		started.entry(started.argument);
}

void log_line(const char *fmt, ...)
{
	(void)fmt;
}

_Noreturn void panic_at(const char *file, int line, const char *function, const char *fmt, ...)
{
	(void)fmt;
	fprintf(stderr, "%s:%d: %s: panic\n", file, line, function);
	abort();
}

bool boot_option_value(const char *name, char *value, unsigned int value_size)
{
	(void)name;
	(void)value;
	(void)value_size;
	return false;
}

void virtio_mmio_find(void)
{
}

void virtio_pci_find(void)
{
}

/* ---- the boundary ---- */

struct service *service_current(void)
{
	return &services[0];
}

int copy_to_service(void *to, const void *from, uint64_t size)
{
	memcpy(to, from, size);
	return 0;
}

int copy_from_service(void *to, const void *from, uint64_t size)
{
	memcpy(to, from, size);
	return 0;
}

_Noreturn void panic_caller(enum cause cause, const char *message)
{
	(void)cause;
	fprintf(stderr, "the driver falls: %s\n", message);
	abort();
}

/* A driver that falls is repaired: its devices are reset first. */
#define CALL(call)                                                                                 \
	({                                                                                         \
		long result_;                                                                      \
		hostile_act();                                                                     \
		result_ = chance(falls) ? -EIO : (call);                                           \
		if (chance(falls)) {                                                               \
			devices_reset(&services[0]);                                               \
			result_ = -EIO;                                                            \
		}                                                                                  \
		result_;                                                                           \
	})

long block_attach(struct service *service, uint64_t unit, struct block_info *info)
{
	(void)service;
	return CALL(virtio_blk_attach(unit, info));
}

long block_submit(struct service *service, uint64_t unit, const struct block_request *request)
{
	(void)service;
	return CALL(virtio_blk_submit(unit, request));
}

long block_collect(struct service *service, uint64_t unit, struct block_answer *answers,
                   uint64_t size)
{
	(void)service;
	return CALL(virtio_blk_collect(unit, answers, size));
}

long net_device_attach(struct service *service, uint64_t unit, struct net_device_info *info)
{
	(void)service;
	return CALL(virtio_net_attach(unit, info));
}

long net_device_transmit(struct service *service, uint64_t unit, uint64_t tag)
{
	(void)service;
	return CALL(virtio_net_transmit(unit, tag));
}

long net_device_refill(struct service *service, uint64_t unit, uint64_t tag)
{
	(void)service;
	return CALL(virtio_net_refill(unit, tag));
}

long net_device_collect(struct service *service, uint64_t unit, struct net_device_answer *answers,
                        uint64_t size)
{
	(void)service;
	return CALL(virtio_net_collect(unit, answers, size));
}

long net_device_link(struct service *service, uint64_t unit)
{
	(void)service;
	return CALL(virtio_net_link(unit));
}

int core_device_reset(CAP(device_registers) cap, uint32_t unit)
{
	return core_do_core_device_reset(cap, unit);
}

int core_device_negotiate(CAP(device_registers) cap, uint32_t unit, uint64_t wanted,
                          uint64_t *agreed)
{
	return core_do_core_device_negotiate(cap, unit, wanted, agreed);
}

int core_device_config(CAP(device_registers) cap, uint32_t unit, uint32_t offset, uint64_t *value)
{
	return core_do_core_device_config(cap, unit, offset, value);
}

int core_device_start(CAP(device_registers) cap, uint32_t unit)
{
	return core_do_core_device_start(cap, unit);
}

int core_queue_create(CAP(dma_memory) cap, uint32_t where, uint32_t head_size, uint32_t tail_size)
{
	return core_do_core_queue_create(cap, where, head_size, tail_size);
}

int core_queue_add(CAP(dma_memory) cap, uint32_t where, uint64_t tag, uint64_t head,
                   uint64_t head_end)
{
	return core_do_core_queue_add(cap, where, tag, head, head_end);
}

int core_queue_take(CAP(dma_memory) cap, uint32_t where, struct queue_answer *answer)
{
	return core_do_core_queue_take(cap, where, answer);
}
