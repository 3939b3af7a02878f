# Threads and the scheduler, processes, signals.
list(APPEND ARAMID_KERNEL_SOURCES
	kernel/proc/birth.c
	kernel/proc/cpu_timer.c
	kernel/proc/exit.c
	kernel/proc/fork.c
	kernel/proc/futex.c
	kernel/proc/futex_end.c
	kernel/proc/job_control.c
	kernel/proc/out_of_memory.c
	kernel/proc/posix_timer.c
	kernel/proc/process.c
	kernel/proc/process_info.c
	kernel/proc/sched.c
	kernel/proc/signal.c
	kernel/proc/signal_deliver.c
	kernel/proc/signal_fpu.c
	kernel/proc/signal_frame.c
	kernel/proc/signal_queue.c
	kernel/proc/signal_timer.c
	kernel/proc/start_init.c
	kernel/proc/task.c
	kernel/proc/task_clone.c
	kernel/proc/working_directory.c
	kernel/proc/thread.c
	kernel/proc/wait.c
)
