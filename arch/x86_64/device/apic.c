/* SPDX-License-Identifier: MIT
 *
 * Local APIC (one a CPU, at the same address) and the I/O APIC.
 */
#include <arch/acpi.h>
#include <arch/apic.h>
#include <arch/device_map.h>
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

/* Of an I/O APIC. */
enum { IO_VERSION = 0x01, IO_ROUTE = 0x10 };

#define IO_ROUTE_LEVEL  (1u << 15)
#define IO_ROUTE_MASKED (1u << 16)
#define TIMER_PERIODIC  (1u << 17)
#define TIMER_MASKED    (1u << 16)
#define COMMAND_PENDING (1u << 12)
#define COMMAND_INIT    0x4500
#define COMMAND_STARTUP 0x4600
#define COMMAND_FIXED   0x4000
#define COMMAND_OTHERS  (3u << 18)

#define LOCAL_APIC ((volatile uint8_t *)DEVICE_MAP_BASE)

/* Registers of the I/O APICs, in the order of acpi_machine. Boot CPU, once. */
static volatile uint8_t *io_apics[IO_APICS_MAX];

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
	/* The first of the device pages: LOCAL_APIC. */
	if (!device_map(acpi_machine.local_apic, PAGE_SIZE))
		panic("no memory to map the interrupt controller");
	for (unsigned int i = 0; i < acpi_machine.io_apic_count; i++) {
		io_apics[i] = device_map(acpi_machine.io_apics[i].address, PAGE_SIZE);
		if (!io_apics[i])
			panic("no memory to map the interrupt controllers");
	}
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

static uint32_t io_read(volatile uint8_t *io_apic, uint32_t reg)
{
	*(volatile uint32_t *)io_apic = reg;
	return *(volatile uint32_t *)(io_apic + 0x10);
}

static void io_write(volatile uint8_t *io_apic, uint32_t reg, uint32_t value)
{
	*(volatile uint32_t *)io_apic = reg;
	*(volatile uint32_t *)(io_apic + 0x10) = value;
}

/* The controller that has a line, and which of its registers is about it; NULL. */
static volatile uint8_t *controller_of(unsigned int line, uint32_t *route)
{
	for (unsigned int i = 0; i < acpi_machine.io_apic_count; i++) {
		uint32_t first = acpi_machine.io_apics[i].first_line;
		uint32_t last = io_read(io_apics[i], IO_VERSION) >> 16 & 0xff;

		if (line < first || line - first > last)
			continue;
		*route = IO_ROUTE + (line - first) * 2;
		return io_apics[i];
	}
	return NULL;
}

bool ioapic_route(unsigned int line, uint8_t vector, bool level)
{
	uint32_t route = 0;
	volatile uint8_t *controller = controller_of(line, &route);

	if (!controller)
		return false;
	io_write(controller, route + 1, cpus[0].apic_id << 24);
	/* Fixed, active high, unmasked. */
	io_write(controller, route, vector | (level ? IO_ROUTE_LEVEL : 0));
	return true;
}

void ioapic_admit(unsigned int line, bool admitted)
{
	uint32_t route = 0, how;
	volatile uint8_t *controller = controller_of(line, &route);

	if (!controller)
		return;
	how = io_read(controller, route) & ~IO_ROUTE_MASKED;
	io_write(controller, route, how | (admitted ? 0 : IO_ROUTE_MASKED));
}

uint64_t apic_message_address(void)
{
	return 0xfee00000UL | (uint64_t)cpus[0].apic_id << 12;
}
