(* SPDX-License-Identifier: MIT

   A plug-in of Frama-C that writes the contracts of token flow into the program that WP is about to
   read: from the prototypes, the table of kinds (the predicates genuine_KIND of the header that
   caps/tools/make-acsl writes) and the facts of the project (-flow-facts FILE). Decision 10 in
   docs/decisions says what it writes and why that is enough.

   The facts, one a line:
     carrier TAG          a struct that holds tokens
     held KIND            a kind that some carrier of the project holds
     fills FUNCTION WHAT  fills the carrier WHAT: a parameter, or a variable of the file's
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
let runs_before f variable = has_fact ["before"; f.vname; variable.vname]
let is_trusted field = has_fact ["trust"; field.fcomp.cname; field.fname]

(* ---- tokens in types ---- *)

let genuine kind =
  match Logic_env.find_all_logic_functions ("genuine_" ^ kind) with
  | [info] -> Some info
  | _ -> None

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

(* What held a genuine token at the label holds one now: at one address, flow_cell, of which nothing
   is known. What is proved of it holds of every address, by generalisation. *)
let frame_of_cell, frame_of_all =
  let pointer_type = Ctype (TPtr (float_type, [])) in
  let stays label pointer info =
    let at = model_at (TMem pointer, TNoOffset) (info, TNoOffset) in
    Logic_const.pimplies (Logic_const.pat (at, label), at) in
  let of_cell label info =
    match Logic_env.find_all_logic_functions "flow_cell" with
    | [cell] -> stays label (Logic_const.term (Tapp (cell, [], [])) pointer_type) info
    | _ -> Self.abort "the header of the kinds has no flow_cell" in
  let of_all label info =
    let pointer = Cil_const.make_logic_var_quant "a" pointer_type in
    Logic_const.pforall ([pointer], stays label (Logic_const.tvar pointer) info) in
  let for_held make label =
    List.map (make label) (List.filter_map genuine (held_kinds ())) in
  for_held of_cell, for_held of_all

(* Whether some function of the file reaches a carrier through a pointer, and so needs the frame
   said of all addresses. *)
let reaches_carriers = ref false

let named predicate = {predicate with pred_name = [name_of_goals]}
let goal ?(kind = Assert) predicate = Logic_const.new_predicate ~kind (named predicate)

(* ---- contracts, from a prototype ---- *)

let globals = ref []

(* With several kinds in carriers, a function that may store one promises of the others only what
   it can name: that the address of one is never that of another is more than WP can see. *)
let promises_frame f formals =
  List.length (held_kinds ()) < 2
  || not (List.exists (fun vi -> points_to_tokens vi.vtype && may_write vi.vtype) formals
          || List.exists (fun g -> fills f g.vname) !globals)

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
  b.b_requires <- b.b_requires @ List.map goal (requirements f formals);
  if not said then
    b.b_post_cond <- b.b_post_cond @ List.map (fun p -> Normal, goal p) (result_promises result);
  let promise ?kind p = Normal, goal ?kind p in
  let frames =
    if not (promises_frame f formals) then []
    else List.map (promise ~kind:Assert) (frame_of_cell Logic_const.old_label)
         @ (if !reaches_carriers
            then List.map (promise ~kind:Admit) (frame_of_all Logic_const.old_label) else []) in
  b.b_post_cond <-
    b.b_post_cond @ List.map (promise ~kind:Assert) (promises f formals) @ frames

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

let statement kind predicate =
  let annotation = Logic_const.new_code_annotation
      (AAssert ([], Logic_const.toplevel_predicate ~kind (named predicate))) in
  Cil.mkStmt (Instr (Code_annot (annotation, loc)))

let invariant ?kind p =
  Logic_const.new_code_annotation
    (AInvariant ([], true, Logic_const.toplevel_predicate ?kind (named p)))

(* What was genuine when the loop began still is. *)
let loop_invariants scope =
  let stays p = Logic_const.pimplies (Logic_const.pat (p, Logic_const.loop_entry_label), p) in
  let of_variable vi =
    List.map stays (genuine_at (of_variable vi) vi.vtype) in
  List.map (invariant ~kind:Assert)
    (List.concat_map of_variable
       (List.filter (fun vi -> is_of_tokens vi.vtype) (scope @ !globals))
     @ frame_of_cell Logic_const.loop_entry_label)
  @ (if !reaches_carriers
     then List.map (invariant ~kind:Admit) (frame_of_all Logic_const.loop_entry_label) else [])

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

(* The carriers that the facts trust, where their addresses are handed to a function that does not
   fill them. *)
let trusted_carriers f arguments =
  let formals = match Cil.unrollType f.vtype with
    | TFun (_, Some formals, _, _) -> List.map (fun (name, _, _) -> name) formals
    | _ -> [] in
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
               List.map
                 (fun (info, inner) ->
                    let host, base = Logic_utils.lval_to_term_lval lval in
                    model_at (host, base) (info, inner))
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

let current = ref None

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
     stmt.skind <- Loop (annotations @ loop_invariants scope, b, l, c, k);
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
      [call_anything ()]
    | _ -> [] in
  let before = match stmt.skind with
    | Instr (Call (_, {enode = Lval (Var f, NoOffset); _}, arguments, _)) ->
      trusted_carriers f arguments
    | _ -> [] in
  let before = List.map (statement Admit) before
               @ (if wrong then [statement Check Logic_const.pfalse] else []) in
  match before with
  | [] -> stmt :: after
  | _ ->
    (* A label stays before all of it. *)
    let head = Cil.mkEmptyStmt () in
    head.labels <- stmt.labels;
    stmt.labels <- [];
    List.iter (fun label -> moved := (stmt, head) :: !moved; ignore label) head.labels;
    head :: before @ stmt :: after

(* ---- the file ---- *)

class used functions = object
  inherit Cil.nopCilVisitor
  method! vvrbl vi =
    if Cil.isFunctionType vi.vtype then functions := Cil_datatype.Varinfo.Set.add vi !functions;
    Cil.SkipChildren
end

let transform file =
  if Facts.get () <> "" then begin
    read_facts (Facts.get ());
    globals := List.filter_map
        (function
          | GVar (vi, _, _) | GVarDecl (vi, _)
            when is_of_tokens vi.vtype && is_carrier vi.vtype && is_filled_by_someone vi -> Some vi
          | _ -> None)
        file.globals
               |> List.sort_uniq Cil_datatype.Varinfo.compare;
    reaches_carriers := List.exists
        (function
          | GFun (fundec, _) ->
            List.exists
              (fun vi -> points_to_tokens vi.vtype || (vi.vaddrof && is_of_tokens vi.vtype))
              (fundec.sformals @ fundec.slocals)
          | _ -> false)
        file.globals;
    let proved = ref [] in
    List.iter
      (function
        | GFun (fundec, _) ->
          proved := fundec.svar.vname :: !proved;
          current := Some fundec;
          transform_block fundec.sformals fundec.sbody;
          ignore (Cil.visitCilFunction (new gotos) fundec)
        | GVar (vi, {init = Some init}, l) ->
          if has_wrong_cast (fun v -> ignore (Cil.visitCilInit v vi NoOffset init)) then
            Self.abort ~source:(fst l) "a wrong cast in an initialiser"
        | _ -> ())
      file.globals;
    let functions = ref Cil_datatype.Varinfo.Set.empty in
    List.iter
      (function
        | GFun (fundec, _) ->
          ignore (Cil.visitCilFunction (new used functions) fundec)
        | GVar (vi, {init = Some init}, _) ->
          ignore (Cil.visitCilInit (new used functions) vi NoOffset init)
        | _ -> ())
      file.globals;
    let defined = List.filter_map
        (function GFun (fundec, _) -> Some fundec.svar | _ -> None) file.globals in
    let is_defined vi = List.exists (Cil_datatype.Varinfo.equal vi) defined in
    let seen = ref [] in
    file.globals <- List.map
        (function
          | GFunDecl (spec, f, l)
            when Cil_datatype.Varinfo.Set.mem f !functions && not (is_defined f)
              && not (List.memq f !seen) ->
            seen := f :: !seen;
            let formals = try Some (Cil.getFormalsDecl f) with Not_found -> None in
            let fundec = make_body f f.vtype in
            (* The contract that the header gives names the declaration's parameters. *)
            Option.iter (fun formals ->
                Cil.setFormals fundec formals) formals;
            fundec.sspec <- spec;
            add_contract f fundec.sformals spec;
            GFun (fundec, l)
          | GFun (fundec, l) ->
            add_contract fundec.svar fundec.sformals fundec.sspec;
            GFun (fundec, l)
          | other -> other)
        file.globals;
    List.iter
      (fun fundec -> add_contract fundec.svar fundec.sformals fundec.sspec) !stand_ins;
    (* A stand-in's type may name any type of the file, and its callers are behind it. *)
    let is_type = function
      | GType _ | GCompTag _ | GCompTagDecl _ | GEnumTag _ | GEnumTagDecl _ | GVarDecl _
      | GAnnot _ -> true
      | _ -> false in
    let first, rest = List.partition is_type file.globals in
    file.globals <- first @ List.map (fun f -> GFun (f, loc)) !stand_ins @ rest;
    Self.result "proves %s" (String.concat "," (List.rev !proved));
    Dynamic.Parameter.String.set "-wp-fct" (String.concat "," !proved)
  end

let () =
  File.add_code_transformation_before_cleanup
    (File.register_code_transformation_category "flow") transform
