//! A type as written in a declaration, `list(ref(people|places))` → [`Type`].
//!
//! What `ref(x)` names is not looked up here: a trait's name is read as a collection, and [`with_traits`] tells them apart.

use std::ops::Range;

use super::{Field, Fields, Identifier, Name, Target, Trait, Type};
use crate::diagnostic::nearest;

/// What is wrong with a type, and which bytes of its text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct TypeFault {
    pub(crate) message: String,
    pub(crate) range: Range<usize>,
}

/// How deeply types may be nested.
const DEEPEST: usize = 16;

const SIMPLE: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("prose", Type::Prose),
    ("markdown", Type::Markdown),
    ("int", Type::Int),
    ("number", Type::Number),
    ("bool", Type::Bool),
    ("date", Type::Date),
    ("datetime", Type::DateTime),
    ("moment", Type::Moment),
    ("url", Type::Url),
    ("email", Type::Email),
    ("tel", Type::Tel),
    ("lang", Type::Lang),
    ("image", Type::Image),
    ("file", Type::File),
    ("statistic", Type::Statistic),
];

const COMPOUND: &[&str] = &["enum", "id", "ref", "list", "either", "record"];

/// What other programs call types.
const ELSEWHERE: &[(&str, &str)] = &[
    ("string", "text"),
    ("str", "text"),
    ("integer", "int"),
    ("boolean", "bool"),
    ("float", "number"),
    ("array", "list"),
    ("object", "record"),
    ("link", "url"),
    ("picture", "image"),
];

/// The type written as `text`.
pub(crate) fn parse_type(text: &str) -> Result<Type, TypeFault> {
    let mut parser = Parser { text, at: 0 };
    let ty = parser.ty(0)?;
    parser.blanks();
    if parser.at < text.len() {
        return Err(parser.fault_here("the type ends before this"));
    }
    Ok(ty)
}

/// A field of this name and type, with everything else unset.
pub(super) fn plain_field(name: &str, ty: Type) -> Field {
    Field {
        name: Name::from(name),
        ty,
        required: false,
        required_if: None,
        recommended_if: None,
        instead: None,
        default: None,
        max: None,
        warn_over: None,
        unique: false,
        renditions: None,
        in_address: None,
        translate: None,
        label: None,
        help: None,
    }
}

/// Turns each `ref(x)` whose `x` is the name of a trait into a reference to that trait.
pub(crate) fn with_traits(fields: &mut Fields) {
    for field in fields.values_mut() {
        type_with_traits(&mut field.ty);
    }
}

fn type_with_traits(ty: &mut Type) {
    match ty {
        Type::Ref(target) => {
            if let Target::Collections(names) = target
                && let [name] = names.as_slice()
                && let Some(named) = Trait::named(name)
            {
                *target = Target::Trait(named);
            }
        }
        Type::List(item) => type_with_traits(item),
        Type::Either(types) => types.iter_mut().for_each(type_with_traits),
        Type::Record(fields) => with_traits(fields),
        _ => {}
    }
}

impl Type {
    /// Whether `wider` also allows everything that this type allows, and reads it as the same kind of value.
    pub(crate) fn narrows(&self, wider: &Self) -> bool {
        let all_in = |names: &[Name], allowed: &[Name]| names.iter().all(|name| allowed.contains(name));
        match (self, wider) {
            (one, other) if one == other => true,
            (Self::Date | Self::DateTime, Self::Moment) => true,
            (Self::Enum(_) | Self::Url | Self::Email | Self::Tel | Self::Lang | Self::Id(_), Self::Text) => true,
            (Self::Enum(values), Self::Enum(allowed)) => all_in(values, allowed),
            (Self::Ref(_), Self::Ref(Target::Any)) => true,
            (Self::Ref(Target::Collections(_)), Self::Ref(Target::Trait(_))) => true,
            (Self::Ref(Target::Collections(names)), Self::Ref(Target::Collections(allowed))) => all_in(names, allowed),
            (Self::List(item), Self::List(wider)) => item.narrows(wider),
            // A group may have further fields.
            (Self::Record(fields), Self::Record(wider)) => {
                wider.values().all(|field| fields.get(&field.name).is_none_or(|own| own.ty.narrows(&field.ty)))
            }
            (Self::Either(types), wider @ Self::Either(_)) => types.iter().all(|ty| ty.narrows(wider)),
            (one, Self::Either(types)) => types.iter().any(|ty| one.narrows(ty)),
            _ => false,
        }
    }

    /// The type as written in a declaration, for messages; groups without their fields.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Enum(values) => format!("enum({})", values.join("|")),
            Self::Id(kind) => format!("id({})", kind.as_str()),
            Self::Ref(Target::Any) => "ref(any)".to_owned(),
            Self::Ref(Target::Trait(named)) => format!("ref({})", named.as_str()),
            Self::Ref(Target::Collections(names)) => format!("ref({})", names.join("|")),
            Self::List(item) => format!("list({})", item.written()),
            Self::Either(types) => {
                format!("either({})", types.iter().map(Self::written).collect::<Vec<_>>().join(", "))
            }
            Self::Record(_) => "record".to_owned(),
            simple => SIMPLE.iter().find(|(_, ty)| ty == simple).map_or("", |(name, _)| name).to_owned(),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn takes(&mut self, sign: char) -> bool {
        self.blanks();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len_utf8();
        }
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), TypeFault> {
        if self.takes(sign) { Ok(()) } else { Err(self.fault_here(&format!("a `{sign}` is missing here"))) }
    }

    fn word(&mut self) -> Range<usize> {
        self.blanks();
        let end = self
            .rest()
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.'))
            .unwrap_or(self.rest().len());
        let word = self.at..self.at + end;
        self.at = word.end;
        word
    }

    fn fault_here(&self, message: &str) -> TypeFault {
        let end = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
        TypeFault { message: message.to_owned(), range: self.at..end }
    }

    fn ty(&mut self, depth: usize) -> Result<Type, TypeFault> {
        let word = self.word();
        let name = &self.text[word.clone()];
        if depth > DEEPEST {
            return Err(TypeFault { message: "types are nested too deep here".to_owned(), range: word });
        }
        if let Some((_, ty)) = SIMPLE.iter().find(|(known, _)| *known == name) {
            return Ok(ty.clone());
        }
        match name {
            "enum" => Ok(Type::Enum(self.names("a value")?)),
            "ref" => {
                let names = self.names("the name of a collection")?;
                let any = names.len() == 1 && &*names[0] == "any";
                Ok(Type::Ref(if any { Target::Any } else { Target::Collections(names) }))
            }
            "id" => self.identifier(),
            "list" => {
                self.expect('(')?;
                let item = self.ty(depth + 1)?;
                self.expect(')')?;
                Ok(Type::List(Box::new(item)))
            }
            "either" => {
                self.expect('(')?;
                let mut types = vec![self.ty(depth + 1)?];
                while self.takes(',') {
                    types.push(self.ty(depth + 1)?);
                }
                self.expect(')')?;
                Ok(Type::Either(types))
            }
            "record" => self.record(depth),
            "" => Err(self.fault_here("a type is missing here")),
            _ => {
                let known = || SIMPLE.iter().map(|(known, _)| *known).chain(COMPOUND.iter().copied());
                let here = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, here)| *here);
                let hint = match here.or_else(|| nearest(name, known())) {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => {
                        let all: Vec<String> = known().map(|name| format!("`{name}`")).collect();
                        format!("; there are {}", all.join(", "))
                    }
                };
                Err(TypeFault { message: format!("there is no type `{name}`{hint}"), range: word })
            }
        }
    }

    /// `(a|b)`.
    fn names(&mut self, what: &str) -> Result<Vec<Name>, TypeFault> {
        self.expect('(')?;
        let mut names: Vec<Name> = Vec::new();
        loop {
            let word = self.word();
            let name = &self.text[word.clone()];
            if name.is_empty() {
                return Err(self.fault_here(&format!("{what} is missing here")));
            }
            if names.iter().any(|known| &**known == name) {
                return Err(TypeFault { message: format!("`{name}` is here twice"), range: word });
            }
            names.push(Name::from(name));
            if !self.takes('|') {
                break;
            }
        }
        self.expect(')')?;
        Ok(names)
    }

    fn identifier(&mut self) -> Result<Type, TypeFault> {
        self.expect('(')?;
        let word = self.word();
        let name = &self.text[word.clone()];
        let Some(kind) = Identifier::ALL.iter().copied().find(|kind| kind.as_str() == name) else {
            let all: Vec<String> = Identifier::ALL.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
            let message = format!("there is no kind of identifier `{name}`; there are {}", all.join(", "));
            return Err(TypeFault { message, range: word });
        };
        self.expect(')')?;
        Ok(Type::Id(kind))
    }

    /// `{name: text!, affiliation: text}`.
    fn record(&mut self, depth: usize) -> Result<Type, TypeFault> {
        self.expect('{')?;
        let mut fields = Fields::default();
        while !self.takes('}') {
            let word = self.word();
            let name = self.text[word.clone()].to_owned();
            if name.is_empty() {
                return Err(self.fault_here("the name of a field is missing here"));
            }
            self.expect(':')?;
            let mut field = plain_field(&name, self.ty(depth + 1)?);
            field.required = self.takes('!');
            if fields.insert(field.name.clone(), field).is_some() {
                return Err(TypeFault { message: format!("`{name}` is here twice"), range: word });
            }
            if !self.takes(',') {
                self.expect('}')?;
                break;
            }
        }
        Ok(Type::Record(fields))
    }
}

impl Identifier {
    pub(crate) const ALL: &[Identifier] = &[
        Identifier::Doi,
        Identifier::Isbn,
        Identifier::Issn,
        Identifier::Orcid,
        Identifier::Ror,
        Identifier::Charity,
        Identifier::Company,
        Identifier::Gss,
    ];

    /// As written in a type.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Identifier::Doi => "doi",
            Identifier::Isbn => "isbn",
            Identifier::Issn => "issn",
            Identifier::Orcid => "orcid",
            Identifier::Ror => "ror",
            Identifier::Charity => "charity",
            Identifier::Company => "company",
            Identifier::Gss => "gss",
        }
    }
}

impl Trait {
    pub(crate) const ALL: &[Trait] = &[Trait::Citable, Trait::Timed, Trait::Agent, Trait::Located, Trait::Term];

    /// As written in a declaration.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Trait::Citable => "citable",
            Trait::Timed => "timed",
            Trait::Agent => "agent",
            Trait::Located => "located",
            Trait::Term => "term",
        }
    }

    /// The trait of this name.
    pub(crate) fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|named| named.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &[&str]) -> Vec<Name> {
        text.iter().map(|name| Name::from(*name)).collect()
    }

    #[test]
    fn types_are_read_as_they_nest() {
        assert_eq!(parse_type("enum(a|b-c)"), Ok(Type::Enum(names(&["a", "b-c"]))));
        assert_eq!(parse_type("id(doi)"), Ok(Type::Id(Identifier::Doi)));
        assert_eq!(parse_type("ref(any)"), Ok(Type::Ref(Target::Any)));
        let people = Type::Ref(Target::Collections(names(&["agent"])));
        let parsed = parse_type(" list( either(ref(agent), record{name: text!, when: moment}) )");
        let mut name = plain_field("name", Type::Text);
        name.required = true;
        let record: Fields =
            [name, plain_field("when", Type::Moment)].into_iter().map(|field| (field.name.clone(), field)).collect();
        assert_eq!(parsed, Ok(Type::List(Box::new(Type::Either(vec![people, Type::Record(record)])))));
    }

    #[test]
    fn a_fault_names_its_place() {
        for (text, message, place) in [
            ("txt", "there is no type `txt`; did you mean `text`?", "txt"),
            ("string", "there is no type `string`; did you mean `text`?", "string"),
            ("list(dat)", "there is no type `dat`; did you mean `date`?", "dat"),
            ("list(text", "a `)` is missing here", ""),
            (
                "id(isni)",
                "there is no kind of identifier `isni`; there are `doi`, `isbn`, `issn`, `orcid`, `ror`, `charity`, `company`, `gss`",
                "isni",
            ),
            ("enum(a|a)", "`a` is here twice", "a"),
            ("text é", "the type ends before this", "é"),
        ] {
            let fault = parse_type(text).expect_err(text);
            assert_eq!((fault.message.as_str(), &text[fault.range]), (message, place));
        }
    }
}
