/* SPDX-License-Identifier: MIT
 *
 * The manifest as an array, and the start of what it lists. Minting for services
 * happens here and nowhere else.
 */
#include <arch/boot_info.h>
#include <arch/protection_key.h>
#include <aramid/cap.h>
#include <aramid/cap_env.h>
#include <kernel/block/block.h>
#include <kernel/block/block_changes.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/current_service.h>
#include <kernel/boundary/isolation.h>
#include <kernel/boundary/mirror.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/rights.h>
#include <kernel/boundary/service.h>
#include <kernel/boundary/stray.h>
#include <kernel/boundary/supervisor.h>
#include <kernel/boundary/transaction.h>
#include <kernel/device/device.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/net_device/net_device.h>
#include <kernel/net_protocol/net_protocol.h>
#include <kernel/vfs/disk_fs.h>
#include <kernel/vfs/path.h>
#include <services/manifest.h>

#define START_ALWAYS       false
#define START_OPTION       true
#define RECOVERY_RESTART   SERVICE_RESTART
#define RECOVERY_ROLL_BACK SERVICE_ROLL_BACK
#define REPEAT_AGAIN       true
#define REPEAT_ONCE        false

#define PLACE_MOUNTED(at)  .mount_point = (at)
#define PLACE_ON_DISKS     .on_disks = true
#define PLACE_DRIVES(kind) .drives = (kind)
#define PLACE_ON_NETWORK   .is_protocol = true

#define DECLARE_(class, name, ...)                                                                 \
	int name##_init(const struct class##_rights_ *rights);                                     \
	extern const struct class##_ops name##_ops;                                                \
	extern char name##_text_start[], name##_text_end[], name##_data_start[], name##_data_end[];
#define fs_rights_           service_rights
#define disk_fs_rights_      disk_fs_rights
#define block_rights_        driver_rights
#define net_device_rights_   driver_rights
#define net_protocol_rights_ protocol_rights
FS_SERVICES(DECLARE_, fs)
#define DECLARE_DISK_(class, name, ...)                                                            \
	int name##_init(const struct disk_fs_rights *rights);                                      \
	extern const struct fs_ops name##_ops;                                                     \
	extern const struct disk_fs_ops name##_disk_ops;                                           \
	extern char name##_text_start[], name##_text_end[], name##_data_start[], name##_data_end[];
DISK_FS_SERVICES(DECLARE_DISK_, disk_fs)
BLOCK_SERVICES(DECLARE_, block)
NET_DEVICE_SERVICES(DECLARE_, net_device)
NET_PROTOCOL_SERVICES(DECLARE_, net_protocol)

/* By what it is handed. */
#define INIT_fs           init
#define INIT_disk_fs      init_disk_fs
#define INIT_block        init_driver
#define INIT_net_device   init_driver
#define INIT_net_protocol init_protocol

/* Where calls name their function there is no table to call through. */
#if ARAMID_CONTAIN_PANICS
#define OPS_fs_(name)           .fs = &name##_ops,
#define OPS_disk_fs_(name)      .fs = &name##_ops, .disk_fs = &name##_disk_ops,
#define OPS_block_(name)        .block = &name##_ops,
#define OPS_net_device_(name)   .net_device = &name##_ops,
#define OPS_net_protocol_(name) .net_protocol = &name##_ops,
#else
#define OPS_fs_(name)
#define OPS_disk_fs_(name)
#define OPS_block_(name)
#define OPS_net_device_(name)
#define OPS_net_protocol_(name)
#endif

#define ROW_(class, service_name, when, how, repeat, where, heap_pages)                            \
	{.name = #service_name,                                                                    \
	 .recovery = RECOVERY_##how,                                                               \
	 .repeats = REPEAT_##repeat,                                                               \
	 .optional = START_##when,                                                                 \
	 .owner = SERVICE_##service_name,                                                          \
	 .INIT_##class = service_name##_init,                                                      \
	 PLACE_##where,                                                                            \
	 OPS_##class##_(service_name).image = {service_name##_text_start, service_name##_text_end, \
	                                       service_name##_data_start, service_name##_data_end, \
	                                       NULL},                                              \
	 .state = SERVICE_STOPPED,                                                                 \
	 .heap_page_limit = heap_pages},
struct service services[] = {
        FS_SERVICES(ROW_, fs) DISK_FS_SERVICES(ROW_, disk_fs) BLOCK_SERVICES(ROW_, block)
                NET_DEVICE_SERVICES(ROW_, net_device) NET_PROTOCOL_SERVICES(ROW_, net_protocol)};
const unsigned int service_count = sizeof(services) / sizeof(services[0]);

void rights_mint(struct service *service, struct service_rights *rights)
{
	rights->pages = cap_mint(page_alloc, service->owner);
}

void rights_mint_disk_fs(struct service *service, struct disk_fs_rights *rights)
{
	rights->write = cap_mint(block_access, service->owner);
	rights->read = cap_mint(block_read, service->owner);
}

void rights_mint_protocol(struct service *service, struct protocol_rights *rights)
{
	rights->net = cap_mint(net_access, service->owner);
}

void rights_mint_driver(struct service *service, struct driver_rights *rights)
{
	rights->registers = cap_mint(device_registers, service->owner);
	rights->dma = cap_mint(dma_memory, service->owner);
}

#if ARAMID_CONTAIN_PANICS

struct service *service_current(void)
{
	struct boundary_record *record = current_thread()->boundary;

	return record ? record->service : NULL;
}

/* Who shows a token: the service that runs, or the core when it acts for itself. */
cap_owner_t cap_current_owner(void)
{
	struct boundary_record *record = current_thread()->boundary;

	return record && record->landing && !record->in_core ? record->service->owner
	                                                     : CAP_OWNER_CORE;
}

/* What a restart needs: the data as they are before the service ever ran. */
static void keep_pristine(struct service *service)
{
	size_t size = (size_t)(service->image.data_end - service->image.data_start);
	char *copy = heap_alloc(&core_heap, size ? size : 1);

	if (!copy)
		panic("no memory for the pristine data of %s", service->name);
	memcpy(copy, service->image.data_start, size);
	service->image.pristine = copy;
	if (service->recovery == SERVICE_ROLL_BACK &&
	    (mirror_create(service) || transaction_create(service)))
		panic("no memory for the undo record of %s", service->name);
}

/* inject=SERVICE.OPERATION/N on the command line: for tests of recovery. Whether it is about
 * this service. */
static bool arm(struct service *service)
{
	char option[48];
	size_t length = strlen(service->name);
	char *slash;

	if (!boot_option_value("inject", option, sizeof(option)) ||
	    strncmp(option, service->name, length) != 0 || option[length] != '.')
		return false;
	slash = strchr(option, '/');
	if (!slash || slash[1] < '1' || slash[1] > '9')
		panic("inject=%s: SERVICE.OPERATION/N is wanted", option);
	*slash = '\0';
	string_copy(service->inject_operation, option + length + 1,
	            sizeof(service->inject_operation));
	for (const char *digit = slash + 1; *digit >= '0' && *digit <= '9'; digit++)
		service->inject_every = service->inject_every * 10 + (uint32_t)(*digit - '0');
	log_line("service %s: each %u. %s is made to fall", service->name, service->inject_every,
	         service->inject_operation);
	return true;
}

static int start(struct service *service)
{
	keep_pristine(service);
	return supervisor_start(service);
}

/* stray=SERVICE.OPERATION: for tests of the isolation. */
static void arm_stray(void)
{
	bool armed = !boot_option("stray");

#if ARAMID_ISOLATE_SERVICES
	for (unsigned int i = 0; i < service_count; i++)
		armed |= stray_arm(&services[i]);
#endif
	if (!armed)
		panic("stray=SERVICE.OPERATION is wanted, in a profile that isolates services");
}

void services_arm(void)
{
	bool armed = !boot_option("inject");

	for (unsigned int i = 0; i < service_count; i++)
		armed |= arm(&services[i]);
	if (!armed)
		panic("inject=SERVICE.OPERATION/N is wanted, with a service that there is");
	arm_stray();
}

#else

void services_arm(void)
{
	if (boot_option("inject"))
		panic("inject= needs a profile that contains panics");
}

struct service *service_current(void)
{
	return current_thread()->service;
}

cap_owner_t cap_current_owner(void)
{
	return CAP_OWNER_CORE;
}

static int start(struct service *service)
{
	struct service *outer = service_enter(service);
	int result;

	if (service->init_protocol) {
		struct protocol_rights rights;

		rights_mint_protocol(service, &rights);
		result = service->init_protocol(&rights);
	} else if (service->init_driver) {
		struct driver_rights rights;

		rights_mint_driver(service, &rights);
		result = service->init_driver(&rights);
	} else if (service->init_disk_fs) {
		struct disk_fs_rights rights;

		rights_mint_disk_fs(service, &rights);
		result = service->init_disk_fs(&rights);
	} else {
		struct service_rights rights;

		rights_mint(service, &rights);
		result = service->init(&rights);
	}
	service->state = result ? SERVICE_QUARANTINED : SERVICE_RUNNING;
	service_leave(outer, result);
	return result;
}

#endif

void services_start(void)
{
	boundary_init();
#if ARAMID_ISOLATE_SERVICES
	if (!protection_keys_on)
		log_line("services: without protection keys a service's stray writes are not "
		         "stopped");
#endif
	for (unsigned int i = 0; i < service_count; i++) {
		struct service *service = &services[i];
		int result;

		wait_queue_init(&service->recovered);
		mutex_init(&service->turn);
		service->in_turn = service->recovery == SERVICE_ROLL_BACK || service->on_disks ||
		                   service->is_protocol;
		if (service->on_disks && block_changes_create(service))
			panic("no memory for the changes of %s", service->name);
		spin_init(&service->counters, LOCK_RANK_service);
		if (service->optional && !boot_option(service->name))
			continue;
		/* The core's own allocator grows the heap, so the right is the core's; the
		 * service's share is bounded by its limit. */
		heap_init(&service->heap, core_rights.pages, service->heap_page_limit);
#if ARAMID_ISOLATE_SERVICES
		isolate(service);
#endif
		result = start(service);
		/* Without the first there is no root. */
		if (result && (i == 0 || !ARAMID_CONTAIN_PANICS))
			panic("service %s did not start: %d", service->name, result);
		if (result)
			log_line("service %s: quarantined: it did not start (%d)", service->name,
			         result);
	}
}
