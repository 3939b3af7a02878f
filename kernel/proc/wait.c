/* SPDX-License-Identifier: MIT
 *
 * wait4(2), waitid(2): what children report to their parent, and the end of zombies.
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/wait.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>

struct search {
	const struct wait_request *request;
	/* The outcome. */
	process_id found;       /* 0: none has news */
	struct process *zombie; /* unlinked: the caller frees it */
	bool any_child;
	struct wait_result *result;
};

static bool matches(const struct wait_request *request, const struct process *child)
{
	/* "Clone" children are those that end without SIGCHLD. */
	if (!(request->options & __WALL) &&
	    (child->exit_signal != SIGCHLD) != !!(request->options & __WCLONE))
		return false;
	switch (request->children) {
	case WAIT_FOR_PROCESS:
		return child->id == request->id;
	case WAIT_FOR_GROUP:
		return child->group == request->id;
	default:
		return true;
	}
}

static void report(struct wait_result *result, int status, int code, int detail)
{
	result->status = status;
	result->code = code;
	result->detail = detail;
}

static void report_end(struct wait_result *result, int status)
{
	bool killed = (status & 0x7f) != 0;

	report(result, status, killed ? CLD_KILLED : CLD_EXITED,
	       killed ? status & 0x7f : status >> 8 & 0xff);
}

/* Take a child's news, or leave them there (WNOWAIT); with process_table_lock. */
static bool take_report(struct search *search, struct process *child, struct process *self)
{
	int options = search->request->options;
	bool take = !(options & WNOWAIT);

	if (child->state == PROCESS_ZOMBIE && (options & WEXITED)) {
		report_end(search->result, child->exit_status);
	} else if (child->stop_unreported && (options & WSTOPPED)) {
		child->stop_unreported = !take;
		report(search->result, WAIT_STATUS_STOPPED(child->stop_signal), CLD_STOPPED,
		       child->stop_signal);
	} else if (child->continue_unreported && (options & WCONTINUED)) {
		child->continue_unreported = !take;
		report(search->result, WAIT_STATUS_CONTINUED, CLD_CONTINUED, SIGCONT);
	} else {
		return false;
	}
	search->found = child->id;
	search->result->uid = child->credentials.user.real;
	/* With what it waited for itself (getrusage(2), RUSAGE_CHILDREN). */
	search->result->user_ticks = child->user_ticks + child->children_user_ticks;
	search->result->kernel_ticks = child->kernel_ticks + child->children_kernel_ticks;
	if (child->state == PROCESS_ZOMBIE && take) {
		self->children_user_ticks += child->user_ticks + child->children_user_ticks;
		self->children_kernel_ticks += child->kernel_ticks + child->children_kernel_ticks;
		process_unlink(child);
		search->zombie = child;
	}
	return true;
}

/* Whether there is anything to say at once: news, or that no child could bring any. */
static bool look(struct search *search, struct process *self)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct list *link, *scratch;
	struct process *child;

	search->any_child = false;
	list_for_each(link, scratch, &self->children)
	{
		child = list_entry(link, struct process, sibling);
		if (!matches(search->request, child))
			continue;
		/* What has ended can say nothing else any more. */
		if (child->state == PROCESS_ZOMBIE && !(search->request->options & WEXITED))
			continue;
		search->any_child = true;
		if (take_report(search, child, self))
			break;
	}
	spin_unlock_irq(&process_table_lock, flags);
	return search->found || !search->any_child;
}

long process_wait(const struct wait_request *request, struct wait_result *result)
{
	struct process *self = current_process();
	struct search search = {.request = request, .result = result};
	int error = 0;

	if (!look(&search, self)) {
		if (request->options & WNOHANG)
			return 0;
		error = WAIT_UNTIL(&self->child_event, look(&search, self), WAIT_INTERRUPTIBLE,
		                   WAIT_FOREVER);
	}
	if (search.zombie)
		process_free(search.zombie);
	if (search.found)
		return search.found;
	return error ? -ERESTARTSYS : -ECHILD;
}

void process_notify_parent(struct process *process, int code, int status)
{
	struct process *parent = process->parent;
	struct signal_origin origin = {
	        .code = code,
	        .sender = process->id,
	        .uid = process->credentials.user.real,
	        .status = status,
	};
	bool is_stop = code == CLD_STOPPED || code == CLD_CONTINUED;
	bool quiet;

	if (!parent)
		return;
	spin_lock(&parent->signals.lock);
	quiet = is_stop && (parent->signals.actions[SIGCHLD - 1].flags & SA_NOCLDSTOP);
	spin_unlock(&parent->signals.lock);
	if (!quiet)
		signal_send_held(parent, is_stop ? SIGCHLD : process->exit_signal, &origin);
	wake_all(&parent->child_event);
}
