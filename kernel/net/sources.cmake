# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/net/internet_connect.c
	kernel/net/internet_socket.c
	kernel/net/internet_table.c
	kernel/net/internet_transfer.c
	kernel/net/socket.c
	kernel/net/socket_data.c
	kernel/net/socket_options.c
	kernel/net/unix_connect.c
	kernel/net/unix_flight.c
	kernel/net/unix_message.c
	kernel/net/unix_names.c
	kernel/net/unix_receive.c
	kernel/net/unix_send.c
	kernel/net/unix_socket.c
	kernel/net/unix_take.c
)
