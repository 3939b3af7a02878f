/* SPDX-License-Identifier: MIT
 *
 * mknod(2): which types there are.
 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "contract.h"

#define TYPES  16
#define DEVICE 0x103 /* anybody may make 0, 0 */

CASE(mknod_of_each_type)
{
	struct stat status;

	for (unsigned int type = 0; type < TYPES; type++) {
		char name[8];

		snprintf(name, sizeof(name), "t%u", type);
		SAY("type %u", type);
		SHOW(syscall(SYS_mknod, name, type << 12 | 0640, DEVICE));
		if (stat(name, &status) == 0)
			SAY("mode %o", (unsigned int)status.st_mode);
	}
}
