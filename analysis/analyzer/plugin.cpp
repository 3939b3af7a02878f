/* SPDX-License-Identifier: MIT
 *
 * The plugin as one translation unit: Clang's headers take ten seconds to read, and each rule's
 * file one.
 */
#include "bytes.cpp"
#include "contexts.cpp"
#include "escape.cpp"
#include "identity.cpp"
#include "pairs.cpp"
#include "rule.cpp"
#include "tokens.cpp"
#include "validation.cpp"

extern "C" const char clang_analyzerAPIVersionString[] = CLANG_ANALYZER_API_VERSION_STRING;

extern "C" void clang_registerCheckers(CheckerRegistry &registry)
{
	aramid::register_relevance(registry);
	aramid::register_tokens(registry);
	aramid::register_bytes(registry);
	aramid::register_escape(registry);
	aramid::register_validation(registry);
	aramid::register_pairs(registry);
	aramid::register_contexts(registry);
}
