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

void drive(void);

static char name[64], other_name[64], buffer[256];

static void any_name(char *text)
{
	any_bytes(text, sizeof(name) - 1);
	text[sizeof(name) - 1] = '\0';
}

static void call_one(void)
{
	static struct fs_attr attr;
	static struct fs_new fresh;
	static struct fs_entry entries[2];
	static struct fs_statistics space;

	any_bytes(&attr, sizeof(attr));
	any_name(name);
	any_name(other_name);
	fresh.mode = (uint32_t)any();
	fresh.uid = (uint32_t)any();
	switch (Frama_C_interval(0, 15)) {
	case 0: OF(root)(&attr); break;
	case 1: OF(lookup)(any(), name, &attr); break;
	case 2: OF(getattr)(any(), &attr); break;
	case 3: OF(setattr)(any(), &attr, (uint32_t)any()); break;
	case 4: OF(create)(any(), name, &fresh, Frama_C_nondet(0, 1) ? other_name : (char *)0, &attr); break;
	case 5: OF(link)(any(), name, any(), &attr); break;
	case 6: OF(unlink)(any(), name, (uint32_t)any()); break;
	case 7: OF(rename)(any(), name, any(), other_name, (uint32_t)any()); break;
	case 8: OF(readlink)(any(), buffer, sizeof(buffer)); break;
	case 9: OF(readdir)(any(), any(), entries, sizeof(entries)); break;
	case 10: OF(read)(any(), any(), buffer, sizeof(buffer)); break;
	case 11: OF(write)(any(), any(), buffer, sizeof(buffer)); break;
	case 12: OF(extend)(any(), any(), any(), &attr); break;
	case 13: OF(release)(any()); break;
	default: OF(statfs)(&space); break;
	}
}

void drive(void)
{
	struct service_rights rights;

	rights.pages.model = GENUINE_page_alloc;
	if (OF(init)(&rights))
		return;
	for (int i = 0; i < ROUNDS; i++)
		call_one();
}
