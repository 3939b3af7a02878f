/* SPDX-License-Identifier: MIT
 *
 * A service as a whole for Eva: its init with a carrier that holds genuine tokens, then any
 * operations with any arguments, against a core that looks at each token it is shown. The genuine
 * token has one certain value; forging, whatever way the bytes went, shows another one, or one of
 * which Eva cannot tell.
 *
 * -DSERVICE=NAME, and the service's files beside this one.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/boundary/service_rights.h>
#include <kernel/proc/process_info.h>
#include <kernel/vfs/fs.h>

#include "__fc_builtin.h"

#define JOIN__(a, b) a##_##b
#define JOIN_(a, b)  JOIN__(a, b)
#define OF(name)     JOIN_(SERVICE, name)
#define FS_SERVICE   SERVICE
#include <kernel/vfs/fs_service.h>

#define ROUNDS 3

void *calloc(uint64_t count, uint64_t size);
void drive(void);
int OF(init)(const struct service_rights *rights);

/*@ requires flow: genuine_page_alloc(cap.model);
    assigns \nothing; */
static void look_at(CAP(page_alloc) cap)
{
}

static uint64_t any(void)
{
	return Frama_C_unsigned_long_interval(0, UINT64_MAX);
}

static int any_result(void)
{
	return Frama_C_interval(-40, 0);
}

static void any_bytes(void *start, uint64_t size)
{
	Frama_C_make_unknown((char *)start, size);
}

/* ---- the core, as a service sees it ---- */

void *core_alloc(uint64_t size)
{
	return Frama_C_nondet(0, 1) ? calloc(1, size) : (void *)0;
}

void core_free(void *object)
{
}

void core_undo(void *address, uint64_t size)
{
}

int core_store_reserve(CAP(page_alloc) cap, uint64_t object, uint64_t offset, uint64_t size)
{
	look_at(cap);
	return any_result();
}

void core_store_destroy(CAP(page_alloc) cap, uint64_t object)
{
	look_at(cap);
}

uint64_t core_store_pages(uint64_t object)
{
	return any();
}

uint64_t core_time_wall(void)
{
	return any();
}

int core_process_info(int from, struct process_info *info)
{
	any_bytes(info, sizeof(*info));
	return Frama_C_interval(0, 4096);
}

int core_descriptor_info(int process, int from, struct descriptor_info *info)
{
	any_bytes(info, sizeof(*info));
	return Frama_C_interval(-38, 1023);
}

int core_service_info(unsigned int index, struct service_info *info)
{
	any_bytes(info, sizeof(*info));
	return any_result();
}

void core_system_info(struct system_info *info)
{
	any_bytes(info, sizeof(*info));
}

long core_mounts(char *buffer, uint64_t size)
{
	return any_result();
}

/* ---- the caller ---- */

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
