//! The rules of MemberPress, which are posts of their own → which posts members alone may read.
//!
//! A rule that cannot be read may be about anything: then every post stays hidden, and says which rule it is.

use std::collections::BTreeMap;

use super::post::Post;

/// The type of such posts.
pub(super) const KIND: &str = "memberpressrule";

/// What posts are told by.
pub(super) struct Around<'a> {
    /// The number of each post, and of the post that is above it.
    pub(super) parents: &'a BTreeMap<String, String>,
    /// The numbers of terms, and their taxonomy and name in addresses.
    pub(super) terms: &'a BTreeMap<String, (String, String)>,
}

/// Why members alone may read a post; `own` is its address.
pub(super) fn reason(rules: &[Post], post: &Post, own: Option<&str>, around: &Around<'_>) -> Option<String> {
    let says_so = |rule: &&Post| rule.status == "publish" && covers(rule, post, own, around);
    rules.iter().find(says_so).map(|rule| {
        let title = super::gather::plain(&rule.title);
        let name = if title.is_empty() { format!("number {}", rule.id) } else { format!("“{title}”") };
        match is_known(rule) {
            true => format!("only members may read it (a rule of MemberPress, {name})"),
            false => format!("a rule of MemberPress ({name}) cannot be read, so it may be about any post: if it is not needed, delete it there and export again"),
        }
    })
}

fn kind(rule: &Post) -> &str {
    rule.meta("_mepr_rules_type").unwrap_or_default().trim()
}

fn is_regexp(rule: &Post) -> bool {
    rule.meta.iter().any(|(key, value)| key.ends_with("regexp") && !crate::import::hiding::says_no(value))
}

fn is_known(rule: &Post) -> bool {
    let kind = kind(rule);
    let is_listed = ["all", "category", "tag", "partial"].contains(&kind)
        || ["single_", "all_", "parent_", "tax_"].iter().any(|start| kind.starts_with(start));
    (is_listed || kind == "custom" && !is_regexp(rule))
        && (names(rule).next().is_some() || kind.starts_with("all") || kind == "partial")
}

/// What a rule names: numbers, or names in addresses.
fn names(rule: &Post) -> impl Iterator<Item = &str> {
    let content = rule.meta("_mepr_rules_content").unwrap_or_default();
    content.split([',', ';']).map(str::trim).filter(|name| !name.is_empty())
}

fn covers(rule: &Post, post: &Post, own: Option<&str>, around: &Around<'_>) -> bool {
    if !is_known(rule) {
        return true;
    }
    let is_named = |id: &str| names(rule).any(|name| name == id);
    let is_sorted = |taxonomy: &str| {
        post.terms.iter().filter(|(of, ..)| of == taxonomy).any(|(of, id, title)| {
            names(rule).any(|name| {
                name == id
                    || name.eq_ignore_ascii_case(title)
                    || around.terms.get(name).is_some_and(|(known, slug)| known == of && slug == id)
            })
        })
    };
    match kind(rule) {
        "partial" => false,
        // What it names are the exceptions.
        "all" => !is_named(&post.id),
        "category" => is_sorted("category"),
        "tag" => is_sorted("post_tag"),
        "custom" => names(rule).any(|name| {
            let path = name.split("//").last().unwrap_or(name);
            let path = path.find('/').map_or(path, |at| &path[at..]).trim_end_matches(['/', '*']);
            !path.is_empty() && own.is_some_and(|own| own.trim_end_matches('/').starts_with(path)) || path.is_empty()
        }),
        kind => match kind.split_once('_') {
            Some(("single", _)) => is_named(&post.id),
            Some(("parent", _)) => {
                let mut above = around.parents.get(&post.id);
                let mut steps = 0;
                while let Some(one) = above.filter(|one| *one != "0" && steps < 50) {
                    if is_named(one) {
                        return true;
                    }
                    above = around.parents.get(one);
                    steps += 1;
                }
                is_named(&post.id)
            }
            Some(("all", "tax")) => true,
            Some(("all", of)) => match of.strip_prefix("tax_") {
                Some(taxonomy) => post.terms.iter().any(|(known, ..)| known == taxonomy),
                None => post.kind == of && !is_named(&post.id),
            },
            Some(("tax", rest)) => is_sorted(rest.split("||").next().unwrap_or(rest)),
            _ => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_hide_what_they_name() {
        let rule = |kind: &str, content: &str| Post {
            status: "publish".to_owned(),
            meta: vec![
                ("_mepr_rules_type".to_owned(), kind.to_owned()),
                ("_mepr_rules_content".to_owned(), content.to_owned()),
            ],
            ..Post::default()
        };
        let post = Post {
            id: "5".to_owned(),
            kind: "post".to_owned(),
            terms: vec![("category".to_owned(), "policy".to_owned(), "Policy".to_owned())],
            ..Post::default()
        };
        let parents = BTreeMap::from([("5".to_owned(), "4".to_owned()), ("4".to_owned(), "3".to_owned())]);
        let terms = BTreeMap::from([("9".to_owned(), ("category".to_owned(), "policy".to_owned()))]);
        let around = Around { parents: &parents, terms: &terms };
        for (kind, content, is_kept) in [
            ("single_post", "5", true),
            ("single_post", "6", false),
            ("single_page", "6, 5", true),
            ("category", "policy", true),
            ("category", "9", true),
            ("category", "8", false),
            ("tag", "policy", false),
            ("all", "", true),
            ("all", "5", false),
            ("all_post", "", true),
            ("all_page", "", false),
            ("parent_page", "3", true),
            ("parent_page", "2", false),
            ("tax_category||cpt_post", "policy", true),
            ("custom", "/2024/secret", true),
            ("custom", "/other", false),
            ("partial", "", false),
            ("", "", true),
            ("something_new", "7", true),
            ("single_post", "", true),
        ] {
            let found = reason(&[rule(kind, content)], &post, Some("/2024/secret-post/"), &around);
            assert_eq!(found.is_some(), is_kept, "{kind} {content}");
        }
        let draft = Post { status: "draft".to_owned(), ..rule("all", "") };
        assert_eq!(reason(&[draft], &post, None, &around), None);
    }
}
