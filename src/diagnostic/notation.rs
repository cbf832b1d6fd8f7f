//! A help in TOML's notation → the same in YAML's, for files that are written in that: whoever pastes a line should not get
//! an error for it.

/// `help`, with each `` `name = value` `` in it as YAML has it.
pub(super) fn in_yaml(help: &str) -> String {
    // The settings are in TOML whatever a page is written in.
    if help.contains(".toml") || help.contains("`[") || !help.contains(" = ") {
        return help.to_owned();
    }
    let mut pieces = help.split('`').enumerate();
    let first = pieces.next().map_or("", |(_, first)| first).to_owned();
    pieces.fold(first, |mut all, (n, piece)| {
        all.push('`');
        let field = piece.split_once(" = ").filter(|(name, value)| n % 2 == 1 && is_name(name) && !value.is_empty());
        match field {
            Some((name, value)) => {
                all.push_str(name);
                all.push_str(": ");
                all.push_str(&grouped(value));
            }
            None => all.push_str(piece),
        }
        all
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// `{ file = "a.jpg" }` as `{ file: "a.jpg" }`; words in quotation marks stay.
fn grouped(value: &str) -> String {
    if !value.starts_with(['{', '[']) {
        return value.to_owned();
    }
    let parts = value.split('"').enumerate();
    let parts: Vec<String> =
        parts.map(|(n, part)| if n % 2 == 0 { part.replace(" = ", ": ") } else { part.to_owned() }).collect();
    parts.join("\"")
}

#[cfg(test)]
mod tests {
    use super::in_yaml;

    #[test]
    fn only_fields_are_written_anew() {
        for (toml, yaml) in [
            ("write `status = \"draft\"`, or `date = 2026-12-03`", "write `status: \"draft\"`, or `date: 2026-12-03`"),
            ("`image = { file = \"a = b.jpg\", alt = \"x\" }`", "`image: { file: \"a = b.jpg\", alt: \"x\" }`"),
            ("write `placeholder = \"off\"` in site.toml", "write `placeholder = \"off\"` in site.toml"),
            ("write `[a](b)` or `a = b`", "write `[a](b)` or `a = b`"),
            ("a = b, and no marks", "a = b, and no marks"),
        ] {
            assert_eq!(in_yaml(toml), yaml);
        }
    }
}
