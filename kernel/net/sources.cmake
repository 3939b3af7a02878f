# SPDX-License-Identifier: MIT
list(APPEND ARAMID_KERNEL_SOURCES
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
