/* SPDX-License-Identifier: MIT
 *
 * What dropbear's processes may do, and the system calls that need it. A process starts with the
 * rights of its task and gets those of a user's session when the user is known; no code outside
 * rights.c makes one. dropbear/includes.h includes this last, after the system's headers.
 */
#pragma once

#include <aramid/cap.h>
#include <grp.h>
#include <pty.h>
#include <shadow.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

/* The carrier: the rights of this process. A right that was not granted validates nowhere. */
struct session_rights {
	CAP(host_key) key;
	CAP(listen_port) port;
	CAP(shadow_read) shadow;
	CAP(user_assume) assume;
	CAP(user_become) become;
	CAP(pty_open) pty;
	CAP(program_run) program;
};
extern struct session_rights session_rights;

void rights_begin_server(void);  /* the process that waits for connections */
void rights_begin_session(void); /* one connection; ends the rights of the one before */
void rights_admit_user(void);    /* the session's user has proved to be that user */
void rights_begin_client(void);

/* The system calls of the same names. */
int rights_listen(CAP(listen_port) cap, int socket, int backlog);
struct spwd *rights_getspnam(CAP(shadow_read) cap, const char *name);
int rights_seteuid(CAP(user_assume) cap, uid_t user);
int rights_setegid(CAP(user_assume) cap, gid_t group);
int rights_setuid(CAP(user_become) cap, uid_t user);
int rights_setgid(CAP(user_become) cap, gid_t group);
int rights_initgroups(CAP(user_become) cap, const char *name, gid_t group);
int rights_openpty(CAP(pty_open) cap, int *master, int *slave, char *name,
                   const struct termios *termios, const struct winsize *size);
int rights_execv(CAP(program_run) cap, const char *path, char *const *arguments);
