# SPDX-License-Identifier: MIT
"""The capability graph as a picture: laid out by graphviz, coloured by kind of token.

Nodes and edges have classes, so that a page may colour them anew in its dark form.
"""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from html import escape
from pathlib import Path

from aramid_check.unable import Unable, need

from .graph import folder_of

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
SECONDS = 120  # a hang detector, not a performance target

# Colours of kinds, told apart by most eyes (after Okabe and Ito, darkened for lines on white).
COLOURS = ("#0067a5", "#b3490a", "#00735c", "#8e4585", "#7a6200", "#b02a4c", "#3d5a80", "#4b6b12")
MOST_FUNCTIONS = 9  # rows of one box; the rest is counted
MOST_FILES = 150    # boxes of files; with more, a box is a folder

_FONT = "Helvetica,Arial,sans-serif"
_INK, _FAINT, _ALARM, _PAPER, _ROOM = "#1f2430", "#5b6270", "#ab2330", "#ffffff", "#f4f5f7"

# How a token gets from one box to the next; the words are the legend's.
_VERBS = {
    "mint": ("bold", "makes or weakens a token"),
    "steal": ("bold", "mints in a file that may not"),
    "fill": ("solid", "puts a token into a struct"),
    "read": ("solid", "takes a token out of a struct"),
    "give": ("solid", "returns a token"),
    "show": ("solid", "shows a token to a function that needs it"),
    "hand": ("dashed", "is handed the struct, and takes no token out"),
}


def need_tools():
    """The path of graphviz's program; Unable without it."""
    return need("dot", "graphviz")


def colour_of(kind, graph):
    """The place of a kind in COLOURS."""
    return sorted(graph.kinds).index(kind) % len(COLOURS)


def _plain(text):
    """What XML may hold: a file's name may have bytes that are no text."""
    return re.sub("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def _quote(text):
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Markup(str):
    """Text in graphviz's own markup, made here; all other text is quoted."""


def _attributes(**words):
    return "[" + ", ".join(
        f"{name}={value if isinstance(value, _Markup) else _quote(value)}"
        for name, value in words.items()) + "]"


def _cell(text, **font):
    words = " ".join(f'{name}="{value}"' for name, value in font.items())
    return f'<tr><td align="left"><font {words}>{escape(_plain(text))}</font></td></tr>'


class _Box:
    """A file with the functions that have to do with tokens, or a struct with its fields."""

    def __init__(self):
        self.privileged, self.others, self.fields = set(), set(), {}

    def rows(self):
        """The lines of the box below its title."""
        rows = [_cell(f"\u25cf {name}()", color=_INK) for name in sorted(self.privileged)]
        rows += [_cell(f"\u2002{name}()", color=_FAINT)
                 for name in sorted(self.others - self.privileged)]
        if len(rows) > MOST_FUNCTIONS:
            rows = rows[:MOST_FUNCTIONS - 1] + [
                _cell(f"\u2002and {len(rows) - MOST_FUNCTIONS + 1} more", color=_FAINT)]
        return rows + [_cell(f"{field}: {kind}", color=_INK)
                       for field, kind in sorted(self.fields.items())]


class _Picture:
    """Boxes in rooms, and what goes from one box to another."""

    def __init__(self, graph, others=()):
        self._graph, self._others = graph, others
        self._files, self._structs = defaultdict(_Box), defaultdict(_Box)
        self._lines = defaultdict(set)  # (from, to, kind, verb): who does it
        files = {function.file for function in graph.functions()}
        self._box_of = folder_of if len(files) > MOST_FILES else str
        self._collect()

    def _home(self, function):
        """The box that a function is in: one of its own when no checked file defines it."""
        return self._box_of(function.file) if function.file else function.name.lstrip("*")

    def _file(self, function):
        home = self._home(function)
        self._files[home].others.add(function.name.lstrip("*"))
        return home

    def _line(self, start, end, kind, verb, who):
        # What stays within one box is no line.
        if start != end:
            self._lines[start, end, kind, verb].add(who)

    def _collect(self):
        graph = self._graph
        for function, kind in graph.takes:
            self._files[self._home(function)].privileged.add(function.name)
        for (function, kind), _ in graph.made.items():
            verb = "steal" if function in graph.unlisted else "mint"
            self._line(f"kind {kind}", self._file(function), kind, verb, str(function))
        for caller, callee, kind, _ in graph.shows:
            self._line(self._file(caller), self._file(callee), kind, "show",
                       f"{caller} to {callee}")
        for giver, taker, kind in graph.gives:
            self._line(self._file(giver), self._file(taker), kind, "give", f"{giver} to {taker}")
        for name, carrier in graph.carriers.items():
            struct = f"struct {name}"
            self._structs[struct].fields = carrier.fields
            for kind, users in carrier.filled.items():
                for function, _ in users:
                    self._line(self._file(function), struct, kind, "fill", str(function))
            for kind, users in carrier.read.items():
                for function, _ in users:
                    self._line(struct, self._file(function), kind, "read", str(function))
            self._collect_handed(struct, carrier)
        for source, to in graph.edges:
            self._line(f"kind {source}", f"kind {to}", to, "mint", "may be weakened")

    def _collect_handed(self, struct, carrier):
        for kind, users in carrier.handed.items():
            using = {self._home(function)
                     for function, _ in (*carrier.read[kind], *carrier.filled[kind])}
            for function, _ in users:
                if self._home(function) not in using:
                    self._line(struct, self._file(function), kind, "hand", str(function))

    def _node(self, name, title, box, classes, border):
        head = f'<tr><td align="left"><b>{escape(_plain(title))}</b></td></tr>'
        label = _Markup('<<table border="0" cellborder="0" cellspacing="1" cellpadding="1">'
                        f'{head}{"".join(box.rows())}</table>>')
        return f"{_quote(name)} " + _attributes(
            label=label, shape="box", style=border, fillcolor=_PAPER, color=_FAINT, tooltip=name,
            **{"class": classes})

    def _room_names(self, rooms):
        """What each folder is called: outside the current folder, without what all share."""
        outside = [room for room in rooms if os.path.isabs(room)]
        shared = os.path.dirname(os.path.commonpath(outside)) if outside else ""
        return {room: os.path.relpath(room, shared) if os.path.isabs(room) else room
                for room in rooms}

    def _rooms(self):
        rooms = defaultdict(list)
        for name, box in sorted(self._files.items()):
            rooms[folder_of(name)].append(
                self._node(name, Path(name).name or name, box, "file", "filled"))
        for name, box in sorted(self._structs.items()):
            place = self._graph.carriers[name.removeprefix("struct ")].place
            rooms[folder_of(place.file) if place else ""].append(
                self._node(name, name, box, "carrier", "filled,rounded"))
        return rooms

    def _legend(self):
        kinds = "\u2003".join(
            f'<font color="{COLOURS[colour_of(kind, self._graph)]}">\u25a0</font> {escape(kind)}'
            for kind in sorted(self._graph.kinds)) or "nobody has a token of any kind"
        rows = [kinds]
        if self._others:
            rows.append("nobody has a token of: " + escape(", ".join(self._others)))
        square = "a file" if self._box_of is str else "a folder"
        rows.append(f"round: a struct that holds tokens\u2003square: {square}\u2003"
                    "\u25cf a function that asks for a token")
        rows.append("thick line: makes or weakens a token (\u201cand may not\u201d: in a file that "
                    "the policy does not list)")
        rows.append("line: puts it into a struct, takes it out, shows or returns it\u2003"
                    "dashed: is handed the struct, and takes nothing out")
        cells = "".join(f'<tr><td align="left">{row}</td></tr>' for row in rows)
        return f'<<table border="0" cellspacing="0" cellpadding="2">{cells}</table>>'

    def dot(self):
        """The description that graphviz lays out."""
        lines = ["digraph capabilities {",
                 f'graph [rankdir=LR, fontname="{_FONT}", fontsize=10, bgcolor="{_PAPER}", pad=0.2,'
                 f' ranksep=0.6, nodesep=0.18, newrank=true, labelloc=b, labeljust=l,'
                 f' tooltip="capability graph", label={self._legend()}]',
                 f'node [fontname="{_FONT}", fontsize=10, fontcolor="{_INK}", margin="0.06,0.03"]',
                 f'edge [arrowsize=0.7, fontname="{_FONT}", fontsize=9, fontcolor="{_ALARM}"]']
        for kind in sorted(self._graph.kinds):
            number = colour_of(kind, self._graph)
            lines.append(f"{_quote(f'kind {kind}')} " + _attributes(
                label=kind, shape="cds", style="filled", fillcolor=COLOURS[number],
                color=COLOURS[number], fontcolor="#ffffff", margin="0.15,0.08",
                tooltip=f"tokens of {kind}", **{"class": f"kind kind{number}"}))
        rooms = self._rooms()
        names = self._room_names(rooms)
        for number, (room, nodes) in enumerate(sorted(rooms.items())):
            if room not in ("", "."):
                nodes = [f"subgraph cluster_{number} {{", "graph " + _attributes(
                    label=names[room], style="filled,rounded", color=_ROOM, fillcolor=_ROOM,
                    fontcolor=_FAINT, fontsize="10", labeljust="l", labelloc="t", tooltip=room,
                    **{"class": "room"}), *nodes, "}"]
            lines += nodes
        for (start, end, kind, verb), who in sorted(self._lines.items()):
            number = colour_of(kind, self._graph)
            words = ", ".join(sorted(who)[:MOST_FUNCTIONS])
            if len(who) > MOST_FUNCTIONS:
                words += f" and {len(who) - MOST_FUNCTIONS} more"
            lines.append(f"{_quote(start)} -> {_quote(end)} " + _attributes(
                color=COLOURS[number], style=_VERBS[verb][0],
                **({"label": "and may not"} if verb == "steal" else {}),
                tooltip=f"{_VERBS[verb][1]}: {words}",
                **{"class": f"{verb} kind{number}"}))
        return "\n".join([*lines, "}\n"])


def lay_out(graph, others=()):
    """The picture as an element tree of SVG, its names without their space.

    OTHERS are kinds that the policy names and nobody has.
    """
    text = _Picture(graph, others).dot()
    try:
        done = subprocess.run([need_tools(), "-Tsvg"], input=text, text=True, check=False,
                              timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired as error:
        raise Unable(f"graphviz laid out no graph within {SECONDS} s") from error
    if done.returncode:
        raise Unable(f"graphviz: {(done.stderr.strip() or 'no reason').splitlines()[0]}")
    picture = ElementTree.fromstring(done.stdout)
    for element in picture.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        words = element.attrib.pop(f"{{{XLINK}}}title", None)
        # Graphviz writes what a pointer shows as an anchor that leads nowhere.
        if element.tag == "a":
            element.tag = "g"
            title = ElementTree.Element("title")
            title.text = words
            element.insert(0, title)
    return picture


def write_picture(path, picture):
    """Writes the SVG file; Unable when it cannot."""
    alone = ElementTree.Element("svg", {**picture.attrib, "xmlns": SVG})
    alone.extend(picture)
    try:
        ElementTree.ElementTree(alone).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error
