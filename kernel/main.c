/* SPDX-License-Identifier: MIT
 *
 * The boot CPU's way from the first line of C to pid 1. The order is the
 * dependency: memory, then traps and time, then the other CPUs, then
 * services, then user programs.
 */
#include <arch/acpi.h>
#include <arch/apic.h>
#include <arch/boot_info.h>
#include <arch/cpu_setup.h>
#include <arch/entropy.h>
#include <arch/mmu_setup.h>
#include <arch/serial.h>
#include <aramid/cap.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/invariants.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/log/crash.h>
#include <kernel/log/log.h>
#include <kernel/main.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/vdso.h>
#include <kernel/net/internet_family.h>
#include <kernel/net_device/interface.h>
#include <kernel/net_protocol/protocol.h>
#include <kernel/proc/process.h>
#include <kernel/proc/sched.h>
#include <kernel/time/tick.h>
#include <kernel/time/time.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/root.h>

#define RANGES_MAX 64

struct core_rights core_rights;

static void start_memory(void)
{
	/* Not on the stack: what has its canary there must not run when the canary is chosen. */
	static struct memory_range usable[RANGES_MAX], held;
	unsigned int count = boot_info_usable(usable, RANGES_MAX);

	held = boot_info_archive();
	/* The core mints its own right first: all else is allocated with it. */
	cap_init();
	core_rights.pages = cap_mint(page_alloc, CAP_OWNER_CORE);
	page_alloc_init(usable, count, &held);
	heap_init(&core_heap, core_rights.pages, UINT64_MAX);
	mmu_init();
}

static void start_interrupts(void)
{
	apic_init();
	apic_enable();
	cpus[0].apic_id = apic_id();
	time_init();
	apic_start_timer(TICK_HZ);
	serial_init();
	(void)ioapic_route(4, VECTOR_SERIAL, false);
}

static void mount(struct service *service)
{
	int error = mount_service(service, service->mount_point);

	if (error)
		panic("cannot mount %s at %s: error %d", service->name, service->mount_point,
		      -error);
}

/* The pages of the archive that no file took over. */
static void give_archive_back(void)
{
	const struct memory_range archive = boot_info_archive();

	for (paddr_t page = archive.start; page < archive.end; page += PAGE_SIZE)
		if (page_is_ram(page))
			page_put(core_rights.pages, page);
}

/* Services, their file systems, the root's contents, pid 1: a thread of its own,
 * because it sleeps. */
static void start_system(void *argument)
{
	(void)argument;
	services_start();
	disks_start();
	protocol_start(&internet_user);
	interfaces_start(protocol_take_arrived);
	root_start(&services[0]);
	give_archive_back();
	for (unsigned int i = 1; i < service_count; i++)
		if (services[i].mount_point && services[i].state == SERVICE_RUNNING)
			mount(&services[i]);
	services_arm();
	invariants_check(NULL);
	vdso_init();
	process_start_init();
}

void kernel_main(void)
{
	struct thread *starter;

	cpus[0].self = &cpus[0];
	sched_init();
	boot_info_read();
	log_init();
	idt_init();
	cpu_setup(&cpus[0]);
	cpus[0].stack_canary = entropy_u64();
	/* The firmware's tables lie outside RAM: only the boot tables map them. */
	acpi_init(boot_info.rsdp);
	start_memory();
	log_line("aramid: %s profile, %lu MiB free", ARAMID_PROFILE_NAME,
	         page_count_free() * PAGE_SIZE >> 20);
	start_interrupts();
	devices_find();
	irq_enable();
	smp_start();
	starter = thread_create("start", start_system, NULL);
	if (!starter)
		panic("no memory for the first thread");
	thread_start(starter);
	sched_run_idle();
}
