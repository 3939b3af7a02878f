/* SPDX-License-Identifier: MIT
 *
 * What lies at "/": the first file system of the manifest, filled from the archive, or with the
 * boot option root=/dev/vda (and so on) a file system on that disk.
 */
#pragma once

struct service;

/* Mount the root, and unpack the archive that the boot loader brought. memory: the first file
 * system of the manifest. With the root on a disk it covers /run, where the archive is unpacked
 * then: on the disk nothing is changed. A root that cannot be mounted is a panic that says why.
 * Core only, at boot. */
void root_start(struct service *memory);

/* The programs to try as process 1, in their order, up to a NULL: what init= says, or of a root in
 * memory /init, of one on a disk what is usual. */
const char *const *root_init_programs(void);
