/* SPDX-License-Identifier: MIT
 *
 * Named pipes (fifo(7)); the unnamed ones are pipe_create of file.h.
 */
#pragma once

struct file;

/* Open file->vnode, which is a fifo: sets file->ops and state. Waits for the other end as
 * fifo(7) says. 0, -ENXIO, -ERESTARTSYS, -ENOMEM. */
int pipe_open_fifo(struct file *file);
