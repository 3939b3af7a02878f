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

namespace
{

using Functions = std::vector<const FunctionDecl *>;

/* The function that an expression names, or null. */
const FunctionDecl *named_function(const Expr *expression)
{
	const auto *name = dyn_cast<DeclRefExpr>(expression);

	return name ? dyn_cast<FunctionDecl>(name->getDecl()) : nullptr;
}

/* Those that are named below a statement, and in what the variables that are named there begin as:
 * tables of functions. */
void find_functions(const Stmt *statement, Functions &found,
                    llvm::DenseSet<const VarDecl *> &variables)
{
	any_below(statement, [&](const Expr *part) {
		const auto *name = dyn_cast<DeclRefExpr>(part);
		const auto *variable = name ? dyn_cast<VarDecl>(name->getDecl()) : nullptr;

		if (const FunctionDecl *named = named_function(part))
			found.push_back(named);
		if (variable && variable->hasGlobalStorage() &&
		    (variable = variable->getInitializingDeclaration()) &&
		    variables.insert(variable).second)
			find_functions(variable->getInit(), found, variables);
		return false;
	});
}

const Functions &functions_named_in(const FunctionDecl *body)
{
	static std::map<const FunctionDecl *, Functions> known;
	llvm::DenseSet<const VarDecl *> variables;
	const auto found = known.try_emplace(body);

	if (found.second)
		find_functions(body->getBody(), found.first->second, variables);
	return found.first->second;
}

} // namespace

bool reaches(const FunctionDecl *function, KnownBodies &known,
             llvm::function_ref<bool(const Expr *)> is_wanted)
{
	SmallVector<const FunctionDecl *, 16> left = {function};
	llvm::DenseSet<const FunctionDecl *> seen;

	while (!left.empty()) {
		const FunctionDecl *next = left.pop_back_val(), *body = next;

		if (!next->hasBody(body)) {
			if (crosses_units && !next->getBuiltinID())
				return true;
			continue;
		}
		if (!seen.insert(body).second)
			continue;
		const auto [place, is_new] = known.try_emplace(body);
		if (is_new)
			place->second = any_below(body->getBody(), is_wanted);
		if (place->second)
			return true;
		for (const FunctionDecl *named : functions_named_in(body))
			left.push_back(named);
	}
	return false;
}

bool reaches_function(const FunctionDecl *function, KnownBodies &known,
                      llvm::function_ref<bool(const FunctionDecl *)> is_wanted)
{
	return reaches(function, known, [&](const Expr *part) {
		const FunctionDecl *named = named_function(part);

		return named && is_wanted(named);
	});
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
