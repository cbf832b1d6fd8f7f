//! A place in a source file → a link that opens it in the author's editor.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters of a path that need no encoding in such a link.
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b':');

/// The pattern of the links, with `{path}`, `{line}` and `{column}`; none if the author named no editor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Editor(Option<String>);

/// The editors known by name.
const KNOWN: &[(&str, &str)] = &[
    ("code", "vscode://file{path}:{line}:{column}"),
    ("codium", "vscodium://file{path}:{line}:{column}"),
    ("cursor", "cursor://file{path}:{line}:{column}"),
    ("idea", "idea://open?file={path}&line={line}&column={column}"),
    ("sublime", "subl://open?url=file://{path}&line={line}&column={column}"),
    ("textmate", "txmt://open?url=file://{path}&line={line}&column={column}"),
    ("zed", "zed://file{path}:{line}:{column}"),
];

impl Editor {
    /// The editor called `name`, or one with the link pattern `name`; if it is neither, the known names.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        if let Some((_, pattern)) = KNOWN.iter().find(|(known, _)| *known == name) {
            return Ok(Self(Some((*pattern).to_owned())));
        }
        if name.contains("{path}") && name.contains(':') {
            return Ok(Self(Some(name.to_owned())));
        }
        Err(crate::config::listed(KNOWN.iter().map(|(name, _)| *name)))
    }

    /// The link to a line and column (from 1) of a file.
    pub(crate) fn link(&self, file: &Path, line: usize, column: usize) -> Option<String> {
        let shown = file.to_string_lossy().replace('\\', "/");
        let rooted = if shown.starts_with('/') { shown } else { format!("/{shown}") };
        let path = utf8_percent_encode(&rooted, IN_PATHS).to_string();
        let pattern = self.0.as_ref()?;
        Some(
            pattern
                .replace("{path}", &path)
                .replace("{line}", &line.to_string())
                .replace("{column}", &column.to_string()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_the_line() {
        let file = Path::new("/home/jo/our site/content/a&b.md");
        let link = Editor::named("code").expect("known").link(file, 3, 5);
        assert_eq!(link.as_deref(), Some("vscode://file/home/jo/our%20site/content/a%26b.md:3:5"));
        let own = Editor::named("ed://{path}?{line}").expect("a pattern").link(Path::new("/a"), 1, 1);
        assert_eq!(own.as_deref(), Some("ed:///a?1"));
        assert!(Editor::named("notepad").is_err());
        assert_eq!(Editor::default().link(file, 1, 1), None);
    }
}
