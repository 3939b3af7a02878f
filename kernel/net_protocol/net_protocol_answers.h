/* SPDX-License-Identifier: MIT
 *
 * What the protocols answer is looked at before the call ends, as fs_answers.h says of file
 * systems.
 */
#pragma once

#include <stdint.h>

#include <kernel/net_protocol/net_protocol.h>

#define NET_PROTOCOL_WAIT_MAX 1000u /* ms */

const char *net_protocol_work_fault(long result, const uint64_t *arguments);
const char *net_protocol_describe_fault(long result, const uint64_t *arguments);
const char *net_protocol_open_fault(long result, const uint64_t *arguments);
const char *net_protocol_bind_fault(long result, const uint64_t *arguments);
const char *net_protocol_listen_fault(long result, const uint64_t *arguments);
const char *net_protocol_connect_fault(long result, const uint64_t *arguments);
const char *net_protocol_accept_fault(long result, const uint64_t *arguments);
const char *net_protocol_send_fault(long result, const uint64_t *arguments);
const char *net_protocol_receive_fault(long result, const uint64_t *arguments);
const char *net_protocol_take_fault(long result, const uint64_t *arguments);
const char *net_protocol_configure_fault(long result, const uint64_t *arguments);
const char *net_protocol_end_output_fault(long result, const uint64_t *arguments);
const char *net_protocol_close_fault(long result, const uint64_t *arguments);
