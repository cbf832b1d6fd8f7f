//! HTML as people write it → a tree, as a browser would make it: `html5ever` knows the rules, and this holds the nodes in one row.
//!
//! Nodes name each other by number, so a tree of any depth can be dropped and walked without recursion.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns};

/// A parsed fragment. Node 0 is its root.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

/// A node and those in it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) children: Vec<usize>,
    pub(crate) parent: Option<usize>,
}

/// What a node is.
#[derive(Debug, Default)]
pub(crate) enum Kind {
    #[default]
    Root,
    Element {
        name: String,
        /// Names in small letters.
        attributes: Vec<(String, String)>,
    },
    Text(String),
    Comment,
}

impl Tree {
    /// Parses a fragment, as it stands in the body of a page.
    pub(crate) fn parse(html: &str) -> Self {
        let context = QualName::new(None, ns!(html), local_name!("body"));
        let parser = html5ever::parse_fragment(Sink::default(), ParseOpts::default(), context, Vec::new(), false);
        parser.one(StrTendril::from(html))
    }

    pub(crate) fn node(&self, at: usize) -> &Node {
        &self.nodes[at]
    }

    pub(crate) fn children(&self, at: usize) -> &[usize] {
        &self.nodes[at].children
    }

    /// The name of an element; empty for other nodes.
    pub(crate) fn name(&self, at: usize) -> &str {
        match &self.nodes[at].kind {
            Kind::Element { name, .. } => name,
            _ => "",
        }
    }

    /// The value of an attribute.
    pub(crate) fn get(&self, at: usize, attribute: &str) -> Option<&str> {
        match &self.nodes[at].kind {
            Kind::Element { attributes, .. } => {
                attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
            }
            _ => None,
        }
    }

    /// Whether an element is of this class.
    pub(crate) fn has_class(&self, at: usize, class: &str) -> bool {
        self.get(at, "class").is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
    }

    /// The node and all in it, in the order of the text.
    pub(crate) fn within(&self, at: usize) -> impl Iterator<Item = usize> {
        let mut waiting = vec![at];
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(self.nodes[next].children.iter().rev());
            Some(next)
        })
    }

    /// The words in a node, without those that no browser shows.
    pub(crate) fn words(&self, at: usize) -> String {
        let mut out = String::new();
        let mut waiting = vec![at];
        while let Some(next) = waiting.pop() {
            match &self.nodes[next].kind {
                Kind::Text(text) => out.push_str(text),
                Kind::Element { name, .. } if is_never_shown(name) => {}
                Kind::Element { name, .. } => {
                    if !is_within_words(name) && !out.ends_with(char::is_whitespace) {
                        out.push(' ');
                    }
                    waiting.extend(self.nodes[next].children.iter().rev());
                }
                Kind::Root => waiting.extend(self.nodes[next].children.iter().rev()),
                Kind::Comment => {}
            }
        }
        out
    }

    /// Takes nodes out, with all in them.
    pub(super) fn remove(&mut self, taken: &[usize]) {
        let taken: std::collections::BTreeSet<usize> = taken.iter().copied().collect();
        let parents: std::collections::BTreeSet<usize> =
            taken.iter().filter_map(|one| self.nodes[*one].parent).collect();
        for parent in parents {
            self.nodes[parent].children.retain(|child| !taken.contains(child));
        }
    }

    /// The nearest node above for which `is_it` holds.
    pub(crate) fn above(&self, at: usize, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let mut next = self.nodes[at].parent;
        while let Some(one) = next {
            if is_it(one) {
                return Some(one);
            }
            next = self.nodes[one].parent;
        }
        None
    }
}

/// Words without the signs that nobody sees, and by which words are not found: spaces without width, soft hyphens.
fn seen(words: &str) -> String {
    words.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{2060}')).collect()
}

/// Elements whose words no browser shows.
pub(crate) fn is_never_shown(name: &str) -> bool {
    matches!(name, "script" | "style" | "template" | "title" | "noframes" | "datalist" | "iframe" | "video" | "audio")
}

/// Elements that stand within a line.
pub(crate) fn is_within_words(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "nobr"
            | "math"
            | "output"
    )
}

/// What `html5ever` fills.
#[derive(Default)]
struct Sink {
    nodes: RefCell<Vec<Node>>,
    /// The full names, which the parser asks for.
    names: RefCell<Vec<Option<QualName>>>,
}

impl Sink {
    fn push(&self, kind: Kind, name: Option<QualName>) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        let mut names = self.names.borrow_mut();
        if nodes.is_empty() {
            nodes.push(Node::default());
            names.push(None);
        }
        nodes.push(Node { kind, ..Node::default() });
        names.push(name);
        nodes.len() - 1
    }

    fn detach(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            nodes[parent].children.retain(|child| *child != node);
        }
    }

    /// Puts a node into `parent` before its child at `place`; text joins text.
    fn insert(&self, parent: usize, place: usize, child: NodeOrText<usize>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.detach(child);
                let mut nodes = self.nodes.borrow_mut();
                let place = place.min(nodes[parent].children.len());
                nodes[child].parent = Some(parent);
                nodes[parent].children.insert(place, child);
            }
            NodeOrText::AppendText(words) => {
                let before = {
                    let nodes = self.nodes.borrow();
                    place.checked_sub(1).and_then(|place| nodes[parent].children.get(place).copied())
                };
                if let Some(before) = before
                    && let Kind::Text(text) = &mut self.nodes.borrow_mut()[before].kind
                {
                    text.push_str(&seen(&words));
                    return;
                }
                let child = self.push(Kind::Text(seen(&words)), None);
                let mut nodes = self.nodes.borrow_mut();
                nodes[child].parent = Some(parent);
                nodes[parent].children.insert(place, child);
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        let mut nodes = self.nodes.into_inner();
        if nodes.is_empty() {
            nodes.push(Node::default());
        }
        // The parser puts a fragment into a root element of its own.
        let roots = std::mem::take(&mut nodes[0].children);
        let inside: Vec<usize> = roots.into_iter().flat_map(|root| std::mem::take(&mut nodes[root].children)).collect();
        inside.iter().for_each(|child| nodes[*child].parent = Some(0));
        nodes[0].children = inside;
        Tree { nodes }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        if self.nodes.borrow().is_empty() {
            self.nodes.borrow_mut().push(Node::default());
            self.names.borrow_mut().push(None);
        }
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Ref<'a, QualName> {
        Ref::map(self.names.borrow(), |names| names[*target].as_ref().expect("the parser asks this of elements only"))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> usize {
        let attributes = attrs.into_iter().map(|one| (one.name.local.to_lowercase(), one.value.to_string())).collect();
        self.push(Kind::Element { name: name.local.to_lowercase(), attributes }, Some(name))
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.push(Kind::Comment, None)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.push(Kind::Comment, None)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        let place = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, place, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, before: &usize, child: NodeOrText<usize>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(before, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, new: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(node) = &new {
            self.detach(*node);
        }
        let place = {
            let nodes = self.nodes.borrow();
            let Some(parent) = nodes[*sibling].parent else { return };
            let place = nodes[parent].children.iter().position(|child| child == sibling).unwrap_or(0);
            (parent, place)
        };
        self.insert(place.0, place.1, new);
    }

    fn add_attrs_if_missing(&self, target: &usize, attrs: Vec<Attribute>) {
        if let Kind::Element { attributes, .. } = &mut self.nodes.borrow_mut()[*target].kind {
            for one in attrs {
                let name = one.name.local.to_lowercase();
                if !attributes.iter().any(|(known, _)| *known == name) {
                    attributes.push((name, one.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        children.iter().for_each(|child| nodes[*child].parent = Some(*new_parent));
        nodes[*new_parent].children.extend(children);
    }
}
