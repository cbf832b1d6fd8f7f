//! A number in figures and its unit → what readers read: `43%`, `−£1.5m`, `12 people`.

/// Signs that stand before a number.
const BEFORE: &[char] = &['£', '$', '€', '¥', '₹'];

/// `number`, which may begin with a minus sign, with `unit`; `gap` stands before a sign for per cent.
pub(crate) fn with_unit(number: &str, unit: &str, gap: &str) -> String {
    let unit = unit.trim();
    let (minus, digits) = match number.char_indices().find(|(_, c)| c.is_numeric()) {
        Some((at, _)) => number.split_at(at),
        None => ("", number),
    };
    match unit.chars().next() {
        None => number.to_owned(),
        Some(sign) if BEFORE.contains(&sign) => format!("{minus}{sign}{digits}{}", &unit[sign.len_utf8()..]),
        Some('%' | '‰') => format!("{number}{gap}{unit}"),
        Some(_) => format!("{number}\u{a0}{unit}"),
    }
}
