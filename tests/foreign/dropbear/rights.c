/* SPDX-License-Identifier: MIT
 *
 * The core of the converted dropbear: the only file that mints. Each process has an owner of its
 * own kind, so a token that the listener made is of no use to the session that it forked.
 */
#include "rights.h"

#include <aramid/cap_host.h>
#include <stdio.h>
#include <stdlib.h>

enum owner { LISTENER = 1, SESSION, CLIENT };

struct session_rights session_rights;

static void begin(enum owner owner)
{
	if (!cap_init()) {
		fputs("dropbear: no tokens without the system's random numbers\n", stderr);
		exit(EXIT_FAILURE);
	}
	cap_enter(owner);
}

void rights_begin_server(void)
{
	begin(LISTENER);
	session_rights.key = cap_mint(host_key, LISTENER);
	session_rights.port = cap_mint(listen_port, LISTENER);
}

void rights_begin_session(void)
{
	cap_revoke(LISTENER);
	cap_enter(SESSION);
	session_rights.key = cap_mint(host_key, SESSION);
	session_rights.shadow = cap_mint(shadow_read, SESSION);
	session_rights.assume = cap_mint(user_assume, SESSION);
}

void rights_admit_user(void)
{
	session_rights.port = cap_mint(listen_port, SESSION);
	session_rights.become = cap_mint(user_become, SESSION);
	session_rights.pty = cap_mint(pty_open, SESSION);
	session_rights.program = cap_mint(program_run, SESSION);
}

void rights_begin_client(void)
{
	begin(CLIENT);
	session_rights.port = cap_mint(listen_port, CLIENT);
	session_rights.shadow = cap_mint(shadow_read, CLIENT);
	session_rights.program = cap_mint(program_run, CLIENT);
}

int rights_listen(CAP(listen_port) cap, int socket, int backlog)
{
	CAP_OPERATION();
	cap_validate(listen_port, cap);
	return listen(socket, backlog);
}

struct spwd *rights_getspnam(CAP(shadow_read) cap, const char *name)
{
	CAP_OPERATION();
	cap_validate(shadow_read, cap);
	return getspnam(name);
}

int rights_seteuid(CAP(user_assume) cap, uid_t user)
{
	CAP_OPERATION();
	cap_validate(user_assume, cap);
	return seteuid(user);
}

int rights_setegid(CAP(user_assume) cap, gid_t group)
{
	CAP_OPERATION();
	cap_validate(user_assume, cap);
	return setegid(group);
}

int rights_setuid(CAP(user_become) cap, uid_t user)
{
	CAP_OPERATION();
	cap_validate(user_become, cap);
	return setuid(user);
}

int rights_setgid(CAP(user_become) cap, gid_t group)
{
	CAP_OPERATION();
	cap_validate(user_become, cap);
	return setgid(group);
}

int rights_initgroups(CAP(user_become) cap, const char *name, gid_t group)
{
	CAP_OPERATION();
	cap_validate(user_become, cap);
	return initgroups(name, group);
}

int rights_openpty(CAP(pty_open) cap, int *master, int *slave, char *name,
                   const struct termios *termios, const struct winsize *size)
{
	CAP_OPERATION();
	cap_validate(pty_open, cap);
	return openpty(master, slave, name, termios, size);
}

int rights_execv(CAP(program_run) cap, const char *path, char *const *arguments)
{
	CAP_OPERATION();
	cap_validate(program_run, cap);
	return execv(path, arguments);
}
