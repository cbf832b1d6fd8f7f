//! A collection's `path` as written → the pattern of its pages' addresses, checked against the collection's fields.
//!
//! `{slug}` names the page; `{kind}` is a field's text; `{start.year}`, `{start.month}` and `{start.day}` are of the date field
//! `start`; `{year}`, `{month}` and `{day}` of `date`. A piece that cannot be read is a fault and left out.
//!
//! Not here: the addresses of entries (`site::addresses`), and entries that lack what their pattern asks for (`schema`, which
//! hides them).

use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::schema::{Field, Fields, Name, Type, secrecy};

/// A pattern of addresses.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Pattern {
    written: String,
    pieces: Vec<Piece>,
}

/// One piece of a pattern.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Piece {
    Text(String),
    /// What names the page.
    Slug,
    /// The text in a field.
    Field(Name),
    /// A part of the date in a field.
    Date(Name, DatePart),
}

/// A part of a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DatePart {
    Year,
    Month,
    Day,
}

impl DatePart {
    const ALL: [(&str, Self); 3] = [("year", Self::Year), ("month", Self::Month), ("day", Self::Day)];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, part)| *part)
    }
}

impl Pattern {
    /// The pattern `written` at `span`, for entries with these fields.
    pub(super) fn read(written: &str, span: Option<&Span>, fields: &Fields, faults: &mut Vec<Diagnostic>) -> Self {
        let mut pieces = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            pieces.push(Piece::Text(before.to_owned()));
            let Some((name, after)) = after.split_once('}') else {
                faults.push(placed(wrong(format!("`{{` in the address pattern `{written}` has no `}}`")), span));
                rest = "";
                break;
            };
            match piece(name, fields) {
                Ok(piece) => pieces.push(piece),
                Err(fault) => faults.push(placed(fault, span)),
            }
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        // Without anything of their own, all pages would be at one address, and each would be reported.
        if written.contains('{') && pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
            pieces.extend([Piece::Slug, Piece::Text("/".to_owned())]);
        }
        Self { written: written.to_owned(), pieces }
    }

    /// The pattern as written.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The fields without which an entry has no address.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Name> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(name) | Piece::Date(name, _) => Some(name),
            Piece::Text(_) | Piece::Slug => None,
        })
    }
}

fn piece(name: &str, fields: &Fields) -> Result<Piece, Diagnostic> {
    let (field, part) = match (name, name.split_once('.')) {
        ("slug", _) => return Ok(Piece::Slug),
        (_, Some((field, part))) => (field, Some(part)),
        ("year", _) => ("date", Some("year")),
        // A field of that name is meant before a part of the date.
        ("month" | "day", _) if !fields.contains_key(name) => ("date", Some(name)),
        (field, None) => (field, None),
    };
    if secrecy::is_unseen(field) {
        return Err(wrong(format!("the address pattern asks for `{{{name}}}`, which no reader sees"))
            .help("name a field that readers see"));
    }
    let Some(declared) = fields.get(field) else {
        let dates = fields.values().filter(|field| is_date(field)).map(|field| format!("{}.year", field.name));
        let texts = fields.values().filter(|field| has_text(field)).map(|field| field.name.to_string());
        let known: Vec<String> = ["slug", "year", "month", "day"].map(str::to_owned).into_iter().chain(dates).collect();
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        let near =
            near.or_else(|| nearest(name, texts.collect::<Vec<_>>().iter().map(String::as_str)).map(str::to_owned));
        let fault = wrong(format!("the address pattern asks for `{{{name}}}`, but there is no field `{field}`"));
        return Err(match near {
            Some(near) => fault.help(format!("did you mean `{{{near}}}`?")),
            None => fault.help("use `{slug}`, `{year}`, `{month}`, `{day}`, a field such as `{kind}`, or a date such as `{start.year}`"),
        });
    };
    match part {
        Some(part) if is_date(declared) => match DatePart::named(part) {
            Some(part) => Ok(Piece::Date(declared.name.clone(), part)),
            None => {
                let near = nearest(part, DatePart::ALL.iter().map(|(name, _)| *name)).unwrap_or("year");
                let message = format!("the address pattern asks for `{{{name}}}`, which a date does not have");
                Err(wrong(message).help(format!("did you mean `{{{field}.{near}}}`?")))
            }
        },
        Some(part) => {
            let message = format!("the address pattern asks for `{{{name}}}`, but `{field}` is not a date");
            Err(wrong(message)
                .help(format!("name a field of type `date`, `datetime` or `moment`, such as `{{date.{part}}}`")))
        }
        None if has_text(declared) => Ok(Piece::Field(declared.name.clone())),
        None if is_date(declared) => {
            let message = format!("the address pattern asks for `{{{name}}}`, which is a whole date");
            Err(wrong(message)
                .help(format!("say which part: `{{{name}.year}}`, `{{{name}.month}}` or `{{{name}.day}}`")))
        }
        None => {
            let message = format!(
                "the address pattern asks for `{{{name}}}`, which is not a text: its type is `{}`",
                declared.ty.written()
            );
            Err(wrong(message).help("use `{slug}`, `{year}`, or a field that holds one text, such as `{kind}`"))
        }
    }
}

fn is_date(field: &Field) -> bool {
    matches!(field.ty, Type::Date | Type::DateTime | Type::Moment)
}

fn has_text(field: &Field) -> bool {
    fn is_text(ty: &Type) -> bool {
        match ty {
            Type::Text | Type::Enum(_) | Type::Lang | Type::Id(_) | Type::Url | Type::Email | Type::Tel => true,
            Type::Either(choices) => choices.iter().any(is_text),
            _ => false,
        }
    }
    is_text(&field.ty)
}

fn wrong(message: String) -> Diagnostic {
    Diagnostic::new(Code::WrongSetting, message)
}

fn placed(fault: Diagnostic, span: Option<&Span>) -> Diagnostic {
    match span {
        Some(span) => fault.span(span.clone()),
        None => fault,
    }
}
