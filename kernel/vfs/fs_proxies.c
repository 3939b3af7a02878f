/* SPDX-License-Identifier: MIT
 *
 * The proxies of file-system services.
 */
#include <kernel/vfs/fs_answers.h>
#include <kernel/vfs/fs_proxies.h>

#define CLASS       fs
#define CLASS_TABLE <kernel/vfs/fs_operations.def>
#include <kernel/boundary/proxy_bodies.h>
