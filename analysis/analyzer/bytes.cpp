/* SPDX-License-Identifier: MIT
 *
 * aramid.Bytes: CAP004 where bytes are copied or written. No copy makes a token of bytes that
 * are none, or of one of another kind, and no byte of a token is written. A copy of tokens onto
 * tokens of the same kinds keeps their identities.
 */
#include "identity.h"

using namespace clang;
using namespace ento;

namespace aramid
{
namespace
{

class Bytes : public Checker<check::PreCall, check::PostCall, check::Bind>
{
	const BugType changed{this, "CAP004", "Aramid"}, escaped{this, "CAP005", "Aramid"};

      public:
	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkPostCall(const CallEvent &call, CheckerContext &context) const;
	void checkBind(SVal place, SVal value, const Stmt *statement,
	               CheckerContext &context) const;
};

bool is_copy_name(StringRef name)
{
	name.consume_front("__builtin_");
	return name == "memcpy" || name == "memmove";
}

bool is_copy(const CallEvent &call)
{
	return call.getNumArgs() == 3 && is_copy_name(name_of(call));
}

/* What a pointer argument leads to: as it is written there, or as its memory was declared. */
Memory memory_of(const CallEvent &call, unsigned argument)
{
	const QualType written = own_type(call.getArgExpr(argument));

	if (written->isPointerType() && holds_token(written->getPointeeType()))
		return {written->getPointeeType(), 0};
	return declared_memory(call.getArgSVal(argument).getAsRegion());
}

SmallVector<Place, 8> tokens_within(const Memory &memory, int64_t size, const ASTContext &context)
{
	SmallVector<Place, 8> all, within;

	if (memory.type.isNull())
		return all;
	find_tokens(memory.type, -memory.offset, context, all);
	for (const Place &place : all)
		if (place.offset >= 0 && place.offset < size)
			within.push_back(place);
	return within;
}

/* How many bytes a copy copies; those that are not known at least reach the first. */
int64_t size_of(const CallEvent &call, CheckerContext &context)
{
	const llvm::APSInt *size =
	        context.getSValBuilder().getKnownValue(context.getState(), call.getArgSVal(2));

	return size ? size->getExtValue() : 1;
}

void Bytes::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	if (!is_copy(call))
		return;
	const ASTContext &ast = context.getASTContext();
	const int64_t size = size_of(call, context);
	const Memory to_memory = memory_of(call, 0);
	const auto to = tokens_within(to_memory, size, ast),
	           from = tokens_within(memory_of(call, 1), size, ast);
	const MemRegion *target = call.getArgSVal(0).getAsRegion();

	for (const Place &made : to) {
		StringRef other;
		bool is_same = false;

		for (const Place &place : from)
			if (place.offset == made.offset) {
				is_same |= place.kind == made.kind;
				other = place.kind;
			}
		if (is_same)
			continue;
		report(changed,
		       other.empty()
		               ? "bytes that are no token are copied into one of " + made.kind
		               : "a token of " + other + " is copied into one of " + made.kind,
		       call.getSourceRange(), true, context);
		return;
	}
	if (to.empty() && !from.empty() && !to_memory.type.isNull() && target &&
	    !isa<StackSpaceRegion>(target->getMemorySpace()))
		report(escaped, "a token's bytes are copied into memory that is no carrier",
		       call.getSourceRange(), false, context);
}

void Bytes::checkPostCall(const CallEvent &call, CheckerContext &context) const
{
	if (!is_copy(call))
		return;
	const QualType type = own_type(call.getArgExpr(0)), other = own_type(call.getArgExpr(1));
	if (!type->isPointerType() || !other->isPointerType() ||
	    !holds_token(type->getPointeeType()) ||
	    !context.getASTContext().hasSameUnqualifiedType(type->getPointeeType(),
	                                                    other->getPointeeType()) ||
	    size_of(call, context) != context.getASTContext()
	                                      .getTypeSizeInChars(type->getPointeeType())
	                                      .getQuantity())
		return;
	ProgramStateRef state = context.getState();
	const auto to = call.getArgSVal(0).getAs<Loc>(), from = call.getArgSVal(1).getAs<Loc>();
	if (to && from)
		context.addTransition(state->bindLoc(
		        *to, state->getSVal(*from, type->getPointeeType().getUnqualifiedType()),
		        context.getLocationContext()));
}

void Bytes::checkBind(SVal place, SVal, const Stmt *statement, CheckerContext &context) const
{
	const auto *target = dyn_cast_or_null<ElementRegion>(place.getAsRegion());

	/* Only a cast, or arithmetic on pointers, leads into a token from above. */
	if (!target || target->getValueType()->isRecordType())
		return;
	const int64_t size =
	        context.getASTContext().getTypeSizeInChars(target->getValueType()).getQuantity();
	const Memory memory = declared_memory(target);
	SmallVector<Place, 8> all;
	if (memory.type.isNull())
		return;
	find_tokens(memory.type, 0, context.getASTContext(), all);
	const int64_t width = context.getASTContext()
	                              .getTypeSizeInChars(context.getASTContext().VoidPtrTy)
	                              .getQuantity();
	for (const Place &token : all)
		if (memory.offset < token.offset + width && token.offset < memory.offset + size) {
			report(changed, "bytes of a token of " + token.kind + " are written",
			       statement->getSourceRange(), true, context);
			return;
		}
}

/* A scalar is written where a pointer, or an index of an array that may be within a carrier, leads.
 */
bool is_raw_write(const Expr *part)
{
	const auto *binary = dyn_cast<BinaryOperator>(part);
	const auto *unary = dyn_cast<UnaryOperator>(part);
	const Expr *place = binary && binary->isAssignmentOp()         ? binary->getLHS()
	                    : unary && unary->isIncrementDecrementOp() ? unary->getSubExpr()
	                                                               : nullptr;

	if (!place || place->getType()->isRecordType())
		return false;
	place = place->IgnoreParens();
	if (const auto *element = dyn_cast<ArraySubscriptExpr>(place)) {
		const auto *array =
		        dyn_cast<DeclRefExpr>(element->getBase()->IgnoreParenImpCasts());

		return !array || !array->getType()->isArrayType();
	}
	const auto *dereference = dyn_cast<UnaryOperator>(place);
	return dereference && dereference->getOpcode() == UO_Deref;
}

bool is_copy_or_raw_write(const Expr *part)
{
	const auto *name = dyn_cast<DeclRefExpr>(part);

	return is_raw_write(part) || (name && name->getDecl()->getIdentifier() &&
	                              is_copy_name(name->getDecl()->getName()));
}

} // namespace

void register_bytes(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        manager.registerChecker<Bytes>();
		        concerns.push_back(
		                [known = KnownBodies()](const FunctionDecl *function) mutable {
			                return mentions_token(function) &&
			                       reaches(function, known, is_copy_or_raw_write);
		                });
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Bytes",
	        "Copies and writes of tokens' bytes", "", false);
}

} // namespace aramid
