//! Every kind of fault: its stable code, its usual severity and its page in the manual.
//!
//! A published code is never renamed or reused. Each has a page `docs/content/faults/CODE.md`, which `pamphlet explain
//! CODE` prints, and a fixture `tests/faults/CODE.txt`.

use super::Severity;

macro_rules! codes {
    ($( $name:ident $code:literal $severity:ident $(($binding:ident))? ; )*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[allow(missing_docs)]
        pub enum Code { $( $name, )* }

        impl Code {
            /// Every code, in the manual's order.
            pub const ALL: &[Code] = &[ $( Code::$name, )* ];

            /// The code as written: `unknown-field`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $( Code::$name => $code, )* }
            }

            /// How serious such a fault is unless `site.toml` says otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $( Code::$name => Severity::$severity, )* }
            }

            /// Whether its severity cannot be lowered: nothing could be published, or something that is meant to be hidden would be.
            #[must_use]
            pub fn is_binding(self) -> bool {
                match self { $( Code::$name => false $( || stringify!($binding) == "binding" )?, )* }
            }

            /// The file of its page in the manual: front matter and Markdown.
            fn file(self) -> &'static str {
                match self { $( Code::$name => include_str!(concat!("../../docs/content/faults/", $code, ".md")), )* }
            }

            /// The code with this name.
            #[must_use]
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

impl Code {
    /// Its page in the manual, in Markdown, with the code as its heading.
    #[must_use]
    pub fn page(self) -> String {
        let text = self.file().splitn(3, "---\n").nth(2).unwrap_or_default();
        format!("# {}\n{text}", self.as_str())
    }
}

codes! {
    // ── files ──
    UnreadableFile "unreadable-file" Error;
    LinkLeavesSite "link-leaves-site" Error;
    NamesCollide "names-collide" Error;
    NotUtf8 "not-utf8" Error;
    EmptyFile "empty-file" Error;
    FileNotRead "file-not-read" Warning;
    FileNotUsed "file-not-used" Warning;
    ConflictMarks "conflict-marks" Error (binding);
    // ── data: TOML, YAML, JSON, CSV ──
    TomlSyntax "toml-syntax" Error;
    YamlSyntax "yaml-syntax" Error;
    YamlComment "yaml-comment" Warning;
    JsonSyntax "json-syntax" Error;
    CsvSyntax "csv-syntax" Error;
    DuplicateKey "duplicate-key" Error;
    // ── Markdown ──
    ProseWithBlocks "prose-with-blocks" Warning;
    HeadingOne "heading-one" Warning;
    HeadingSkip "heading-skip" Warning;
    EmptyHeading "empty-heading" Warning;
    DuplicateAnchor "duplicate-anchor" Error;
    EmptyLinkText "empty-link-text" Warning;
    VagueLink "vague-link" Warning;
    UnsafeAddress "unsafe-address" Warning;
    ImageWithoutDescription "image-without-description" Error;
    ImageUnreadable "image-unreadable" Error;
    ImageTooLarge "image-too-large" Error;
    MovingImage "moving-image" Warning;
    ShareImageLetters "share-image-letters" Warning;
    FootnoteMissing "footnote-missing" Error;
    FootnoteUnused "footnote-unused" Warning;
    FootnoteTwice "footnote-twice" Error;
    CommentUnclosed "comment-unclosed" Error;
    HtmlRemoved "html-removed" Warning;
    HtmlUnclosed "html-unclosed" Warning;
    DirectiveUnclosed "directive-unclosed" Error;
    DirectiveUnopened "directive-unopened" Error;
    DirectiveAttributes "directive-attributes" Error;
    DirectiveDepth "directive-depth" Error;
    WideTable "wide-table" Warning;
    FormulaUnreadable "formula-unreadable" Error;
    UnreadLink "unread-link" Warning;
    UnreadMark "unread-mark" Warning;
    UnreadBlock "unread-block" Warning;
    ForeignMarkup "foreign-markup" Warning;
    DamagedLetters "damaged-letters" Warning;
    TableCells "table-cells" Warning;
    MarkupInField "markup-in-field" Warning;
    // ── fields ──
    UnknownField "unknown-field" Error;
    ShownNowhere "shown-nowhere" Warning;
    WrongType "wrong-type" Error;
    MissingField "missing-field" Error;
    NotAllowedValue "not-allowed-value" Error;
    BadIdentifier "bad-identifier" Error;
    BadDate "bad-date" Error;
    TimeInClockChange "time-in-clock-change" Error;
    BadUrl "bad-url" Error;
    BadEmail "bad-email" Error;
    BadTel "bad-tel" Error;
    BadLang "bad-lang" Error;
    TooLong "too-long" Error;
    LongText "long-text" Warning;
    LongTitle "long-title" Warning;
    LongSummary "long-summary" Warning;
    EndBeforeStart "end-before-start" Error;
    // ── configuration ──
    UnknownSetting "unknown-setting" Error (binding);
    WrongSetting "wrong-setting" Error (binding);
    ContrastTooLow "contrast-too-low" Error;
    MissingSetting "missing-setting" Error (binding);
    // ── styles ──
    StyleFault "style-fault" Error;
    // ── entries ──
    FrontMatterMisplaced "front-matter-misplaced" Error (binding);
    FrontMatterUnclosed "front-matter-unclosed" Error;
    NameHidesNothing "name-hides-nothing" Error (binding);
    PerhapsNotPublic "perhaps-not-public" Warning;
    DesignFolder "design-folder" Error;
    LanguageNotDeclared "language-not-declared" Error;
    TranslationAlone "translation-alone" Error;
    TranslationMissing "translation-missing" Warning;
    TranslationPartial "translation-partial" Warning;
    TranslationStale "translation-stale" Warning;
    DuplicateEntry "duplicate-entry" Error;
    UnknownDirective "unknown-directive" Error;
    ChartData "chart-data" Error;
    ChartWithoutDescription "chart-without-description" Warning;
    UnknownFigure "unknown-figure" Error;
    DuplicateValue "duplicate-value" Error;
    // ── advice ──
    Placeholder "placeholder" Warning;
    MissingRecommended "missing-recommended" Warning;
    PdfOnly "pdf-only" Error;
    PdfLarge "pdf-large" Warning;
    PdfElsewhere "pdf-elsewhere" Warning;
    FileNameUnsettled "file-name-unsettled" Warning;
    ReviewDue "review-due" Warning;
    DateAndPublishAt "date-and-publish-at" Warning;
    SecurityExpires "security-expires" Warning;
    // ── references and lists ──
    DanglingReference "dangling-reference" Error;
    AmbiguousReference "ambiguous-reference" Error;
    BrokenSourceLink "broken-source-link" Error;
    LinkToHidden "link-to-hidden" Error;
    UnknownAnchor "unknown-anchor" Error;
    UnreachableAddress "unreachable-address" Warning;
    MissingFile "missing-file" Error;
    // ── addresses ──
    AddressTaken "address-taken" Error (binding);
    BadAddress "bad-address" Error;
    RedirectTarget "redirect-target" Error;
    RedirectChain "redirect-chain" Error;
    RedirectLoop "redirect-loop" Error;
    RedirectLimit "redirect-limit" Warning;
    AddressLost "address-lost" Error;
    AddressTakenDown "address-taken-down" Warning;
    UnknownMenuTarget "unknown-menu-target" Error;
    MenuNotTranslated "menu-not-translated" Warning;
    NoHomePage "no-home-page" Warning;
    KeptOut "kept-out" Error (binding);
    // ── templates ──
    TemplateSyntax "template-syntax" Error (binding);
    TemplateFault "template-fault" Error (binding);
    TemplateMissing "template-missing" Error (binding);
    StringsSyntax "strings-syntax" Error (binding);
    StringsUnknown "strings-unknown" Warning;
    StringsMissing "strings-missing" Warning;
    // ── finished pages ──
    BrokenLink "broken-link" Error;
    MissingAnchor "missing-anchor" Error;
    DuplicateId "duplicate-id" Error;
    PageWithoutTitle "page-without-title" Error;
    DuplicatePageTitle "duplicate-page-title" Warning;
    PageWithoutLanguage "page-without-language" Error;
    PageHeadingOne "page-heading-one" Error;
    HeadingLevelSkip "heading-level-skip" Warning;
    ImageWithoutAlt "image-without-alt" Error;
    LinkWithoutText "link-without-text" Error;
    TableWithoutHeaders "table-without-headers" Warning;
    UnnamedNavigation "unnamed-navigation" Warning;
    ThirdPartyOrigin "third-party-origin" Error;
    InlineStyle "inline-style" Error;
    InlineScript "inline-script" Error;
    PageTooHeavy "page-too-heavy" Warning;
    CanonicalWrong "canonical-wrong" Warning;
    TextOfTemplate "text-of-template" Error;
    // ── publishing ──
    OutputOfAnotherKind "output-of-another-kind" Error (binding);
    OutputNotOurs "output-not-ours" Error (binding);
    OutputMisplaced "output-misplaced" Error (binding);
    OutputPath "output-path" Error (binding);
    OutputInUse "output-in-use" Error (binding);
    OutputUnwritable "output-unwritable" Error (binding);
    CopyUnreadable "copy-unreadable" Error (binding);
    FileExists "file-exists" Error (binding);
    FileUnwritable "file-unwritable" Error (binding);
}

#[cfg(test)]
mod tests {
    use super::{Code, Severity};
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_kebab_case_and_used_once() {
        let mut seen = BTreeSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "`{text}` is there twice");
            assert!(text.split('-').all(|word| !word.is_empty()), "`{text}`");
            assert!(text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "`{text}`");
            assert_eq!(Code::named(text), Some(*code));
        }
    }

    #[test]
    fn the_page_of_every_code_names_it_and_its_severity() {
        for code in Code::ALL {
            let severity = if code.severity() == Severity::Error { "error" } else { "warning" };
            let front = code.file().split("---\n").nth(1).unwrap_or_default();
            for line in [format!("title: {}", code.as_str()), format!("severity: {severity}")] {
                assert!(front.lines().any(|known| known == line), "docs/content/faults/{}.md: `{line}`", code.as_str());
            }
        }
    }

    #[test]
    fn every_code_has_a_page_that_says_something() {
        for code in Code::ALL {
            let page = code.page();
            let text = page.lines().skip(2).filter(|line| line.split_whitespace().count() > 1).count();
            assert!(text >= 5, "docs/content/faults/{}.md has {text} lines of text", code.as_str());
        }
    }
}
