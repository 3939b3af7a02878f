/* SPDX-License-Identifier: MIT
 *
 * Any operation that each file system has, with any arguments.
 */
#pragma once

static char name[64], other_name[64], buffer[256];

static void any_name(char *text)
{
	any_bytes(text, sizeof(name) - 1);
	text[sizeof(name) - 1] = '\0';
}

static void call_any(void)
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
	default: OF(statfs)(any(), &space); break;
	}
}
