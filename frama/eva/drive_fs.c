/* SPDX-License-Identifier: MIT
 *
 * A file system as a whole for Eva: its init with a carrier that holds genuine tokens, then any
 * operations with any arguments, against a core that looks at each token it is shown. The genuine
 * token has one certain value; forging, whatever way the bytes went, shows another one, or one of
 * which Eva cannot tell.
 *
 * -DDRIVEN=NAME, and the service's files beside this one.
 */
#include "core.h"

#define FS_SERVICE DRIVEN
#include <kernel/vfs/fs_service.h>

#include "fs_operations.h"

void drive(void);

void drive(void)
{
	struct service_rights rights;

	rights.pages.model = GENUINE_page_alloc;
	if (OF(init)(&rights))
		return;
	while (goes_on())
		call_any();
}
