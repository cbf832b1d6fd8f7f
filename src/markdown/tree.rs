//! A text as a tree: what its parts are and where each is in the file. Not here: how they are written as HTML or plain text.
//!
//! The nodes of a tree are in one list, each before those inside it and with their number, so that a walk needs no
//! recursion however deeply an author nests. The words of all nodes are in one string ([`Doc::words`](super::Doc::words)).
//!
//! Everything that a reader sees is in a node. What several nodes may share, or other modules ask for by number (headings,
//! links, images, code, blocks `:::name`), is in the lists of the [`Doc`](super::Doc).

use std::ops::Range;

/// A part of a text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The bytes of the file that it was written with.
    span: (u32, u32),
    /// How many nodes are inside it, at any depth.
    inside: u32,
}

impl Node {
    /// The bytes of the file that it was written with.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.0 as usize..self.span.1 as usize
    }

    /// Whether nothing is inside it.
    pub(super) fn is_empty(&self) -> bool {
        self.inside == 0
    }

    /// The places of the nodes inside it, if its own place is `place`.
    pub(crate) fn inside(&self, place: usize) -> Range<usize> {
        place + 1..place + 1 + self.inside as usize
    }

    /// Moves it to `span`.
    pub(crate) fn set_span(&mut self, span: &Range<usize>) {
        self.span = (number(span.start), number(span.end));
    }
}

/// Some of the words of a text, as bytes of the string that holds them all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Words {
    start: u32,
    end: u32,
}

impl Words {
    pub(crate) fn of(self, all: &str) -> &str {
        &all[self.start as usize..self.end as usize]
    }
}

/// What a node is. Numbers are places in the lists of the [`Doc`](super::Doc).
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Kind {
    Paragraph,
    /// `Doc::outline[n]`.
    Heading(u32),
    Quote,
    /// A quotation that begins with `[!NOTE]` or the like.
    Alert(Alert),
    /// With its first number if its items are numbered.
    List(Option<u32>),
    Item,
    Definitions,
    Term,
    Definition,
    Table,
    TableHead,
    TableRow,
    Cell {
        align: Align,
        is_head: bool,
    },
    /// A block of code: `Doc::codes[n]`.
    Code(u32),
    Rule,
    /// A paragraph that is one displayed formula.
    Formula,
    /// `:::name` … `:::`: `Doc::directives[n]`.
    Directive(u32),

    Text(Words),
    InlineCode(Words),
    /// A formula.
    Math(Box<Math>),
    Emphasis,
    Strong,
    Deleted,
    Subscript,
    Superscript,
    /// `Doc::links[n]`.
    Link(u32),
    /// `Doc::images[n]`.
    Image(u32),
    SoftBreak,
    HardBreak,
    /// The reference to note `note` (0-based, in order of first reference), its `nth` mention (0-based).
    NoteReference {
        note: u32,
        nth: u32,
    },
    /// `@fig-spend`, which readers see as the figure's number: `Doc::references[n]`.
    FigureReference(u32),
    /// The box of a task, ticked or not.
    Task(bool),

    /// An element that an author wrote in HTML, with its content.
    Element(Box<Element>),
    /// A tag on its own: where all HTML is allowed, elements need not end where the text around them does.
    StartTag(Box<Element>),
    EndTag(Words),
    /// Source of HTML.
    Html(Words),
    /// What follows begins on a line of its own.
    NewLine,
}

impl Kind {
    /// Whether it goes between paragraphs rather than within one.
    pub(crate) fn is_block(&self) -> bool {
        matches!(
            self,
            Self::Paragraph
                | Self::Heading(_)
                | Self::Quote
                | Self::Alert(_)
                | Self::List(_)
                | Self::Item
                | Self::Definitions
                | Self::Term
                | Self::Definition
                | Self::Table
                | Self::Code(_)
                | Self::Rule
                | Self::Formula
                | Self::Directive(_)
        )
    }
}

/// An element of HTML. Its values are not escaped, and its ids have no prefix yet.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Element {
    pub(crate) name: Box<str>,
    pub(crate) attributes: Vec<(String, String)>,
    /// Whether its end tag is written; that of `<p>` and the like may be omitted.
    pub(crate) has_end: bool,
}

/// A formula.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Math {
    /// Its source.
    pub(crate) tex: Words,
    /// What is published; empty if the source cannot be read.
    pub(crate) mathml: Words,
    /// On its own, not within a line.
    pub(crate) display: bool,
}

/// What kind of remark an alert is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Alert {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

impl Alert {
    const ALL: &[Self] = &[Self::Note, Self::Tip, Self::Important, Self::Warning, Self::Caution];

    /// How it is written: `NOTE`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Note => "NOTE",
            Self::Tip => "TIP",
            Self::Important => "IMPORTANT",
            Self::Warning => "WARNING",
            Self::Caution => "CAUTION",
        }
    }

    /// The kind that is written so.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// How the words of a cell are aligned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Align {
    Default,
    Left,
    Centre,
    Right,
}

/// A step of a walk through a tree: each node is entered, then what is inside it is walked, then it is left.
pub(crate) enum Step<'t> {
    Enter(&'t Node),
    Leave(&'t Node),
}

/// Walks through `nodes` in the order of the text.
pub(crate) fn walk(nodes: &[Node]) -> Walk<'_> {
    Walk { nodes, next: 0, open: Vec::new() }
}

/// See [`walk`].
pub(crate) struct Walk<'t> {
    nodes: &'t [Node],
    next: usize,
    /// The nodes entered and not yet left: their places, and where the nodes inside them end.
    open: Vec<(usize, usize)>,
}

impl<'t> Iterator for Walk<'t> {
    type Item = Step<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((place, _)) = self.open.pop_if(|(_, end)| *end == self.next) {
            return Some(Step::Leave(&self.nodes[place]));
        }
        let node = self.nodes.get(self.next)?;
        self.open.push((self.next, node.inside(self.next).end));
        self.next += 1;
        Some(Step::Enter(node))
    }
}

/// The places of those of `nodes` that are inside no other.
pub(crate) fn outermost(nodes: &[Node]) -> impl Iterator<Item = usize> {
    let next = |place: usize| Some(nodes.get(place)?.inside(place).end).filter(|next| *next < nodes.len());
    std::iter::successors((!nodes.is_empty()).then_some(0), move |place| next(*place))
}

/// A tree that is being read.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) nodes: Vec<Node>,
    pub(super) words: String,
    /// The places of the nodes that have not ended.
    open: Vec<usize>,
    /// Whether the last thing that came was text, to which more may be added.
    is_in_text: bool,
    /// Whether the last thing that came ended its line.
    has_ended_line: bool,
}

impl Builder {
    /// A node begins; `span` is its place as far as known.
    pub(super) fn open(&mut self, kind: Kind, span: Range<usize>) {
        self.open.push(self.nodes.len());
        // What is inside these begins on a line of its own anyway.
        let begins_lines =
            matches!(kind, Kind::Directive(_) | Kind::Quote | Kind::Alert(_) | Kind::List(_) | Kind::Definitions);
        self.leaf(kind, span);
        self.has_ended_line = begins_lines;
    }

    /// The innermost node ends, at byte `end` of the file at the latest.
    pub(super) fn close(&mut self, end: usize) {
        let Some(place) = self.open.pop() else { return };
        let inside = self.nodes.len() - place - 1;
        let node = &mut self.nodes[place];
        node.inside = number(inside);
        node.span.1 = node.span.1.max(number(end));
        self.is_in_text = false;
        self.has_ended_line = node.kind.is_block();
    }

    /// The innermost node, an element, ends; `is_written` if its end tag is written.
    pub(super) fn close_element(&mut self, end: usize, is_written: bool) {
        if let Some(Kind::Element(element)) = self.open.last().map(|place| &mut self.nodes[*place].kind) {
            element.has_end = is_written;
        }
        self.close(end);
    }

    /// The innermost node turns out to be a formula.
    pub(super) fn become_formula(&mut self) {
        if let Some(place) = self.open.last() {
            self.nodes[*place].kind = Kind::Formula;
        }
    }

    /// A node with nothing inside it.
    pub(super) fn leaf(&mut self, kind: Kind, span: Range<usize>) {
        self.has_ended_line = kind.is_block();
        self.nodes.push(Node { kind, span: (number(span.start), number(span.end)), inside: 0 });
        self.is_in_text = false;
    }

    /// A mark at the beginning of the node that is open, which the parser counts as before it.
    pub(super) fn mark(&mut self, kind: Kind, span: Range<usize>) {
        if let Some(around) = self.open.last() {
            let start = &mut self.nodes[*around].span.0;
            *start = (*start).min(number(span.start));
        }
        self.leaf(kind, span);
    }

    /// Text, which continues what came before it if that was text.
    pub(super) fn text(&mut self, text: &str, span: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let words = self.add(text);
        if let (true, Some(Node { kind: Kind::Text(before), span: place, .. })) =
            (self.is_in_text, self.nodes.last_mut())
        {
            before.end = words.end;
            place.1 = place.1.max(number(span.end));
            return;
        }
        self.leaf(Kind::Text(words), span);
        self.is_in_text = true;
    }

    /// Stores some words for a node.
    pub(super) fn add(&mut self, text: &str) -> Words {
        let start = number(self.words.len());
        self.words.push_str(text);
        Words { start, end: number(self.words.len()) }
    }

    /// What follows begins on a line of its own.
    pub(super) fn new_line(&mut self, at: usize) {
        if !self.nodes.is_empty() && !self.has_ended_line {
            self.leaf(Kind::NewLine, at..at);
            self.has_ended_line = true;
        }
    }

    /// How many nodes there are: the place of the next one.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Removes and returns the nodes from the place `first` on; open nodes are before it.
    pub(super) fn split_off(&mut self, first: usize) -> Vec<Node> {
        (self.is_in_text, self.has_ended_line) = (false, true);
        self.nodes.split_off(first)
    }
}

/// A place as a node stores it: no text is long enough to exceed that.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
