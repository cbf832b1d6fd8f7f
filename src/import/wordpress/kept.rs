//! What only plug-ins decide about who may read a post → why it stays hidden. When in doubt, it does: a draft can be published, and a
//! secret that is out stays out.

use super::builders;
use super::machinery::NO_TERMS;
use super::parts;
use super::post::Post;
use super::types;
use crate::import::hiding::{says_no, words};
use crate::schema::secrecy;

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

/// Parts of such names without separators.
const SQUASHED: &[&str] = &[
    "rcuserlevel",
    "userlevel",
    "accesslevel",
    "ispaid",
    "paidonly",
    "resdisplay",
    "postvisibility",
    "pagevisibility",
    "contentvisibility",
    "membersonly",
    "memberonly",
    "loginrequired",
    "requirelogin",
    "requireslogin",
    "mustlogin",
    "loggedinonly",
    "loggedin",
    "subscribersonly",
    "subscriberonly",
    "userrole",
    "allowedroles",
    "allowedusers",
    "accessroles",
    "visibleto",
    "viewableby",
    "whocan",
    "isprivate",
    "ispremium",
    "premiumonly",
    "patreonlevel",
    "isprotected",
    "isrestricted",
    "memberful",
    "memberlevel",
    "membershiplevel",
    "patreon",
    "pmpro",
    "umaccessible",
    "meprunauthorized",
];

/// Why a post is to stay hidden, if a plug-in or its type says so; `public` are the types that the settings call public, `now` is the
/// moment in UTC as `2026-05-14 09:00`.
pub(super) fn reason(post: &Post, public: &[String], now: &str) -> Option<String> {
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
    by_fields(post, now).or_else(|| by_terms(post)).or_else(|| in_its_parts(post))
}

/// Why a post or a file is not for everybody, if one of its own fields says so.
pub(super) fn by_fields(post: &Post, now: &str) -> Option<String> {
    let says_so = |(key, value): &&(String, String)| restricts(key, value) || is_embargoed(key, value, now);
    post.meta.iter().find(says_so).map(|(key, _)| format!("only some may read it (`{key}`)"))
}

/// Why a post is not for everybody, if a part of one of its texts is not.
fn in_its_parts(post: &Post) -> Option<String> {
    if let Some(why) = builders::hides_a_part(post) {
        return Some(why);
    }
    if let Some(why) = builders::kept_elsewhere(post).and_then(|html| parts::hidden(&html)) {
        return Some(why);
    }
    let own = post.meta.iter().filter(|(key, value)| {
        value.contains('[') && !key.starts_with("_elementor_data") && !key.starts_with("_oembed")
    });
    let texts = [&post.content, &post.excerpt, &post.title].into_iter().chain(own.map(|(_, value)| value));
    texts.into_iter().find_map(|text| parts::hidden(text))
}

/// Why a post is not for everybody, if a category says so: “Members only”.
fn by_terms(post: &Post) -> Option<String> {
    let says_so = |(of, id, name): &&(String, String, String)| {
        !NO_TERMS.contains(&of.as_str()) && (is_for_some(name) || is_for_some(id))
    };
    post.terms.iter().find(says_so).map(|(_, _, name)| format!("it is sorted under “{name}”"))
}

/// Whether the name of a category says that what is in it is not for everybody.
fn is_for_some(name: &str) -> bool {
    const WHOLE: &[&str] = &[
        "members",
        "member",
        "private",
        "internal",
        "confidential",
        "subscribers",
        "staff",
        "premium",
        "hidden",
        "secret",
        "draft",
        "drafts",
        "embargoed",
        "embargo",
        "unlisted",
        "restricted",
        "unpublished",
        "not public",
        "not for publication",
        "password protected",
        "intranet",
        "members area",
        "member area",
        "member content",
        "members content",
        "premium content",
        "private content",
        "internal use",
        "for internal use",
        "do not publish",
        "intern",
        "interne",
        "privat",
        "prive",
        "privé",
        "privado",
        "privato",
        "interno",
        "mitglieder",
        "mitgliederbereich",
        "nur für mitglieder",
        "réservé aux membres",
        "membres",
        "solo miembros",
        "miembros",
        "soci",
        "aelodau yn unig",
        "vertraulich",
        "confidentiel",
        "non public",
        "nonpublic",
        "paid",
        "paywall",
        "exclusive",
        "board papers",
    ];
    const READERS: &[&str] = &[
        "member",
        "members",
        "subscriber",
        "subscribers",
        "staff",
        "internal",
        "board",
        "trustees",
        "editors",
        "admin",
        "admins",
        "team",
        "donors",
        "patrons",
        "supporters",
        "partners",
        "login",
        "logged",
        "private",
        "premium",
    ];
    let parts = words(&name.replace("&amp;", " "));
    let whole = parts.join(" ");
    WHOLE.contains(&whole.as_str())
        || parts.iter().any(|word| word == "only") && parts.iter().any(|word| READERS.contains(&word.as_str()))
        || matches!(parts.first().map(String::as_str), Some("for" | "only"))
            && parts.len() < 4
            && parts.iter().any(|word| READERS.contains(&word.as_str()))
}

/// Whether a field is about an embargo that is not over, or that nobody can read.
fn is_embargoed(key: &str, value: &str, now: &str) -> bool {
    let is_about = words(key).iter().any(|word| word.starts_with("embargo"));
    if !is_about || says_no(value) {
        return false;
    }
    let value = value.trim();
    // Seconds since 1970.
    if value.len() >= 9 && value.len() <= 11 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = value.parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        return seconds.is_none_or(|when| when.strftime("%Y-%m-%d %H:%M").to_string().as_str() > now);
    }
    let is_digits = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    let day = match is_digits {
        true => format!("{}-{}-{}", &value[..4], &value[4..6], &value[6..]).parse().ok(),
        false => secrecy::day_within(value),
    };
    day.is_none_or(|day: jiff::civil::Date| day.to_string().as_str() >= now.get(..10).unwrap_or(now))
}

/// Whether the value of a field that says who may read a post keeps it from nobody.
pub(super) fn is_for_all(value: &str) -> bool {
    // Ultimate Member writes this into every post.
    let is_off = |off: &&str| value.contains(&format!("\"_um_custom_access_settings\";{off};"));
    says_no(value) || ["b:0", "s:1:\"0\"", "i:0", "s:0:\"\""].iter().any(is_off)
}

fn restricts(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    if is_for_all(value) {
        return false;
    }
    let bare: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let parts = words(&key);
    let has = |word: &str| parts.iter().any(|one| one == word);
    let is_value_of_some = || {
        let value: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        [
            "member",
            "subscriber",
            "private",
            "hidden",
            "loggedin",
            "login",
            "registered",
            "restricted",
            "internal",
            "user",
            "password",
            "staff",
        ]
        .iter()
        .any(|word| value.starts_with(word))
    };
    // Whatever the field is called.
    let value_bare: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_plain =
        ["membersonly", "memberonly", "loggedin", "loggedinusers", "registeredusers", "subscribersonly", "staffonly"]
            .contains(&value_bare.as_str());
    let is_words = ["title", "name", "label", "heading", "text", "subtitle"].iter().any(|word| has(word));
    let is_who = has("access") || has("audience") || has("who") || has("restrict");
    is_plain && !is_words
        || is_who && is_value_of_some()
        || FIELDS.iter().any(|part| key.contains(part))
        || SQUASHED.iter().any(|part| bare.contains(part))
        || has("acl")
        || has("visibility") && !has("catalog") && is_value_of_some()
        || ["protect", "protected", "protection", "password"].iter().any(|end| key.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-30 09:00";

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
            assert!(reason(&post(kind, "", &[]), &[], NOW).is_some(), "{kind}");
        }
        for text in [
            "[members_only]x[/members_only]",
            "[et_pb_text disabled_on='on|on|on']x[/et_pb_text]",
            "[vc_column offset=\"vc_hidden-lg vc_hidden-md vc_hidden-sm vc_hidden-xs\"]x[/vc_column]",
            "[fusion_text render_logics=\"W3siZm9v\"]x[/fusion_text]",
            "[eyesonly level=\"author\"]x[/eyesonly]",
            "[schedule on='2027-01-01' off='2028-01-01']x[/schedule]",
            "[show until=\"2027-01-01\"]x[/show]",
            "[adminnote]x[/adminnote]",
            "[if user=\"5\"]x[/if]",
            "<!-- wp:paragraph {\"UAGHideDesktop\":true,\"UAGHideTab\":true,\"UAGHideMob\":true} --><p>x</p>",
            "<!-- wp:group {\"gbBlockCondition\":\"15\"} --><p>x</p>",
            "<!-- wp:group {\"a\":{\"otterConditions\":[[{\"type\":\"loggedInUser\"}]]}} --><p>x</p>",
            "<!-- wp:kadence/rowlayout {\"vsdesk\":true,\"vstablet\":true,\"vsmobile\":true} --><p>x</p>",
            "<!-- wp:group {\"displayCondition\": damaged} --><p>x</p>",
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
            assert!(reason(&post("post", text, &[]), &[], NOW).is_some(), "{text}");
        }
        for (key, value) in [
            ("_wpmem_block", "1"),
            ("groups-read", "2"),
            ("ihc_mb_who", "reg"),
            ("_swpm_protect", "yes"),
            ("arm_access_plan", "3"),
            ("_um_custom_access_settings", "1"),
            ("_is_paid", "1"),
            ("rcUserLevel", "Editor"),
            ("_memberful_acl", "a:1:{i:0;i:5;}"),
            ("memberful_acl", "x"),
            ("_wpuf_res_display", "loggedin"),
            ("post_visibility", "members"),
            ("_embargo", "2031-01-01"),
            ("embargo", "20310101"),
            ("embargo_until", "1 January 2031"),
            ("_embargo", "when the minister says so"),
            ("_embargo_until", "1925000000"),
            ("_access", "members"),
            ("anything", "logged_in"),
            ("_patreon_active", "1"),
            ("quote", "a [members_only]SECRET[/members_only]"),
        ] {
            assert!(reason(&post("post", "", &[(key, value)]), &[], NOW).is_some(), "{key}");
        }
    }

    #[test]
    fn what_is_sorted_under_members_only_stays_hidden() {
        for (name, is_kept) in [
            ("Members only", true),
            ("For members", true),
            ("Private", true),
            ("Internal", true),
            ("Staff only", true),
            ("Private sector", false),
            ("Internal migration", false),
            ("Members of parliament", false),
            ("Membership", false),
        ] {
            let mut one = post("post", "", &[]);
            one.terms.push(("category".to_owned(), "x".to_owned(), name.to_owned()));
            assert_eq!(reason(&one, &[], NOW).is_some(), is_kept, "{name}");
        }
    }

    #[test]
    fn what_readers_could_see_does_not() {
        for kind in ["post", "page", "report", "press_release", "tribe_events", "project", "team"] {
            assert_eq!(reason(&post(kind, "", &[]), &[], NOW), None, "{kind}");
        }
        for text in [
            "[caption]x[/caption]",
            "[team_member role=\"Director\"]x[/team_member]",
            "[login_form]",
            "[1] and [note]x[/note]",
            "<!-- wp:paragraph --><p>x</p>",
        ] {
            assert_eq!(reason(&post("post", text, &[]), &[], NOW), None, "{text}");
        }
        for (key, value) in [
            ("team_members", "Ann"),
            ("_wpmem_block", "0"),
            ("accessibility", "yes"),
            ("protected_area", "Elan"),
            ("embargo", "2020-01-01"),
            ("_embargo_until", "1500000000"),
            ("visibility", "visible"),
            ("_wpuf_res_display", "all"),
            ("user_story", "x"),
            ("um_content_restriction", "a:1:{s:26:\"_um_custom_access_settings\";s:1:\"0\";}"),
        ] {
            assert_eq!(reason(&post("post", "", &[(key, value)]), &[], NOW), None, "{key}");
        }
    }
}
