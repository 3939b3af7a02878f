/* SPDX-License-Identifier: MIT
 *
 * Reports, and the functions that are worth following.
 */
#include <clang/CrossTU/CrossTranslationUnit.h>

#include "rule.h"

using namespace clang;
using namespace ento;

namespace aramid
{

std::vector<std::string> read_words(const CheckerManager &manager, StringRef checker,
                                    StringRef option)
{
	SmallVector<StringRef, 16> words;

	manager.getAnalyzerOptions()
	        .getCheckerStringOption(checker, option)
	        .split(words, ':', -1, false);
	return {words.begin(), words.end()};
}

StringRef name_of(const CallEvent &call)
{
	const IdentifierInfo *name = call.getCalleeIdentifier();

	return name ? name->getName() : StringRef();
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

void report(const BugType &type, const Twine &words, SourceRange range, bool ends_path,
            CheckerContext &context, llvm::function_ref<void(PathSensitiveBugReport &)> add)
{
	ExplodedNode *node;

	if (is_inside_hatch(range.getBegin(), context))
		return;
	node = ends_path ? context.generateErrorNode() : context.generateNonFatalErrorNode();
	if (!node)
		return;
	auto found = std::make_unique<PathSensitiveBugReport>(
	        type, (type.getDescription() + ": " + words).str(), node);
	found->addRange(range);
	if (add)
		add(*found);
	context.emitReport(std::move(found));
}

const NoteTag *note_about(SymbolRef symbol, const Twine &words, CheckerContext &context)
{
	return context.getNoteTag(
	        [symbol, words = words.str()](PathSensitiveBugReport &found) -> std::string {
		        return found.isInteresting(symbol) ? words : "";
	        });
}

const NoteTag *note_for(StringRef rule, const Twine &words, CheckerContext &context)
{
	return context.getNoteTag([rule = rule.str(), words = words.str()](
	                                  PathSensitiveBugReport &found) -> std::string {
		return found.getBugType().getDescription() == rule ? words : "";
	});
}

bool is_defined_here(const FunctionDecl *function, ProgramStateRef state)
{
	ExprEngine &engine = state->getStateManager().getOwningEngine();
	const FunctionDecl *body = function;

	return function->hasBody(body) &&
	       !engine.getCrossTranslationUnitContext()->isImportedAsNew(body);
}

bool reaches_call(const FunctionDecl *function, KnownCallers &known,
                  llvm::function_ref<bool(const FunctionDecl *)> is_wanted)
{
	const FunctionDecl *body = function;

	if (!function->hasBody(body))
		return crosses_units && !function->getBuiltinID();
	/* One that calls itself is asked about once. */
	const auto [place, is_new] = known.try_emplace(body, false);
	if (!is_new)
		return place->second;
	const bool found = any_below(body->getBody(), [&](const Expr *part) {
		const auto *call = dyn_cast<CallExpr>(part);
		const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;

		return callee && (is_wanted(callee) || reaches_call(callee, known, is_wanted));
	});
	known[body] = found;
	return found;
}

namespace
{

/* Most functions concern no rule: their paths are not worth the time. */
class Relevance : public Checker<check::BeginFunction>
{
      public:
	void checkBeginFunction(CheckerContext &context) const
	{
		const auto *function =
		        dyn_cast_or_null<FunctionDecl>(context.getLocationContext()->getDecl());

		if (!context.inTopFrame())
			return;
		for (const Concern &concern : concerns)
			if (function && concern(function))
				return;
		context.generateSink(context.getState(), context.getPredecessor());
	}
};

} // namespace

void register_relevance(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        manager.registerChecker<Relevance>();
		        crosses_units = manager.getAnalyzerOptions().IsNaiveCTUEnabled;
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Relevance",
	        "Leaves out functions that concern no rule", "", false);
}

} // namespace aramid
