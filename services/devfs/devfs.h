/* SPDX-License-Identifier: MIT
 *
 * devfs: the nodes of the devices that the core has. It only names them: opening
 * one is the core's work (kernel/vfs/devices.c).
 */
#pragma once

#define FS_SERVICE devfs
#include <kernel/vfs/fs_service.h>
