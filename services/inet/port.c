/* SPDX-License-Identifier: MIT
 *
 * What lwIP calls of its platform, and its start.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <lwip/init.h>
#include <lwip/sys.h>
#include <services/inet/stack.h>

#define NS_PER_MS 1000000UL

void *inet_heap;

int inet_stack_start(void)
{
	inet_heap = core_alloc(INET_HEAP_SIZE);
	if (!inet_heap)
		return -ENOMEM;
	lwip_init();
	return 0;
}

u32_t sys_now(void)
{
	return (u32_t)(core_time_now() / NS_PER_MS);
}

void inet_port_assert(const char *message)
{
	panic("lwIP: %s", message);
}

uint32_t inet_port_random(void)
{
	return (uint32_t)core_random();
}

int inet_port_number(const char *text)
{
	int number = 0;

	while (*text >= '0' && *text <= '9' && number <= UINT8_MAX)
		number = number * 10 + (*text++ - '0');
	return number;
}
