/* SPDX-License-Identifier: MIT
 *
 * aramid.Tokens: what is shown as a token was made as one. CAP001: an identity that is no symbol
 * was made up. CAP004: a token is shown as the kind that it was made as. CAP007: an identity that
 * was revoked is not shown again.
 */
#include "identity.h"

using namespace clang;
using namespace ento;

REGISTER_SET_WITH_PROGRAMSTATE(RevokedTokens, SymbolRef)
REGISTER_SET_WITH_PROGRAMSTATE(RevokedKinds, const RecordDecl *)
/* Objects whose owner lost all tokens: those that lay in them then. */
REGISTER_SET_WITH_PROGRAMSTATE(RevokedOwners, const MemRegion *)
/* Made after their kind was revoked. */
REGISTER_SET_WITH_PROGRAMSTATE(FreshTokens, SymbolRef)
REGISTER_MAP_WITH_PROGRAMSTATE(TokenOwners, SymbolRef, SVal)

namespace aramid
{
namespace
{

/* Marks on the path where the made-up value came to be: the declaration that gave none, or the
 * write of it. */
class MakingVisitor : public BugReporterVisitor
{
	const MemRegion *memory;
	const FieldDecl *model;
	SVal shown;
	std::string kind;
	bool is_done = false;

	SVal model_at(const ExplodedNode *node) const
	{
		const ProgramStateRef state = node->getState();

		return state->getSVal(
		        state->getLValue(model, loc::MemRegionVal(memory)).castAs<Loc>());
	}

      public:
	MakingVisitor(const MemRegion *memory, const FieldDecl *model, SVal shown, StringRef kind)
	    : memory(memory), model(model), shown(shown), kind(kind.str())
	{
	}

	void Profile(llvm::FoldingSetNodeID &id) const override
	{
		id.AddPointer(memory);
		id.AddPointer(model);
	}

	PathDiagnosticPieceRef VisitNode(const ExplodedNode *node, BugReporterContext &context,
	                                 PathSensitiveBugReport &) override
	{
		const Stmt *statement = node->getStmtForDiagnostics();
		const ExplodedNode *before = node->getFirstPred();
		const auto *variable = dyn_cast<VarRegion>(memory->getBaseRegion());
		const auto *declaration = dyn_cast_or_null<DeclStmt>(statement);
		std::string words;

		if (is_done || !statement || !before)
			return nullptr;
		if (node->getLocationAs<PostStmt>() && declaration && variable &&
		    declaration->isSingleDecl() &&
		    declaration->getSingleDecl() == variable->getDecl()) {
			if (variable->getDecl()->hasInit() && shown.isUndef())
				return nullptr;
			words = variable->getDecl()->hasInit() ? "a constant becomes a token of "
			                                       : "declared without a token of ";
		} else if (model_at(node) == shown && model_at(before) != shown) {
			words = "a constant becomes a token of ";
		} else {
			return nullptr;
		}
		is_done = true;
		return std::make_shared<PathDiagnosticEventPiece>(
		        PathDiagnosticLocation(statement, context.getSourceManager(),
		                               node->getLocationContext()),
		        words + kind);
	}
};

class Tokens : public Checker<check::PreCall, check::PostCall, check::PreStmt<ReturnStmt>,
                              check::PostStmt<BinaryOperator>, eval::Call>
{
	const BugType forged{this, "CAP001", "Aramid"}, changed{this, "CAP004", "Aramid"},
	        revoked{this, "CAP007", "Aramid"};

      public:
	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkPostCall(const CallEvent &call, CheckerContext &context) const;
	void checkPreStmt(const ReturnStmt *statement, CheckerContext &context) const;
	void checkPostStmt(const BinaryOperator *operation, CheckerContext &context) const;
	bool evalCall(const CallEvent &call, CheckerContext &context) const;

      private:
	bool use(SVal value, QualType type, SourceRange range, CheckerContext &context) const;
	bool use_one(SVal token, QualType type, SourceRange range, CheckerContext &context) const;
};

/* Functions of the API that may be shown a revoked token: they ask, or end it again. */
bool accepts_revoked(StringRef name)
{
	return name.starts_with("cap_revoke_") || name.starts_with("cap_is_valid_") ||
	       name.starts_with("cap_granted_");
}

bool is_revoked(SymbolRef symbol, QualType type, ProgramStateRef state)
{
	if (state->contains<RevokedTokens>(symbol) ||
	    (state->contains<RevokedKinds>(type->getAsRecordDecl()->getDefinition()) &&
	     !state->contains<FreshTokens>(symbol)))
		return true;
	const MemRegion *home = home_of(symbol);
	for (const MemRegion *object : state->get<RevokedOwners>())
		if (home && home->isSubRegionOf(object))
			return true;
	return false;
}

/* A path that has shown a bad token is not followed further: true. */
bool Tokens::use_one(SVal token, QualType type, SourceRange range, CheckerContext &context) const
{
	const SVal model = identity(token, type, context);
	const StringRef kind = kind_of(type);
	const auto where_made = [&](PathSensitiveBugReport &found) {
		if (auto lazy = token.getAs<nonloc::LazyCompoundVal>())
			found.addVisitor<MakingVisitor>(lazy->getRegion(), model_of(type), model,
			                                kind);
	};
	SymbolRef symbol = model.getAsSymbol();
	const auto which = [&](PathSensitiveBugReport &found) { found.markInteresting(symbol); };

	if (model.isUndef()) {
		report(forged, "a token of " + kind + " is used uninitialised on this path", range,
		       true, context, where_made);
		return true;
	}
	if (model.isConstant()) {
		report(forged, "a token of " + kind + " is made of a constant on this path", range,
		       true, context, where_made);
		return true;
	}
	if (!symbol)
		return false;
	const std::optional<StringRef> made = made_as(symbol, kind, context);
	if (made && *made != kind) {
		if (made->empty())
			report(changed, "bytes that are no token are shown as one of " + kind,
			       range, true, context, which);
		else
			report(changed, "a token of " + *made + " is shown as one of " + kind,
			       range, true, context, which);
		return true;
	}
	if (!is_revoked(symbol, type, context.getState()))
		return false;
	report(revoked, "a token of " + kind + " is used after it was revoked", range, true,
	       context, which);
	return true;
}

bool Tokens::use(SVal value, QualType type, SourceRange range, CheckerContext &context) const
{
	return any_token(value, type, context, [&](SVal token, QualType its_type) {
		return use_one(token, its_type, range, context);
	});
}

void Tokens::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	for (unsigned i = 0; i < call.getNumArgs(); i++) {
		const Expr *argument = call.getArgExpr(i);

		if (argument && !accepts_revoked(name_of(call)) &&
		    use(call.getArgSVal(i), argument->getType(), argument->getSourceRange(),
		        context))
			return;
	}
}

void Tokens::checkPostCall(const CallEvent &call, CheckerContext &context) const
{
	const StringRef name = name_of(call);
	ProgramStateRef state = context.getState();
	const NoteTag *note = nullptr;

	if (!name.starts_with("cap_"))
		return;
	const Expr *first = call.getNumArgs() ? call.getArgExpr(0) : nullptr;
	if (name.starts_with("cap_revoke_one_") && first && model_of(first->getType()))
		if (SymbolRef shown =
		            identity(call.getArgSVal(0), first->getType(), context).getAsSymbol()) {
			state = state->add<RevokedTokens>(shown);
			note = note_about(shown, "the token is revoked", context);
		}
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
		note = note_for("CAP007", "every token of " + kind + " is revoked", context);
	}
	if (name == "cap_revoke" && call.getNumArgs() == 1) {
		for (const auto &[token, owner] : state->get<TokenOwners>())
			if (owner == call.getArgSVal(0))
				state = state->add<RevokedTokens>(token);
		/* The object that names the owner, and with it the tokens that lie there. */
		if (const auto *home = home_of(call.getArgSVal(0).getAsSymbol()))
			if (const auto *field = dyn_cast<FieldRegion>(home))
				state = state->add<RevokedOwners>(field->getSuperRegion());
		note = note_for("CAP007", "every token of the owner is revoked", context);
	}
	if (model_of(call.getResultType()))
		if (SymbolRef made = identity(call.getReturnValue(), call.getResultType(), context)
		                             .getAsSymbol()) {
			state = state->add<FreshTokens>(made);
			if (name.starts_with("cap_mint_") || name.starts_with("cap_delegate_"))
				state = state->set<TokenOwners>(
				        made, call.getArgSVal(call.getNumArgs() - 1));
			note = note_about(
			        made, "a token of " + kind_of(call.getResultType()) + " is made",
			        context);
		}
	context.addTransition(state, note);
}

void Tokens::checkPreStmt(const ReturnStmt *statement, CheckerContext &context) const
{
	if (const Expr *value = statement->getRetValue())
		use(context.getSVal(value), value->getType(), value->getSourceRange(), context);
}

/* What comes out of an escape hatch is a token of which nothing else is known. */
void Tokens::checkPostStmt(const BinaryOperator *operation, CheckerContext &context) const
{
	if (operation->getOpcode() != BO_Comma || !model_of(operation->getType()) ||
	    !is_inside_hatch(operation->getOperatorLoc(), context))
		return;
	const SVal excused = context.getSValBuilder().conjureSymbolVal(
	        this, operation, context.getLocationContext(), operation->getType(),
	        context.blockCount());
	context.addTransition(
	        context.getState()->BindExpr(operation, context.getLocationContext(), excused));
}

/* What the library does with tokens changes nothing of its caller's: a token that lies in a global
 * is the same one after it was revoked. */
bool is_token_operation(StringRef name)
{
	return llvm::any_of(ArrayRef<StringRef>({"cap_validate_", "cap_is_valid_", "cap_wield_",
	                                         "cap_granted_", "cap_revoke"}),
	                    [&](StringRef prefix) { return name.starts_with(prefix); });
}

/* CAP_CARRIER_OF: the memory around a member, so that a token in it keeps its kind. */
bool Tokens::evalCall(const CallEvent &call, CheckerContext &context) const
{
	ProgramStateRef state = context.getState();
	SValBuilder &values = context.getSValBuilder();
	if (is_token_operation(name_of(call)) && call.getOriginExpr()) {
		const SVal result = values.conjureSymbolVal(
		        nullptr, call.getOriginExpr(), context.getLocationContext(),
		        call.getResultType(), context.blockCount());
		context.addTransition(call.getResultType()->isVoidType()
		                              ? state
		                              : state->BindExpr(call.getOriginExpr(),
		                                                context.getLocationContext(),
		                                                result));
		return true;
	}
	if (name_of(call) != "cap_carrier_of" || call.getNumArgs() != 2)
		return false;
	const ASTContext &ast = context.getASTContext();
	const SVal member =
	        values.evalCast(call.getArgSVal(0), ast.getPointerType(ast.CharTy), ast.VoidPtrTy);
	const SVal carrier = values.evalBinOp(state, BO_Sub, member, call.getArgSVal(1),
	                                      ast.getPointerType(ast.CharTy));
	context.addTransition(
	        state->BindExpr(call.getOriginExpr(), context.getLocationContext(), carrier));
	return true;
}

/* A token's value, or that of what holds one; or a token's identity. A carrier's address is none:
 * most functions that have one pass it on. */
bool is_token_value(const Expr *part)
{
	return (part->isPRValue() && holds_token(part->getType())) ||
	       !kind_of(part->getType()).empty();
}

} // namespace

void register_tokens(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        manager.registerChecker<Tokens>();
		        concerns.push_back(
		                [known = KnownBodies()](const FunctionDecl *function) mutable {
			                return mentions_token(function) &&
			                       reaches(function, known, is_token_value);
		                });
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Tokens",
	        "Follows tokens along paths", "", false);
}

} // namespace aramid
