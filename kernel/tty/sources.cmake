# Terminals.
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/tty/line_input.c
	kernel/tty/line_output.c
	kernel/tty/pty.c
	kernel/tty/pty_ioctl.c
	kernel/tty/pty_master.c
	kernel/tty/pty_output.c
	kernel/tty/terminal.c
	kernel/tty/terminal_ioctl.c
	kernel/tty/terminal_read.c
	kernel/tty/terminal_session.c
)
