/* SPDX-License-Identifier: MIT
 *
 * Ends of a run, and the debug console.
 */
#include <arch/apic.h>
#include <arch/machine.h>
#include <arch/registers.h>
#include <kernel/lib/string.h>

#define DEBUG_CONSOLE 0xe9
#define DEBUG_EXIT    0xf4

/* QEMU's exit status is value * 2 + 1: 33 and 35. tools/boot knows them. */
#define EXIT_POWER_OFF 0x10
#define EXIT_PANIC     0x11

void debug_console_write(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		port_write8(DEBUG_CONSOLE, (uint8_t)bytes[i]);
}

static _Noreturn void machine_end(uint8_t value)
{
	irq_disable();
	port_write8(DEBUG_EXIT, value);
	/* Not under our runner: stay put. */
	for (;;)
		__asm__ volatile("hlt");
}

_Noreturn void machine_power_off(int status)
{
	char line[32];
	int length = format(line, sizeof(line), "exit-status %d\n", status);

	debug_console_write(line, (size_t)length);
	machine_end(EXIT_POWER_OFF);
}

_Noreturn void machine_halt(void)
{
	machine_end(EXIT_PANIC);
}

void machine_stop_others(void)
{
	apic_send_all_others(VECTOR_HALT);
}
