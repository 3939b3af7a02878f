/* SPDX-License-Identifier: MIT
 *
 * Minting for services: the one place where a service's tokens come from.
 */
#pragma once

#include <kernel/boundary/service.h>

/* Fresh tokens for a service, as its manifest row says. */
void rights_mint(struct service *service, struct service_rights *rights);
void rights_mint_disk_fs(struct service *service, struct disk_fs_rights *rights);
void rights_mint_protocol(struct service *service, struct protocol_rights *rights);
void rights_mint_driver(struct service *service, struct driver_rights *rights);
