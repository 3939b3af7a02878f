/* SPDX-License-Identifier: MIT
 *
 * What socket(2), send(2), recv(2) and cmsg(3) have users pass: the kernel's own headers leave it
 * to the C library.
 */
#pragma once

#include <stdint.h>

#define AF_UNSPEC 0
#define AF_UNIX   1
#define AF_INET   2
#define AF_MOST   46 /* numbers of families are below, as Linux 6.1 has it */

#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define SOCK_RAW       3
#define SOCK_SEQPACKET 5
#define SOCK_TYPE_MASK 0xf
#define SOCK_TYPE_MOST 11 /* numbers of types are below */

#define SOCKETS_WAITING_MOST 4096u /* listen(2): net.core.somaxconn */

#define MSG_OOB          0x1u
#define MSG_PEEK         0x2u
#define MSG_CTRUNC       0x8u
#define MSG_TRUNC        0x20u
#define MSG_DONTWAIT     0x40u
#define MSG_WAITALL      0x100u
#define MSG_NOSIGNAL     0x4000u
#define MSG_WAITFORONE   0x10000u
#define MSG_CMSG_CLOEXEC 0x40000000u

#define SHUT_RD   0
#define SHUT_WR   1
#define SHUT_RDWR 2

#define SCM_RIGHTS      1
#define SCM_CREDENTIALS 2
#define SCM_RIGHTS_MOST 253 /* descriptors of one message (unix(7)) */

#define ADDRESS_MOST 128 /* bytes of a struct sockaddr_storage */

/* struct msghdr, struct mmsghdr. */
struct user_message {
	uint64_t name;
	int32_t name_size;
	uint32_t unused;
	uint64_t vector, vector_count;
	uint64_t control, control_size;
	uint32_t flags;
	uint32_t unused2;
};

struct user_messages {
	struct user_message message;
	uint32_t size;
	uint32_t unused;
};

/* struct cmsghdr: its data follow, and the next one at a multiple of CONTROL_ALIGNMENT. */
struct user_control {
	uint64_t size; /* with this header */
	int32_t level, type;
};

#define CONTROL_ALIGNMENT 8u

/* struct ucred. */
struct socket_credentials {
	int32_t process;
	uint32_t user, group;
};
