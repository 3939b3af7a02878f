/* SPDX-License-Identifier: MIT
 *
 * /proc/net (proc_pid_net(5)).
 */
#include <kernel/net/unix_info.h>
#include <services/procfs/procfs.h>

/* Linux' SS_* of <linux/net.h>: of a socket that has a file, and of one that waits for it. */
#define UNCONNECTED 1u
#define CONNECTING  2u
#define CONNECTED   3u

#define ACCEPTS_CONNECTIONS 0x10000u /* its __SO_ACCEPTCON */
#define FILE_REFERENCES     1u       /* it counts the open file as two */

static void print_path(struct procfs_text *text, const struct unix_info *socket)
{
	uint32_t size = socket->path_size;

	procfs_print_bytes(text, " ", 1);
	/* A path has a zero byte behind it; an abstract name has one in front, shown as @. */
	if (socket->path[0] != '\0')
		size--;
	for (uint32_t i = 0; i < size; i++)
		procfs_print_bytes(text, socket->path[i] ? &socket->path[i] : "@", 1);
}

void procfs_print_unix(struct procfs_text *text)
{
	struct unix_info socket;
	uint64_t number = 0;

	procfs_print(text, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	while ((number = core_unix_info(number + 1, &socket)) != 0) {
		uint32_t state = !socket.connected ? UNCONNECTED
		                 : socket.accepted ? CONNECTED
		                                   : CONNECTING;

		procfs_print(text, "%016lx: %08x %08x %08x %04x %02x %5lu", 0UL,
		             socket.references + FILE_REFERENCES, 0u,
		             socket.listening ? ACCEPTS_CONNECTIONS : 0u, socket.type, state,
		             socket.number);
		if (socket.path_size > 0)
			print_path(text, &socket);
		procfs_print_bytes(text, "\n", 1);
	}
}

static void print_counts(struct procfs_text *text, const struct interface_counts *counts)
{
	procfs_print(text, " %7lu %7lu %4lu %4lu    0     0 ", counts->bytes, counts->frames,
	             counts->errors, counts->dropped);
}

void procfs_print_interfaces(struct procfs_text *text)
{
	struct interface_info info;

	procfs_print(text, "Inter-|   Receive                            "
	                   "                    |  Transmit\n"
	                   " face |bytes    packets errs drop fifo frame compressed multicast|"
	                   "bytes    packets errs drop fifo colls carrier compressed\n");
	for (unsigned int i = 0; core_interface_info(i, &info) == 0; i++) {
		procfs_print(text, "%6s:", info.name);
		print_counts(text, &info.received);
		procfs_print(text, "         0         0");
		print_counts(text, &info.sent);
		procfs_print(text, "      0          0\n");
	}
}
