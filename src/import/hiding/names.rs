//! The words of names, and whether something of such a name may keep what stands in it from readers.

/// The words of a name in small letters: those of `UAGHideDesktop`, `hide_desktop` and `hide-desktop`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut word = String::new();
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let next_is_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase() || before.is_numeric() || before.is_uppercase() && next_is_small
            });
        if begins || !c.is_alphanumeric() {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// Parts of names of what stands around words that are not for everybody, or not always.
const STEMS: &[&str] = &[
    "private",
    "secret",
    "hidden",
    "hide",
    "restrict",
    "protect",
    "paywall",
    "premium",
    "subscri",
    "logged",
    "passster",
    "password",
    "condition",
    "visib",
    "capab",
    "member",
    "embargo",
    "confidential",
    "internal",
    "unpublish",
    "expir",
    "schedul",
    "eyesonly",
    "am4",
    "s2if",
    "s2get",
    "s2member",
    "mepr",
    "swpm",
    "wlm",
    "pmpro",
    "patreon",
    "patron",
    "futureaction",
    "adminnote",
    "editornote",
    "noshow",
    "draft",
    "visitor",
    "unlock",
    "contentlock",
    "lockcontent",
    "userlevel",
    "accesslevel",
    "userrole",
    "showif",
    "hideif",
    "loginrequired",
    "editorsonly",
    "staffonly",
    "adminonly",
    "useronly",
    "showto",
    "fixme",
];

/// Whole words of such names.
const WORDS: &[&str] = &[
    "student",
    "students",
    "enrolled",
    "teacher",
    "teachers",
    "instructor",
    "instructors",
    "geo",
    "geot",
    "geoip",
    "gold",
    "silver",
    "bronze",
    "platinum",
    "vip",
    "user",
    "users",
    "role",
    "roles",
    "guest",
    "guests",
    "if",
    "ifnot",
    "not",
    "else",
    "elseif",
    "unless",
    "until",
    "when",
    "level",
    "levels",
    "access",
    "noaccess",
    "comment",
    "comments",
    "admin",
    "admins",
    "administrator",
    "editor",
    "editors",
    "editorial",
    "staff",
    "todo",
    "ignore",
    "lock",
    "locked",
    "drip",
    "timed",
    "only",
    "donor",
    "donors",
    "buyer",
    "buyers",
    "customer",
    "customers",
    "paid",
    "pay",
    "purchased",
    "tier",
    "course",
    "lesson",
    "groups",
    "arm",
    "reviewer",
    "reviewers",
    "pending",
    "off",
    "disabled",
    "inactive",
    "wip",
    "nda",
    "exclusive",
];

/// Names with such a word that mean something else.
const OTHERS: &[&str] = &["et_pb_comments", "et_pb_login", "fusion_comments"];

/// Words for people who are members of something in public.
const PEOPLE: &[&str] = &["team", "board", "staff", "faculty", "committee"];

/// Whether something of this name may keep what stands in it from readers.
pub(crate) fn by_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    if OTHERS.contains(&lower.as_str()) {
        return false;
    }
    let mut parts = words(name);
    // `team_member` shows one.
    let is_person = |pair: &[String]| PEOPLE.contains(&pair[0].as_str()) && pair[1].trim_end_matches('s') == "member";
    if let Some(at) = parts.windows(2).position(is_person) {
        parts.drain(at..at + 2);
    }
    let bare = parts.concat();
    STEMS.iter().any(|stem| bare.contains(stem)) || parts.iter().any(|word| WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_however_they_are_joined() {
        for name in ["UAGHideDesktop", "uag_hide_desktop", "uag-hide-desktop"] {
            assert_eq!(words(name), ["uag", "hide", "desktop"], "{name}");
        }
    }

    #[test]
    fn names_that_keep_words_from_readers_are_known_and_others_are_not() {
        for name in [
            "eyesonly",
            "am4show",
            "schedule",
            "expirator",
            "adminnote",
            "editor_note",
            "todo",
            "lock",
            "if",
            "futureaction",
            "course_content",
            "members_only",
            "MembersOnly",
            "su_private",
            "s2If",
            "wlm_private",
            "passster",
            "ihc-hide-content",
            "user_role",
            "embargo",
            "hideIf",
            "staff",
            "content-lock",
            "loggedin",
        ] {
            assert!(by_name(name), "{name}");
        }
        for name in [
            "caption",
            "gallery",
            "button",
            "quote",
            "blockquote",
            "note",
            "footnote",
            "accordion",
            "tabs",
            "row",
            "vc_row",
            "et_pb_section",
            "et_pb_text",
            "fusion_text",
            "av_one_full",
            "team_member",
            "et_pb_team_member",
            "su_box",
            "toggle",
            "columns",
            "embed",
            "code",
            "highlight",
            "timeline",
            "et_pb_comments",
            "international",
            "block",
            "figure",
            "video",
            "pullquote",
            "testimonial",
        ] {
            assert!(!by_name(name), "{name}");
        }
    }
}
