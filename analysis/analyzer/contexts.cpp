/* SPDX-License-Identifier: MIT
 *
 * aramid.Contexts: the words of aramid/context.h. CTX001: what may sleep is not called under a
 * spinlock or in interrupt context. CTX002: what may panic is not called by what never does.
 */
#include "rule.h"

using namespace clang;
using namespace ento;

/* Spinlocks that are held. */
REGISTER_SET_WITH_PROGRAMSTATE(HeldSpinlocks, const MemRegion *)

namespace aramid
{
namespace
{

bool is_marked(const Decl *function, StringRef word)
{
	for (const auto *mark : function->specific_attrs<AnnotateAttr>())
		if (mark->getAnnotation() == ("aramid:" + word).str())
			return true;
	return false;
}

/* Its lock's type calls itself a spinlock: ARAMID_LOCKABLE("spinlock"). */
bool is_spinlock(QualType type)
{
	if (type->isPointerType())
		type = type->getPointeeType();
	const RecordDecl *record = type->getAsRecordDecl();
	const auto *lockable = record ? record->getAttr<CapabilityAttr>() : nullptr;
	return lockable && lockable->getName() == "spinlock";
}

/* Which argument is the lock that an attribute names; none when it is no spinlock parameter. */
template <typename Attribute> std::optional<unsigned> lock_argument(const FunctionDecl *function)
{
	for (const auto *attribute : function->specific_attrs<Attribute>())
		for (const Expr *lock : attribute->args()) {
			const Expr *inner = lock->IgnoreParenImpCasts();
			if (const auto *dereference = dyn_cast<UnaryOperator>(inner))
				inner = dereference->getSubExpr()->IgnoreParenImpCasts();
			const auto *named = dyn_cast<DeclRefExpr>(inner);
			const auto *parameter =
			        named ? dyn_cast<ParmVarDecl>(named->getDecl()) : nullptr;
			if (parameter && is_spinlock(parameter->getType()))
				return parameter->getFunctionScopeIndex();
		}
	return std::nullopt;
}

/* Is one to be held by whoever calls it? */
bool wants_spinlock(const FunctionDecl *function)
{
	for (const auto *attribute : function->specific_attrs<RequiresCapabilityAttr>())
		for (const Expr *lock : attribute->args())
			if (is_spinlock(lock->IgnoreParenImpCasts()->getType()))
				return true;
	return false;
}

class Contexts : public Checker<check::BeginFunction, check::PreCall, check::PostCall>
{
	const BugType sleeps{this, "CTX001", "Aramid"}, panics{this, "CTX002", "Aramid"};
	mutable KnownBodies lockers, sleepers, panickers, interrupts, calm;

      public:
	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkPostCall(const CallEvent &call, CheckerContext &context) const;
	void checkBeginFunction(CheckerContext &context) const;
	bool can_disturb(const FunctionDecl *function) const;
};

/* A function that wants a spinlock held runs with one. */
void Contexts::checkBeginFunction(CheckerContext &context) const
{
	const auto *function = dyn_cast<FunctionDecl>(context.getStackFrame()->getDecl());

	if (!context.inTopFrame() || !function || !wants_spinlock(function))
		return;
	const MemRegion *frame_itself =
	        context.getSValBuilder().getRegionManager().getStackLocalsRegion(
	                context.getStackFrame());
	context.addTransition(context.getState()->add<HeldSpinlocks>(frame_itself));
}

void Contexts::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	const auto *function = dyn_cast_or_null<FunctionDecl>(call.getDecl());

	if (!function)
		return;
	const bool may_sleep = is_marked(function, "may_sleep"),
	           may_panic = is_marked(function, "may_panic");
	if (may_sleep && !context.getState()->get<HeldSpinlocks>().isEmpty())
		report(sleeps, "'" + name_of(call) + "' may sleep, and a spinlock is held",
		       call.getSourceRange(), true, context);
	if (!may_sleep && !may_panic)
		return;
	for (const LocationContext *frame = context.getStackFrame(); frame;
	     frame = frame->getParent()) {
		const auto *running = dyn_cast<FunctionDecl>(frame->getDecl());

		if (running && may_sleep && is_marked(running, "in_interrupt"))
			report(sleeps,
			       "'" + name_of(call) + "' may sleep, and '" + running->getName() +
			               "' runs in interrupt context",
			       call.getSourceRange(), true, context);
		if (running && may_panic && is_marked(running, "never_panics"))
			report(panics,
			       "'" + name_of(call) + "' may panic, and '" + running->getName() +
			               "' never does",
			       call.getSourceRange(), true, context);
	}
}

/* Inside a called function whose body is a hatch? What it takes and gives up there is excused, and
 * what its declaration says counts. The first function of a path is followed as others are. */
bool is_inside_lock_hatch(const LocationContext *frame)
{
	for (; !frame->inTopFrame(); frame = frame->getParent())
		if (frame->getDecl()->hasAttr<NoThreadSafetyAnalysisAttr>())
			return true;
	return false;
}

void Contexts::checkPostCall(const CallEvent &call, CheckerContext &context) const
{
	const auto *function = dyn_cast_or_null<FunctionDecl>(call.getDecl());
	ProgramStateRef state = context.getState();

	if (!function || is_inside_lock_hatch(context.getStackFrame()))
		return;
	if (const auto taken = lock_argument<AcquireCapabilityAttr>(function)) {
		if (const MemRegion *lock = call.getArgSVal(*taken).getAsRegion())
			context.addTransition(state->add<HeldSpinlocks>(lock->StripCasts()),
			                      note_for("CTX001", "a spinlock is taken", context));
	} else if (const auto given = lock_argument<ReleaseCapabilityAttr>(function)) {
		const MemRegion *lock = call.getArgSVal(*given).getAsRegion();
		/* One that is not known may be any of them. */
		if (lock && state->contains<HeldSpinlocks>(lock->StripCasts()))
			state = state->remove<HeldSpinlocks>(lock->StripCasts());
		else
			state = state->remove<HeldSpinlocks>();
		context.addTransition(state);
	}
}

/* Does its caller, or a lock that it takes, forbid something? */
bool is_restricted(const FunctionDecl *function)
{
	if (is_marked(function, "in_interrupt") || is_marked(function, "never_panics") ||
	    function->hasAttr<RequiresCapabilityAttr>())
		return true;
	return any_below(function->getBody(), [](const Expr *part) {
		const auto *call = dyn_cast<CallExpr>(part);
		const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;

		return callee && callee->hasAttr<AcquireCapabilityAttr>();
	});
}

/* Can it come to what is forbidden there: to a sleep with a spinlock or in interrupt context, or to
 * a panic where there is to be none? */
bool Contexts::can_disturb(const FunctionDecl *function) const
{
	const auto reaches_marked = [function](KnownBodies &known, StringRef word) {
		return reaches_function(function, known, [word](const FunctionDecl *named) {
			return is_marked(named, word);
		});
	};
	const auto takes_spinlock = [](const FunctionDecl *named) {
		return lock_argument<AcquireCapabilityAttr>(named).has_value();
	};
	const auto runs_marked = [&](KnownBodies &known, StringRef word) {
		return is_marked(function, word) || reaches_marked(known, word);
	};

	if (reaches_marked(sleepers, "may_sleep") &&
	    (wants_spinlock(function) || reaches_function(function, lockers, takes_spinlock) ||
	     runs_marked(interrupts, "in_interrupt")))
		return true;
	return reaches_marked(panickers, "may_panic") && runs_marked(calm, "never_panics");
}

} // namespace

void register_contexts(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        auto *checker = manager.registerChecker<Contexts>();

		        concerns.push_back([checker](const FunctionDecl *function) {
			        return is_restricted(function) && checker->can_disturb(function);
		        });
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Contexts",
	        "Who may sleep or panic where", "", false);
}

} // namespace aramid
