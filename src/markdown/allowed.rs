//! Which HTML an author may write under [`HtmlPolicy::Sanitise`](super::HtmlPolicy::Sanitise), and what HTML itself says
//! about its elements. Tables only.

/// Elements allowed in a text.
pub(super) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes that every element may have, in addition to `aria-…`.
pub(super) const ATTRIBUTES: &[&str] = &["class", "dir", "id", "lang", "role", "title", "translate"];

/// Attributes allowed on some elements only.
pub(super) const OWN_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["download", "href", "hreflang"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("data", &["value"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("img", &["alt", "height", "loading", "src", "width"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start", "type"]),
    ("q", &["cite"]),
    ("td", &["colspan", "headers", "rowspan"]),
    ("th", &["abbr", "colspan", "headers", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Elements that are removed together with their content.
pub(super) const WITH_CONTENT: &[&str] = &[
    "applet",
    "audio",
    "button",
    "canvas",
    "embed",
    "form",
    "frameset",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];

/// Elements without an end tag.
pub(super) const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose end tag may be omitted in HTML.
pub(super) const END_IMPLIED: &[&str] =
    &["p", "li", "dt", "dd", "rt", "rp", "td", "th", "tr", "thead", "tbody", "tfoot", "caption", "colgroup"];

/// Elements whose content is not HTML.
pub(super) const RAW_TEXT: &[&str] =
    &["script", "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp"];

/// Attributes that hold ids, which get a prefix.
pub(super) const ID_LISTS: &[&str] =
    &["id", "headers", "for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-owns"];
