/* SPDX-License-Identifier: MIT
 *
 * Terminals: a line discipline and job control (termios(3), tty_ioctl(4)) on the serial console
 * and on the slaves of pseudo-terminals (pty.h).
 */
#pragma once

#include <stdint.h>

struct file;
struct process;
struct terminal;

/* A character came from the console's line. Interrupt context; never sleeps. */
void terminal_receive(char c);

/* /dev/console, /dev/ttyS0, /dev/tty, /dev/ptmx, /dev/pts/N behind file->vnode: 0, or -ENXIO (no
 * controlling terminal), -EIO (no such slave, or it is locked), -ENOSPC, -ENOMEM. Sets file->ops.
 */
int terminal_open(struct file *file);

/* A session leader ends: its session loses the terminal, the foreground group, or that of the
 * terminal which the session lost by a hang-up, gets SIGHUP and SIGCONT. Without
 * process_table_lock. */
void terminal_leave_session(struct process *leader);

/* For /proc: the device number (major << 8 | minor), the foreground process group. */
uint32_t terminal_device(const struct terminal *terminal);
int32_t terminal_foreground(const struct terminal *terminal);
