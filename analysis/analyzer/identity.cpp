/* SPDX-License-Identifier: MIT
 *
 * Where a token's value came from.
 */
#include "identity.h"

using namespace clang;
using namespace ento;

namespace aramid
{

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

SVal identity(SVal token, QualType type, CheckerContext &context)
{
	SVal value = token;

	if (!token.getAsSymbol() && !token.isUndef())
		value = field_value(token, model_of(type), context);
	/* A returned token is one symbol, and its field is derived from that. */
	if (const auto *derived = dyn_cast_or_null<SymbolDerived>(value.getAsSymbol()))
		if (model_of(derived->getParentSymbol()->getType()))
			return context.getSValBuilder().makeSymbolVal(derived->getParentSymbol());
	return value;
}

bool any_token(SVal value, QualType type, CheckerContext &context,
               llvm::function_ref<bool(SVal, QualType)> predicate)
{
	if (model_of(type))
		return predicate(value, type);
	const RecordDecl *record = type->getAsRecordDecl();
	if (!record || record->isUnion() || !holds_token(type))
		return false;
	for (const FieldDecl *field : record->getDefinition()->fields())
		if (holds_token(field->getType()) &&
		    any_token(field_value(value, field, context), field->getType(), context,
		              predicate))
			return true;
	return false;
}

const TypedValueRegion *home_of(SymbolRef identity)
{
	const auto *read = dyn_cast_or_null<SymbolRegionValue>(identity);

	return read ? read->getRegion() : nullptr;
}

Memory declared_memory(const MemRegion *region)
{
	if (!region)
		return {};
	const RegionOffset offset = region->getAsOffset();
	if (!offset.getRegion() || offset.hasSymbolicOffset())
		return {};
	if (const auto *typed = dyn_cast<TypedValueRegion>(offset.getRegion()))
		return {typed->getValueType(), offset.getOffset() / 8};
	/* What an allocator returned, or memory behind a void pointer, is of no type yet. */
	if (const auto *symbolic = dyn_cast<SymbolicRegion>(offset.getRegion())) {
		const QualType pointee = symbolic->getSymbol()->getType()->getPointeeType();
		if (!pointee.isNull() && !pointee->isIncompleteType() && !pointee->isCharType() &&
		    pointee->isObjectType())
			return {pointee, offset.getOffset() / 8};
	}
	return {};
}

std::optional<StringRef> made_as(SymbolRef identity, StringRef shown_as, CheckerContext &context)
{
	const TypedValueRegion *home = home_of(identity);
	StringRef other;

	if (const auto *derived = dyn_cast<SymbolDerived>(identity))
		home = derived->getRegion();
	if (!home)
		return isa<SymbolConjured>(identity)
		               ? std::optional<StringRef>(kind_of(identity->getType()))
		               : std::nullopt;
	const Memory memory = declared_memory(home);
	if (memory.type.isNull() || memory.type->isIncompleteType() || memory.offset < 0)
		return std::nullopt;
	/* Behind the end of a member lies the object that the member is part of. */
	const ASTContext &ast = context.getASTContext();
	const int64_t size = ast.getTypeSizeInChars(memory.type).getQuantity(),
	              width = ast.getTypeSizeInChars(home->getValueType()).getQuantity();
	if (memory.offset + width > size)
		return std::nullopt;
	SmallVector<Place, 8> tokens;
	find_tokens(memory.type, 0, ast, tokens);
	for (const Place &place : tokens)
		if (place.offset == memory.offset) {
			if (place.kind == shown_as)
				return shown_as;
			other = place.kind;
		}
	return other;
}

} // namespace aramid
