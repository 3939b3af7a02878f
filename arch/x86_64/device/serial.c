/* SPDX-License-Identifier: MIT
 *
 * 16550A. Transmission is polled: under QEMU the transmitter is never busy for
 * long, and the log must work with interrupts off.
 */
#include <arch/registers.h>
#include <arch/serial.h>
#include <kernel/tty/terminal.h>

#define PORT 0x3f8

enum { DATA = 0, INTERRUPT_ENABLE = 1, FIFO = 2, LINE_CONTROL = 3, MODEM = 4, LINE_STATUS = 5 };

#define STATUS_DATA_READY  0x01
#define STATUS_TRANSMITTER 0x20

void serial_init(void)
{
	port_write8(PORT + INTERRUPT_ENABLE, 0);
	port_write8(PORT + LINE_CONTROL, 0x80);
	port_write8(PORT + DATA, 1); /* divisor 1: 115200 baud */
	port_write8(PORT + INTERRUPT_ENABLE, 0);
	port_write8(PORT + LINE_CONTROL, 0x03);
	port_write8(PORT + FIFO, 0x07);
	port_write8(PORT + MODEM, 0x0b);
	port_write8(PORT + INTERRUPT_ENABLE, 0x01);
}

void serial_write(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		while (!(port_read8(PORT + LINE_STATUS) & STATUS_TRANSMITTER))
			__asm__ volatile("pause");
		port_write8(PORT + DATA, (uint8_t)bytes[i]);
	}
}

void serial_interrupt(void)
{
	while (port_read8(PORT + LINE_STATUS) & STATUS_DATA_READY)
		terminal_receive((char)port_read8(PORT + DATA));
}
