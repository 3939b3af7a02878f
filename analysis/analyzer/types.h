/* SPDX-License-Identifier: MIT
 *
 * Which types are tokens, or hold them, as aramid/cap_tool.h declares them: struct cap_KIND
 * with one pointer, `model`, whose value is the token's identity.
 */
#pragma once

#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>
#include <clang/AST/RecordLayout.h>
#include <clang/AST/Type.h>

namespace aramid
{

/* The `model` field of a token type, else null. */
inline const clang::FieldDecl *model_of(clang::QualType type)
{
	const clang::RecordDecl *record = type.isNull() ? nullptr : type->getAsRecordDecl();

	if (!record || !(record = record->getDefinition()) || record->isUnion() ||
	    !record->getName().starts_with("cap_"))
		return nullptr;
	for (const clang::FieldDecl *field : record->fields())
		return field->getName() == "model" ? field : nullptr;
	return nullptr;
}

/* Is it a token, or does an object of this type have one inside? Pointers are not followed. */
inline bool holds_token(clang::QualType type)
{
	if (type.isNull())
		return false;
	if (const clang::ArrayType *array = type->getAsArrayTypeUnsafe())
		return holds_token(array->getElementType());
	const clang::RecordDecl *record = type->getAsRecordDecl();
	if (!record || !(record = record->getDefinition()))
		return false;
	if (model_of(type))
		return true;
	for (const clang::FieldDecl *field : record->fields())
		if (holds_token(field->getType()))
			return true;
	return false;
}

/* The kind of a token type, or of the type of its model; empty for others. */
inline llvm::StringRef kind_of(clang::QualType type)
{
	if (model_of(type))
		return type->getAsRecordDecl()->getName().drop_front(4);
	if (type.isNull() || !type->isPointerType())
		return {};
	const clang::RecordDecl *record = type->getPointeeType()->getAsRecordDecl();
	llvm::StringRef name = record ? record->getName() : llvm::StringRef();
	return name.consume_front("cap_phantom_") ? name : llvm::StringRef();
}

/* A token inside a larger object. */
struct Place {
	int64_t offset; /* bytes */
	llvm::StringRef kind;
};

/* The tokens in an object of this type, those of all members of a union. */
inline void find_tokens(clang::QualType type, int64_t offset, const clang::ASTContext &context,
                        llvm::SmallVectorImpl<Place> &found)
{
	if (!holds_token(type))
		return;
	if (model_of(type)) {
		found.push_back({offset, kind_of(type)});
		return;
	}
	if (const auto *array = context.getAsConstantArrayType(type)) {
		const int64_t stride =
		        context.getTypeSizeInChars(array->getElementType()).getQuantity();
		for (uint64_t i = 0; i < array->getSize().getZExtValue() && i < 64; i++)
			find_tokens(array->getElementType(), offset + int64_t(i) * stride, context,
			            found);
		return;
	}
	const clang::RecordDecl *record = type->getAsRecordDecl();
	if (!record)
		return;
	record = record->getDefinition();
	const clang::ASTRecordLayout &layout = context.getASTRecordLayout(record);
	for (const clang::FieldDecl *field : record->fields())
		find_tokens(field->getType(),
		            offset + int64_t(layout.getFieldOffset(field->getFieldIndex()) / 8),
		            context, found);
}

/* The expression's own type, before conversions to what a callee asks for. */
inline clang::QualType own_type(const clang::Expr *expression)
{
	return expression->IgnoreParenCasts()->getType();
}

/* Is it a token or a carrier, or a pointer to one? */
inline bool leads_to_token(clang::QualType type)
{
	return holds_token(type) || (type->isPointerType() && holds_token(type->getPointeeType()));
}

/* Calls this on each expression below a statement until it says true. */
template <typename Predicate> bool any_below(const clang::Stmt *statement, Predicate predicate)
{
	if (!statement)
		return false;
	if (const auto *expression = llvm::dyn_cast<clang::Expr>(statement))
		if (predicate(expression))
			return true;
	for (const clang::Stmt *child : statement->children())
		if (any_below(child, predicate))
			return true;
	return false;
}

/* Does it have a token or a carrier before it, or a pointer to one? */
inline bool mentions_token(const clang::FunctionDecl *function)
{
	return any_below(function->getBody(),
	                 [](const clang::Expr *part) { return leads_to_token(part->getType()); });
}

} // namespace aramid
