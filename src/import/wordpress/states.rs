//! Who may see each post: its status, its password, plug-ins, rules, its builder, the stylesheets of the site.

use std::collections::BTreeMap;

use super::builders;
use super::fields;
use super::gather::Gather;
use super::kept;
use super::post::Post;
use super::rules;
use super::texts::WordPress;
use crate::import::site::survey::State;

impl Gather {
    /// Who may see each post; `now` is the moment in UTC.
    pub(super) fn states(&self, posts: &[Post], texts: &WordPress, now: &str) -> Vec<State> {
        let parents: BTreeMap<String, String> =
            posts.iter().map(|post| (post.id.clone(), post.parent.clone())).collect();
        let terms: BTreeMap<String, (String, String)> = self
            .term_numbers
            .iter()
            .map(|(number, at)| (number.clone(), (self.terms[*at].of.clone(), self.terms[*at].id.clone())))
            .collect();
        let around = rules::Around { parents: &parents, terms: &terms };
        let state = |post: &Post| {
            let own = self.place.address(&post.link);
            match rules::reason(&self.rules, post, own.as_deref(), &around).filter(|_| post.status == "publish") {
                Some(why) => State::Hidden(why),
                None => self.state(post, texts, now),
            }
        };
        posts.iter().map(state).collect()
    }

    fn state(&self, post: &Post, texts: &WordPress, now: &str) -> State {
        const MEMBERS: &[&str] = &[
            "_members_access_role",
            "rcp_user_level",
            "rcp_access_level",
            "_wc_memberships_force_public",
            "_ppw_passwords",
            "ppw_meta_enable",
            "_mepr_rules",
            "um_content_restriction",
            "_restricted",
            "_pmpro_level",
            "_simple_membership",
            "wlm_protect",
        ];
        if post.has_password {
            return State::Hidden("it has a password".to_owned());
        }
        if let Some(key) = MEMBERS.iter().find(|key| post.meta(key).is_some_and(|value| !kept::is_for_all(value))) {
            return State::Hidden(format!("only members may read it (`{key}`)"));
        }
        if post.status == "trash" {
            return State::Trash;
        }
        let by_style = || builders::hidden_by_class(post, &texts.css);
        if let Some(why) = kept::reason(post, &self.public, now).or_else(by_style) {
            return State::Hidden(why);
        }
        if fields::is_expired(post, now) {
            return State::Hidden("it has expired".to_owned());
        }
        match post.status.as_str() {
            "publish" => State::Public,
            "draft" | "auto-draft" => State::Hidden("it is a draft".to_owned()),
            "pending" => State::Hidden("it waits for review".to_owned()),
            "private" => State::Hidden("it is private".to_owned()),
            "future" => {
                // What had not been published when it was exported may have been stopped since.
                let is_past = post.date_gmt.get(..16).is_none_or(|moment| moment <= now);
                match post.date.get(..16).filter(|_| !is_past) {
                    Some(moment) => State::From(moment.to_owned()),
                    None => {
                        State::Hidden("it was scheduled when it was exported, and its moment has passed".to_owned())
                    }
                }
            }
            other => State::Hidden(format!("its status is `{other}`")),
        }
    }
}
