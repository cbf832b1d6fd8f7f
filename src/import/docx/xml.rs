//! A part of a Word file → a tree of its elements, with limits. Names have the usual prefix of their name space, whatever prefix the
//! file uses: `w:p`.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

/// An element.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

/// What is in an element.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

/// How deep elements may be in one another: Word's own documents stay below a hundred.
const DEEPEST: usize = 250;
/// How many elements a part may have.
const MOST: usize = 3_000_000;

/// Name spaces by how their addresses end, for both editions of the standard.
const SPACES: &[(&str, &str)] = &[
    ("/wordprocessingml/main", "w"),
    ("/wordprocessingml/2006/main", "w"),
    ("/drawingml/main", "a"),
    ("/drawingml/2006/main", "a"),
    ("/drawingml/wordprocessingDrawing", "wp"),
    ("/drawingml/2006/wordprocessingDrawing", "wp"),
    ("/drawingml/picture", "pic"),
    ("/drawingml/2006/picture", "pic"),
    ("/drawingml/chart", "c"),
    ("/drawingml/2006/chart", "c"),
    ("/drawingml/diagram", "dgm"),
    ("/drawingml/2006/diagram", "dgm"),
    ("/officeDocument/relationships", "r"),
    ("/officeDocument/2006/relationships", "r"),
    ("/officeDocument/math", "m"),
    ("/officeDocument/2006/math", "m"),
    ("/package/2006/relationships", "rel"),
    ("/package/relationships", "rel"),
    ("/markup-compatibility/2006", "mc"),
    ("/word/2010/wordprocessingShape", "wps"),
    ("/word/2010/wordprocessingGroup", "wpg"),
    ("/word/2010/wordprocessingCanvas", "wpc"),
    ("/office/word/2010/wordml", "w14"),
    ("/office/word/2012/wordprocessingDrawing", "wp15"),
    ("/office/drawing/2017/decorative", "adec"),
    ("/2016/SVG/main", "asvg"),
    ("urn:schemas-microsoft-com:vml", "v"),
    ("urn:schemas-microsoft-com:office:office", "o"),
    ("/dc/elements/1.1/", "dc"),
    ("/dc/terms/", "dcterms"),
    ("/metadata/core-properties", "cp"),
    ("/Math/MathML", "mml"),
];

fn prefix(space: &str) -> &'static str {
    SPACES.iter().find(|(ending, _)| space.ends_with(ending)).map_or("?", |(_, prefix)| prefix)
}

/// Reads a part.
pub(crate) fn parse(bytes: &[u8]) -> Result<Element, String> {
    let text = decoded(bytes)?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    loop {
        let event = reader.read_event().map_err(|error| format!("its XML is damaged ({error})"))?;
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() > DEEPEST || count > MOST {
                    return Err(
                        "its parts are nested deeper, or are more, than any document's that Word writes".to_owned()
                    );
                }
                let element = element(&reader, &start)?;
                open.push(element);
            }
            Event::Empty(start) => {
                count += 1;
                let element = element(&reader, &start)?;
                add(&mut open, Node::Element(element));
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    add(&mut open, Node::Element(element));
                }
            }
            Event::Text(text) => add_text(&mut open, &text),
            Event::CData(text) => add_text(&mut open, &text),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", &*name);
                let sign = quick_xml::escape::unescape(&reference)
                    .map_err(|_| format!("`{reference}` has no meaning in it"))?;
                add_text(&mut open, &sign);
            }
            Event::DocType(_) => {
                return Err("it declares entities of its own, which Word never does and an attack would".to_owned());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if open.len() != 1 {
        return Err("its XML ends in the middle".to_owned());
    }
    let root = open.pop().unwrap_or_default();
    root.children
        .into_iter()
        .find_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
        .ok_or_else(|| "it holds no XML".to_owned())
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

fn element(reader: &NsReader<&[u8]>, start: &quick_xml::events::BytesStart<'_>) -> Result<Element, String> {
    let (space, local) = reader.resolver().resolve_element(start.name());
    let name = qualified(&space, local.as_ref());
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("its XML is damaged ({error})"))?;
        let (space, local) = reader.resolver().resolve_attribute(attribute.key);
        let raw = attribute.value.as_ref();
        let value = quick_xml::escape::unescape(raw).map_err(|_| "its XML is damaged (an attribute)".to_owned())?;
        attributes.push((qualified(&space, local.as_ref()), value.into_owned()));
    }
    Ok(Element { name, attributes, children: Vec::new() })
}

fn qualified(space: &ResolveResult<'_>, local: &str) -> String {
    match space {
        ResolveResult::Bound(space) => format!("{}:{local}", prefix(space.as_ref())),
        _ => local.to_owned(),
    }
}

/// The text of a part, which may be UTF-16.
fn decoded(bytes: &[u8]) -> Result<String, String> {
    let wide = |pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|two| pair([two[0], two[1]])).collect();
        String::from_utf16(&units).map_err(|_| "its letters are damaged".to_owned())
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).map_err(|_| "its letters are damaged".to_owned()),
    }
}

impl Element {
    /// The same element with something else in it.
    pub(super) fn with(&self, children: Vec<Node>) -> Self {
        Self { name: self.name.clone(), attributes: self.attributes.clone(), children }
    }

    /// The value of an attribute, by its name with or without a prefix: in both editions Word's own have one, others none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of `w:val` or of `val`.
    pub(crate) fn val(&self) -> Option<&str> {
        ["w:val", "val", "m:val"].into_iter().find_map(|name| self.get(name))
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The child at the end of a path of names.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All elements below it with this name, outer ones first.
    pub(crate) fn below<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a Element> + 'a> {
        Box::new(
            self.elements().flat_map(move |element| {
                (element.name == name).then_some(element).into_iter().chain(element.below(name))
            }),
        )
    }

    /// The text directly and deeper in it.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        self.add_text(&mut out);
        out
    }

    fn add_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.add_text(out),
            }
        }
    }

    /// A property that is on or off: `<w:b/>`, `<w:b w:val="0"/>`; `None` if it is not stated.
    pub(crate) fn is_on(&self, name: &str) -> Option<bool> {
        let value = self.child(name)?;
        Some(!matches!(value.val(), Some("0" | "false" | "off" | "none")))
    }
}
