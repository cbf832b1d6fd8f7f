//! Names and settings of shortcodes, blocks and parts of page builders → whether they may keep something from readers.
//!
//! No list has all plug-ins, so this goes by the words of names. When in doubt something is kept back: what is hidden in vain can be
//! published, and a secret that is out stays out.

mod names;

use std::collections::BTreeSet;

use serde_json::Value;

pub(crate) use names::{by_name, words};

use super::html::{css, hidden};

/// A name in small letters without separators.
fn squashed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Kinds of screens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Screen {
    Large,
    Middle,
    Small,
}

fn screen(word: &str) -> Option<Screen> {
    Some(match word {
        "desktop" | "desk" | "desktops" | "lg" | "large" => Screen::Large,
        "tablet" | "tablets" | "tab" | "md" | "medium" => Screen::Middle,
        "mobile" | "mobiles" | "mob" | "phone" | "phones" | "smartphone" | "xs" | "sm" | "small" | "mini" => {
            Screen::Small
        }
        _ => return None,
    })
}

/// Whether a value switches nothing on.
pub(crate) fn says_no(value: &str) -> bool {
    let value = value.trim().trim_matches('"').to_lowercase();
    matches!(
        value.as_str(),
        "" | "0"
            | "no"
            | "none"
            | "off"
            | "false"
            | "null"
            | "[]"
            | "{}"
            | "a:0:{}"
            | "w10="
            | "e30="
            | "public"
            | "everyone"
            | "everybody"
            | "anyone"
            | "all"
            | "any"
            | "always"
            | "visible"
            | "show"
            | "shown"
            | "default"
            | "inherit"
            | "publish"
            | "published"
    ) || value.split([',', ' ']).all(|part| part.ends_with("-visibility"))
        || value.contains('|') && value.split('|').all(|part| matches!(part.trim(), "" | "off" | "no" | "0"))
}

/// Words of settings whose value says who may see something, or when.
const DECIDE: &[&str] = &[
    "condition",
    "conditions",
    "conditional",
    "conditionals",
    "logic",
    "logics",
    "restrict",
    "restricted",
    "restriction",
    "restrictions",
    "visibility",
    "jedv",
    "loggedin",
    "logged",
    "capability",
    "capabilities",
];

/// Beside these, such a word is about how something looks.
const LOOKS: &[&str] = &[
    "overlay",
    "hover",
    "backface",
    "background",
    "scrollbar",
    "icon",
    "label",
    "nav",
    "navigation",
    "arrows",
    "controls",
    "thumb",
    "lightbox",
    "animation",
    "catalog",
];

/// Names, without separators, that say that something is switched off.
const SWITCHES: &[&str] =
    &["hide", "hidden", "ishidden", "hideblock", "blockhidden", "disabled", "isdisabled", "disableelement"];

/// Names, without separators, of switches of plug-ins that show a thing to some only.
const ENABLES: &[&str] = &["clenable", "displaycondition", "memberonly", "membersonly", "userrole", "loginrequired"];

/// Words for readers who are not everybody.
const READERS: &[&str] = &[
    "administrator",
    "admin",
    "editor",
    "author",
    "contributor",
    "subscriber",
    "subscribers",
    "member",
    "members",
    "membersonly",
    "customer",
    "guest",
    "visitor",
    "visitors",
    "loggedin",
    "loggedout",
    "private",
    "internal",
    "draft",
    "hidden",
    "staff",
    "users",
];

/// Attributes, of what stands around words, that name some readers.
const SOME: &[&str] = &[
    "level",
    "levels",
    "user",
    "users",
    "userid",
    "cap",
    "caps",
    "login",
    "membership",
    "memberships",
    "access",
    "plan",
    "plans",
    "tier",
    "tiers",
    "role",
    "roles",
    "audience",
    "password",
];

/// Attributes, of what stands around words, with a moment.
const MOMENTS: &[&str] = &[
    "on",
    "off",
    "until",
    "from",
    "to",
    "before",
    "after",
    "since",
    "start",
    "end",
    "starts",
    "ends",
    "expires",
    "expire",
    "expiry",
    "expiration",
    "expiredate",
    "publish",
    "unpublish",
    "show",
    "hide",
    "showfrom",
    "showuntil",
    "release",
    "embargo",
    "time",
];

/// Settings of one thing, as they are met.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    screens: BTreeSet<Screen>,
    found: Option<String>,
}

impl Settings {
    /// Takes in one setting. `of` is the name of what has it if that stands around words of the text and nobody knows it: then names
    /// such as `level` and `until` count, too.
    pub(crate) fn add(&mut self, name: &str, value: &str, of: Option<&str>) {
        if self.found.is_none() && (self.hides(name, value) || of.is_some_and(|of| is_for_some(name, value, of))) {
            self.found = Some(name.to_owned());
        }
        if self.found.is_none() && self.screens.len() == 3 {
            self.found = Some(name.to_owned());
        }
    }

    /// The setting that keeps the thing from readers, if one does.
    pub(crate) fn hiding(self) -> Option<String> {
        self.found
    }

    fn hides(&mut self, name: &str, value: &str) -> bool {
        let parts = words(name);
        let bare = squashed(name);
        let has = |all: &[&str]| parts.iter().any(|word| all.contains(&word.as_str()));
        if has(&["css", "style", "styles"]) && hides_by_css(value) {
            return true;
        }
        if (bare.contains("class") || bare == "offset") && hidden::hides_by_classes(value) {
            return true;
        }
        // Of Beaver Builder, 0 is never.
        if bare == "visibilitydisplay" && value.trim() == "0" {
            return true;
        }
        // WordPress's own switch says whether the block is shown; else it says on which screens.
        if bare == "blockvisibility" {
            return !matches!(value.trim(), "true" | "");
        }
        if says_no(value) {
            return false;
        }
        let is_on = |part: &&str| part.trim() == "on" || part.ends_with("\"on\"");
        if bare == "disabledon" && value.split(['|', '}']).filter(is_on).count() >= 3 {
            return true;
        }
        if let Some(one) = [("vsdesk", Screen::Large), ("vstablet", Screen::Middle), ("vsmobile", Screen::Small)]
            .iter()
            .find(|(known, _)| bare == *known)
        {
            self.screens.insert(one.1);
            return false;
        }
        // `DESKTOPhide`
        if let Some(one) = bare.strip_suffix("hide").or(bare.strip_prefix("hide")).and_then(screen) {
            self.screens.insert(one);
            return false;
        }
        if has(&["hide", "hidden", "hides", "disable", "disabled", "invisible"]) {
            let mut of_name: Vec<Screen> = parts.iter().filter_map(|word| screen(word)).collect();
            if of_name.is_empty() {
                let lower = value.to_lowercase();
                let tokens = || lower.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty());
                if tokens().all(|token| screen(token).is_some() || token == "xl") {
                    of_name.extend(tokens().filter_map(screen));
                }
            }
            if !of_name.is_empty() {
                self.screens.extend(of_name);
                return false;
            }
        }
        let said = squashed(value);
        SWITCHES.contains(&bare.as_str())
            || ["loggedin", "loggedout", "loggedinusers", "loggedinuser", "registeredusers"].contains(&said.as_str())
            || ENABLES.iter().any(|part| bare.contains(part))
            || bare == "status" && value.trim().eq_ignore_ascii_case("draft")
            || bare == "publishdate" && value.trim().starts_with('2')
            || has(DECIDE) && !has(LOOKS)
            || bare.contains("restrict")
            || has(&["role", "roles"]) && bare != "role" && bare != "ariarole"
            || bare == "role" && READERS.contains(&squashed(value).as_str())
    }
}

/// Whether an attribute of something unknown that stands around words says that they are for some readers, or for some time.
fn is_for_some(name: &str, value: &str, of: &str) -> bool {
    let bare = squashed(name);
    if says_no(value) {
        return false;
    }
    // Bare words, `[show members]`, have a number for a name.
    let is_bare = bare.bytes().all(|byte| byte.is_ascii_digit());
    let is_words =
        ["title", "label", "text", "name", "heading", "caption", "alt", "class", "id", "icon", "link", "url"];
    if READERS.contains(&squashed(value).as_str()) && !is_words.contains(&bare.as_str()) {
        return true;
    }
    let of = words(of);
    let is_of = |all: &[&str]| of.iter().any(|word| all.contains(&word.as_str()));
    let is_heading = is_of(&["heading", "title", "header", "toc", "list", "section"]);
    let is_person =
        is_of(&["person", "people", "team", "member", "testimonial", "author", "speaker", "profile", "bio", "quote"]);
    let is_moment = value.bytes().filter(u8::is_ascii_digit).count() >= 6 || value.trim().starts_with(['+', '-']);
    !is_bare
        && (SOME.contains(&bare.as_str())
            && !(bare.starts_with("level") && is_heading)
            && !(bare.starts_with("role") && is_person)
            || MOMENTS.contains(&bare.as_str()) && is_moment && !is_of(&["event", "timeline", "countdown"])
            || words(name).iter().any(|word| matches!(word.as_str(), "logged" | "loggedin" | "expires" | "until")))
}

/// Whether declarations, or rules with declarations, show nothing.
pub(crate) fn hides_by_css(css: &str) -> bool {
    let css = css.replace("||", " ").replace("%22", "\"");
    match css.contains('{') {
        true => !css::hiding_selectors(&css).is_empty(),
        false => css::hides(&css),
    }
}

/// The setting in data of JSON, however deep, that keeps a part of what the data is of from readers.
pub(crate) fn in_data(data: &Value) -> Option<String> {
    let mut waiting = vec![data];
    while let Some(one) = waiting.pop() {
        match one {
            Value::Array(all) => waiting.extend(all),
            Value::Object(parts) => {
                let found = of_part(parts);
                if found.is_some() {
                    return found;
                }
                waiting.extend(parts.values());
            }
            _ => {}
        }
    }
    None
}

/// The setting among these of one thing that keeps it from readers.
pub(crate) fn of_part(parts: &serde_json::Map<String, Value>) -> Option<String> {
    let is_off = |names: &[&str]| {
        parts.iter().find(|(name, value)| names.contains(&squashed(name).as_str()) && **value == Value::Bool(false))
    };
    // What is switched off for each kind of screen is shown on none.
    let screens = [&["desktop"][..], &["tablet"], &["mobile", "phone"]];
    if screens.iter().all(|names| is_off(names).is_some()) {
        return Some("desktop, tablet, mobile".to_owned());
    }
    // For readers who have logged in and for those who have not: both are everybody.
    let pair = |name: &String| matches!(squashed(name).as_str(), "loggedin" | "loggedout");
    if let Some((name, _)) = is_off(&["loggedin", "loggedout"]) {
        return Some(name.clone());
    }
    let is_everybody = parts.keys().filter(|name| pair(name)).count() == 2;
    let mut settings = Settings::default();
    let all = parts.iter().filter(|(name, _)| !(is_everybody && pair(name)));
    all.for_each(|(name, value)| settings.add(name, &plain(name, value), None));
    settings.hiding()
}

/// A value as it is written, a text without its quotation marks; what has parts is spelt out only where they matter.
fn plain(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(all) if all.iter().all(|one| says_no(&plain(name, one))) => String::new(),
        Value::Object(parts) if parts.is_empty() => String::new(),
        Value::Object(_) if squashed(name) == "disabledon" => value.to_string(),
        Value::Array(_) | Value::Object(_) => "[…]".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(given: &[(&str, &str)], of: Option<&str>) -> bool {
        let mut settings = Settings::default();
        given.iter().for_each(|(name, value)| settings.add(name, value, of));
        settings.hiding().is_some()
    }

    #[test]
    fn data_of_blocks_says_who_sees_them() {
        let hides = |data: &str| in_data(&serde_json::from_str(data).expect("it is JSON")).is_some();
        for data in [
            r#"{"editorskit":{"desktop":false,"tablet":false,"mobile":false}}"#,
            r#"{"editorskit":{"loggedin":true,"loggedout":false}}"#,
            r#"{"DESKTOPhide":true,"TABhide":true,"MOBhide":true}"#,
            r#"{"module":{"disabledOn":{"desktop":{"value":"on"},"tablet":{"value":"on"},"phone":{"value":"on"}}}}"#,
            r#"{"metadata":{"blockVisibility":false}}"#,
            r#"{"className":"a uag-hide-desktop uag-hide-tab uag-hide-mob"}"#,
        ] {
            assert!(hides(data), "{data}");
        }
        for data in [
            r#"{"editorskit":{"devices":false,"desktop":true,"tablet":true,"mobile":true,"loggedin":true,"loggedout":true}}"#,
            r#"{"metadata":{"blockVisibility":true}}"#,
            r#"[{"hide_desktop":"x"},{"hide_tablet":"x","hide_mobile":"x"}]"#,
            r#"{"lock":{"move":true},"level":2,"visibility":"visible"}"#,
        ] {
            assert!(!hides(data), "{data}");
        }
    }

    #[test]
    fn settings_that_keep_words_from_readers_are_known_and_others_are_not() {
        for given in [
            &[("disabled_on", "on|on|on")][..],
            &[("disabled_on", "phone|tablet|desktop")],
            &[("disabled_on", "tablet|desktop|phone")],
            &[("disabled", "on")],
            &[("display_conditions", "W3siZmllbGQi")],
            &[("custom_css_main_element", "color:red;||display: none;")],
            &[("offset", "vc_hidden-lg vc_hidden-md vc_hidden-sm vc_hidden-xs")],
            &[("css", ".x{display:none}")],
            &[("render_logics", "W3siZm9v")],
            &[
                ("av-desktop-hide", "aviaTBav-desktop-hide"),
                ("av-medium-hide", "x"),
                ("av-small-hide", "x"),
                ("av-mini-hide", "x"),
            ],
            &[("hide_bp", "xs sm md lg xl")],
            &[("UAGHideDesktop", "true"), ("UAGHideTab", "true"), ("UAGHideMob", "true")],
            &[("vsdesk", "true"), ("vstablet", "true"), ("vsmobile", "true")],
            &[("hideDesktop", "true"), ("hideTablet", "true"), ("hideMobile", "true")],
            &[("UAGDisplayConditions", "userstate")],
            &[("otterConditions", "[[{\"type\":\"loggedInUser\"}]]")],
            &[("gbBlockCondition", "15")],
            &[("displayCondition", "{\"a\":1}")],
            &[("eael_cl_enable", "yes")],
            &[("dce_visibility_hidden", "yes")],
            &[("jedv_enabled", "true")],
            &[("pa_display_conditions_switcher", "yes")],
            &[("_ha_conditions_enable", "yes")],
            &[("ee_mb_visibility_enabled", "yes")],
            &[("_css_classes", "a elementor-hidden-desktop elementor-hidden-tablet elementor-hidden-mobile")],
            &[("custom_css", "selector{display:none;}")],
            &[("_hidden", "true")],
            &[("_conditions", "[[{\"id\":\"a\"}]]")],
            &[("visibility_display", "logged_in")],
            &[("visibility_display", "0")],
            &[("visibility_user_role", "editor")],
        ] {
            assert!(hides(given, None), "{given:?}");
        }
        for given in [
            &[("disabled_on", "off|off|off")][..],
            &[("disabled_on", "on|off|off")],
            &[("hide_desktop", "yes"), ("hide_mobile", "yes")],
            &[("custom_css", "selector{color:red}")],
            &[("title", "Members")],
            &[("role", "Director")],
            &[("display_conditions", "W10=")],
            &[("visibility", "visible")],
            &[("visibility", "small-visibility,medium-visibility,large-visibility")],
            &[("overlay_visibility", "hover")],
            &[("hide_on_mobile", "small-visibility,medium-visibility,large-visibility")],
            &[("level", "2")],
            &[("hideTitle", "true")],
            &[("lock", "{\"move\":true}")],
        ] {
            assert!(!hides(given, None), "{given:?}");
        }
        for given in [
            &[("on", "2026-12-01")][..],
            &[("until", "2027-01-01")],
            &[("role", "editor")],
            &[("level", "1")],
            &[("user", "5")],
            &[("is_logged_in", "yes")],
            &[("0", "members")],
            &[("for", "members")],
        ] {
            assert!(hides(given, Some("show")), "{given:?}");
        }
        for (given, of) in [
            (&[("level", "2")][..], "heading"),
            (&[("role", "Director")], "person"),
            (&[("start", "2026-12-01")], "event"),
            (&[("on", "true")], "toggle"),
            (&[("title", "Members")], "tab"),
        ] {
            assert!(!hides(given, Some(of)), "{given:?} of {of}");
        }
    }
}
