/* SPDX-License-Identifier: MIT
 *
 * The first UART (16550A, National Semiconductor data sheet): the console.
 */
#pragma once

#include <stddef.h>

/* 115200 8N1, receive interrupt on. Once, at boot. */
void serial_init(void);

/* Bytes as they are; waits for the transmitter. Any context. */
void serial_write(const char *bytes, size_t size);

/* The receive interrupt: hands each byte to terminal_receive(). */
void serial_interrupt(void);
