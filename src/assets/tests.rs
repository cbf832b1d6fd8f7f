//! Stylesheets → what is published of them.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::config::Overrides;
use crate::source::Tree;

/// A site with these files; its stylesheets as published, and their faults.
struct Site {
    tree: Tree,
    assets: Assets,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings =
            "title = \"A\"\nbase_url = \"https://example.org/\"\ntheme = \"bare\"\n[organisation]\nname = \"A\"\n";
        for (name, text) in
            [("site.toml", settings), ("themes/bare/theme.toml", "name = \"Bare\"\n")].iter().chain(files)
        {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("below")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let tree = Tree::read(folder.path(), Timestamp::now(), None).expect("a site").value;
        let config = Config::read(&tree, &Overrides::default()).value.expect("settings");
        let assets = Assets::new(&tree, &config);
        Self { tree, assets, _folder: folder }
    }

    fn address(&self, name: &str) -> String {
        self.assets.address(name).expect("it is an asset").to_string()
    }

    fn style(&self, file: &str) -> Found<String> {
        self.assets.style(&self.tree, &SitePath::new(file).expect("inside"))
    }
}

const SITE: &[(&str, &str)] = &[
    (
        "themes/bare/assets/bare.css",
        "@import \"parts/_type.css\" screen;\n@import url(\"_colours.css\");\n.a { color: red }",
    ),
    (
        "themes/bare/assets/parts/_type.css",
        "@font-face { font-family: A; src: url('../fonts/a b.woff2?x#y') }\n.b { background: url('data:image/gif;base64,AA') }",
    ),
    ("themes/bare/assets/fonts/a b.woff2", "not looked at"),
    ("themes/bare/assets/_colours.css", ".theme { color: blue }"),
    ("assets/_colours.css", "\u{feff}.own { color: oklch(60% .1 20); & .in { inset: 0 } }"),
    ("themes/bare/assets/plain.css", "p { margin: 0px }"),
    ("themes/bare/assets/deep/in.css", "p { background: url(../fonts/a%20b.woff2) }"),
];

#[test]
fn what_is_imported_stands_in_one_and_files_keep_being_found() {
    let site = Site::new(SITE);
    let made = site.style("themes/bare/assets/bare.css");
    assert_eq!(made.faults, []);
    let css = made.value;
    assert!(!css.contains("@import") && css.contains("@media screen") && css.contains(".own"), "{css}");
    assert!(
        !css.contains("blue") && css.contains("data:image/gif;base64,AA"),
        "the site's own part comes first: {css}"
    );
    let font = site.address("fonts/a b.woff2").replace("/assets/", "").replace(' ', "%20");
    assert!(css.contains(&format!("{font}?x#y")), "{font} in {css}");
    let deep = site.style("themes/bare/assets/deep/in.css");
    assert!(deep.faults.is_empty() && deep.value.contains(&format!("../{font}")), "{deep:?}");
    let published: Vec<&str> = site.assets.all().map(|(file, _)| file.as_str()).collect();
    assert!(!published.iter().any(|file| file.contains("/_")), "{published:?}");
}

#[test]
fn a_name_changes_with_everything_that_a_stylesheet_is_made_of() {
    let before = Site::new(SITE);
    for changed in 0..SITE.len() {
        let mut files = SITE.to_vec();
        let longer = format!("{} ", files[changed].1);
        files[changed].1 = &longer;
        let after = Site::new(&files);
        // The theme's part, which the site's own replaces, is in no stylesheet.
        let is_hidden = SITE[changed].0 == "themes/bare/assets/_colours.css";
        assert_eq!(before.address("bare.css") == after.address("bare.css"), is_hidden, "{}", SITE[changed].0);
        let own = SITE[changed].0.ends_with("plain.css");
        assert_eq!(before.address("plain.css") != after.address("plain.css"), own);
    }
}

#[test]
fn tokens_stand_where_they_are_imported_and_change_the_name_there_alone() {
    let theme = "name = \"Bare\"\n[tokens]\nink = { light = \"#000\", dark = \"#fff\" }\nface = { type = \"font\", value = \"'A B', serif\" }\n\
        [[fonts]]\nfamily = \"A B\"\nfile = \"fonts/a.woff2\"\nstyle = \"italic\"\n";
    let files = |theme| {
        Site::new(&[
            ("themes/bare/theme.toml", theme),
            ("themes/bare/assets/in.css", "@import '_tokens.css'; p { color: var(--ink) }"),
            ("themes/bare/assets/out.css", "p { color: red }"),
            ("themes/bare/assets/fonts/a.woff2", "not looked at"),
        ])
    };
    let site = files(theme);
    let made = site.style("themes/bare/assets/in.css");
    assert_eq!(made.faults, []);
    for part in ["--ink:#000}", "--ink:#fff}", "--face:", "font-style:italic", &site.address("fonts/a.woff2")[8..]] {
        assert!(made.value.contains(part), "{part} in {}", made.value);
    }
    let changed = theme.replace("#000", "#123456");
    let after = files(&changed);
    assert!(after.style("themes/bare/assets/in.css").value.contains("#123456"));
    assert_ne!(site.address("in.css"), after.address("in.css"));
    assert_eq!(site.address("out.css"), after.address("out.css"));
}

#[test]
fn a_stylesheet_with_tokens_keeps_its_name_while_neither_changes() {
    let plain = "name = \"Bare\"\n[tokens]\nink = { light = \"#000\", dark = \"#fff\" }\n";
    let face = format!("{plain}[[fonts]]\nfamily = \"A\"\nfile = \"a.woff2\"\n");
    let address = |theme: &str, other: &str, own: &[(&str, &str)]| {
        let files = [
            ("themes/bare/theme.toml", theme),
            ("themes/bare/assets/in.css", "@import \"_tokens.css\";\np { color: var(--ink) }"),
            ("themes/bare/assets/a.woff2", other),
        ];
        Site::new(&[&files, own].concat()).address("in.css")
    };
    assert_eq!(address(plain, "one", &[]), address(plain, "another", &[]), "nothing of it is in the stylesheet");
    assert_ne!(address(plain, "one", &[]), address(&plain.replace("#000", "#111"), "one", &[]));
    // A typeface's file has a name in the tokens; a file called `_tokens.css` replaces the tokens.
    assert_ne!(address(&face, "one", &[]), address(&face, "another", &[]));
    let own = |text| [("assets/_tokens.css", text)];
    assert_ne!(address(plain, "one", &own("a{color:red}")), address(plain, "one", &own("a{color:blue}")));
}

/// If this fails, the bytes have changed: raise [`FORM`], so that every name changes.
#[test]
fn the_version_of_stylesheets_is_that_of_their_bytes() {
    let sheet = include_str!("../../themes/civic/assets/_publication.css");
    let words = ".a { color: light-dark(oklch(60% .1 20), red); & .b { inset: 0 } user-select: none; mask: none } \
        @layer x { @media (400px <= width < 900px) { a:is(b, c) { margin: 0px auto 0px auto } } }";
    let mut hasher = blake3::Hasher::new();
    for text in [sheet, words] {
        let site = Site::new(&[("assets/a.css", text)]);
        let made = site.style("assets/a.css");
        assert_eq!(made.faults, []);
        assert!((text == words || made.value.len() < text.len()) && !made.value.is_empty());
        if text == words {
            hasher.update(made.value.as_bytes());
        }
    }
    assert_eq!((FORM, &hasher.finalize().to_hex()[..16]), (1, "8406b463405a1985"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_stylesheet_is_too_odd(
        pieces in proptest::collection::vec(prop_oneof![
            Just("@import 'b.css';"), Just("@import url(a.css) layer(x) supports(a:b);"), Just("@import"), Just("@media (a"),
            Just("url("), Just("url(x y)"), Just("{"), Just("}"), Just(";"), Just("a"), Just(".b"), Just(":is("), Just("&"),
            Just("color: light-dark(red, #12"), Just("--x: url(c.png)"), Just("\""), Just("'"), Just("\\"), Just("/*"),
            Just("@layer a, b;"), Just("@font-face{src:url()}"), Just("é😀"), Just("\0"), Just("!important"), Just(")"),
            Just("width: calc(1px + "), Just("grid-area: 1 / span"), Just("@container (width > 1px){"), Just(","), Just(" \n"),
        ], 0..24),
    ) {
        let text = pieces.concat();
        let site = Site::new(&[("assets/a.css", &text), ("assets/b.css", "@import 'a.css'; .b{}")]);
        for fault in site.style("assets/a.css").faults {
            let span = fault.span.expect("a place");
            let file = site.tree.get(&span.file).and_then(|file| file.text().map(str::to_owned)).expect("a text");
            prop_assert!(file.get(span.start..span.end).is_some(), "{:?} in {file:?}", span);
        }
    }
}
