//! A formula of Word (OMML) → TeX.

use super::body::Reader;
use super::spoken::spoken;
use super::xml::{Element, Node};
use crate::import::document::Inline;
use crate::import::marks::Mark;

impl Reader<'_> {
    /// A formula; `display` if it stands on a line of its own.
    pub(super) fn formula(&mut self, formula: &Element, display: bool) -> Vec<Inline> {
        let words = spoken(formula);
        if let Some(Mark::Math { .. }) = self.open_marks.last() {
            return vec![Inline::Text(words)];
        }
        let mut unseen = Vec::new();
        let seen = self.seen(formula, &mut unseen);
        if !unseen.is_empty() {
            self.leave_unseen(("a hidden part of a formula", "Word does not show it either"), &unseen.join(" "));
        }
        let words = spoken(&seen);
        let mut unknown = Vec::new();
        let tex = inside(&seen, &mut unknown);
        let tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
        let place = self.place();
        if tex.is_empty() {
            return Vec::new();
        }
        if !unknown.is_empty() {
            self.losses.changed(
                "a part of a formula",
                &format!("I do not know `{}`; look at the formula", unknown.join("`, `")),
                place.clone(),
                "",
            );
        }
        if tex.contains('$') {
            self.losses.changed("a formula with a dollar sign", "it is text now", place, "");
            return vec![Inline::Text(words)];
        }
        self.losses.carried("formulas");
        // Words of several letters become commands and the like, so what the formula said is named.
        self.losses.changed("a formula", "it is written as LaTeX: compare it", place, &words);
        vec![Inline::Math { tex, display }]
    }

    /// A part of a formula with what is to be read of it: without what Word does not show, which goes to `unseen`, and with tracked changes
    /// made or not.
    fn seen(&mut self, element: &Element, unseen: &mut Vec<String>) -> Element {
        let mut children = Vec::with_capacity(element.children.len());
        for node in &element.children {
            let Node::Element(one) = node else {
                children.push(node.clone());
                continue;
            };
            match one.name.as_str() {
                "w:ins" | "w:moveTo" | "w:del" | "w:moveFrom" => {
                    let is_new = matches!(one.name.as_str(), "w:ins" | "w:moveTo");
                    if self.takes(is_new, one, &spoken(one)) {
                        children.append(&mut self.seen(one, unseen).children);
                    }
                }
                "m:r" | "w:r" if self.hides_run(one) => unseen.push(spoken(one)),
                "m:phant" if one.at(&["m:phantPr"]).and_then(|own| own.is_on("m:show")) == Some(false) => {
                    unseen.push(spoken(one));
                }
                _ => children.push(Node::Element(self.seen(one, unseen))),
            }
        }
        element.with(children)
    }

    /// Whether nobody sees a run of a formula.
    fn hides_run(&self, run: &Element) -> bool {
        let empty = Element::default();
        let look = run.child("w:rPr").unwrap_or(&empty);
        let style = look.child("w:rStyle").and_then(Element::val);
        let own = look.is_on("w:vanish").or_else(|| self.styles.is_on(style, "w:vanish"));
        self.unseen(look, style, own.unwrap_or(self.around.hides)).is_some()
    }
}

/// The TeX of everything in an element.
fn inside(element: &Element, unknown: &mut Vec<String>) -> String {
    element.elements().map(|one| part(one, unknown)).collect::<Vec<_>>().join(" ")
}

/// A part that stands for one sign or puts its arguments together; `structure` has those with more to them.
fn part(one: &Element, unknown: &mut Vec<String>) -> String {
    let mut arg = |name: &str| argument(one, name, unknown);
    match one.name.as_str() {
        "m:r" => run(one),
        "m:sSup" => format!("{{{}}}^{{{}}}", arg("m:e"), arg("m:sup")),
        "m:sSub" => format!("{{{}}}_{{{}}}", arg("m:e"), arg("m:sub")),
        "m:sSubSup" => format!("{{{}}}_{{{}}}^{{{}}}", arg("m:e"), arg("m:sub"), arg("m:sup")),
        "m:sPre" => format!("{{}}_{{{}}}^{{{}}}{{{}}}", arg("m:sub"), arg("m:sup"), arg("m:e")),
        "m:func" => format!("{} {{{}}}", function(&arg("m:fName")), arg("m:e")),
        "m:limLow" => format!("\\underset{{{}}}{{{}}}", arg("m:lim"), arg("m:e")),
        "m:limUpp" => format!("\\overset{{{}}}{{{}}}", arg("m:lim"), arg("m:e")),
        "m:acc" => format!("{}{{{}}}", accent(property(one, "m:chr").unwrap_or("\u{302}")), arg("m:e")),
        "m:bar" => {
            let mark = if property(one, "m:pos") == Some("top") { "\\overline" } else { "\\underline" };
            format!("{mark}{{{}}}", arg("m:e"))
        }
        "m:groupChr" => {
            let mark = if property(one, "m:pos") == Some("top") { "\\overbrace" } else { "\\underbrace" };
            format!("{mark}{{{}}}", arg("m:e"))
        }
        "m:box" | "m:phant" | "m:borderBox" | "m:e" | "m:num" | "m:den" | "m:oMath" => inside(one, unknown),
        "w:r" => one.elements().filter(|one| one.name == "w:t").map(|text| letters(&text.text())).collect(),
        name if name.ends_with("Pr") || name.starts_with("w:") => String::new(),
        _ => structure(one, unknown),
    }
}

/// Fractions, roots, brackets, sums, matrices; what is none of them is unknown.
fn structure(one: &Element, unknown: &mut Vec<String>) -> String {
    match one.name.as_str() {
        "m:f" => {
            let (above, below) = (argument(one, "m:num", unknown), argument(one, "m:den", unknown));
            match property(one, "m:type") {
                Some("lin") => format!("{above} / {below}"),
                Some("noBar") => format!("{{{{{above}}} \\atop {{{below}}}}}"),
                _ => format!("\\frac{{{above}}}{{{below}}}"),
            }
        }
        "m:rad" => {
            let (degree, under) = (argument(one, "m:deg", unknown), argument(one, "m:e", unknown));
            match degree.trim() {
                "" => format!("\\sqrt{{{under}}}"),
                degree => format!("\\sqrt[{degree}]{{{under}}}"),
            }
        }
        "m:d" => {
            let open = property(one, "m:begChr").unwrap_or("(");
            let close = property(one, "m:endChr").unwrap_or(")");
            let between = sign(property(one, "m:sepChr").unwrap_or("|"));
            let parts = all(one, unknown);
            format!("\\left{} {} \\right{}", fence(open), parts.join(&format!(" {between} ")), fence(close))
        }
        "m:nary" => {
            let mut out = sign(property(one, "m:chr").unwrap_or("∫"));
            for (name, mark) in [("m:sub", '_'), ("m:sup", '^')] {
                let limit = argument(one, name, unknown);
                if !limit.trim().is_empty() {
                    out.push_str(&format!("{mark}{{{limit}}}"));
                }
            }
            format!("{out} {{{}}}", argument(one, "m:e", unknown))
        }
        "m:m" => {
            let rows = one.elements().filter(|child| child.name == "m:mr");
            matrix(rows.map(|row| all(row, unknown).join(" & ")).collect())
        }
        "m:eqArr" => matrix(all(one, unknown).iter().map(|row| row.replace('&', "")).collect()),
        other => {
            unknown.push(other.trim_start_matches("m:").to_owned());
            inside(one, unknown)
        }
    }
}

/// The TeX of the argument called `name`.
fn argument(one: &Element, name: &str, unknown: &mut Vec<String>) -> String {
    one.child(name).map(|child| inside(child, unknown)).unwrap_or_default()
}

/// The TeX of each argument `m:e`.
fn all(one: &Element, unknown: &mut Vec<String>) -> Vec<String> {
    one.elements().filter(|child| child.name == "m:e").map(|child| inside(child, unknown)).collect()
}

/// The value of a property of the part.
fn property<'a>(one: &'a Element, name: &str) -> Option<&'a str> {
    one.elements().find(|child| child.name.ends_with("Pr")).and_then(|own| own.child(name)).and_then(Element::val)
}

fn matrix(rows: Vec<String>) -> String {
    format!("\\begin{{matrix}} {} \\end{{matrix}}", rows.join(" \\\\ "))
}

fn accent(sign: &str) -> &'static str {
    match sign {
        "\u{303}" | "~" => "\\tilde",
        "\u{304}" | "\u{305}" | "¯" => "\\bar",
        "\u{307}" => "\\dot",
        "\u{308}" => "\\ddot",
        "\u{20d7}" => "\\vec",
        "\u{30c}" => "\\check",
        _ => "\\hat",
    }
}

/// Letters and signs; what Word sets as text is text.
fn run(run: &Element) -> String {
    let text: String =
        run.elements().filter(|one| matches!(one.name.as_str(), "m:t" | "w:t")).map(Element::text).collect();
    let is_text = run.child("m:rPr").is_some_and(|own| own.is_on("m:nor") == Some(true));
    if is_text && text.chars().any(char::is_alphabetic) {
        return format!(
            "\\text{{{}}}",
            text.chars().map(|c| if "\\{}$#%&_^~".contains(c) { ' ' } else { c }).collect::<String>()
        );
    }
    letters(&text)
}

fn letters(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let sign = sign(&c.to_string());
        if sign.starts_with('\\') {
            out.push(' ');
            out.push_str(&sign);
            out.push(' ');
        } else {
            out.push_str(&sign);
        }
    }
    out
}

fn fence(sign: &str) -> String {
    match sign {
        "" => ".".to_owned(),
        "{" => "\\{".to_owned(),
        "}" => "\\}".to_owned(),
        "⟨" | "〈" => "\\langle ".to_owned(),
        "⟩" | "〉" => "\\rangle ".to_owned(),
        "‖" => "\\| ".to_owned(),
        "⌊" => "\\lfloor ".to_owned(),
        "⌋" => "\\rfloor ".to_owned(),
        "⌈" => "\\lceil ".to_owned(),
        "⌉" => "\\rceil ".to_owned(),
        other => other.to_owned(),
    }
}

/// A sign as TeX writes it.
fn sign(sign: &str) -> String {
    match sign {
        "{" => "\\{",
        "}" => "\\}",
        "%" => "\\%",
        "#" => "\\#",
        "&" => "\\&",
        "_" => "\\_",
        "\\" => "\\backslash",
        "^" => "\\hat{}",
        "~" => "\\sim",
        "∑" => "\\sum",
        "∏" => "\\prod",
        "∫" => "\\int",
        "∬" => "\\iint",
        "∮" => "\\oint",
        "⋃" => "\\bigcup",
        "⋂" => "\\bigcap",
        "−" => "-",
        "\u{2061}" | "\u{2062}" | "\u{2063}" | "\u{200b}" => "",
        other => return other.to_owned(),
    }
    .to_owned()
}

fn function(name: &str) -> String {
    const KNOWN: &[&str] = &[
        "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "lim", "max", "min", "det", "sup", "inf",
        "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
    ];
    let bare = name.trim();
    let bare = bare.strip_prefix("\\text{").and_then(|rest| rest.strip_suffix('}')).unwrap_or(bare);
    if KNOWN.contains(&bare) { format!("\\{bare}") } else { name.to_owned() }
}
