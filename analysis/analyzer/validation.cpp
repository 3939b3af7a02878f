/* SPDX-License-Identifier: MIT
 *
 * aramid.Validation: CAP009. A function that validates a token it is shown has no effect before it
 * did, on any path; one of which the policy says that it validates has none without.
 */
#include "identity.h"

using namespace clang;
using namespace ento;

/* Tokens that a running function was shown and will validate, with its frame. */
REGISTER_MAP_WITH_PROGRAMSTATE(AwaitedTokens, SymbolRef, const StackFrameContext *)
REGISTER_SET_WITH_PROGRAMSTATE(ValidatedTokens, SymbolRef)

namespace aramid
{
namespace
{

class Validation : public Checker<check::BeginFunction, check::EndFunction, check::PreCall,
                                  check::PostCall, check::PreStmt<GCCAsmStmt>, check::Bind>
{
	const BugType unvalidated{this, "CAP009", "Aramid"};
	mutable llvm::DenseMap<const ParmVarDecl *, bool> known;

      public:
	/* Functions that validate what they are shown, says the policy. */
	std::vector<std::string> listed;

	void checkBeginFunction(CheckerContext &context) const;
	void checkEndFunction(const ReturnStmt *statement, CheckerContext &context) const;
	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkPostCall(const CallEvent &call, CheckerContext &context) const;
	void checkPreStmt(const GCCAsmStmt *statement, CheckerContext &context) const;
	void checkBind(SVal place, SVal value, const Stmt *statement,
	               CheckerContext &context) const;
	bool must_validate(const FunctionDecl *function) const
	{
		return function->getIdentifier() &&
		       llvm::is_contained(listed, function->getName());
	}

      private:
	void effect(const Twine &what, SourceRange range, CheckerContext &context) const;
	bool validates(const FunctionDecl *function, const ParmVarDecl *token) const;
};

bool is_validation(StringRef name)
{
	return name.starts_with("cap_validate_") || name.starts_with("cap_is_valid_");
}

const ParmVarDecl *shown_parameter(const Expr *argument)
{
	const auto *named = dyn_cast<DeclRefExpr>(argument->IgnoreParenImpCasts());

	return named ? dyn_cast<ParmVarDecl>(named->getDecl()) : nullptr;
}

/* Does it do nothing but look at tokens? */
bool is_mere_check(const FunctionDecl *function)
{
	return !any_below(function->getBody(), [](const Expr *part) {
		const auto *call = dyn_cast<CallExpr>(part);
		const auto *binary = dyn_cast<BinaryOperator>(part);
		const auto *unary = dyn_cast<UnaryOperator>(part);
		const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;

		return (call && (!callee || !callee->getName().starts_with("cap_"))) ||
		       (binary && binary->isAssignmentOp()) ||
		       (unary && unary->isIncrementDecrementOp());
	});
}

/* Itself, or by a function of this file that is there to check. */
bool Validation::validates(const FunctionDecl *function, const ParmVarDecl *token) const
{
	const auto [place, is_new] = known.try_emplace(token, false);

	if (!is_new)
		return place->second;
	const bool found = any_below(function->getBody(), [&](const Expr *part) {
		const auto *call = dyn_cast<CallExpr>(part);
		const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;

		if (!callee || !callee->getIdentifier())
			return false;
		for (unsigned i = 0; i < call->getNumArgs(); i++) {
			const FunctionDecl *body = callee;

			if (shown_parameter(call->getArg(i)) != token)
				continue;
			if (is_validation(callee->getName()))
				return true;
			if (callee->hasBody(body) && i < body->getNumParams() &&
			    is_mere_check(body) && validates(body, body->getParamDecl(i)))
				return true;
		}
		return false;
	});
	known[token] = found;
	return found;
}

void Validation::effect(const Twine &what, SourceRange range, CheckerContext &context) const
{
	const auto awaited = context.getState()->get<AwaitedTokens>();

	if (awaited.isEmpty())
		return;
	report(unvalidated, what + " comes before the token is validated", range, true, context,
	       [&](PathSensitiveBugReport &found) {
		       for (const auto &[token, frame] : awaited)
			       found.markInteresting(token);
	       });
}

void Validation::checkBeginFunction(CheckerContext &context) const
{
	const StackFrameContext *frame = context.getStackFrame();
	const auto *function = dyn_cast<FunctionDecl>(frame->getDecl());
	ProgramStateRef state = context.getState();
	const NoteTag *note = nullptr;

	if (!function || !function->getIdentifier())
		return;
	for (const ParmVarDecl *token : function->parameters()) {
		if (!model_of(token->getType()))
			continue;
		const SVal shown = state->getSVal(state->getRegion(token, frame));
		SymbolRef symbol = identity(shown, token->getType(), context).getAsSymbol();
		if (!symbol || state->contains<ValidatedTokens>(symbol) ||
		    state->contains<AwaitedTokens>(symbol) ||
		    !(must_validate(function) || validates(function, token)))
			continue;
		state = state->set<AwaitedTokens>(symbol, frame);
		note = note_about(symbol,
		                  "'" + function->getName() + "' is shown a token of " +
		                          kind_of(token->getType()),
		                  context);
	}
	context.addTransition(state, note);
}

/* A function that gave up before it validated leaves nothing to wait for. */
void Validation::checkEndFunction(const ReturnStmt *, CheckerContext &context) const
{
	ProgramStateRef state = context.getState();

	for (const auto &[token, frame] : state->get<AwaitedTokens>())
		if (frame == context.getStackFrame())
			state = state->remove<AwaitedTokens>(token);
	context.addTransition(state);
}

void Validation::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	const auto *function = dyn_cast_or_null<FunctionDecl>(call.getDecl());
	const StringRef name = name_of(call);

	/* The effects of a function that this unit defines are seen inside it. */
	if (function &&
	    (is_defined_here(function, context.getState()) || function->getBuiltinID() ||
	     function->isNoReturn() || function->hasAttr<PureAttr>() ||
	     function->hasAttr<ConstAttr>() || name.starts_with("cap_")))
		return;
	effect("a call of '" + (name.empty() ? StringRef("a function") : name) + "'",
	       call.getSourceRange(), context);
}

void Validation::checkPostCall(const CallEvent &call, CheckerContext &context) const
{
	const Expr *first = call.getNumArgs() ? call.getArgExpr(0) : nullptr;

	if (!is_validation(name_of(call)) || !first || !model_of(first->getType()))
		return;
	ProgramStateRef state = context.getState();
	SymbolRef symbol = identity(call.getArgSVal(0), first->getType(), context).getAsSymbol();
	if (symbol)
		state = state->remove<AwaitedTokens>(symbol)->add<ValidatedTokens>(symbol);
	else
		state = state->remove<AwaitedTokens>();
	context.addTransition(state);
}

void Validation::checkPreStmt(const GCCAsmStmt *statement, CheckerContext &context) const
{
	/* One that is not volatile only computes its outputs; an empty one orders the compiler. */
	if (!statement->getAsmString()->getString().empty() &&
	    (statement->isVolatile() || !statement->getNumOutputs()))
		effect("an instruction", statement->getSourceRange(), context);
}

void Validation::checkBind(SVal place, SVal, const Stmt *statement, CheckerContext &context) const
{
	const MemRegion *region = place.getAsRegion();

	if (region && !region->hasStackStorage() &&
	    !isa<StackSpaceRegion>(region->getMemorySpace()))
		effect("a write to memory", statement->getSourceRange(), context);
}

} // namespace

void register_validation(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        auto *checker = manager.registerChecker<Validation>();

		        checker->listed =
		                read_words(manager, "aramid.Validation", "MustValidate");
		        concerns.push_back([checker](const FunctionDecl *function) {
			        return checker->must_validate(function);
		        });
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Validation",
	        "Privileged functions validate first", "", false);
	registry.addCheckerOption("string", "aramid.Validation", "MustValidate", "",
	                          "Functions that validate what they are shown", "released", false);
}

} // namespace aramid
