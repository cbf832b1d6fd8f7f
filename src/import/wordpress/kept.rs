//! What only plug-ins decide about who may read a post → why it stays hidden. When in doubt, it does: a draft can be published, and a
//! secret that is out stays out.

use std::collections::BTreeSet;

use super::builders;
use super::post::Post;
use super::types;

/// Words in the names of types of posts that plug-ins keep for themselves: donations, attendees, what readers sent.
const TYPES: &[&str] = &[
    "signup",
    "signature",
    "applicant",
    "application",
    "candidate",
    "referral",
    "complaint",
    "volunteer",
    "payment",
    "donation",
    "donor",
    "entry",
    "entries",
    "rsvp",
    "attendee",
    "ticket",
    "order",
    "registration",
    "user",
    "subscriber",
    "subscription",
    "customer",
    "coupon",
    "log",
    "popup",
    "redirect",
    "template",
    "submission",
    "response",
    "enquiry",
    "inquiry",
    "message",
    "lead",
    "booking",
    "reservation",
    "invoice",
    "transaction",
    "receipt",
    "form",
    "request",
    "vote",
    "rule",
    "snippet",
    "memberpress",
    "memberpressproduct",
    "memberpressgroup",
    "membership",
    "contact",
    "mail",
    "email",
];

/// Parts of the names of shortcodes around what only some may read, or what is switched off.
const CODES: &[&str] = &[
    "s2if",
    "s2get",
    "user",
    "role",
    "capab",
    "guest",
    "condition",
    "visib",
    "_if",
    "if_",
    "member",
    "restrict",
    "protect",
    "private",
    "loggedin",
    "logged",
    "paywall",
    "passster",
    "password",
    "premium",
    "subscri",
    "wlm_",
    "mepr",
    "swpm",
    "arm_",
    "groups_",
    "hidden",
    "hide",
    "comment",
    "expire",
    "secret",
    "visitor",
    "level",
    "access",
    "draft",
    "embargo",
    "internal",
];

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
];

/// Parts of the names of fields in which plug-ins keep who may read a post.
const FIELDS: &[&str] = &[
    "custom_access",
    "access_settings",
    "access_restriction",
    "restrict",
    "paywall",
    "subscription_level",
    "access_level",
    "access_plan",
    "access_role",
    "newsletter_access",
    "content_permissions",
    "wpmem_block",
    "mb_who",
    "groups-read",
    "groups_read",
    "members_only",
    "member_only",
    "only_for",
    "for_members",
    "membership",
    "user_level",
    "wlm_",
];

/// Why a post is to stay hidden, if a plug-in or its type says so; `public` are the types that the settings call public.
pub(super) fn reason(post: &Post, public: &[String]) -> Option<String> {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase().split(['_', '-']).map(|word| word.trim_end_matches('s').to_owned()).collect()
    };
    let own = TYPES.iter().any(|kind| words(&post.kind).iter().any(|word| word == kind.trim_end_matches('s')));
    let is_stated = public.iter().any(|one| one.trim().eq_ignore_ascii_case(&post.kind));
    if own && !is_stated && !matches!(post.kind.as_str(), "post" | "page" | "attachment") {
        return Some(format!("a plug-in keeps posts of the type `{}` for itself, as far as its name says", post.kind));
    }
    if !types::are_seen(&post.kind, public) {
        return Some(types::unseen(&post.kind));
    }
    if let Some((key, _)) = post.meta.iter().find(|(key, value)| restricts(key, value)) {
        return Some(format!("only some may read it (`{key}`)"));
    }
    if builders::hides_a_part(post) {
        return Some("a part of it is switched off in its page builder".to_owned());
    }
    [&post.content, &post.excerpt].into_iter().find_map(|text| in_text(text))
}

fn restricts(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    let value = value.trim().to_lowercase();
    let says_no = matches!(
        value.as_str(),
        "" | "0" | "no" | "none" | "off" | "false" | "public" | "everybody" | "everyone" | "all" | "a:0:{}" | "[]"
    );
    let is_about = FIELDS.iter().any(|part| key.contains(part))
        || ["protect", "protected", "protection", "password"].iter().any(|end| key.ends_with(end));
    is_about && !says_no
}

/// How far the end of a shortcode's beginning is looked for, in bytes.
const LONGEST: usize = 20_000;

/// Why a part of a text is not for everybody.
fn in_text(text: &str) -> Option<String> {
    // Names and attributes are written in any case, and in either quotation marks.
    let text = text.to_ascii_lowercase().replace('\'', "\"");
    let text = text.as_str();
    let mut at = 0;
    // The names that have an end somewhere.
    let ends: BTreeSet<&str> = text
        .match_indices("[/")
        .filter_map(|(at, _)| {
            let rest = &text[at + 2..];
            let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count();
            rest[length..].starts_with(']').then(|| &rest[..length])
        })
        .collect();
    let last_comment = text.rfind("-->").unwrap_or(0);
    while let Some(found) = memchr::memchr(b'[', &text.as_bytes()[at..]) {
        let start = at + found + 1;
        at = start;
        let name: &str = text[start..].split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))).next()?;
        if name.is_empty() {
            continue;
        }
        // A form to log in has no end; only what stands between two ends is kept from somebody.
        if CODES.iter().any(|part| name.contains(part)) && ends.contains(name) {
            return Some(format!("a part of it is only for some (`[{name}]`)"));
        }
        let is_builder = ["vc_", "et_pb_", "fusion_"].iter().any(|start| name.starts_with(start));
        let is_off = ["disable_element=\"yes\"", "disabled=\"on\"", "status=\"draft\"", "publish_date=\"2"];
        if !is_builder {
            continue;
        }
        let near = &text.as_bytes()[start..text.len().min(start + LONGEST)];
        let attributes = &near[..memchr::memchr(b']', near).unwrap_or(near.len())];
        if is_off.iter().any(|off| memchr::memmem::find(attributes, off.as_bytes()).is_some()) {
            return Some(format!("a part of it is switched off (`[{name}]`)"));
        }
    }
    text.match_indices("<!-- wp:").find_map(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        let inside = if at < last_comment {
            rest.split("-->").next().unwrap_or(rest)
        } else {
            rest.lines().next().unwrap_or(rest)
        };
        let name = inside.split_whitespace().next().unwrap_or_default();
        if BLOCKS.iter().any(|part| name.contains(part)) || name.starts_with("pmpro/") {
            return Some(format!("a part of it is only for some (`{name}`)"));
        }
        let visibility = inside.split_once("\"blockvisibility\"").map(|(_, says)| says.trim_start_matches([' ', ':']));
        visibility
            .filter(|says| !says.starts_with("true"))
            .map(|_| format!("a part of it is not shown to everybody (`{name}`)"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(kind: &str, content: &str, meta: &[(&str, &str)]) -> Post {
        let meta = meta.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Post { kind: kind.to_owned(), content: content.to_owned(), meta, ..Post::default() }
    }

    // Each was public before.
    #[test]
    fn what_plug_ins_keep_from_readers_stays_hidden() {
        for kind in [
            "give_payment",
            "edd_payment",
            "wpforms_entries",
            "tribe_rsvp_attendees",
            "support_ticket",
            "popup",
            "um_form",
        ] {
            assert!(reason(&post(kind, "", &[]), &[]).is_some(), "{kind}");
        }
        for text in [
            "[members_only]x[/members_only]",
            "[wcm_restrict plans=\"gold\"]x[/wcm_restrict]",
            "[su_private]x[/su_private]",
            "[s2If current_user_can(access_s2member_level1)]x[/s2If]",
            "[Members_Only]x[/members_only]",
            "[vc_row disable_element='yes']x[/vc_row]",
            "<!-- wp:paragraph {\"metadata\" : {\"blockVisibility\" : false}} --><p>x</p>",
            "a [b] [passster password=\"p\"]x[/passster]",
            "[vc_row disable_element=\"yes\"][vc_column]x[/vc_column][/vc_row]",
            "[et_pb_section disabled=\"on\"]x[/et_pb_section]",
            "[fusion_builder_container status=\"published\" publish_date=\"2030-01-01 00:00\"]x[/fusion_builder_container]",
            "<!-- wp:paragraph {\"metadata\":{\"blockVisibility\":false}} --><p>x</p>",
            "<!-- wp:group {\"blockVisibility\":{\"hideBlock\":true}} --><p>x</p>",
            "<!-- wp:jetpack/premium-content/subscriber-view --><p>x</p>",
            "<p>a</p><!-- wp:jetpack/paywall /--><p>x</p>",
        ] {
            assert!(reason(&post("post", text, &[]), &[]).is_some(), "{text}");
        }
        for (key, value) in [
            ("_wpmem_block", "1"),
            ("groups-read", "2"),
            ("ihc_mb_who", "reg"),
            ("_swpm_protect", "yes"),
            ("arm_access_plan", "3"),
            ("_um_custom_access_settings", "1"),
        ] {
            assert!(reason(&post("post", "", &[(key, value)]), &[]).is_some(), "{key}");
        }
    }

    #[test]
    fn what_readers_could_see_does_not() {
        for kind in ["post", "page", "report", "press_release", "tribe_events", "project", "team"] {
            assert_eq!(reason(&post(kind, "", &[]), &[]), None, "{kind}");
        }
        for text in ["[caption]x[/caption]", "[login_form]", "[1] and [note]x[/note]", "<!-- wp:paragraph --><p>x</p>"]
        {
            assert_eq!(reason(&post("post", text, &[]), &[]), None, "{text}");
        }
        for (key, value) in
            [("team_members", "Ann"), ("_wpmem_block", "0"), ("accessibility", "yes"), ("protected_area", "Elan")]
        {
            assert_eq!(reason(&post("post", "", &[(key, value)]), &[]), None, "{key}");
        }
    }
}
