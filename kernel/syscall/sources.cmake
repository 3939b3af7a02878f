# System calls: the table's dispatch, and the handlers by subject.
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/syscall/attribute_calls.c
	kernel/syscall/dispatch.c
	kernel/syscall/epoll_calls.c
	kernel/syscall/event_calls.c
	kernel/syscall/fcntl_call.c
	kernel/syscall/file_calls.c
	kernel/syscall/futex_calls.c
	kernel/syscall/identity_calls.c
	kernel/syscall/memory_calls.c
	kernel/syscall/name_calls.c
	kernel/syscall/path_argument.c
	kernel/syscall/poll.c
	kernel/syscall/poll_calls.c
	kernel/syscall/process_calls.c
	kernel/syscall/select_calls.c
	kernel/syscall/signal_calls.c
	kernel/syscall/splice_calls.c
	kernel/syscall/stat_calls.c
	kernel/syscall/storage_calls.c
	kernel/syscall/system_calls.c
	kernel/syscall/time_calls.c
	kernel/syscall/timer_calls.c
	kernel/syscall/trace.c
	kernel/syscall/vector_calls.c
	kernel/syscall/xattr_calls.c
)
