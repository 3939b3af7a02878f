/* SPDX-License-Identifier: MIT
 *
 * Stray accesses on purpose, for tests of the isolation (the boot option stray=).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>

struct stray {
	unsigned int target;
	bool writes;
	uint8_t before; /* what lay at the address */
	uint64_t address;
	struct heap *heap; /* of the object that was allocated to be aimed at, … */
	void *object;      /* … or NULL */
};

/* Whether the command line's stray=SERVICE.OPERATION is about this service. */
bool stray_arm(struct service *service);

/* What a call of the operation is to run in the service's place: the address of a function whose
 * argument is stray->address, or 0 when this call is a plain one. */
uint64_t stray_instead(struct service *service, const char *operation, struct stray *stray);

/* Log what became of it. After the landing. */
void stray_judge(const struct service *service, const struct boundary_record *record,
                 const struct stray *stray);
