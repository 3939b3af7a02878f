/* SPDX-License-Identifier: MIT
 *
 * aramid.Pairs: RES001. What was acquired is released, or handed to somebody who will, on every
 * path. The policy says what is acquired and by what it is released (`pair`), and which functions
 * take over what they are given (`takes`); any other function only borrows it.
 */
#include <fnmatch.h>

#include "rule.h"

using namespace clang;
using namespace ento;

namespace aramid
{
namespace
{

/* `pair ACQUIRE RELEASE WHERE`: acquired is the result, or, in a call that answered 0, what the
 * argument of this number points to. */
struct Pair {
	std::string acquire, release;
	unsigned argument; /* from 1; 0: the result */
};

} // namespace
} // namespace aramid

REGISTER_MAP_WITH_PROGRAMSTATE(HeldResources, SymbolRef, unsigned)
/* What an out argument will hold if the call's result is 0. */
REGISTER_MAP_WITH_PROGRAMSTATE(PromisedResources, SymbolRef, SymbolRef)
/* Nobody knows it any more since this node: a fault, unless the path ends in a panic. */
REGISTER_MAP_WITH_PROGRAMSTATE(LostResources, SymbolRef, const ExplodedNode *)

namespace aramid
{
namespace
{

class Pairs : public Checker<check::PreCall, check::PostCall, check::Bind, check::DeadSymbols,
                             check::PreStmt<ReturnStmt>, check::EndFunction, check::PointerEscape,
                             eval::Assume>
{
	const BugType kept{this, "RES001", "Aramid"};
	mutable KnownBodies known;

      public:
	std::vector<Pair> pairs;
	std::vector<std::string> takers;

	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkPostCall(const CallEvent &call, CheckerContext &context) const;
	void checkBind(SVal place, SVal value, const Stmt *statement,
	               CheckerContext &context) const;
	void checkPreStmt(const ReturnStmt *statement, CheckerContext &context) const;
	void checkEndFunction(const ReturnStmt *statement, CheckerContext &context) const;
	void checkDeadSymbols(SymbolReaper &reaper, CheckerContext &context) const;
	ProgramStateRef checkPointerEscape(ProgramStateRef state, const InvalidatedSymbols &escaped,
	                                   const CallEvent *call, PointerEscapeKind how) const;
	ProgramStateRef evalAssume(ProgramStateRef state, SVal condition, bool assumption) const;

	bool acquires(const FunctionDecl *function) const;

      private:
	bool takes(StringRef name) const;
	ProgramStateRef leave_to_callee(const CallEvent &call, ProgramStateRef state) const;
	void check_overwritten(Loc place, SVal value, const Stmt *statement,
	                       CheckerContext &context) const;
};

/* The resources that a value leads to: itself, computed from it, or an address inside it. */
void find_held(SVal value, ProgramStateRef state, SmallVectorImpl<SymbolRef> &found)
{
	for (SymbolRef symbol : value.symbols())
		if (state->contains<HeldResources>(symbol))
			found.push_back(symbol);
	if (const MemRegion *region = value.getAsRegion())
		if (const SymbolicRegion *base = region->getSymbolicBase())
			for (SymbolRef symbol : base->getSymbol()->symbols())
				if (state->contains<HeldResources>(symbol))
					found.push_back(symbol);
}

ProgramStateRef hand_over(SVal value, ProgramStateRef state)
{
	SmallVector<SymbolRef, 2> held;

	find_held(value, state, held);
	for (SymbolRef symbol : held)
		state = state->remove<HeldResources>(symbol);
	return state;
}

bool Pairs::takes(StringRef name) const
{
	return llvm::any_of(takers, [&](const std::string &glob) {
		return !fnmatch(glob.c_str(), name.str().c_str(), 0);
	});
}

/* What the callee does to what it is given, as far as that is known by its name. */
void Pairs::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	const StringRef name = name_of(call);
	ProgramStateRef state = context.getState();

	if (state->get<HeldResources>().isEmpty())
		return;
	for (unsigned i = 0; i < call.getNumArgs(); i++) {
		SmallVector<SymbolRef, 2> held;

		find_held(call.getArgSVal(i), state, held);
		for (SymbolRef symbol : held) {
			const unsigned *pair = state->get<HeldResources>(symbol);

			if (pair && (name == pairs[*pair].release || takes(name)))
				state = state->remove<HeldResources>(symbol);
		}
	}
	context.addTransition(state);
}

/* A call that was not followed: a function of another file borrows what it is given, but may keep
 * an address inside it; of other calls nothing is known. */
ProgramStateRef Pairs::leave_to_callee(const CallEvent &call, ProgramStateRef state) const
{
	const auto *function = dyn_cast_or_null<FunctionDecl>(call.getDecl());

	for (unsigned i = 0; i < call.getNumArgs(); i++) {
		const SVal value = call.getArgSVal(i);
		const MemRegion *region = value.getAsRegion();

		if (!function || is_defined_here(function, state) ||
		    (region && !isa<SymbolicRegion>(region->StripCasts())))
			state = hand_over(value, state);
	}
	return state;
}

void Pairs::checkPostCall(const CallEvent &call, CheckerContext &context) const
{
	const StringRef name = name_of(call);
	ProgramStateRef state = context.getState();

	if (!context.wasInlined && !state->get<HeldResources>().isEmpty())
		state = leave_to_callee(call, state);
	for (unsigned i = 0; i < pairs.size(); i++) {
		const Pair &pair = pairs[i];
		SymbolRef acquired = nullptr;

		if (name != pair.acquire)
			continue;
		if (!pair.argument) {
			acquired = call.getReturnValue().getAsSymbol();
		} else if (pair.argument <= call.getNumArgs()) {
			const auto place = call.getArgSVal(pair.argument - 1).getAs<Loc>();
			const MemRegion *region = place ? place->getAsRegion() : nullptr;
			SymbolRef status = call.getReturnValue().getAsSymbol();
			const QualType type =
			        call.getArgExpr(pair.argument - 1)->getType()->getPointeeType();
			if (!region || !status || type.isNull() || type->isIncompleteType() ||
			    !isa<StackSpaceRegion>(region->getMemorySpace()))
				break;
			acquired = state->getSVal(*place, type).getAsSymbol();
			if (acquired)
				state = state->set<PromisedResources>(status, acquired);
		}
		if (!acquired)
			break;
		state = state->set<HeldResources>(acquired, i);
		context.addTransition(state,
		                      note_about(acquired, "'" + name + "' acquires it", context));
		return;
	}
	context.addTransition(state);
}

std::string not_released(const Pair &pair)
{
	return "what '" + pair.acquire + "' acquired is not released on this path: '" +
	       pair.release + "' would";
}

/* Another value takes the place of the only copy. */
void Pairs::check_overwritten(Loc place, SVal value, const Stmt *statement,
                              CheckerContext &context) const
{
	ProgramStateRef state = context.getState();
	SymbolRef old = state->getSVal(place).getAsLocSymbol();
	const unsigned *pair = old ? state->get<HeldResources>(old) : nullptr;

	if (!pair || value.getAsSymbol() == old)
		return;
	StoreManager::FindUniqueBinding copies(old);
	state->getStateManager().getStoreManager().iterBindings(state->getStore(), copies);
	if (!copies || copies.getRegion() != place.getAsRegion())
		return;
	report(kept, not_released(pairs[*pair]), statement->getSourceRange(), true, context,
	       [&](PathSensitiveBugReport &found) { found.markInteresting(old); });
}

/* Memory that outlives the function has it now. */
void Pairs::checkBind(SVal place, SVal value, const Stmt *statement, CheckerContext &context) const
{
	const MemRegion *region = place.getAsRegion();
	ProgramStateRef state = context.getState();
	SmallVector<SymbolRef, 2> held;

	if (state->get<HeldResources>().isEmpty())
		return;
	if (region && isa<StackSpaceRegion>(region->getMemorySpace())) {
		if (const auto *typed = dyn_cast<TypedValueRegion>(region);
		    typed && Loc::isLocType(typed->getValueType()))
			check_overwritten(place.castAs<Loc>(), value, statement, context);
		return;
	}
	find_held(value, state, held);
	for (SymbolRef symbol : held) {
		const SymbolicRegion *base = region ? region->getSymbolicBase() : nullptr;

		/* A list head that points at itself goes nowhere. */
		if (!base || base->getSymbol() != symbol)
			state = state->remove<HeldResources>(symbol);
	}
	context.addTransition(state);
}

/* What lies in an object whose address was given away is out of sight. */
ProgramStateRef Pairs::checkPointerEscape(ProgramStateRef state, const InvalidatedSymbols &escaped,
                                          const CallEvent *, PointerEscapeKind how) const
{
	if (how == PSK_IndirectEscapeOnCall || how == PSK_EscapeOther)
		for (SymbolRef symbol : escaped)
			state = state->remove<HeldResources>(symbol);
	return state;
}

void Pairs::checkPreStmt(const ReturnStmt *statement, CheckerContext &context) const
{
	if (!context.inTopFrame() || !statement->getRetValue())
		return;
	context.addTransition(
	        hand_over(context.getSVal(statement->getRetValue()), context.getState()));
}

/* There is nothing to release where the acquisition failed. */
ProgramStateRef Pairs::evalAssume(ProgramStateRef state, SVal, bool) const
{
	for (const auto &[symbol, pair] : state->get<HeldResources>())
		if (state->isNull(state->getStateManager().getSValBuilder().makeSymbolVal(symbol))
		            .isConstrainedTrue())
			state = state->remove<HeldResources>(symbol);
	for (const auto &[status, resource] : state->get<PromisedResources>()) {
		const SVal zero = state->getStateManager().getSValBuilder().makeSymbolVal(status);
		const ConditionTruthVal is_zero = state->isNull(zero);
		if (!is_zero.isConstrained())
			continue;
		if (is_zero.isConstrainedFalse())
			state = state->remove<HeldResources>(resource);
		state = state->remove<PromisedResources>(status);
	}
	return state;
}

void Pairs::checkDeadSymbols(SymbolReaper &reaper, CheckerContext &context) const
{
	ProgramStateRef state = context.getState();
	SmallVector<SymbolRef, 2> lost;

	for (const auto &[symbol, pair] : state->get<HeldResources>()) {
		bool is_promised = false;

		if (!reaper.isDead(symbol))
			continue;
		/* Nobody has asked yet whether there is one. */
		for (const auto &[status, resource] : state->get<PromisedResources>())
			is_promised |= resource == symbol;
		if (!is_promised)
			lost.push_back(symbol);
	}
	for (const auto &[status, resource] : state->get<PromisedResources>())
		if (reaper.isDead(status)) {
			state = state->remove<PromisedResources>(status);
			state = state->remove<HeldResources>(resource);
		}
	for (SymbolRef symbol : lost)
		state = state->remove<HeldResources>(symbol);
	ExplodedNode *node = context.addTransition(state);
	if (!node || lost.empty())
		return;
	for (SymbolRef symbol : lost)
		state = state->set<LostResources>(symbol, node);
	context.addTransition(state, node);
}

void Pairs::checkEndFunction(const ReturnStmt *, CheckerContext &context) const
{
	ProgramStateRef state = context.getState();

	if (!context.inTopFrame())
		return;
	for (const auto &[symbol, node] : state->get<LostResources>()) {
		const unsigned *pair = node->getFirstPred()->getState()->get<HeldResources>(symbol);
		auto found = std::make_unique<PathSensitiveBugReport>(
		        kept, "RES001: " + not_released(pairs[*pair]), node);
		found->markInteresting(symbol);
		context.emitReport(std::move(found));
	}
}

bool Pairs::acquires(const FunctionDecl *function) const
{
	return !pairs.empty() &&
	       reaches_function(function, known, [this](const FunctionDecl *named) {
		       return named->getIdentifier() &&
		              llvm::any_of(pairs, [named](const Pair &pair) {
			              return named->getName() == pair.acquire;
		              });
	       });
}

} // namespace

void register_pairs(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        auto *checker = manager.registerChecker<Pairs>();
		        const std::vector<std::string> words =
		                read_words(manager, "aramid.Pairs", "Pairs");

		        for (size_t i = 0; i + 2 < words.size(); i += 3)
			        checker->pairs.push_back(
			                {words[i], words[i + 1],
			                 unsigned(std::atoi(words[i + 2].c_str()))});
		        checker->takers = read_words(manager, "aramid.Pairs", "Takes");
		        concerns.push_back([checker](const FunctionDecl *function) {
			        return checker->acquires(function);
		        });
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Pairs",
	        "What is acquired is released", "", false);
	registry.addCheckerOption("string", "aramid.Pairs", "Pairs", "",
	                          "ACQUIRE:RELEASE:ARGUMENT, and so on", "released", false);
	registry.addCheckerOption("string", "aramid.Pairs", "Takes", "",
	                          "Functions that take over what they are given", "released",
	                          false);
}

} // namespace aramid
