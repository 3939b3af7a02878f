# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/net_device/interface.c
	kernel/net_device/interface_calls.c
	kernel/net_device/interface_frames.c
	kernel/net_device/net_device_answers.c
	kernel/net_device/net_device_proxies.c
)
