/* SPDX-License-Identifier: MIT
 *
 * wait4(2): what children report to their parent, and the end of zombies.
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/wait.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>

#define OPTIONS_KNOWN (WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WALL | __WCLONE)

struct search {
	process_id which;
	int options;
	/* The outcome. */
	process_id found;       /* 0: none has news */
	struct process *zombie; /* unlinked: the caller frees it */
	bool any_child;
	struct wait_result *result;
};

static bool matches(const struct search *search, const struct process *child,
                    const struct process *self)
{
	/* "Clone" children are those that end without SIGCHLD. */
	if (!(search->options & __WALL) &&
	    (child->exit_signal != SIGCHLD) != !!(search->options & __WCLONE))
		return false;
	if (search->which > 0)
		return child->id == search->which;
	if (search->which == -1)
		return true;
	return child->group == (search->which == 0 ? self->group : -search->which);
}

/* Take a child's news; with process_table_lock. */
static bool take_report(struct search *search, struct process *child, struct process *self)
{
	if (child->state == PROCESS_ZOMBIE) {
		search->result->status = child->exit_status;
		self->children_user_ticks += child->user_ticks + child->children_user_ticks;
		self->children_kernel_ticks += child->kernel_ticks + child->children_kernel_ticks;
		process_unlink(child);
		search->zombie = child;
	} else if (child->stop_unreported && (search->options & WUNTRACED)) {
		child->stop_unreported = false;
		search->result->status = WAIT_STATUS_STOPPED(child->stop_signal);
	} else if (child->continue_unreported && (search->options & WCONTINUED)) {
		child->continue_unreported = false;
		search->result->status = WAIT_STATUS_CONTINUED;
	} else {
		return false;
	}
	search->found = child->id;
	search->result->uid = child->uid;
	/* With what it waited for itself (getrusage(2), RUSAGE_CHILDREN). */
	search->result->user_ticks = child->user_ticks + child->children_user_ticks;
	search->result->kernel_ticks = child->kernel_ticks + child->children_kernel_ticks;
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
		if (!matches(search, child, self))
			continue;
		search->any_child = true;
		if (take_report(search, child, self))
			break;
	}
	spin_unlock_irq(&process_table_lock, flags);
	return search->found || !search->any_child;
}

long process_wait(process_id which, int options, struct wait_result *result)
{
	struct process *self = current_process();
	struct search search = {.which = which, .options = options, .result = result};
	int error = 0;

	if (options & ~(int)OPTIONS_KNOWN)
		return -EINVAL;
	if (which == INT32_MIN)
		return -ESRCH;
	if (!look(&search, self)) {
		if (options & WNOHANG)
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
	        .uid = process->uid,
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
