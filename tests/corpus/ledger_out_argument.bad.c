/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct stream;
int stream_open(int number, struct stream **stream);
int stream_read(struct stream *stream, int choice);
void stream_close(struct stream *stream);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct stream *stream;
	int error = stream_open(choice, &stream);

	if (error)
		return error;
	error = stream_read(stream, choice);
	if (error < 0)
		return error;
	stream_close(stream);
	return 0;
}

/*
 * check-name: an object opened into an argument is not closed
 * check-expect: 19 RES001
 */
