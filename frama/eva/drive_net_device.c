/* SPDX-License-Identifier: MIT
 *
 * A driver of network devices as a whole for Eva, as drive_fs.c says of file systems.
 *
 * -DDRIVEN=NAME, and the driver's files beside this one.
 */
#include "core.h"

#define NET_DEVICE_SERVICE DRIVEN
#include <kernel/net_device/net_device_service.h>

void drive(void);

static void call_one(void)
{
	static struct net_device_info info;
	static struct net_device_answer answers[2];

	switch (Frama_C_interval(0, 4)) {
	case 0: OF(attach)(any(), &info); break;
	case 1: OF(transmit)(any(), any()); break;
	case 2: OF(refill)(any(), any()); break;
	case 3: OF(link)(any()); break;
	default: OF(collect)(any(), answers, sizeof(answers)); break;
	}
}

void drive(void)
{
	struct driver_rights rights;

	rights.registers.model = GENUINE_device_registers;
	rights.dma.model = GENUINE_dma_memory;
	if (OF(init)(&rights))
		return;
	while (goes_on())
		call_one();
}
