/* SPDX-License-Identifier: MIT
 *
 * Local APIC (one a CPU, at the same address) and the I/O APIC.
 */
#include <arch/acpi.h>
#include <arch/apic.h>
#include <arch/mmu.h>
#include <arch/registers.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>

enum {
	REGISTER_ID = 0x20,
	REGISTER_EOI = 0xb0,
	REGISTER_SPURIOUS = 0xf0,
	REGISTER_COMMAND_LOW = 0x300,
	REGISTER_COMMAND_HIGH = 0x310,
	REGISTER_TIMER = 0x320,
	REGISTER_TIMER_INITIAL = 0x380,
	REGISTER_TIMER_CURRENT = 0x390,
	REGISTER_TIMER_DIVIDE = 0x3e0,
};

#define TIMER_PERIODIC  (1u << 17)
#define TIMER_MASKED    (1u << 16)
#define COMMAND_PENDING (1u << 12)
#define COMMAND_INIT    0x4500
#define COMMAND_STARTUP 0x4600
#define COMMAND_FIXED   0x4000
#define COMMAND_OTHERS  (3u << 18)

#define LOCAL_APIC ((volatile uint8_t *)DEVICE_MAP_BASE)
#define IO_APIC    ((volatile uint8_t *)(DEVICE_MAP_BASE + PAGE_SIZE))

static uint32_t local_read(unsigned int reg)
{
	return *(volatile uint32_t *)(LOCAL_APIC + reg);
}

static void local_write(unsigned int reg, uint32_t value)
{
	*(volatile uint32_t *)(LOCAL_APIC + reg) = value;
}

void apic_init(void)
{
	if (mmu_map_kernel(core_rights.pages, DEVICE_MAP_BASE, acpi_machine.local_apic,
	                   MMU_WRITE | MMU_DEVICE) ||
	    mmu_map_kernel(core_rights.pages, DEVICE_MAP_BASE + PAGE_SIZE, acpi_machine.io_apic,
	                   MMU_WRITE | MMU_DEVICE))
		panic("no memory to map the interrupt controllers");
	/* The old controllers stay masked. */
	port_write8(0x21, 0xff);
	port_write8(0xa1, 0xff);
}

void apic_enable(void)
{
	local_write(REGISTER_SPURIOUS, 0x100 | VECTOR_SPURIOUS);
	local_write(REGISTER_TIMER_DIVIDE, 0xb); /* by 1 */
}

void apic_start_timer(unsigned int hz)
{
	local_write(REGISTER_TIMER, VECTOR_TIMER | TIMER_PERIODIC);
	local_write(REGISTER_TIMER_INITIAL, (uint32_t)(APIC_TIMER_HZ / hz));
}

void apic_timer_one_shot(uint32_t count)
{
	local_write(REGISTER_TIMER, VECTOR_TIMER | TIMER_MASKED);
	local_write(REGISTER_TIMER_INITIAL, count);
}

uint32_t apic_timer_left(void)
{
	return local_read(REGISTER_TIMER_CURRENT);
}

void apic_end_of_interrupt(void)
{
	local_write(REGISTER_EOI, 0);
}

uint32_t apic_id(void)
{
	return local_read(REGISTER_ID) >> 24;
}

/* The command register is two words: no interrupt may come between. */
static void send_command(uint32_t destination, uint32_t command)
{
	unsigned long flags = irq_save();

	while (local_read(REGISTER_COMMAND_LOW) & COMMAND_PENDING)
		cpu_relax();
	local_write(REGISTER_COMMAND_HIGH, destination << 24);
	local_write(REGISTER_COMMAND_LOW, command);
	irq_restore(flags);
}

void apic_send(const struct cpu *cpu, uint8_t vector)
{
	send_command(cpu->apic_id, COMMAND_FIXED | vector);
}

void apic_send_all_others(uint8_t vector)
{
	if (cpu_count > 1)
		send_command(0, COMMAND_FIXED | COMMAND_OTHERS | vector);
}

void apic_start_cpu(uint32_t id, uint8_t page)
{
	send_command(id, COMMAND_INIT);
	send_command(id, COMMAND_STARTUP | page);
	send_command(id, COMMAND_STARTUP | page);
}

void ioapic_route(unsigned int line, uint8_t vector)
{
	volatile uint32_t *select = (volatile uint32_t *)IO_APIC;
	volatile uint32_t *window = (volatile uint32_t *)(IO_APIC + 0x10);

	*select = 0x11 + line * 2;
	*window = cpus[0].apic_id << 24;
	*select = 0x10 + line * 2;
	*window = vector; /* fixed, edge, active high, unmasked */
}
