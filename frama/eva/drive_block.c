/* SPDX-License-Identifier: MIT
 *
 * A driver of block devices as a whole for Eva, as drive_fs.c says of file systems.
 *
 * -DDRIVEN=NAME, and the driver's files beside this one.
 */
#include "core.h"

#define BLOCK_SERVICE DRIVEN
#include <kernel/block/block_service.h>

void drive(void);

static void call_one(void)
{
	static struct block_info info;
	static struct block_request request;
	static struct block_answer answers[2];

	any_bytes(&request, sizeof(request));
	switch (Frama_C_interval(0, 2)) {
	case 0: OF(attach)(any(), &info); break;
	case 1: OF(submit)(any(), &request); break;
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
