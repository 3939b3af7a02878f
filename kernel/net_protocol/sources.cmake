# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/net_protocol/net_protocol_answers.c
	kernel/net_protocol/net_protocol_proxies.c
	kernel/net_protocol/protocol.c
)
