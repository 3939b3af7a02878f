/* SPDX-License-Identifier: MIT
 *
 * What the files of capflow share: the policy that drives the rules, the
 * questions about types, the hooks of a rule, and how a finding is reported.
 * capflow is a host program on Sparse's library, one process a source file, so
 * none of this is shared between threads and nothing is freed before the end.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "lib.h"
#include "allocate.h"
#include "token.h"
#include "parse.h"
#include "symbol.h"
#include "expression.h"
#include "linearize.h"

/* Exit status of capflow and of each of its per-file processes. */
enum {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_UNABLE = 2,
};

/* policy.c: one line a fact, generated from the table of kinds.
 *
 *   kind NAME            struct cap_NAME is a token
 *   mint FUNCTION KIND   FUNCTION makes tokens; only core files may reference it
 *   edge TO FROM         FROM may be weakened to TO
 *   carrier STRUCT_TAG   struct STRUCT_TAG may hold tokens
 *   core-file GLOB       a file that may reference mints, by its path's end
 *   service-file GLOB    a file of a service, which has but the rights that it is handed
 *   entitled KIND GLOB   these files are handed tokens of the kind
 *   privileged FUNCTION KIND  FUNCTION takes a token of the kind, whoever declares it
 *   left-empty OBJECT OFFSET  a token of a global carrier that no file fills
 *   allocator FUNCTION   its result, a pointer to void, may become one to a carrier
 *   callback FUNCTION    CAP_CARRIER_OF may stand in it
 *   takes-carrier FUNCTION  may be given a carrier as a pointer to void: it frees it, or
 *                        keeps it for a callback
 *
 * read_policy() adds a file's lines to those read before. A line that it cannot
 * read ends the program with EXIT_UNABLE and file, line and reason on stderr: a
 * misread policy would let everything pass. */
void read_policy(const char *path);
bool policy_is_kind(const struct ident *tag);
bool policy_is_carrier(const struct ident *tag);
bool policy_is_mint(const char *name, size_t length);
bool policy_is_core_file(const char *path);
bool policy_is_allocator(const struct ident *function);
bool policy_is_callback(const struct ident *function);
bool policy_takes_carrier(const struct ident *function);
bool policy_is_service_file(const char *path);
bool policy_is_entitled(const char *path, const char *kind);
/* The kind that a function needs, where the policy says so, or NULL. */
const char *policy_privilege(const struct ident *function);
void policy_for_each_privileged(void (*visit)(const char *function));
/* No file of the program fills the token at this offset of a global carrier. */
bool policy_is_left_empty(const struct ident *object, long long offset);
const char *policy_kind_of(const struct ident *tag); /* of a token's struct, or NULL */
/* The first mint whose name TEXT contains as a whole word, or NULL. */
const char *policy_mint_within(const char *text);

/* types.c: questions about Sparse's types. A NULL type answers no. */
struct symbol *bare_type(struct symbol *type); /* without the node that names it */
bool is_token_type(struct symbol *type);
bool is_pointer_to_token(struct symbol *type);
bool is_automatic(struct symbol *symbol); /* a local or parameter, not static */
const char *type_name(struct symbol *type);
/* The function that a call names; NULL when it goes through a pointer. */
const struct ident *called_function(struct expression *call);
bool is_named(const struct ident *ident, const char *name);

bool holds_token(struct symbol *type); /* by value: in structs, arrays, unions */
bool is_pointer_to_holder(struct symbol *type);

/* Calls visit() with the byte offset of each token that TYPE holds by value, through
 * nested structs and the first elements of arrays. Unions may hold none (CAP002). */
typedef void (*token_visitor)(struct symbol *kind, long long offset, void *data);
void for_each_token_in(struct symbol *type, token_visitor visit, void *data);

/* address.c: what the address of an object is used for, in linear code. */
bool may_fill(pseudo_t address);    /* written through, or given to somebody who may */
bool may_escape(pseudo_t pointer);  /* given to somebody who may write through it */
bool is_zeroed_through(pseudo_t address);
/* The carrier, if the callee takes this argument as a pointer to a const one, or NULL. */
struct symbol *type_shown(struct instruction *call, pseudo_t argument);
/* The object that an address lies in, or the pointer to a carrier that leads there, and
 * where; NULL when it is not one object. */
#define UNKNOWN_OFFSET (-1)
struct symbol *object_behind(pseudo_t address, long long *offset);

/* cap004.c: has it spoken about this expression, or does it stand in one that it judged? And
 * its word on a union's member, for the rule that visits them (CAP002). */
bool is_judged_by_cap004(struct expression *expr);
void check_union_member(struct symbol *owner, struct symbol *member);

/* cap001_static.c: whether OBJECT outlives its function and nothing puts a token at OFFSET:
 * not the file that defines it, or no file at all. Once all functions were collected. */
bool is_never_filled(struct symbol *object, long long offset);
/* For global carriers, as facts (facts.c): leaves OBJECT global OFFSET where the file defines
 * one and does not fill that token, gives OBJECT global OFFSET where it may fill one. */
void print_facts_of_carriers(struct symbol_list *list);

/* strings.c: a string with its escapes resolved, and the strings within asm(...),
 * attributes and pragmas; those that stand side by side are given as one, and FIRST is the
 * first of them. */
#define TEXT_ROOM 16384
size_t decode_string(char text[TEXT_ROOM], const struct string *string);
typedef void (*string_visitor)(struct token *first, const char *text, bool is_asm);
void for_each_kept_string(struct token *list, string_visitor visit);
struct position place_in_string(struct token *first, size_t offset);

/* report.c: findings are collected, those inside CAP_UNSAFE() dropped, the rest
 * sorted and printed as file:line:col: error: RULE: text. */
void report_finding(const char *rule, struct position pos, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* Prints what was found on stdout; true when there was anything. */
bool print_findings(void);

/* unsafe.c: whether a place lies inside CAP_UNSAFE("reason", expression). */
bool is_inside_unsafe(const char *file, unsigned int line, unsigned int column);

/* walk.c: visits all that the body of a function or an initialiser holds. */
struct walk_hooks {
	void (*declaration)(struct symbol *symbol);
	void (*expression)(struct expression *expr);
	void (*statement)(struct statement *stmt);
};
void walk_symbol(struct symbol *symbol, const struct walk_hooks *hooks);
extern struct symbol *walked_symbol; /* the function or object that is being visited */

/* A rule is a table of hooks; one that it does not need is NULL. They are called
 * in this order, each for the whole file: */
struct rule {
	void (*tokens)(struct token *list);           /* preprocessed, not yet parsed */
	void (*parsed_tokens)(struct token *list);    /* again, with all types known */
	struct walk_hooks walk;                       /* bodies as evaluated, not yet expanded */
	void (*collect)(struct entrypoint *ep);       /* before any function is judged */
	void (*function)(struct entrypoint *ep);      /* each load and store still in place */
	void (*static_object)(struct symbol *object); /* with its initialiser laid out */
};
extern const struct rule rule_cap001_literal;
extern const struct rule rule_cap001_flow;
extern const struct rule rule_cap001_static;
extern const struct rule rule_cap002;
extern const struct rule rule_cap003;
extern const struct rule rule_cap004;
extern const struct rule rule_cap004_function;
extern const struct rule rule_cap005;
extern const struct rule rule_cap006;
extern const struct rule rule_cap008;

/* facts.c: what the file says about tokens, on stdout. */
void print_holders(struct token *list);
void print_facts_of(struct symbol *symbol);
void print_fact(const char *fact, const char *subject, const char *object, const char *kind,
                struct position pos);
