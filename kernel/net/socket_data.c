/* SPDX-License-Identifier: MIT */
#include <kernel/net/socket_data.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>

#define TRANSFER_MAX 0x7ffff000UL

static uint64_t limited(uint64_t size)
{
	return size < TRANSFER_MAX ? size : TRANSFER_MAX;
}

void socket_data_single(struct socket_data *data, void __user *buffer, uint64_t size)
{
	data->left = limited(size);
	data->kernel = NULL;
	data->segments = data->small;
	data->count = 1;
	data->begun = 0;
	data->small[0] = (struct iovec){(__force void *)buffer, data->left};
}

void socket_data_kernel(struct socket_data *data, void *buffer, uint64_t size)
{
	data->left = size;
	data->kernel = buffer;
	data->count = 0;
}

/* Lengths that overflow a signed size are refused before anything moves, and so are segments that
 * do not lie in user space; the sum is cut. */
static int check_segments(struct socket_data *data, struct iovec *segments)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < data->count; i++) {
		struct iovec *segment = &segments[i];

		if (segment->iov_len > INT64_MAX)
			return -EINVAL;
		if (!access_ok((const void __user *)segment->iov_base, segment->iov_len))
			return -EFAULT;
		if (segment->iov_len > TRANSFER_MAX - sum)
			segment->iov_len = TRANSFER_MAX - sum;
		sum += segment->iov_len;
	}
	data->left = sum;
	return 0;
}

int socket_data_get(struct socket_data *data, const void __user *vector, uint64_t count)
{
	struct iovec *segments = data->small;
	int error;

	data->large = NULL;
	if (count > UIO_MAXIOV)
		return -EINVAL;
	if (count > SOCKET_DATA_SMALL) {
		data->large = heap_alloc(&core_heap, count * sizeof(*segments));
		if (!data->large)
			return -ENOMEM;
		segments = data->large;
	}
	data->kernel = NULL;
	data->segments = segments;
	data->count = (uint32_t)count;
	data->begun = 0;
	error = copy_from_user(segments, vector, count * sizeof(*segments));
	if (!error)
		error = check_segments(data, segments);
	if (error)
		heap_free(&core_heap, data->large);
	return error;
}

void socket_data_end(struct socket_data *data)
{
	heap_free(&core_heap, data->large);
}

/* The next bytes that lie together, at most size. */
static uint64_t next_piece(struct socket_data *data, char __user **at, uint64_t size)
{
	const struct iovec *segment;
	uint64_t left;

	while (data->segments->iov_len == data->begun) {
		data->segments++;
		data->begun = 0;
	}
	segment = data->segments;
	left = segment->iov_len - data->begun;
	*at = (char __user *)segment->iov_base + data->begun;
	return size < left ? size : left;
}

static void advance(struct socket_data *data, uint64_t count)
{
	data->begun += count;
	data->left -= count;
}

uint64_t socket_data_read(struct socket_data *data, void *to, uint64_t size)
{
	uint64_t done = 0, piece, copied;
	char __user *at;

	if (data->kernel) {
		memcpy(to, data->kernel, size);
		data->kernel += size;
		data->left -= size;
		return size;
	}
	while (done < size) {
		piece = next_piece(data, &at, size - done);
		copied = copy_from_user_partial((char *)to + done, at, piece);
		advance(data, copied);
		done += copied;
		if (copied < piece)
			break;
	}
	return done;
}

uint64_t socket_data_write(struct socket_data *data, const void *from, uint64_t size)
{
	uint64_t done = 0, piece, copied;
	char __user *at;

	if (data->kernel) {
		memcpy(data->kernel, from, size);
		data->kernel += size;
		data->left -= size;
		return size;
	}
	while (done < size) {
		piece = next_piece(data, &at, size - done);
		copied = copy_to_user_partial(at, (const char *)from + done, piece);
		advance(data, copied);
		done += copied;
		if (copied < piece)
			break;
	}
	return done;
}
