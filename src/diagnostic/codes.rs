//! Every kind of fault there is: its stable code, its usual severity and its page in the manual.
//!
//! A code is published: it is never renamed or used for something else. Each has a page `docs/faults/CODE.md`, which
//! `pamphlet explain CODE` prints, and a fixture under `tests/faults/CODE/`.

use super::Severity;

macro_rules! codes {
    ($( $name:ident $code:literal $severity:ident $(($fixed:ident))? ; )*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[allow(missing_docs)]
        pub enum Code { $( $name, )* }

        impl Code {
            /// Every code, in the order of the manual.
            pub const ALL: &[Code] = &[ $( Code::$name, )* ];

            /// The code as it is written: `unknown-field`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $( Code::$name => $code, )* }
            }

            /// How much such a fault matters unless `site.toml` says otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $( Code::$name => Severity::$severity, )* }
            }

            /// Whether its severity cannot be lowered, since nothing is left to publish.
            #[must_use]
            pub fn fixed(self) -> bool {
                match self { $( Code::$name => false $( || stringify!($fixed) == "fixed" )?, )* }
            }

            /// Its page in the manual, in Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $( Code::$name => include_str!(concat!("../../docs/faults/", $code, ".md")), )* }
            }

            /// The code that is written so.
            #[must_use]
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    // ── files ──
    // ── data: TOML, YAML, JSON, CSV ──
    // ── Markdown ──
    // ── fields ──
    UnknownField "unknown-field" Error;
    // ── configuration ──
    UnknownSetting "unknown-setting" Error (fixed);
    WrongSetting "wrong-setting" Error (fixed);
    MissingSetting "missing-setting" Error (fixed);
    // ── entries ──
    // ── references and lists ──
    // ── addresses ──
    // ── templates ──
    // ── finished pages ──
    // ── publishing ──
    OutputNotOurs "output-not-ours" Error (fixed);
    OutputMisplaced "output-misplaced" Error (fixed);
    OutputPath "output-path" Error (fixed);
    OutputInUse "output-in-use" Error (fixed);
    OutputUnwritable "output-unwritable" Error (fixed);
    CopyUnreadable "copy-unreadable" Error (fixed);
    FileExists "file-exists" Error (fixed);
    FileUnwritable "file-unwritable" Error (fixed);
}
