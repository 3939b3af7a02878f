/* SPDX-License-Identifier: MIT
 *
 * aramid.Escape: CAP005. Tokens do not leave by variable arguments, by functions that copy to
 * others, into memory that is no carrier, or into another owner's carrier.
 */
#include <fnmatch.h>

#include "identity.h"

using namespace clang;
using namespace ento;

namespace aramid
{
namespace
{

class Escape : public Checker<check::PreCall, check::Bind>
{
	const BugType escaped{this, "CAP005", "Aramid"};

      public:
	/* Functions that copy memory to users or other owners, or are foreign. */
	std::vector<std::string> outward;

	void checkPreCall(const CallEvent &call, CheckerContext &context) const;
	void checkBind(SVal place, SVal value, const Stmt *statement,
	               CheckerContext &context) const;
	bool is_outward(StringRef name) const
	{
		return llvm::any_of(outward, [name](const std::string &glob) {
			return !fnmatch(glob.c_str(), name.str().c_str(), 0);
		});
	}
};

/* As it is written, or, behind a void pointer, as the object was declared. */
bool reaches_token(const Expr *argument, SVal value)
{
	const MemRegion *region = value.getAsRegion();

	if (leads_to_token(own_type(argument)))
		return true;
	if (!region || !argument->getType()->isPointerType())
		return false;
	region = region->StripCasts();
	if (const auto *typed = dyn_cast<TypedValueRegion>(region))
		return holds_token(typed->getValueType());
	const auto *symbolic = dyn_cast<SymbolicRegion>(region);
	return symbolic && leads_to_token(symbolic->getSymbol()->getType());
}

void Escape::checkPreCall(const CallEvent &call, CheckerContext &context) const
{
	const auto *function = dyn_cast_or_null<FunctionDecl>(call.getDecl());
	const StringRef name = name_of(call);

	if (!function)
		return;
	const bool copies_out = is_outward(name);
	for (unsigned i = 0; i < call.getNumArgs(); i++) {
		const Expr *argument = call.getArgExpr(i);
		const bool is_variable = function->isVariadic() && i >= function->getNumParams();

		if (!argument || !(is_variable || copies_out) ||
		    !reaches_token(argument, call.getArgSVal(i)))
			continue;
		report(escaped,
		       is_variable ? "a token escapes as a variable argument of '" + name + "'"
		                   : "a token's bytes are copied out by '" + name + "'",
		       argument->getSourceRange(), false, context);
		return;
	}
}

/* The innermost object around a region that says whose it is. */
const MemRegion *owned_object(const MemRegion *region)
{
	for (; region; region = cast<SubRegion>(region)->getSuperRegion()) {
		const auto *typed = dyn_cast<TypedValueRegion>(region);
		const RecordDecl *record =
		        typed ? typed->getValueType()->getAsRecordDecl() : nullptr;

		if (const auto *symbolic = dyn_cast<SymbolicRegion>(region))
			record = symbolic->getSymbol()
			                 ->getType()
			                 ->getPointeeType()
			                 ->getAsRecordDecl();
		if (record && (record = record->getDefinition()))
			for (const FieldDecl *field : record->fields())
				if (const auto *name = field->getType()->getAs<TypedefType>();
				    name && name->getDecl()->getName() == "cap_owner_t")
					return region;
		if (!isa<SubRegion>(region))
			break;
	}
	return nullptr;
}

void Escape::checkBind(SVal place, SVal value, const Stmt *statement, CheckerContext &context) const
{
	const auto *target = dyn_cast_or_null<TypedValueRegion>(place.getAsRegion());

	if (!target || isa<StackSpaceRegion>(target->getMemorySpace()))
		return;
	SymbolRef symbol = value.getAsSymbol(/*IncludeBaseRegions=*/false);
	if (auto number = value.getAs<nonloc::LocAsInteger>())
		symbol = number->getLoc().getAsSymbol();
	const auto *model = dyn_cast<FieldRegion>(target);
	if (symbol && !kind_of(symbol->getType()).empty() &&
	    !target->getValueType()->isRecordType() &&
	    !(model && model_of(QualType(model->getDecl()->getParent()->getTypeForDecl(), 0)))) {
		report(escaped, "a token is stored in memory that is no carrier",
		       statement->getSourceRange(), false, context,
		       [&](PathSensitiveBugReport &found) { found.markInteresting(symbol); });
		return;
	}
	const MemRegion *other = owned_object(target);
	if (!other || !holds_token(target->getValueType()))
		return;
	any_token(value, target->getValueType(), context, [&](SVal token, QualType type) {
		const MemRegion *home = home_of(identity(token, type, context).getAsSymbol());
		const MemRegion *own = owned_object(home);

		if (!own || own == other || own->isSubRegionOf(other) || other->isSubRegionOf(own))
			return false;
		report(escaped,
		       "a token of " + kind_of(type) +
		               " is stored in another owner's memory without cap_delegate",
		       statement->getSourceRange(), false, context);
		return true;
	});
}

} // namespace

void register_escape(CheckerRegistry &registry)
{
	registry.addChecker(
	        [](CheckerManager &manager) {
		        auto *checker = manager.registerChecker<Escape>();

		        checker->outward = read_words(manager, "aramid.Escape", "CopiesOut");
		        const auto may_leave_by = [checker](const FunctionDecl *named) {
			        return named->isVariadic() ||
			               (named->getIdentifier() &&
			                checker->is_outward(named->getName()));
		        };
		        concerns.push_back([may_leave_by, known = KnownBodies()](
		                                   const FunctionDecl *function) mutable {
			        return mentions_token(function) &&
			               reaches_function(function, known, may_leave_by);
		        });
	        },
	        [](const CheckerManager &) { return true; }, "aramid.Escape",
	        "Tokens that leave their owner", "", false);
	registry.addCheckerOption("string", "aramid.Escape", "CopiesOut", "",
	                          "Functions that copy memory to users or other owners", "released",
	                          false);
}

} // namespace aramid
