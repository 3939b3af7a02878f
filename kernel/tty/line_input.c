/* SPDX-License-Identifier: MIT
 *
 * Input processing: keys become bytes, lines, signals and echo (termios(3),
 * c_iflag and c_lflag). For the console all of it runs in the receive interrupt, for a
 * pseudo-terminal in the write(2) of its master.
 */
#include <asm/signal.h>

#include <kernel/proc/signal.h>
#include <kernel/tty/terminal.h>
#include <kernel/tty/terminal_state.h>

#define DISABLED 0 /* a c_cc entry of this value stands for no key (_POSIX_VDISABLE) */
#define BELL     '\a'
#define DELETE   0x7f
#define TAB_STOP 8

static bool is_key(const struct terminal *terminal, int which, char c)
{
	return terminal->settings.c_cc[which] != DISABLED &&
	       terminal->settings.c_cc[which] == (cc_t)c;
}

static bool has_local(const struct terminal *terminal, tcflag_t flag)
{
	return terminal->settings.c_lflag & flag;
}

/* ---- the ring ---- */

uint32_t input_available(const struct terminal *terminal)
{
	return terminal->tail - terminal->head;
}

bool input_ready(const struct terminal *terminal, uint32_t wanted)
{
	if (has_local(terminal, ICANON))
		return terminal->committed != terminal->head;
	return input_available(terminal) >= wanted;
}

static bool is_delimiter(const struct terminal *terminal, uint32_t position)
{
	position %= INPUT_BYTES;
	return terminal->delimiters[position / 8] & (1u << position % 8);
}

static void set_delimiter(struct terminal *terminal, uint32_t position, bool on)
{
	position %= INPUT_BYTES;
	if (on)
		terminal->delimiters[position / 8] |= (uint8_t)(1u << position % 8);
	else
		terminal->delimiters[position / 8] &= (uint8_t)~(1u << position % 8);
}

uint32_t input_take(struct terminal *terminal, char *bytes, uint32_t size, bool *ended)
{
	bool canonical = has_local(terminal, ICANON), delimiter;
	uint32_t end = canonical ? terminal->committed : terminal->tail, count = 0;
	char c;

	*ended = false;
	while (terminal->head != end && !*ended) {
		c = (char)terminal->input[terminal->head % INPUT_BYTES];
		delimiter = canonical && is_delimiter(terminal, terminal->head);
		/* An end of file right behind a full buffer goes with it. */
		if (count == size && !(delimiter && c == '\0'))
			break;
		terminal->head++;
		if (!delimiter || c != '\0')
			bytes[count++] = c;
		*ended = delimiter;
	}
	return count;
}

void input_discard(struct terminal *terminal)
{
	terminal->head = terminal->committed = terminal->tail;
}

void input_commit(struct terminal *terminal)
{
	terminal->committed = terminal->tail;
}

/* One byte is kept free in canonical mode, so that a line can always be ended. */
static bool has_place(const struct terminal *terminal, bool delimiter)
{
	uint32_t room = INPUT_BYTES - input_available(terminal);

	return room >= (has_local(terminal, ICANON) && !delimiter ? 2 : 1);
}

bool input_accepts(const struct terminal *terminal)
{
	return has_place(terminal, false) ||
	       (has_local(terminal, ICANON) && terminal->committed == terminal->head);
}

static bool store(struct terminal *terminal, char c, bool delimiter)
{
	if (!has_place(terminal, delimiter))
		return false;
	terminal->input[terminal->tail % INPUT_BYTES] = (uint8_t)c;
	set_delimiter(terminal, terminal->tail, delimiter);
	terminal->tail++;
	return true;
}

/* ---- echo ---- */

static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == DELETE;
}

static void echo(struct terminal *terminal, struct terminal_output *output, char c)
{
	if (!has_local(terminal, ECHO) && !(c == '\n' && has_local(terminal, ECHONL)))
		return;
	if (c != '\n' && is_control(c) && has_local(terminal, ECHOCTL)) {
		output_character(terminal, output, '^');
		output_character(terminal, output, (char)(c ^ 0x40));
		return;
	}
	output_character(terminal, output, c);
}

static uint32_t width_of(const struct terminal *terminal, char c)
{
	if (is_control(c))
		return has_local(terminal, ECHOCTL) ? 2 : 0;
	return ((unsigned char)c & 0xc0) == 0x80 ? 0 : 1;
}

/* Where the cursor was before the last byte of the line, which is a tab, was echoed. */
static uint32_t column_before_tab(const struct terminal *terminal)
{
	uint32_t column = terminal->line_column, position;
	char c;

	for (position = terminal->committed; position != terminal->tail; position++) {
		c = (char)terminal->input[position % INPUT_BYTES];
		if (c == '\t')
			column += TAB_STOP - column % TAB_STOP;
		else
			column += width_of(terminal, c);
	}
	return column;
}

static void rub_out(struct terminal *terminal, struct terminal_output *output, uint32_t columns)
{
	while (columns--) {
		output_character(terminal, output, '\b');
		output_character(terminal, output, ' ');
		output_character(terminal, output, '\b');
	}
}

/* ---- editing ---- */

/* Take the last byte off the edited line, and off the screen. */
static void erase_last(struct terminal *terminal, struct terminal_output *output)
{
	char c = (char)terminal->input[--terminal->tail % INPUT_BYTES];
	uint32_t column;

	if (!has_local(terminal, ECHO))
		return;
	if (!has_local(terminal, ECHOE)) {
		echo(terminal, output, (char)terminal->settings.c_cc[VERASE]);
		return;
	}
	if (c != '\t') {
		rub_out(terminal, output, width_of(terminal, c));
		return;
	}
	for (column = column_before_tab(terminal); terminal->column > column;)
		output_character(terminal, output, '\b');
}

static bool line_is_empty(const struct terminal *terminal)
{
	return terminal->tail == terminal->committed;
}

static char last_byte(const struct terminal *terminal)
{
	return (char)terminal->input[(terminal->tail - 1) % INPUT_BYTES];
}

static void erase_character(struct terminal *terminal, struct terminal_output *output)
{
	/* All bytes of a UTF-8 character (IUTF8); the lead byte is the one with a width. */
	while ((terminal->settings.c_iflag & IUTF8) && !line_is_empty(terminal) &&
	       ((unsigned char)last_byte(terminal) & 0xc0) == 0x80)
		erase_last(terminal, output);
	if (!line_is_empty(terminal))
		erase_last(terminal, output);
}

static void erase_word(struct terminal *terminal, struct terminal_output *output)
{
	while (!line_is_empty(terminal) && last_byte(terminal) == ' ')
		erase_last(terminal, output);
	while (!line_is_empty(terminal) && last_byte(terminal) != ' ')
		erase_last(terminal, output);
}

static void erase_line(struct terminal *terminal, struct terminal_output *output)
{
	if (!has_local(terminal, ECHOKE) || !has_local(terminal, ECHOE)) {
		terminal->tail = terminal->committed;
		echo(terminal, output, (char)terminal->settings.c_cc[VKILL]);
		if (has_local(terminal, ECHOK))
			echo(terminal, output, '\n');
		return;
	}
	while (!line_is_empty(terminal))
		erase_last(terminal, output);
}

static void reprint_line(struct terminal *terminal, struct terminal_output *output)
{
	uint32_t position;

	echo(terminal, output, (char)terminal->settings.c_cc[VREPRINT]);
	output_character(terminal, output, '\n');
	for (position = terminal->committed; position != terminal->tail; position++)
		echo(terminal, output, (char)terminal->input[position % INPUT_BYTES]);
}

/* Keys that edit the line: true when c was one. */
static bool edit(struct terminal *terminal, struct terminal_output *output, char c)
{
	bool extended = has_local(terminal, IEXTEN);

	if (is_key(terminal, VERASE, c)) {
		erase_character(terminal, output);
	} else if (is_key(terminal, VKILL, c)) {
		erase_line(terminal, output);
	} else if (extended && is_key(terminal, VWERASE, c)) {
		erase_word(terminal, output);
	} else if (extended && is_key(terminal, VREPRINT, c)) {
		reprint_line(terminal, output);
	} else if (extended && is_key(terminal, VLNEXT, c)) {
		terminal->literal_next = true;
		if (has_local(terminal, ECHO) && has_local(terminal, ECHOCTL)) {
			output_character(terminal, output, '^');
			output_character(terminal, output, '\b');
		}
	} else {
		return false;
	}
	return true;
}

static bool ends_line(const struct terminal *terminal, char c)
{
	return c == '\n' || is_key(terminal, VEOL, c) ||
	       (has_local(terminal, IEXTEN) && is_key(terminal, VEOL2, c));
}

static void add(struct terminal *terminal, struct terminal_output *output, char c, bool delimiter)
{
	if (line_is_empty(terminal))
		terminal->line_column = terminal->column;
	if (!store(terminal, c, delimiter)) {
		if (terminal->settings.c_iflag & IMAXBEL)
			output_character(terminal, output, BELL);
		return;
	}
	echo(terminal, output, c);
	if (delimiter)
		input_commit(terminal);
}

/* One character of canonical input. */
static void receive_line(struct terminal *terminal, struct terminal_output *output, char c)
{
	if (terminal->literal_next) {
		terminal->literal_next = false;
		add(terminal, output, c, false);
		return;
	}
	if (edit(terminal, output, c))
		return;
	if (is_key(terminal, VEOF, c)) {
		if (store(terminal, '\0', true))
			input_commit(terminal);
		return;
	}
	add(terminal, output, c, ends_line(terminal, c));
}

/* The signal that a key stands for, or 0. */
static int signal_of(const struct terminal *terminal, char c)
{
	if (!has_local(terminal, ISIG) || terminal->literal_next)
		return 0;
	if (is_key(terminal, VINTR, c))
		return SIGINT;
	if (is_key(terminal, VQUIT, c))
		return SIGQUIT;
	if (is_key(terminal, VSUSP, c))
		return SIGTSTP;
	return 0;
}

/* VSTOP and VSTART: true when c is used up. */
static bool flow_control(struct terminal *terminal, char c)
{
	tcflag_t flags = terminal->settings.c_iflag;

	if (!(flags & IXON) || terminal->literal_next)
		return false;
	if (is_key(terminal, VSTART, c)) {
		terminal->stopped = false;
		return true;
	}
	if (is_key(terminal, VSTOP, c)) {
		terminal->stopped = true;
		return true;
	}
	if (flags & IXANY)
		terminal->stopped = false;
	return false;
}

/* c_iflag's translations: false when c is to be dropped. */
static bool translate(const struct terminal *terminal, char *c)
{
	tcflag_t flags = terminal->settings.c_iflag;

	if (flags & ISTRIP)
		*c &= 0x7f;
	if (*c == '\r') {
		if (flags & IGNCR)
			return false;
		if (flags & ICRNL)
			*c = '\n';
	} else if (*c == '\n' && (flags & INLCR)) {
		*c = '\r';
	}
	return true;
}

/* One byte: the signal that it stands for, or 0. */
static int receive(struct terminal *terminal, struct terminal_output *output, char c)
{
	int number;

	if (!translate(terminal, &c) || flow_control(terminal, c))
		return 0;
	number = signal_of(terminal, c);
	if (number != 0) {
		if (!has_local(terminal, NOFLSH))
			input_discard(terminal);
		echo(terminal, output, c);
	} else if (has_local(terminal, ICANON)) {
		receive_line(terminal, output, c);
	} else {
		terminal->literal_next = false;
		add(terminal, output, c, false);
		input_commit(terminal);
	}
	return number;
}

uint32_t input_receive(struct terminal *terminal, const char *bytes, uint32_t size, bool waits)
{
	struct terminal_output output = {.size = 0};
	unsigned long flags = spin_lock_irq(&terminal->lock);
	process_id foreground = terminal->foreground;
	uint32_t used = 0;
	int number = 0;

	while (used < size && number == 0 && !(waits && !input_accepts(terminal)))
		number = receive(terminal, &output, bytes[used++]);
	output_flush(terminal, &output);
	spin_unlock_irq(&terminal->lock, flags);
	if (number != 0 && foreground != 0)
		signal_send_group(foreground, number);
	if (used > 0)
		terminal_wake(terminal);
	return used;
}

void terminal_receive(char c)
{
	(void)input_receive(&console, &c, 1, false);
}
