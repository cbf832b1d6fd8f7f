//! Identifiers → their normal form, or what is wrong with them.
//!
//! Check digits: ISBN (ISO 2108), ISSN (ISO 3297), ORCID (ISO 7064 MOD 11-2), ROR (ISO 7064 MOD 97-10 over Crockford's base
//! 32). A DOI, the numbers of charities and companies, and GSS codes have a form only. Nothing is looked up.

use super::Identifier;

/// The normal form of `written`: `10.1234/abc`, `9780306406157`, `0000-0019`, `0000-0002-1825-0097`, `027m9bs27`,
/// `1234567`, `01234567`, `E08000006`; otherwise a sentence that says what is wrong.
pub(super) fn check(kind: Identifier, written: &str) -> Result<String, String> {
    let written = written.trim();
    match kind {
        Identifier::Doi => doi(written),
        Identifier::Isbn => isbn(written),
        Identifier::Issn => issn(written),
        Identifier::Orcid => orcid(written),
        Identifier::Ror => ror(written),
        Identifier::Charity => charity(written),
        Identifier::Company => company(written),
        Identifier::Gss => gss(written),
    }
}

/// "a DOI", for messages.
pub(super) fn called(kind: Identifier) -> &'static str {
    match kind {
        Identifier::Doi => "a DOI",
        Identifier::Isbn => "an ISBN",
        Identifier::Issn => "an ISSN",
        Identifier::Orcid => "an ORCID iD",
        Identifier::Ror => "a ROR identifier",
        Identifier::Charity => "a charity number",
        Identifier::Company => "a company number",
        Identifier::Gss => "a GSS code",
    }
}

/// A well-formed one, for examples.
pub(super) fn example(kind: Identifier) -> &'static str {
    match kind {
        Identifier::Doi => "10.1234/report-1",
        Identifier::Isbn => "978-0-306-40615-7",
        Identifier::Issn => "0000-0019",
        Identifier::Orcid => "0000-0002-1825-0097",
        Identifier::Ror => "027m9bs27",
        Identifier::Charity => "1234567",
        Identifier::Company => "01234567",
        Identifier::Gss => "E08000006",
    }
}

/// `text` without the first of `prefixes` that it begins with, in any case.
fn without<'a>(text: &'a str, prefixes: &[&str]) -> &'a str {
    for prefix in prefixes {
        if let Some(start) = text.get(..prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            return text[prefix.len()..].trim_start();
        }
    }
    text
}

fn form(kind: Identifier, written: &str, must: &str) -> String {
    format!("`{written}` is not {}: {must}, such as {}", called(kind), example(kind))
}

fn digit_fault(written: &str, kind: Identifier, last: &str, should: &str) -> String {
    format!(
        "`{written}` is not {}: its check digit should be {should}, not {last}, so some figure in it is wrong",
        called(kind)
    )
}

fn doi(written: &str) -> Result<String, String> {
    let prefixes =
        ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi.org/", "doi:"];
    let doi = without(written, &prefixes);
    let sound = doi.split_once('/').is_some_and(|(registrant, rest)| {
        let number = registrant.strip_prefix("10.").unwrap_or("");
        let digits = number.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        digits && number.len() >= 4 && !rest.is_empty()
    });
    if sound && !doi.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c)) {
        Ok(doi.to_owned())
    } else {
        Err(form(Identifier::Doi, written, "it begins with `10.`, a number and a slash"))
    }
}

/// The significant characters, in upper case; `None` if there is one that does not belong.
fn compact(text: &str) -> Option<Vec<u8>> {
    let kept: Vec<u8> = text.bytes().filter(|b| !b" -".contains(b)).map(|b| b.to_ascii_uppercase()).collect();
    let last = kept.len().checked_sub(1)?;
    let sound = kept.iter().enumerate().all(|(n, b)| b.is_ascii_digit() || (n == last && *b == b'X'));
    sound.then_some(kept)
}

fn value(byte: u8) -> u32 {
    if byte == b'X' { 10 } else { u32::from(byte.saturating_sub(b'0')) }
}

fn sign(value: u32) -> String {
    if value == 10 { "X".to_owned() } else { value.to_string() }
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

/// The check digit by weights that descend to 2, modulo 11: ISBN-10 and ISSN.
fn modulo_11(body: &[u8]) -> u32 {
    let weights = (2..).take(body.len());
    let sum: u32 = body.iter().rev().zip(weights).map(|(b, weight)| value(*b) * weight).sum();
    (11 - sum % 11) % 11
}

fn isbn(written: &str) -> Result<String, String> {
    let must = "it has 10 or 13 digits";
    let digits = compact(without(written, &["isbn-13:", "isbn-10:", "isbn:", "isbn"]))
        .filter(|digits| matches!(digits.len(), 10 | 13))
        .ok_or_else(|| form(Identifier::Isbn, written, must))?;
    let (last, body) = digits.split_last().ok_or_else(|| form(Identifier::Isbn, written, must))?;
    let should = if digits.len() == 10 {
        modulo_11(body)
    } else {
        if !(digits.starts_with(b"978") || digits.starts_with(b"979")) {
            return Err(form(Identifier::Isbn, written, "thirteen digits begin with 978 or 979"));
        }
        let sum: u32 = body.iter().enumerate().map(|(n, b)| value(*b) * if n % 2 == 0 { 1 } else { 3 }).sum();
        (10 - sum % 10) % 10
    };
    if value(*last) == should {
        Ok(text(&digits))
    } else {
        Err(digit_fault(written, Identifier::Isbn, &sign(value(*last)), &sign(should)))
    }
}

fn issn(written: &str) -> Result<String, String> {
    let digits = compact(without(written, &["issn:", "issn"]))
        .filter(|digits| digits.len() == 8)
        .ok_or_else(|| form(Identifier::Issn, written, "it has eight digits"))?;
    let should = modulo_11(&digits[..7]);
    if value(digits[7]) == should {
        Ok(format!("{}-{}", text(&digits[..4]), text(&digits[4..])))
    } else {
        Err(digit_fault(written, Identifier::Issn, &sign(value(digits[7])), &sign(should)))
    }
}

fn orcid(written: &str) -> Result<String, String> {
    let digits = compact(without(written, &["https://orcid.org/", "http://orcid.org/", "orcid.org/", "orcid:"]))
        .filter(|digits| digits.len() == 16)
        .ok_or_else(|| form(Identifier::Orcid, written, "it has sixteen digits"))?;
    let total = digits[..15].iter().fold(0, |total, b| (total + value(*b)) * 2 % 11);
    let should = (12 - total) % 11;
    if value(digits[15]) == should {
        let groups: Vec<String> = digits.chunks(4).map(text).collect();
        Ok(groups.join("-"))
    } else {
        Err(digit_fault(written, Identifier::Orcid, &sign(value(digits[15])), &sign(should)))
    }
}

fn ror(written: &str) -> Result<String, String> {
    const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    let must = "it has a 0, six letters or digits and two digits";
    let id = without(written, &["https://ror.org/", "http://ror.org/", "ror.org/", "ror:"]).to_ascii_lowercase();
    let sound = id.len() == 9 && id.starts_with('0') && id.is_ascii() && id[7..].bytes().all(|b| b.is_ascii_digit());
    if !sound {
        return Err(form(Identifier::Ror, written, must));
    }
    let mut number: u64 = 0;
    for c in id[..7].chars() {
        let at = ALPHABET.find(c).ok_or_else(|| form(Identifier::Ror, written, must))?;
        number = number * 32 + u64::try_from(at).unwrap_or(0);
    }
    let should = format!("{:02}", 98 - number * 100 % 97);
    if id[7..] == should {
        Ok(id)
    } else {
        Err(format!(
            "`{written}` is not a ROR identifier: its last two digits should be {should}, not {}, so some figure in it is wrong",
            &id[7..]
        ))
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// England and Wales: 6 or 7 digits; Scotland: `SC` and six; Northern Ireland: `NIC` and six.
fn charity(written: &str) -> Result<String, String> {
    let id = written.to_ascii_uppercase();
    let sound = (digits(&id) && matches!(id.len(), 6 | 7))
        || id.strip_prefix("SC").is_some_and(|rest| digits(rest) && rest.len() == 6)
        || id.strip_prefix("NIC").is_some_and(|rest| digits(rest) && rest.len() == 6);
    let must = "it has six or seven digits, or `SC` or `NIC` and six digits";
    if sound { Ok(id) } else { Err(form(Identifier::Charity, written, must)) }
}

/// Eight digits, or two letters and six digits.
fn company(written: &str) -> Result<String, String> {
    let id = written.to_ascii_uppercase();
    let lettered =
        id.len() == 8 && id.is_char_boundary(2) && digits(&id[2..]) && id[..2].bytes().all(|b| b.is_ascii_alphabetic());
    if (digits(&id) && id.len() == 8) || lettered {
        return Ok(id);
    }
    let must = if digits(&id) && id.len() == 7 {
        format!("it has eight digits, so write the 0 in front: 0{id}")
    } else {
        "it has eight digits, or two letters and six digits".to_owned()
    };
    if must.contains("in front") {
        return Err(format!("`{written}` is not a company number: {must}"));
    }
    Err(form(Identifier::Company, written, &must))
}

/// A letter for the nation and eight digits.
fn gss(written: &str) -> Result<String, String> {
    let id = written.to_ascii_uppercase();
    let sound = id.len() == 9 && id.starts_with(['E', 'W', 'S', 'N', 'K', 'J', 'L', 'M']) && digits(&id[1..]);
    if sound { Ok(id) } else { Err(form(Identifier::Gss, written, "it has a letter and eight digits")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOUND: &[(Identifier, &str, &str)] = &[
        (Identifier::Doi, "https://doi.org/10.1000/182", "10.1000/182"),
        (Identifier::Isbn, "978-0-306-40615-7", "9780306406157"),
        (Identifier::Isbn, "0-8044-2957-X", "080442957X"),
        (Identifier::Issn, "0378-5955", "0378-5955"),
        (Identifier::Issn, "2434561X", "2434-561X"),
        (Identifier::Orcid, "https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
        (Identifier::Orcid, "0000-0002-1825-0097", "0000-0002-1825-0097"),
        (Identifier::Ror, "https://ror.org/027m9bs27", "027m9bs27"),
        (Identifier::Ror, "04wxnsj81", "04wxnsj81"),
        (Identifier::Charity, "sc012345", "SC012345"),
        (Identifier::Company, "01234567", "01234567"),
        (Identifier::Gss, "E08000006", "E08000006"),
    ];

    #[test]
    fn sound_ones_take_their_normal_form() {
        for (kind, written, normal) in SOUND {
            assert_eq!(check(*kind, written).as_deref(), Ok(*normal));
        }
        for kind in Identifier::ALL {
            assert!(check(*kind, example(*kind)).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn a_wrong_one_says_what_is_wrong() {
        assert_eq!(
            check(Identifier::Isbn, "978-0-306-40615-8"),
            Err(
                "`978-0-306-40615-8` is not an ISBN: its check digit should be 7, not 8, so some figure in it is wrong"
                    .to_owned()
            )
        );
        assert_eq!(
            check(Identifier::Company, "1234567"),
            Err("`1234567` is not a company number: it has eight digits, so write the 0 in front: 01234567".to_owned())
        );
        for (kind, written) in [
            (Identifier::Doi, "11.1000/182"),
            (Identifier::Doi, "10.1000"),
            (Identifier::Ror, "é27m9bs2"),
            (Identifier::Gss, "X08000006"),
            (Identifier::Charity, "12345"),
            (Identifier::Issn, "0378-595"),
        ] {
            assert!(check(kind, written).is_err(), "{written}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_always_found(which in 1_usize..9, at in 0_usize..40, by in 1_u8..10) {
            let (kind, _, sound) = SOUND[which];
            let mut bytes = sound.as_bytes().to_vec();
            let places: Vec<usize> = (0..bytes.len()).filter(|n| bytes[*n].is_ascii_digit()).collect();
            let place = places[at % places.len()];
            bytes[place] = b'0' + (bytes[place] - b'0' + by) % 10;
            let changed = String::from_utf8(bytes).expect("ASCII");
            prop_assert!(check(kind, &changed).is_err(), "{changed}");
        }

        #[test]
        fn nothing_that_is_written_makes_it_fall(written in "\\PC{0,24}") {
            for kind in Identifier::ALL {
                let _ = check(*kind, &written);
            }
        }
    }
}
