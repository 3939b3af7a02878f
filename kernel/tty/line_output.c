/* SPDX-License-Identifier: MIT
 *
 * Output processing: what a program writes and what the line gets (termios(3), c_oflag).
 */
#include <arch/serial.h>
#include <kernel/tty/pty.h>
#include <kernel/tty/terminal_state.h>

#define TAB_STOP 8 /* so many bytes one character becomes at most */

void output_flush(struct terminal *terminal, struct terminal_output *output)
{
	if (terminal->pty)
		pty_output_put(terminal->pty, output->bytes, output->size);
	else
		serial_write(output->bytes, output->size);
	output->size = 0;
}

bool output_has_room(const struct terminal *terminal, const struct terminal_output *output)
{
	return !terminal->pty || pty_output_room(terminal->pty) >= output->size + TAB_STOP;
}

static void put(struct terminal *terminal, struct terminal_output *output, char c)
{
	if (output->size == sizeof(output->bytes))
		output_flush(terminal, output);
	output->bytes[output->size++] = c;
}

static void put_tab(struct terminal *terminal, struct terminal_output *output)
{
	uint32_t spaces = TAB_STOP - terminal->column % TAB_STOP;

	terminal->column += spaces;
	if ((terminal->settings.c_oflag & TABDLY) != XTABS) {
		put(terminal, output, '\t');
		return;
	}
	while (spaces--)
		put(terminal, output, ' ');
}

void output_character(struct terminal *terminal, struct terminal_output *output, char c)
{
	tcflag_t flags = terminal->settings.c_oflag;

	if (!(flags & OPOST)) {
		put(terminal, output, c);
		return;
	}
	switch (c) {
	case '\n':
		if (flags & ONLCR)
			put(terminal, output, '\r');
		if (flags & (ONLCR | ONLRET))
			terminal->column = 0;
		put(terminal, output, '\n');
		break;
	case '\r':
		if ((flags & ONOCR) && terminal->column == 0)
			break;
		if (flags & OCRNL) {
			put(terminal, output, '\n');
			if (flags & ONLRET)
				terminal->column = 0;
			break;
		}
		terminal->column = 0;
		put(terminal, output, '\r');
		break;
	case '\t':
		put_tab(terminal, output);
		break;
	case '\b':
		if (terminal->column > 0)
			terminal->column--;
		put(terminal, output, '\b');
		break;
	default:
		/* Control characters and the later bytes of UTF-8 take no column. */
		if ((unsigned char)c >= ' ' && c != 0x7f && ((unsigned char)c & 0xc0) != 0x80)
			terminal->column++;
		put(terminal, output, c);
	}
}
