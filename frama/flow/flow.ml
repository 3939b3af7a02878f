(* SPDX-License-Identifier: MIT

   A plug-in of Frama-C that writes the contracts of token flow into the program that WP is about to
   read: from the prototypes, the table of kinds (the predicates genuine_KIND of the header that
   caps/tools/make-acsl writes) and the facts of the project (-flow-facts FILE). Decision 10 in
   docs/decisions says what it writes and why that is enough.

   The facts, one a line:
     carrier TAG          a struct that holds tokens
     held KIND            a kind that some carrier of the project holds
     fills FUNCTION WHAT  fills the carrier WHAT: a parameter, or a variable of the file's
     validates FUNCTION   validates the tokens that it is shown before it does anything
     before FUNCTION VARIABLE  may run before the variable is filled
     trust TAG FIELD      the carrier FIELD of each struct TAG is filled before somebody uses it *)
open Cil_types

module Self = Plugin.Register (struct
  let name = "flow"
  let shortname = "flow"
  let help = "contracts of token flow, made from prototypes"
end)

module Facts = Self.Empty_string (struct
  let option_name = "-flow-facts"
  let arg_name = "FILE"
  let help = "what the project says of its carriers"
end)

let name_of_goals = "flow"

(* ---- the project's facts ---- *)

let facts = ref []

let read_facts path =
  let channel = open_in path in
  let rec lines acc =
    match input_line channel with
    | line -> lines (String.split_on_char ' ' line :: acc)
    | exception End_of_file -> close_in channel; List.rev acc in
  facts := lines []

let has_fact words = List.mem words !facts
let is_listed comp = comp.cstruct && has_fact ["carrier"; comp.cname]
let held_kinds () =
  List.filter_map (function ["held"; kind] -> Some kind | _ -> None) !facts
let fills f what = has_fact ["fills"; f.vname; what]
let is_filled_by_someone vi =
  List.exists (function ["fills"; _; what] -> what = vi.vname | _ -> false) !facts
let validates f = has_fact ["validates"; f.vname]
let runs_before f variable = has_fact ["before"; f.vname; variable.vname]
let is_trusted field = has_fact ["trust"; field.fcomp.cname; field.fname]

(* ---- tokens in types ---- *)

let of_kind what kind =
  match Logic_env.find_all_logic_functions (what ^ "_" ^ kind) with
  | [info] -> Some info
  | _ -> None

let genuine = of_kind "genuine"

let prefix = "cap_"

(* The kind of a token's type. *)
let kind_of typ =
  match Cil.unrollType typ with
  | TComp ({cname; cfields = Some [model]; _}, _)
    when String.length cname > 4 && String.sub cname 0 4 = prefix ->
    let kind = String.sub cname 4 (String.length cname - 4) in
    Option.map (fun info -> kind, info, model) (genuine kind)
  | _ -> None

let fields comp = Option.value comp.cfields ~default:[]

(* Each token in a value of the type: its predicate, and the offset of its model. *)
let rec tokens typ =
  match kind_of typ with
  | Some (_, info, model) -> [info, TField (model, TNoOffset)]
  | None ->
    match Cil.unrollType typ with
    | TComp (comp, _) when comp.cstruct ->
      List.concat_map
        (fun field ->
           List.map (fun (info, offset) -> info, TField (field, offset)) (tokens field.ftype))
        (fields comp)
    | _ -> []

let rec mentions_token typ =
  match Cil.unrollType typ with
  | TArray (element, _, _) -> mentions_token element
  | TComp (comp, _) when kind_of typ = None ->
    List.exists (fun field -> mentions_token field.ftype) (fields comp)
  | _ -> kind_of typ <> None

let is_carrier typ =
  match Cil.unrollType typ with
  | TComp (comp, _) -> is_listed comp
  | _ -> false

(* A token, or a listed carrier: what a proof may take for genuine. *)
let is_of_tokens typ = kind_of typ <> None || is_carrier typ

let pointed typ =
  match Cil.unrollType typ with
  | TPtr (target, _) -> Some target
  | _ -> None

let points_to_tokens typ =
  match pointed typ with
  | Some target -> is_of_tokens target
  | None -> false

let may_write typ =
  match pointed typ with
  | Some target -> not (Cil.typeHasQualifier "const" target)
  | None -> false

(* ---- predicates ---- *)

let loc = Cil_datatype.Location.unknown
let float_type = TFloat (FFloat, [])

let model_at (host, base) (info, offset) =
  let lval = host, Logic_const.addTermOffset offset base in
  Logic_const.papp (info, [], [Logic_const.term (TLval lval) (Ctype float_type)])

let genuine_at place typ = List.map (model_at place) (tokens typ)
let of_variable vi = TVar (Cil.cvar_to_lvar vi), TNoOffset
let variable_term vi = Logic_const.tvar (Cil.cvar_to_lvar vi)
let old_term vi = Logic_const.tat (variable_term vi, Logic_const.old_label)

(* That each token among the variables was validated. *)
let validated variables =
  List.concat_map
    (fun vi ->
       match kind_of vi.vtype with
       | Some (kind, _, model) ->
         List.map (fun info -> model_at (of_variable vi) (info, TField (model, TNoOffset)))
           (Option.to_list (of_kind "validated" kind))
       | None -> [])
    variables

(* What held a genuine token at the label holds one now: at one address, flow_cell, of which nothing
   is known. What is proved of it holds of every address, by generalisation. *)
let frame_of_cell label =
  let of_kind info =
    match Logic_env.find_all_logic_functions "flow_cell" with
    | [cell] ->
      let pointer = Logic_const.term (Tapp (cell, [], [])) (Ctype (TPtr (float_type, []))) in
      let now = model_at (TMem pointer, TNoOffset) (info, TNoOffset) in
      Logic_const.pimplies (Logic_const.pat (now, label), now)
    | _ -> Self.abort "the header of the kinds has no flow_cell" in
  (* One predicate is behind those of all kinds (caps/tools/make-acsl). *)
  match List.filter_map genuine (held_kinds ()) with
  | any :: _ -> [of_kind any]
  | [] -> []

(* The same of the tokens that a pointer led to at the label. *)
let frame_of_handle label handle =
  let pointer = Logic_utils.expr_to_term ~coerce:false handle in
  let then_ = TMem (Logic_const.tat (pointer, label)), TNoOffset in
  let stays token =
    let was = model_at (TMem pointer, TNoOffset) token in
    Logic_const.pimplies (Logic_const.pat (was, label), model_at then_ token) in
  List.map stays (tokens (Option.get (pointed (Cil.typeOf handle))))

let named ?rule predicate =
  {predicate with pred_name = name_of_goals :: Option.to_list rule}

(* What is believed, by the rule that it follows: the project's list of beliefs has each. *)
let frame_rule = "frame"
let trust_rule field = Printf.sprintf "trust %s %s" field.fcomp.cname field.fname

(* All of them as one goal, since goals of one place share most of their cost; none when there is
   nothing to say. *)
let goals predicates =
  if predicates = [] then []
  else [Logic_const.new_predicate (named (Logic_const.pands predicates))]

(* ---- contracts, from a prototype ---- *)

let globals = ref []

let requirements f formals =
  let of_formal vi =
    if is_of_tokens vi.vtype then genuine_at (of_variable vi) vi.vtype
    else match pointed vi.vtype with
      | Some target when is_of_tokens target && not (fills f vi.vname) ->
        genuine_at (TMem (variable_term vi), TNoOffset) target
      | _ -> [] in
  let of_global vi =
    if runs_before f vi || fills f vi.vname then []
    else genuine_at (of_variable vi) vi.vtype in
  List.concat_map of_formal formals @ List.concat_map of_global !globals

let result_promises result =
  let term = Logic_const.tresult result in
  if is_of_tokens result then genuine_at (TResult result, TNoOffset) result
  else if points_to_tokens result then
    let null = Logic_const.term Tnull term.term_type in
    List.map
      (fun p -> Logic_const.pimplies (Logic_const.prel (Rneq, term, null), p))
      (genuine_at (TMem term, TNoOffset) (Option.get (pointed result)))
  else []

let promises f formals =
  let of_formal vi =
    match pointed vi.vtype with
    | Some target when is_of_tokens target ->
      genuine_at (TMem (old_term vi), TNoOffset) target
    | _ -> [] in
  let of_global vi =
    let now = genuine_at (of_variable vi) vi.vtype in
    if runs_before f vi && not (fills f vi.vname)
    then List.map (fun p -> Logic_const.pimplies (Logic_const.pold p, p)) now
    else now in
  List.concat_map of_formal formals
  @ List.concat_map of_global !globals
  @ (if validates f then validated formals else [])

let behavior spec =
  match List.find_opt (fun b -> b.b_name = Cil.default_behavior_name) spec.spec_behavior with
  | Some found -> found
  | None ->
    let made = Cil.mk_behavior () in
    spec.spec_behavior <- made :: spec.spec_behavior;
    made

let is_of_flow predicate =
  List.mem name_of_goals predicate.ip_content.tp_statement.pred_name

let add_contract f formals spec =
  let result = Cil.getReturnType f.vtype in
  let b = behavior spec in
  (* What the header of the kinds says of a mint is not said twice. *)
  let said = List.exists (fun (_, p) -> is_of_flow p) b.b_post_cond in
  let of_result = if said then [] else result_promises result in
  let frame = frame_of_cell Logic_const.old_label in
  b.b_requires <- b.b_requires @ goals (requirements f formals);
  b.b_post_cond <-
    b.b_post_cond
    @ List.map (fun p -> Normal, p) (goals (of_result @ promises f formals @ frame))

(* ---- bodies ---- *)

(* A function without a body gets one that is never proved: what it assigns is then everything,
   where Frama-C would guess from the prototype. *)
let make_body f typ =
  let fundec = Cil.emptyFunction f.vname in
  fundec.svar <- f;
  Cil.setFunctionTypeMakeFormals fundec typ;
  let result = Cil.getReturnType typ in
  let value =
    if Cil.isVoidType result then None
    else Some (Cil.evar (Cil.makeLocalVar fundec "unknown" result)) in
  fundec.sbody.bstmts <- [Cil.mkStmt (Return (value, loc))];
  f.vdefined <- true;
  fundec

let stand_ins = ref []
let stand_in_for typ = 
  let name = Printf.sprintf "flow_pointer_%d" (List.length !stand_ins) in
  let f = Cil.makeGlobalVar name typ in
  let fundec = make_body f typ in
  stand_ins := fundec :: !stand_ins;
  f

let anything = ref None
let call_anything () =
  let f = match !anything with
    | Some f -> f
    | None ->
      let f = stand_in_for (TFun (TVoid [], Some [], false, [])) in
      anything := Some f; f in
  Cil.mkStmt (Instr (Call (None, Cil.evar f, [], loc)))

let statement ?rule kind predicate =
  let annotation = Logic_const.new_code_annotation
      (AAssert ([], Logic_const.toplevel_predicate ~kind (named ?rule predicate))) in
  Cil.mkStmt (Instr (Code_annot (annotation, loc)))

(* ---- handles: the pointers by which a function reaches carriers ---- *)

(* The address of the token or carrier that the value lies in, if it is reached by a pointer. *)
let handle_of_lval (host, offset) =
  let rec cut typ made rest =
    if is_of_tokens typ then Some made
    else match rest with
      | Field (field, rest) ->
        cut field.ftype (Cil.addOffset (Field (field, NoOffset)) made) rest
      | Index (index, rest) ->
        cut (Cil.typeOf_array_elem typ) (Cil.addOffset (Index (index, NoOffset)) made) rest
      | NoOffset -> None in
  match host with
  | Mem pointer ->
    (match cut (Cil.typeOfLval (host, NoOffset)) NoOffset offset with
     | Some NoOffset -> Some pointer
     | Some made -> Some (Cil.mkAddrOf ~loc (host, made))
     | None -> None)
  | Var vi when vi.vaddrof ->
    Option.map (fun made -> Cil.mkAddrOf ~loc (host, made)) (cut vi.vtype NoOffset offset)
  | Var _ -> None

class handles found = object
  inherit Cil.nopCilVisitor
  method! vlval lval =
    Option.iter (fun e -> found := e :: !found) (handle_of_lval lval);
    Cil.DoChildren
end

let handles_of fundec =
  let found = ref
      (List.filter_map
         (fun vi -> if points_to_tokens vi.vtype then Some (Cil.evar vi) else None)
         (fundec.sformals @ fundec.slocals)) in
  ignore (Cil.visitCilFunction (new handles found :> Cil.cilVisitor) fundec);
  List.sort_uniq Cil_datatype.ExpStructEq.compare !found

let all_handles = ref []

(* Those that can be spoken of where these variables are in scope. *)
let handles_in scope =
  let is_known vi = vi.vglob || List.memq vi scope in
  List.filter
    (fun handle -> Cil_datatype.Varinfo.Set.for_all is_known (Cil.extract_varinfos_from_exp handle))
    !all_handles

let invariant ?rule where kind p =
  let p = {(named ?rule p) with pred_loc = where} in
  Logic_const.new_code_annotation (AInvariant ([], true, Logic_const.toplevel_predicate ~kind p))

class assigned variables = object
  inherit Cil.nopCilVisitor
  method! vinst instr =
    (match instr with
     | Set ((Var vi, NoOffset), _, _) | Call (Some (Var vi, NoOffset), _, _, _)
     | Local_init (vi, _, _) -> variables := vi :: !variables
     | _ -> ());
    Cil.SkipChildren
end

(* What was genuine when the loop began still is, and pointers to carriers that the loop does not set
   are the same. *)
let loop_invariants scope body where =
  let entry = Logic_const.loop_entry_label in
  let set = ref [] in
  ignore (Cil.visitCilBlock (new assigned set :> Cil.cilVisitor) body);
  let of_variable vi =
    if is_of_tokens vi.vtype then
      List.map (fun p -> Logic_const.pimplies (Logic_const.pat (p, entry), p))
        (genuine_at (of_variable vi) vi.vtype)
    else if points_to_tokens vi.vtype && not (vi.vaddrof || List.memq vi !set) then
      let now = variable_term vi in
      [Logic_const.prel (Req, now, Logic_const.tat (now, entry))]
    else [] in
  let proved = List.concat_map of_variable (scope @ !globals) @ frame_of_cell entry in
  let admitted = List.concat_map (frame_of_handle entry) (handles_in scope) in
  let one ?rule kind = function
    | [] -> []
    | ps -> [invariant ?rule where kind (Logic_const.pands ps)] in
  one Assert proved @ one ~rule:frame_rule Admit admitted

let refuse here what =
  Self.result ~source:(fst here) "%s" what

(* A pointer to a token or a carrier that becomes a pointer to something else: bytes that WP would
   not connect with the token. And a function that loses its token on the way to a pointer. *)
class casts found = object (self)
  inherit Cil.nopCilVisitor
  method! vexpr e =
    (match e.enode with
     | CastE (target, inner) ->
       let from = Cil.typeOf inner in
       let differs a b = not (Cil_datatype.TypNoAttrs.equal (Cil.unrollTypeDeep a)
                                (Cil.unrollTypeDeep b)) in
       let takes_tokens typ =
         match pointed typ with
         | Some f ->
           (match Cil.unrollType f with
            | TFun (_, Some formals, _, _) ->
              List.exists (fun (_, t, _) -> is_of_tokens t || points_to_tokens t) formals
            | _ -> false)
         | None -> false in
       let bare typ = Option.map (fun t -> Cil.type_remove_qualifier_attributes_deep t)
           (pointed typ) in
       (match bare from, bare target with
        | Some a, Some b
          when (points_to_tokens from || takes_tokens from || takes_tokens target)
            && not (Cil.isZero inner) && differs a b ->
          refuse e.eloc "error: a pointer to a token, a carrier or a function that takes one \
                         becomes a pointer to something else";
          found := true
        | Some _, None when points_to_tokens from ->
          refuse e.eloc "error: a pointer to a token or a carrier becomes a number";
          found := true
        | _ -> ())
     | BinOp ((Eq | Ne), a, b, _) ->
       (* Pointers are compared as pointers to nothing. *)
       let bare e = match e.enode with CastE (_, inner) -> inner | _ -> e in
       ignore (Cil.visitCilExpr (self :> Cil.cilVisitor) (bare a));
       ignore (Cil.visitCilExpr (self :> Cil.cilVisitor) (bare b))
     | _ -> ());
    match e.enode with
    | BinOp ((Eq | Ne), _, _, _) -> Cil.SkipChildren
    | _ -> Cil.DoChildren
end

let has_wrong_cast visit =
  let found = ref false in
  visit (new casts found :> Cil.cilVisitor);
  !found

(* Statements that a goto named, and what stands in their place. *)
let moved = ref []

class gotos = object
  inherit Cil.nopCilVisitor
  method! vstmt stmt =
    (match stmt.skind with
     | Goto (target, _) ->
       (match List.assq_opt !target !moved with
        | Some head -> target := head
        | None -> ())
     | Switch (e, b, cases, l) ->
       let place stmt = Option.value (List.assq_opt stmt !moved) ~default:stmt in
       stmt.skind <- Switch (e, b, List.map place cases, l)
     | _ -> ());
    Cil.DoChildren
end

let formals_of f =
  match Cil.unrollType f.vtype with
  | TFun (_, formals, _, _) -> formals
  | _ -> None

(* The carriers that the facts trust, where their addresses are handed to a function that does not
   fill them. *)
let trusted_carriers f arguments =
  let formals = List.map (fun (name, _, _) -> name) (Cil.argsToList (formals_of f)) in
  let rec last = function
    | Field (field, NoOffset) -> Some field
    | Field (_, rest) | Index (_, rest) -> last rest
    | NoOffset -> None in
  List.concat
    (List.mapi
       (fun i argument ->
          match argument.enode with
          | AddrOf (_, offset as lval) ->
            (match last offset, List.nth_opt formals i with
             | Some field, formal
               when is_trusted field
                 && not (Option.fold ~none:false ~some:(fills f) formal) ->
               let host, base = Logic_utils.lval_to_term_lval lval in
               List.map
                 (fun token ->
                    statement ~rule:(trust_rule field) Admit (model_at (host, base) token))
                 (tokens field.ftype)
             | _ -> [])
          | _ -> [])
       arguments)

(* The scalars of a struct, as offsets; None where an array or a union is among them. *)
let rec scalars typ =
  match Cil.unrollType typ with
  | TComp (comp, _) when comp.cstruct ->
    List.fold_left
      (fun all field ->
         match all, scalars field.ftype with
         | Some all, Some more when field.fbitfield = None ->
           Some (all @ List.map (fun offset -> Field (field, offset)) more)
         | _ -> None)
      (Some []) (fields comp)
  | TComp _ | TArray _ -> None
  | _ -> Some [NoOffset]

(* The copy of a struct, field by field: WP says little of memory after it stored a whole one. *)
let copy_by_fields target source l =
  match scalars (Cil.typeOfLval target) with
  | Some offsets when offsets <> [NoOffset] ->
    let at lval offset = Cil.addOffsetLval offset lval in
    Some (List.map
            (fun offset ->
               Set (at target offset, Cil.new_exp ~loc:l (Lval (at source offset)), l))
            offsets)
  | _ -> None

let split_copies fundec instr =
  match instr with
  | Set (target, {enode = Lval source; _}, l) -> copy_by_fields target source l
  | Call (Some ((Mem _, _ | Var {vglob = true; _}, _ | Var _, Field _) as target), f, arguments, l)
    when scalars (Cil.typeOfLval target) <> Some [NoOffset] ->
    let result = Cil.makeLocalVar fundec "result" (Cil.typeOfLval target) in
    let source = Var result, NoOffset in
    Option.map (fun sets -> Call (Some source, f, arguments, l) :: sets)
      (copy_by_fields target source l)
  | _ -> None

(* The function that a statement calls by its name, and the arguments. *)
let called stmt =
  match stmt.skind with
  | Instr (Call (_, {enode = Lval (Var f, NoOffset); _}, arguments, _))
  | Instr (Local_init (_, ConsInit (f, arguments, _), _)) -> Some (f, arguments)
  | _ -> None

let labels = ref 0

(* A call, and what its frame says of the carriers that the caller can reach: the callee promises it
   of flow_cell, and so of every address. *)
let framed scope stmt =
  match if called stmt <> None then handles_in scope else [] with
  | [] -> [stmt]
  | handles ->
    let start = Cil.mkEmptyStmt () in
    incr labels;
    start.labels <- [Label (Printf.sprintf "flow_call_%d" !labels, loc, false)];
    let frame = List.concat_map (frame_of_handle (StmtLabel (ref start))) handles in
    [start; stmt; statement ~rule:frame_rule Admit (Logic_const.pands frame)]

let current = ref None

(* What a function that must validate its tokens first may not do before: calls other than the
   library's, and stores that others could see. *)
let is_effect stmt =
  match called stmt with
  | Some (f, _) -> not (String.starts_with ~prefix f.vname)
  | None ->
    match stmt.skind with
    | Instr (Set ((Mem _, _ | Var {vglob = true; _}, _), _, _)) -> true
    | _ -> false

let rec transform_block scope block =
  let scope = block.blocals @ scope in
  block.bstmts <- List.concat_map (transform_stmt scope) (List.concat_map split block.bstmts)

and split stmt =
  match stmt.skind with
  | Instr instr ->
    (match split_copies (Option.get !current) instr with
     | Some (first :: rest) ->
       stmt.skind <- Instr first;
       stmt :: List.map (fun i -> Cil.mkStmt (Instr i)) rest
     | _ -> [stmt])
  | _ -> [stmt]

and transform_stmt scope stmt =
  let own_expressions visitor =
    match stmt.skind with
    | Instr i -> ignore (Cil.visitCilInstr visitor i)
    | Return (Some e, _) | If (e, _, _, _) | Switch (e, _, _, _) ->
      ignore (Cil.visitCilExpr visitor e)
    | _ -> () in
  let wrong = has_wrong_cast own_expressions in
  (match stmt.skind with
   | Block b -> transform_block scope b
   | If (_, a, b, _) -> transform_block scope a; transform_block scope b
   | Switch (_, b, _, _) -> transform_block scope b
   | Loop (annotations, b, l, c, k) ->
     let invariants = loop_invariants scope b (Cil_datatype.Stmt.loc stmt) in
     stmt.skind <- Loop (annotations @ invariants, b, l, c, k);
     transform_block scope b
   | UnspecifiedSequence sequence ->
     let part (stmt, modified, written, read, calls) =
       List.map
         (fun other ->
            if other == stmt then stmt, modified, written, read, calls
            else other, [], [], [], [])
         (List.concat_map (transform_stmt scope) (split stmt)) in
     stmt.skind <- UnspecifiedSequence (List.concat_map part sequence)
   | Instr (Call (result, callee, arguments, l)) ->
     (match callee.enode with
      | Lval (Var _, NoOffset) -> ()
      | _ ->
        let f = stand_in_for (Cil.typeOf callee) in
        stmt.skind <- Instr (Call (result, Cil.evar f, arguments, l)))
   | _ -> ());
  let after = match stmt.skind with
    | Instr (Asm (_, _, Some {asm_clobbers; _}, _)) when List.mem "memory" asm_clobbers ->
      framed scope (call_anything ())
    | _ -> [] in
  let frame_begins, frame = match framed scope stmt with
    | first :: _ :: rest -> [first], rest
    | _ -> [], [] in
  let before = match called stmt with
    | Some (f, arguments) -> trusted_carriers f arguments
    | None -> [] in
  let {svar = f; sformals = formals; _} = Option.get !current in
  let unvalidated = if validates f && is_effect stmt then validated formals else [] in
  let before = before
               @ List.map (statement Check) unvalidated
               @ (if wrong then [statement Check Logic_const.pfalse] else []) @ frame_begins in
  let after = frame @ after in
  match before with
  | [] -> stmt :: after
  | _ ->
    (* A label stays before all of it. *)
    let head = Cil.mkEmptyStmt () in
    head.labels <- stmt.labels;
    stmt.labels <- [];
    List.iter (fun label -> moved := (stmt, head) :: !moved; ignore label) head.labels;
    head :: before @ stmt :: after

(* ---- what is believed ---- *)

(* Each fact that the proofs of the file take without one: found in what is handed to WP, so that
   none is passed over in silence. *)
class beliefs say = object (self)
  inherit Cil.nopCilVisitor
  method private look {tp_kind; tp_statement; _} =
    if tp_kind = Admit then
      match tp_statement.pred_name with
      | [name; rule] when name = name_of_goals -> say ("admit " ^ rule)
      | names -> say ("admit without a name " ^ String.concat ":" names)
  method! vcode_annot annotation =
    (match annotation.annot_content with
     | AAssert (_, p) | AInvariant (_, _, p) -> self#look p
     | _ -> ());
    Cil.SkipChildren
  method! vbehavior b =
    List.iter (fun p -> self#look p.ip_content) b.b_requires;
    List.iter (fun (_, p) -> self#look p.ip_content) b.b_post_cond;
    Cil.DoChildren
  method! vannotation annotation =
    (match annotation with
     | Dlemma (name, _, _, p, _, _) when p.tp_kind = Admit -> say ("axiom " ^ name)
     | _ -> ());
    Cil.DoChildren
  method! vinst instr =
    (match instr with
     | Asm _ -> say "admit assembler"
     | _ -> ());
    Cil.DoChildren
end

(* ---- the file ---- *)

class used functions = object
  inherit Cil.nopCilVisitor
  method! vvrbl vi =
    if Cil.isFunctionType vi.vtype then functions := Cil_datatype.Varinfo.Set.add vi !functions;
    Cil.SkipChildren
end

(* Declared by a header of the C library, which is Frama-C's copy of it. *)
let is_of_c_library f =
  let folder = Filepath.Normalized.to_pretty_string (fst f.vdecl).Filepath.pos_path in
  let inside = Str.regexp ".*/libc/" in
  Str.string_match inside folder 0

let find_globals file =
  globals :=
    List.sort_uniq Cil_datatype.Varinfo.compare
      (List.filter_map
         (function
           | GVar (vi, _, _) | GVarDecl (vi, _)
             when is_of_tokens vi.vtype && is_carrier vi.vtype && is_filled_by_someone vi ->
             Some vi
           | _ -> None)
         file.globals)

(* The names of the functions whose bodies the file has. *)
let transform_bodies file =
  List.filter_map
    (function
      | GFun (fundec, _) ->
        current := Some fundec;
        all_handles := handles_of fundec;
        transform_block fundec.sformals fundec.sbody;
        ignore (Cil.visitCilFunction (new gotos) fundec);
        Some fundec.svar.vname
      | GVar (vi, {init = Some init}, l) ->
        if has_wrong_cast (fun v -> ignore (Cil.visitCilInit v vi NoOffset init)) then
          Self.abort ~source:(fst l) "a wrong cast in an initialiser";
        None
      | _ -> None)
    file.globals

let functions_used file =
  let functions = ref Cil_datatype.Varinfo.Set.empty in
  List.iter
    (function
      | GFun (fundec, _) -> ignore (Cil.visitCilFunction (new used functions) fundec)
      | GVar (vi, {init = Some init}, _) ->
        ignore (Cil.visitCilInit (new used functions) vi NoOffset init)
      | _ -> ())
    file.globals;
  !functions

let add_contracts believe file =
  let used = functions_used file in
  let is_used f = Cil_datatype.Varinfo.Set.mem f used in
  let seen = ref (List.filter_map
                    (function GFun (fundec, _) -> Some fundec.svar | _ -> None) file.globals) in
  let is_seen f = List.exists (Cil_datatype.Varinfo.equal f) !seen in
  file.globals <- List.map
      (function
        | GFunDecl (spec, f, l) when is_used f && not (is_seen f) ->
          seen := f :: !seen;
          let formals = try Some (Cil.getFormalsDecl f) with Not_found -> None in
          let fundec = make_body f f.vtype in
          believe
            (if is_of_c_library f then "admit c-library " ^ f.vname else "function " ^ f.vname);
          (* The contract that the header gives names the declaration's parameters. *)
          Option.iter (fun formals -> Cil.setFormals fundec formals) formals;
          fundec.sspec <- spec;
          add_contract f fundec.sformals spec;
          GFun (fundec, l)
        | GFun (fundec, l) ->
          add_contract fundec.svar fundec.sformals fundec.sspec;
          GFun (fundec, l)
        | other -> other)
      file.globals

let add_stand_ins believe file =
  List.iter (fun fundec -> add_contract fundec.svar fundec.sformals fundec.sspec) !stand_ins;
  (* A stand-in's type may name any type of the file, and its callers are behind it. *)
  let is_type = function
    | GType _ | GCompTag _ | GCompTagDecl _ | GEnumTag _ | GEnumTagDecl _ | GVarDecl _
    | GAnnot _ -> true
    | _ -> false in
  let first, rest = List.partition is_type file.globals in
  file.globals <- first @ List.map (fun f -> GFun (f, loc)) !stand_ins @ rest;
  if !stand_ins <> [] then believe "admit pointers"

let transform file =
  if Facts.get () <> "" then begin
    read_facts (Facts.get ());
    find_globals file;
    let believed = ref [] in
    let believe what = believed := what :: !believed in
    let proved = transform_bodies file in
    add_contracts believe file;
    add_stand_ins believe file;
    Cil.visitCilFileSameGlobals (new beliefs believe :> Cil.cilVisitor) file;
    Self.result "believes %s" (String.concat "," (List.sort_uniq compare !believed));
    Self.result "proves %s" (String.concat "," proved);
    Dynamic.Parameter.String.set "-wp-fct" (String.concat "," proved);
    (* Any pointer may lead to any variable of the file's. *)
    let variable_of = function
      | (GVar (vi, _, _) | GVarDecl (vi, _)) when not (Cil.isFunctionType vi.vtype) -> Some vi.vname
      | _ -> None in
    Dynamic.Parameter.String.set "-wp-alias-vars"
      (String.concat "," (List.filter_map variable_of file.globals))
  end

let () =
  File.add_code_transformation_before_cleanup
    (File.register_code_transformation_category "flow") transform
