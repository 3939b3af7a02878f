// SPDX-License-Identifier: MIT
//
// Dropbear with tokens. The functions that use a right take its token and validate it first, and
// their callers pass it on. Where there is no caller to take it from (a packet's handler, the body
// of a child) it comes from the carrier session_rights. rights.c mints, and nothing else does.

// ---- where rights begin ----

@@
symbol _dropbear_log, svr_dropbear_log, cli_dropbear_log, ses, session_rights, cap;
@@
 #include "fake-rfc2553.h"
+#include "rights.h"

@@ @@
 _dropbear_log = svr_dropbear_log;
+rights_begin_server();

@@ @@
 _dropbear_log = cli_dropbear_log;
+rights_begin_client();

@@ expression list E; @@
 svr_session(...) {
 ...
+rights_begin_session();
 common_session_init(E);
 ...
 }

@@ @@
 send_msg_userauth_success(...) {
 ...
 ses.authstate.authdone = 1;
+rights_admit_user();
 ...
 }

// ---- system calls that need a right: rights.c has each, with the token in front ----

@@ expression list E; @@
-setuid(E)
+rights_setuid(session_rights.become, E)

@@ expression list E; @@
-setgid(E)
+rights_setgid(session_rights.become, E)

@@ expression list E; @@
-initgroups(E)
+rights_initgroups(session_rights.become, E)

@@ expression list E; @@
-seteuid(E)
+rights_seteuid(session_rights.assume, E)

@@ expression list E; @@
-setegid(E)
+rights_setegid(session_rights.assume, E)

@@ expression list E; @@
-getspnam(E)
+rights_getspnam(session_rights.shadow, E)

@@ expression list E; @@
-listen(E)
+rights_listen(session_rights.port, E)

@@ expression list E; @@
-openpty(E)
+rights_openpty(session_rights.pty, E)

@@ expression list E; @@
-execv(E)
+rights_execv(session_rights.program, E)

// ---- host_key ----

@@
identifier f = {send_msg_kexdh_reply, loadhostkey};
parameter list P;
type T;
@@
 T f(
+struct cap_host_key cap,
 P) {
+CAP_OPERATION();
+cap_validate(host_key, cap);
 ...
 }

@@
identifier f = {send_msg_kexdh_reply, loadhostkey};
expression list E;
@@
 f(
+session_rights.key,
 E)

@@
identifier f = {svr_ensure_hostkey, load_all_hostkeys};
type T;
@@
 T f(
+struct cap_host_key cap
 ) {
+CAP_OPERATION();
+cap_validate(host_key, cap);
 ...
 }

@@
identifier f = {svr_ensure_hostkey, load_all_hostkeys};
@@
 f(
+session_rights.key
 )


@@
identifier f;
@@
 f(struct cap_host_key cap, ...) {
 <...
-session_rights.key
+cap
 ...>
 }

// ---- pty_open ----

@@
identifier f = {sessionpty, pty_allocate, pty_release, pty_setowner};
parameter list P;
type T;
@@
 T f(
+struct cap_pty_open cap,
 P) {
+CAP_OPERATION();
+cap_validate(pty_open, cap);
 ...
 }

@@
identifier f = {sessionpty, pty_allocate, pty_release, pty_setowner};
expression list E;
@@
 f(
+session_rights.pty,
 E)

@@
identifier f;
@@
 f(struct cap_pty_open cap, ...) {
 <...
-session_rights.pty
+cap
 ...>
 }

// ---- program_run ----

@@
identifier f = {run_shell_command, run_command};
parameter list P;
type T;
@@
 T f(
+struct cap_program_run cap,
 P) {
+CAP_OPERATION();
+cap_validate(program_run, cap);
 ...
 }

@@
identifier f = {run_shell_command, run_command};
expression list E;
@@
 f(
+session_rights.program,
 E)

@@
identifier f;
@@
 f(struct cap_program_run cap, ...) {
 <...
-session_rights.program
+cap
 ...>
 }

// ---- listen_port ----

@@
identifier f = {dropbear_listen, listensockets, listen_tcpfwd};
parameter list P;
type T;
@@
 T f(
+struct cap_listen_port cap,
 P) {
+CAP_OPERATION();
+cap_validate(listen_port, cap);
 ...
 }

@@
identifier f = {dropbear_listen, listensockets, listen_tcpfwd};
expression list E;
@@
 f(
+session_rights.port,
 E)

@@
identifier f;
@@
 f(struct cap_listen_port cap, ...) {
 <...
-session_rights.port
+cap
 ...>
 }

// ---- prototypes with other names or none: spatch does not change them with their functions ----

@@ parameter list P; @@
 size_t listensockets(
+struct cap_listen_port cap,
 P);

@@ parameter list P; @@
 int pty_allocate(
+struct cap_pty_open cap,
 P);

@@ parameter list P; @@
 void pty_release(
+struct cap_pty_open cap,
 P);

@@ parameter list P; @@
 void pty_setowner(
+struct cap_pty_open cap,
 P);

@@ @@
 void load_all_hostkeys(
-void
+struct cap_host_key cap
 );
