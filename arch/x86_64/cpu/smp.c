/* SPDX-License-Identifier: MIT
 *
 * Starting the other processors, one after the other.
 * Source: Intel SDM vol. 3A, 8.4.4.
 */
#include <arch/acpi.h>
#include <arch/apic.h>
#include <arch/boot_layout.h>
#include <arch/cpu_setup.h>
#include <arch/mmu.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/proc/sched.h>
#include <kernel/time/time.h>

/* How long a processor may take to report, ns. */
#define START_DEADLINE (2 * NS_PER_SECOND)

extern char trampoline_begin[], trampoline_end[];

uint64_t ap_stack_top; /* trampoline.S: the stack of the processor that is starting */
struct cpu *ap_cpu;    /* and its block */

void ap_main(void);

/* First C of a started processor, on its idle thread's stack. It becomes that thread. */
void ap_main(void)
{
	struct cpu *cpu = ap_cpu;

	cpu_setup(cpu);
	mmu_activate(mmu_kernel_root);
	apic_enable();
	apic_start_timer(TICK_HZ);
	__atomic_store_n(&cpu->online, true, __ATOMIC_RELEASE);
	sched_run_idle();
}

static void start_one(uint32_t id)
{
	struct cpu *cpu = &cpus[cpu_count];
	uint64_t deadline = time_now() + START_DEADLINE;

	cpu->self = cpu;
	cpu->number = cpu_count;
	cpu->apic_id = id;
	/* One canary for all: a thread may enter a function here and leave it there. */
	cpu->stack_canary = cpus[0].stack_canary;
	cpu->idle = sched_create_idle(cpu);
	cpu->current = cpu->idle;
	ap_stack_top = cpu->idle->stack_base + THREAD_STACK_PAGES * PAGE_SIZE;
	ap_cpu = cpu;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	apic_start_cpu(id, TRAMPOLINE_BASE >> PAGE_SHIFT);
	while (!__atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE) && time_now() < deadline)
		cpu_relax();
	if (!cpu->online)
		panic("processor %u did not start", id);
	cpu_count++;
}

void smp_start(void)
{
	memcpy(phys_to_virt(TRAMPOLINE_BASE), trampoline_begin,
	       (size_t)(trampoline_end - trampoline_begin));
	for (unsigned int i = 0; i < acpi_machine.cpu_count; i++)
		if (acpi_machine.apic_ids[i] != cpus[0].apic_id)
			start_one(acpi_machine.apic_ids[i]);
	log_line("smp: %u processors", cpu_count);
}
