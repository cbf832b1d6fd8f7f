//! Types of posts that plug-ins and themes bring → whether readers saw them, as far as their names say. An export does not say whether
//! a type is public: what has no name that is known to be is hidden.

/// Words of the names of types that readers see, in the singular.
const SEEN: &[&str] = &[
    // What people publish.
    "post",
    "page",
    "article",
    "blog",
    "news",
    "newsitem",
    "story",
    "opinion",
    "commentary",
    "column",
    "editorial",
    "update",
    "announcement",
    "press",
    "release",
    "pressrelease",
    "media",
    "mediarelease",
    "statement",
    "speech",
    "publication",
    "report",
    "paper",
    "workingpaper",
    "research",
    "study",
    "brief",
    "briefing",
    "policy",
    "policybrief",
    "policybriefing",
    "factsheet",
    "fact",
    "sheet",
    "infographic",
    "dataset",
    "data",
    "toolkit",
    "guide",
    "guidance",
    "handbook",
    "manual",
    "book",
    "ebook",
    "chapter",
    "issue",
    "magazine",
    "newsletter",
    "journal",
    "essay",
    "analysis",
    "insight",
    "review",
    "interview",
    "podcast",
    "episode",
    "video",
    "film",
    "webinar",
    "talk",
    "lecture",
    "seminar",
    "conference",
    "event",
    "course",
    "recipe",
    "resource",
    "library",
    "evidence",
    "casestudy",
    "portfolio",
    "project",
    "programme",
    "program",
    "campaign",
    "initiative",
    "work",
    "publicwork",
    "theme",
    "topic",
    "subject",
    "area",
    "practice",
    "sector",
    "country",
    "region",
    "place",
    "location",
    "venue",
    "office",
    "map",
    // Who they are.
    "person",
    "people",
    "team",
    "staff",
    "teammember",
    "boardmember",
    "staffmember",
    "author",
    "expert",
    "fellow",
    "scholar",
    "trustee",
    "speaker",
    "profile",
    "bio",
    "biography",
    "partner",
    "sponsor",
    "organisation",
    "organization",
    "organizer",
    "organiser",
    "artist",
    // What they offer.
    "product",
    "service",
    "job",
    "vacancy",
    "career",
    "position",
    "opportunity",
    "faq",
    "glossary",
    "term",
    "definition",
    "dictionary",
    "doc",
    "documentation",
    "kb",
    "knowledgebase",
    "testimonial",
    "quote",
    "gallery",
    "album",
    "slide",
    "slider",
    "timeline",
    "feature",
    "award",
    "exhibition",
    "collection",
    "series",
    "download",
    "directory",
    "listing",
    "property",
    "award",
];

/// Words that stand before such names: of plug-ins and themes, and of no meaning.
const BEFORE: &[&str] = &[
    "wp",
    "cpt",
    "custom",
    "my",
    "our",
    "the",
    "a",
    "site",
    "tribe",
    "jetpack",
    "avada",
    "et",
    "pb",
    "nectar",
    "themo",
    "us",
    "rt",
    "sc",
    "sp",
    "woo",
    "wc",
    "give",
    "edd",
    "tm",
    "cmsms",
    "mk",
    "avia",
    "fusion",
    "uncode",
    "qode",
    "eltd",
    "mkd",
    "edge",
    "bk",
    "ut",
    "tt",
    "dt",
    "stm",
    "wpm",
    "ecpt",
    "types",
    "and",
    "of",
    "in",
    "new",
    "latest",
    "item",
    "items",
    "public",
    "key",
    "annual",
    "event",
    "single",
    "post",
    "type",
    "case",
    "press",
    "media",
    "policy",
    "working",
    "team",
    "staff",
    "fact",
    "knowledge",
    "base",
    "business",
    "real",
    "estate",
    "success",
    "impact",
    "featured",
    "research",
];

/// Whether readers saw posts of a type, as far as its name says; `stated` are the types that the settings call public.
pub(super) fn are_seen(kind: &str, stated: &[String]) -> bool {
    if stated.iter().any(|one| one.trim().eq_ignore_ascii_case(kind)) {
        return true;
    }
    let lower = kind.to_lowercase();
    let is_seen = |word: &str| singular(word).iter().any(|word| SEEN.contains(&word.as_str()));
    let whole: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    if is_seen(&whole) {
        return true;
    }
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let Some((last, before)) = parts.split_last() else { return false };
    let is_end = is_seen(last) || matches!(*last, "item" | "items" | "post" | "posts" | "cpt" | "type");
    is_end
        && before.iter().all(|part| BEFORE.contains(part) || is_seen(part))
        && (is_seen(last) || before.iter().any(|part| is_seen(part)))
}

/// A word, and what it may be the plural of.
fn singular(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    if let Some(stem) = word.strip_suffix("ies") {
        all.push(format!("{stem}y"));
    }
    all.extend(["es", "s"].iter().filter_map(|end| word.strip_suffix(end)).map(str::to_owned));
    all
}

/// Why posts of a type that is not known stay hidden, and how to publish them.
pub(super) fn unseen(kind: &str) -> String {
    format!(
        "an export does not say whether readers saw posts of the type `{kind}`; if they did, write `public = [\"{kind}\"]` below `[import]` in \
         site.toml and import again into an empty folder with this site.toml"
    )
}

#[cfg(test)]
mod tests {
    use super::are_seen;

    #[test]
    fn types_with_a_known_name_are_public_and_no_others() {
        for kind in [
            "post",
            "page",
            "report",
            "reports",
            "press_release",
            "press-releases",
            "team",
            "tribe_events",
            "tribe_venue",
            "jetpack-portfolio",
            "case_study",
            "case-studies",
            "caseStudies",
            "policy_briefing",
            "product",
            "product_item",
            "our_people",
            "team-member",
            "vacancy",
            "vacancies",
            "podcast_episode",
            "event-organizer",
            "avada_portfolio",
            "cpt_publication",
            "topic",
            "news-item",
            "faqs",
            "working_paper",
        ] {
            assert!(are_seen(kind, &[]), "{kind}");
        }
        for kind in [
            "incident_report",
            "bug_report",
            "donor_list",
            "grant_review_note",
            "client",
            "minutes",
            "board_paper_internal",
            "xyz",
            "leadgen",
            "safeguarding_case",
            "member_profile_private",
            "acme_thing",
            "",
            "custom",
            "item",
        ] {
            assert!(!are_seen(kind, &[]), "{kind}");
        }
        assert!(are_seen("Acme_Thing", &["acme_thing".to_owned()]));
    }
}
