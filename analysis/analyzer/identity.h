/* SPDX-License-Identifier: MIT
 *
 * The value of a token on a path. Its identity is the symbol in its `model` field; copies
 * share it.
 */
#pragma once

#include "rule.h"

namespace aramid
{

/* The value of one field inside a struct's value; unknown when the analyzer lost track. */
clang::ento::SVal field_value(clang::ento::SVal value, const clang::FieldDecl *field,
                              clang::ento::CheckerContext &context);

/* The identity of a token: a symbol when it is genuine. */
clang::ento::SVal identity(clang::ento::SVal token, clang::QualType type,
                           clang::ento::CheckerContext &context);

/* Calls this on each token in a value, with its type, until it says true. Those of unions, of
 * which nobody knows which is there, and of arrays are left out. */
bool any_token(clang::ento::SVal value, clang::QualType type, clang::ento::CheckerContext &context,
               llvm::function_ref<bool(clang::ento::SVal, clang::QualType)> predicate);

/* The region that an identity was read from, when it was there before the path began. */
const clang::ento::TypedValueRegion *home_of(clang::ento::SymbolRef identity);

/* The memory that a pointer leads to, as it was declared, whatever casts came after. */
struct Memory {
	clang::QualType type; /* null when nothing is known of it */
	int64_t offset;       /* bytes */
};
Memory declared_memory(const clang::ento::MemRegion *region);

/* What the type says that lies at the identity's home, or else what its symbol is: the kind
 * that it was made as. Empty when it is bytes that never were a token; none when unknown. */
std::optional<llvm::StringRef> made_as(clang::ento::SymbolRef identity, llvm::StringRef shown_as,
                                       clang::ento::CheckerContext &context);

} // namespace aramid
