//! A text → why a part of it is not for everybody: shortcodes and blocks whose names or settings keep words from some readers.

use std::collections::BTreeSet;

use super::codes::attributes;
use crate::import::hiding::{self, Settings};

/// Parts of the names of blocks around what only some may read.
const BLOCKS: &[&str] = &[
    "visibility",
    "logged",
    "membership",
    "member",
    "paywall",
    "premium-content",
    "private",
    "restrict",
    "protected",
    "subscriber",
    "conditional",
    "user-role",
    "schedule",
    "expir",
    "content-lock",
    "password",
];

/// Beginnings of names of shortcodes that lay out.
const BUILDERS: &[&str] = &["vc_", "et_pb_", "fusion_", "av_", "cs_", "us_", "tatsu_", "kc_", "nectar_", "x_", "mk_"];

/// How far the end of a shortcode's beginning is looked for, in bytes.
const LONGEST: usize = 8000;

/// Why a part of a text is not for everybody.
pub(super) fn hidden(text: &str) -> Option<String> {
    in_codes(text).or_else(|| in_blocks(text))
}

fn in_codes(text: &str) -> Option<String> {
    if !text.contains('[') {
        return None;
    }
    let ends = ends(text);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'[', &text.as_bytes()[at..]) {
        let start = at + found + 1;
        at = start;
        let length = name_length(&text[start..]);
        let name = text[start..start + length].to_ascii_lowercase();
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let stands_around = ends.contains(&name);
        // A form to log in has no end; only what stands between two ends is kept from somebody.
        if stands_around && hiding::by_name(&name) {
            return Some(format!("a part of it is only for some (`[{name}]`)"));
        }
        let is_builder = BUILDERS.iter().any(|start| name.starts_with(start));
        if !is_builder && !stands_around {
            continue;
        }
        let near = &text[start..text.floor_char_boundary(start + LONGEST)];
        let head = head(near);
        let mut settings = Settings::default();
        for (key, value) in attributes(head) {
            settings.add(&key, &value, (!is_builder).then_some(name.as_str()));
        }
        if let Some(setting) = settings.hiding() {
            return Some(format!("a part of it is not shown to everybody (`{setting}` of `[{name}]`)"));
        }
    }
    None
}

/// The classes that the shortcodes of a text give what they make, those of each divided by blanks.
pub(super) fn classes(text: &str) -> Vec<String> {
    let starts = text.match_indices('[').map(|(at, _)| at + 1).filter(|at| name_length(&text[*at..]) > 0);
    starts
        .flat_map(|start| attributes(head(&text[start..text.floor_char_boundary(start + LONGEST)])))
        .filter(|(key, _)| key.contains("class"))
        .map(|(_, value)| value)
        .collect()
}

/// The names that have an end somewhere.
fn ends(text: &str) -> BTreeSet<String> {
    text.match_indices("[/")
        .filter_map(|(at, _)| {
            let rest = &text[at + 2..];
            let length = name_length(rest);
            rest[length..].trim_start().starts_with(']').then(|| rest[..length].to_ascii_lowercase())
        })
        .collect()
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count()
}

/// The beginning of a shortcode without its brackets; brackets in quotation marks do not end it.
fn head(text: &str) -> &str {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b']' | b'[') => return &text[..at],
            (None, b'"' | b'\'') if at > 0 && text.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.split([']', '[']).next().unwrap_or(text)
}

fn in_blocks(text: &str) -> Option<String> {
    let last = text.rfind("-->").unwrap_or(0);
    text.match_indices("<!-- wp:").find_map(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        let inside = match at < last {
            true => rest.split("-->").next().unwrap_or(rest),
            false => rest.lines().next().unwrap_or(rest),
        };
        let (name, data) = inside.trim().split_once(char::is_whitespace).unwrap_or((inside.trim(), ""));
        let name = name.to_ascii_lowercase();
        if BLOCKS.iter().any(|part| name.contains(part)) || name.starts_with("pmpro/") {
            return Some(format!("a part of it is only for some (`{name}`)"));
        }
        let data = data.trim().trim_end_matches('/').trim_end();
        let setting = match serde_json::from_str::<serde_json::Value>(data) {
            Ok(data) => hiding::in_data(&data),
            Err(_) => of_damaged(data),
        };
        setting.map(|setting| format!("a part of it is not shown to everybody (`{setting}` of `{name}`)"))
    })
}

/// Data that cannot be read: whatever in it may be the name of such a setting counts.
fn of_damaged(data: &str) -> Option<String> {
    let mut settings = Settings::default();
    data.split('"').filter(|part| part.len() < 80).for_each(|part| settings.add(part, "true", None));
    settings.hiding()
}
