/* SPDX-License-Identifier: MIT
 *
 * aramid.Tokens: the rules that need paths, as a checker of the Clang Static Analyzer.
 *
 * A token's identity is the symbol in its `model` field; copies share it. CAP001: an identity that
 * is no symbol was made up. CAP005: tokens do not leave by variable arguments or by functions
 * that copy to others. CAP007: an identity that was revoked is not shown again. CAP009: a
 * function that validates has no effect before it did.
 */
#include <clang/StaticAnalyzer/Core/BugReporter/BugType.h>
#include <clang/StaticAnalyzer/Core/Checker.h>
#include <clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h>
#include <clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h>
#include <clang/StaticAnalyzer/Core/PathSensitive/ProgramStateTrait.h>
#include <clang/StaticAnalyzer/Frontend/CheckerRegistry.h>

#include "types.h"

using namespace clang;
using namespace ento;

REGISTER_SET_WITH_PROGRAMSTATE(RevokedTokens, SymbolRef)
REGISTER_SET_WITH_PROGRAMSTATE(RevokedKinds, const RecordDecl *)
/* Made after their kind was revoked. */
REGISTER_SET_WITH_PROGRAMSTATE(FreshTokens, SymbolRef)
REGISTER_MAP_WITH_PROGRAMSTATE(TokenOwners, SymbolRef, SVal)
/* Frames of functions that validate, and have not yet on this path. */
REGISTER_SET_WITH_PROGRAMSTATE(AwaitsValidation, const StackFrameContext *)

namespace
{

class Tokens : public Checker<check::BeginFunction, check::EndFunction, check::PreCall,
                              check::PostCall, check::PreStmt<ReturnStmt>, check::Bind>
{
	const BugType forged{this, "CAP001", "Aramid"}, escaped{this, "CAP005", "Aramid"},
	        revoked{this, "CAP007", "Aramid"}, unvalidated{this, "CAP009", "Aramid"};

      public:
	/* Colon-separated names of functions that copy memory to users or other owners. */
	StringRef copies_out;

	void checkBeginFunction(CheckerContext &context) const;
	void checkEndFunction(const ReturnStmt *statement, CheckerContext &context) const;
	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkPostCall(const CallEvent &call, CheckerContext &context) const;
	void checkPreStmt(const ReturnStmt *statement, CheckerContext &context) const;
	void checkBind(SVal place, SVal value, const Stmt *statement,
	               CheckerContext &context) const;

      private:
	void report(const BugType &type, const Twine &words, SourceRange range, bool sink,
	            CheckerContext &context) const;
	bool use(SVal value, QualType type, SourceRange range, CheckerContext &context) const;
	bool check_escape(const CallEvent &call, const FunctionDecl *function,
	                  CheckerContext &context) const;
	void effect(const Twine &what, SourceRange range, CheckerContext &context) const;
};

StringRef name_of(const CallEvent &call)
{
	const IdentifierInfo *name = call.getCalleeIdentifier();

	return name ? name->getName() : StringRef();
}

bool is_validation(StringRef name)
{
	return name.starts_with("cap_validate_") || name.starts_with("cap_is_valid_");
}

/* Functions of the API that may be shown a revoked token: they ask, or end it again. */
bool accepts_revoked(StringRef name)
{
	return name.starts_with("cap_revoke_") || name.starts_with("cap_is_valid_") ||
	       name.starts_with("cap_granted_");
}

/* The value of one token inside a struct's value; unknown when the analyzer lost track. */
SVal field_value(SVal value, const FieldDecl *field, CheckerContext &context)
{
	StoreManager &stores = context.getStoreManager();

	if (auto lazy = value.getAs<nonloc::LazyCompoundVal>()) {
		const FieldRegion *region =
		        context.getSValBuilder().getRegionManager().getFieldRegion(
		                field, lazy->getRegion());
		return stores.getBinding(lazy->getStore(), loc::MemRegionVal(region),
		                         field->getType());
	}
	if (auto compound = value.getAs<nonloc::CompoundVal>()) {
		unsigned index = 0;
		for (SVal part : *compound)
			if (index++ == field->getFieldIndex())
				return part;
		return context.getSValBuilder().makeZeroVal(field->getType());
	}
	return UnknownVal();
}

/* The identity of a token: a symbol when it is genuine. */
SVal identity(SVal token, QualType type, CheckerContext &context)
{
	SVal value = token;

	if (!token.getAsSymbol() && !token.isUndef())
		value = field_value(token, aramid::model_of(type), context);
	/* A returned token is one symbol, and its field is derived from that. */
	if (const auto *derived = dyn_cast_or_null<SymbolDerived>(value.getAsSymbol()))
		if (aramid::model_of(derived->getParentSymbol()->getType()))
			return context.getSValBuilder().makeSymbolVal(derived->getParentSymbol());
	return value;
}

bool is_revoked(SymbolRef symbol, QualType type, ProgramStateRef state)
{
	return state->contains<RevokedTokens>(symbol) ||
	       (state->contains<RevokedKinds>(type->getAsRecordDecl()->getDefinition()) &&
	        !state->contains<FreshTokens>(symbol));
}

bool is_inside_hatch(SourceLocation place, CheckerContext &context)
{
	const SourceManager &sources = context.getSourceManager();

	for (; place.isMacroID(); place = sources.getImmediateMacroCallerLoc(place))
		if (Lexer::getImmediateMacroName(place, sources, context.getLangOpts()) ==
		    "CAP_UNSAFE")
			return true;
	return false;
}

} // namespace

void Tokens::report(const BugType &type, const Twine &words, SourceRange range, bool sink,
                    CheckerContext &context) const
{
	ExplodedNode *node;

	if (is_inside_hatch(range.getBegin(), context))
		return;
	node = sink ? context.generateErrorNode() : context.generateNonFatalErrorNode();
	if (!node)
		return;
	auto found = std::make_unique<PathSensitiveBugReport>(
	        type, (type.getDescription() + ": " + words).str(), node);
	found->addRange(range);
	context.emitReport(std::move(found));
}

/* A path that has shown a bad token is not followed further: true. */
bool Tokens::use(SVal value, QualType type, SourceRange range, CheckerContext &context) const
{
	if (!aramid::model_of(type)) {
		const RecordDecl *record = type->getAsRecordDecl();

		if (!record || record->isUnion() || !aramid::holds_token(type))
			return false;
		for (const FieldDecl *field : record->getDefinition()->fields())
			if (aramid::holds_token(field->getType()) &&
			    use(field_value(value, field, context), field->getType(), range,
			        context))
				return true;
		return false;
	}
	SVal model = identity(value, type, context);
	StringRef kind = type->getAsRecordDecl()->getName().drop_front(4);
	if (model.isUndef())
		report(forged, "a token of " + kind + " is used uninitialised on this path", range,
		       true, context);
	else if (model.isConstant())
		report(forged, "a token of " + kind + " is made of a constant on this path", range,
		       true, context);
	else if (SymbolRef symbol = model.getAsSymbol();
	         symbol && is_revoked(symbol, type, context.getState()))
		report(revoked, "a token of " + kind + " is used after it was revoked", range, true,
		       context);
	else
		return false;
	return true;
}

bool Tokens::check_escape(const CallEvent &call, const FunctionDecl *function,
                          CheckerContext &context) const
{
	SmallVector<StringRef, 8> outward;
	bool is_outward;

	copies_out.split(outward, ':', -1, false);
	is_outward = llvm::is_contained(outward, name_of(call));
	for (unsigned i = 0; i < call.getNumArgs(); i++) {
		const Expr *argument = call.getArgExpr(i);
		const bool is_variable = function->isVariadic() && i >= function->getNumParams();

		if (!argument || !(is_variable || is_outward) ||
		    !aramid::leads_to_token(aramid::own_type(argument)))
			continue;
		report(escaped,
		       is_variable
		               ? "a token escapes as a variable argument of '" + name_of(call) + "'"
		               : "a token's bytes are copied out by '" + name_of(call) + "'",
		       argument->getSourceRange(), false, context);
		return true;
	}
	return false;
}

void Tokens::effect(const Twine &what, SourceRange range, CheckerContext &context) const
{
	if (context.getState()->get<AwaitsValidation>().isEmpty())
		return;
	report(unvalidated, what + " comes before the token is validated", range, true, context);
}

void Tokens::checkBeginFunction(CheckerContext &context) const
{
	const Stmt *body;

	body = context.getLocationContext()->getDecl()->getBody();
	/* Most functions have no token: their paths are not worth the time. */
	if (context.inTopFrame() && !aramid::any_below(body, [](const Expr *part) {
		    return aramid::leads_to_token(part->getType());
	    })) {
		context.generateSink(context.getState(), context.getPredecessor());
		return;
	}
	const bool validates = aramid::any_below(body, [](const Expr *part) {
		const auto *call = dyn_cast<CallExpr>(part);
		const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;

		if (!callee || !callee->getIdentifier() || !is_validation(callee->getName()))
			return false;
		const auto *shown = dyn_cast<DeclRefExpr>(call->getArg(0)->IgnoreParenImpCasts());
		return shown && isa<ParmVarDecl>(shown->getDecl());
	});
	if (validates)
		context.addTransition(
		        context.getState()->add<AwaitsValidation>(context.getStackFrame()));
}

/* A function that gave up before it validated leaves nothing to wait for. */
void Tokens::checkEndFunction(const ReturnStmt *, CheckerContext &context) const
{
	ProgramStateRef state = context.getState();

	if (state->contains<AwaitsValidation>(context.getStackFrame()))
		context.addTransition(state->remove<AwaitsValidation>(context.getStackFrame()));
}

void Tokens::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	const auto *function = dyn_cast_or_null<FunctionDecl>(call.getDecl());
	const StringRef name = name_of(call);

	for (unsigned i = 0; i < call.getNumArgs(); i++) {
		const Expr *argument = call.getArgExpr(i);

		if (argument && !accepts_revoked(name) &&
		    use(call.getArgSVal(i), argument->getType(), argument->getSourceRange(),
		        context))
			return;
	}
	if (function && check_escape(call, function, context))
		return;
	/* The effects of a function that this unit defines are seen inside it. */
	if (function && (function->hasBody() || function->getBuiltinID() ||
	                 function->isNoReturn() || function->hasAttr<PureAttr>() ||
	                 function->hasAttr<ConstAttr>() || name.starts_with("cap_")))
		return;
	effect("a call of '" + (name.empty() ? StringRef("a function") : name) + "'",
	       call.getSourceRange(), context);
}

void Tokens::checkPostCall(const CallEvent &call, CheckerContext &context) const
{
	const StringRef name = name_of(call);
	ProgramStateRef state = context.getState();

	if (!name.starts_with("cap_"))
		return;
	/* A helper may validate for its callers. */
	if (is_validation(name))
		state = state->remove<AwaitsValidation>();
	const Expr *first = call.getNumArgs() ? call.getArgExpr(0) : nullptr;
	if (name.starts_with("cap_revoke_one_") && first && aramid::model_of(first->getType()))
		if (SymbolRef shown =
		            identity(call.getArgSVal(0), first->getType(), context).getAsSymbol())
			state = state->add<RevokedTokens>(shown);
	if (name.starts_with("cap_revoke_kind_")) {
		const StringRef kind = name.drop_front(StringRef("cap_revoke_kind_").size());
		IdentifierInfo &tag = context.getASTContext().Idents.get(("cap_" + kind).str());
		for (const NamedDecl *found :
		     context.getASTContext().getTranslationUnitDecl()->lookup(&tag))
			if (const auto *record = dyn_cast<RecordDecl>(found);
			    record && record->getDefinition())
				state = state->add<RevokedKinds>(record->getDefinition());
		/* Those that were made before are stale now. */
		state = state->remove<FreshTokens>();
	}
	if (name == "cap_revoke" && call.getNumArgs() == 1)
		for (const auto &[token, owner] : state->get<TokenOwners>())
			if (owner == call.getArgSVal(0))
				state = state->add<RevokedTokens>(token);
	if (aramid::model_of(call.getResultType()))
		if (SymbolRef made = identity(call.getReturnValue(), call.getResultType(), context)
		                             .getAsSymbol()) {
			state = state->add<FreshTokens>(made);
			if (name.starts_with("cap_mint_") || name.starts_with("cap_delegate_"))
				state = state->set<TokenOwners>(
				        made, call.getArgSVal(call.getNumArgs() - 1));
		}
	context.addTransition(state);
}

void Tokens::checkPreStmt(const ReturnStmt *statement, CheckerContext &context) const
{
	if (const Expr *value = statement->getRetValue())
		use(context.getSVal(value), value->getType(), value->getSourceRange(), context);
}

void Tokens::checkBind(SVal place, SVal, const Stmt *statement, CheckerContext &context) const
{
	const MemRegion *region = place.getAsRegion();

	if (region && !region->hasStackStorage() &&
	    !isa<StackSpaceRegion>(region->getMemorySpace()))
		effect("a write to memory", statement->getSourceRange(), context);
}

extern "C" const char clang_analyzerAPIVersionString[] = CLANG_ANALYZER_API_VERSION_STRING;

extern "C" void clang_registerCheckers(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        manager.registerChecker<Tokens>()->copies_out =
		                manager.getAnalyzerOptions().getCheckerStringOption("aramid.Tokens",
		                                                                    "CopiesOut");
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Tokens",
	        "Follows tokens along paths", "", false);
	registry.addCheckerOption("string", "aramid.Tokens", "CopiesOut", "",
	                          "Functions that copy memory to users or other owners", "released",
	                          false);
}
