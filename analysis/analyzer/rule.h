/* SPDX-License-Identifier: MIT
 *
 * What the rules share: which functions are worth following, how a fault is reported with the
 * path to it, and what escape hatches excuse.
 */
#pragma once

#include <functional>
#include <vector>

#include <clang/StaticAnalyzer/Core/BugReporter/BugType.h>
#include <clang/StaticAnalyzer/Core/Checker.h>
#include <clang/StaticAnalyzer/Core/PathSensitive/CallEvent.h>
#include <clang/StaticAnalyzer/Core/PathSensitive/CheckerContext.h>
#include <clang/StaticAnalyzer/Core/PathSensitive/ProgramStateTrait.h>
#include <clang/StaticAnalyzer/Frontend/CheckerRegistry.h>

#include "types.h"

namespace aramid
{

/* Each rule says whether it can have something to say of a function; the paths of one that
 * concerns no rule are not followed. */
using Concern = std::function<bool(const clang::FunctionDecl *)>;
inline std::vector<Concern> concerns;

/* One for each file of rules. */
void register_relevance(clang::ento::CheckerRegistry &registry);
void register_tokens(clang::ento::CheckerRegistry &registry);
void register_bytes(clang::ento::CheckerRegistry &registry);
void register_escape(clang::ento::CheckerRegistry &registry);
void register_validation(clang::ento::CheckerRegistry &registry);
void register_pairs(clang::ento::CheckerRegistry &registry);
void register_contexts(clang::ento::CheckerRegistry &registry);

/* The facts of the policy that a rule needs: words with colons between. */
std::vector<std::string> read_words(const clang::ento::CheckerManager &manager,
                                    llvm::StringRef checker, llvm::StringRef option);

/* The name that is called, empty when it is not known. */
llvm::StringRef name_of(const clang::ento::CallEvent &call);

/* Is this code the expression of an escape hatch, CAP_UNSAFE("reason", …)? */
bool is_inside_hatch(clang::SourceLocation place, clang::ento::CheckerContext &context);

/* Reports `words` under the rule that the type names, unless a hatch excuses it. A fault that
 * makes the rest of the path meaningless ends it. */
void report(const clang::ento::BugType &type, const llvm::Twine &words, clang::SourceRange range,
            bool ends_path, clang::ento::CheckerContext &context,
            llvm::function_ref<void(clang::ento::PathSensitiveBugReport &)> add = {});

/* A note for the path of faults about this symbol, where the state changes. */
const clang::ento::NoteTag *note_about(clang::ento::SymbolRef symbol, const llvm::Twine &words,
                                       clang::ento::CheckerContext &context);

/* A note for the path of every fault under this rule. */
const clang::ento::NoteTag *note_for(llvm::StringRef rule, const llvm::Twine &words,
                                     clang::ento::CheckerContext &context);

/* Is the function's body in this unit, and not only imported from another one? */
bool is_defined_here(const clang::FunctionDecl *function, clang::ento::ProgramStateRef state);

/* Are calls followed into other units? */
inline bool crosses_units;

/* Is there such an expression in the function, or in one of this file that it leads to: that it, or
 * one of those, names? In another file there may be one when calls are followed there. KNOWN are
 * the functions whose own bodies were looked through before. */
using KnownBodies = llvm::DenseMap<const clang::FunctionDecl *, bool>;
bool reaches(const clang::FunctionDecl *function, KnownBodies &known,
             llvm::function_ref<bool(const clang::Expr *)> is_wanted);

/* The same of functions: is such a one named there, called or not? */
bool reaches_function(const clang::FunctionDecl *function, KnownBodies &known,
                      llvm::function_ref<bool(const clang::FunctionDecl *)> is_wanted);

} // namespace aramid
