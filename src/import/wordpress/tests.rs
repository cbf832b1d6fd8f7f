//! Exports of every shape → what is found in them.

use super::Exports;
use crate::import::site::survey::{State, Survey};

fn survey(text: &str) -> Survey {
    let mut exports = Exports::default();
    exports.read("export.xml", text.as_bytes()).expect("it can be read");
    assert!(exports.is_any());
    exports.finish(None, "2026-11-30 09:00").0
}

fn post(id: usize, more: &str) -> String {
    format!(
        "<item><title>Post {id}</title><link>https://example.org/2024/05/post-{id}/</link><dc:creator><![CDATA[jane]]></dc:creator>\
         <content:encoded><![CDATA[Words]]></content:encoded><wp:post_id>{id}</wp:post_id><wp:post_date>2024-05-14 10:00:00</wp:post_date>\
         <wp:post_date_gmt>2024-05-14 09:00:00</wp:post_date_gmt><wp:post_name>post-{id}</wp:post_name><wp:post_type>post</wp:post_type>{more}</item>\n"
    )
}

fn export(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss><channel><title>T</title><link>https://example.org</link><language>en-GB</language>\
         <wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://example.org</wp:base_site_url><wp:base_blog_url>https://example.org</wp:base_blog_url>\n{items}</channel></rss>"
    )
}

#[test]
fn only_what_everybody_saw_is_public() {
    let status = |status: &str| format!("<wp:status>{status}</wp:status>");
    let items = [
        post(1, &status("publish")),
        post(2, &status("draft")),
        post(3, &status("pending")),
        post(4, &status("private")),
        post(5, &status("pitch")),
        post(6, &(status("publish") + "<wp:post_password>x</wp:post_password>")),
        post(7, &status("future")),
        post(8, &status("trash")),
        post(9, ""),
        post(
            10,
            &(status("publish")
                + "<wp:postmeta><wp:meta_key>_expiration-date</wp:meta_key><wp:meta_value>1700000000</wp:meta_value></wp:postmeta>"),
        ),
        post(
            11,
            &(status("publish")
                + "<wp:postmeta><wp:meta_key>_wpmem_block</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>"),
        ),
        post(12, &(status("publish") + "<wp:post_password> </wp:post_password>")),
        post(13, &status("inherit")),
    ];
    let survey = survey(&export(&items.concat()));
    let state =
        |id: &str| &survey.entries.iter().find(|entry| entry.id == format!("post {id}")).expect("an entry").state;
    assert_eq!(state("1"), &State::Public);
    for hidden in ["2", "3", "4", "5", "6", "7", "10", "11", "12", "13"] {
        assert!(matches!(state(hidden), State::Hidden(_)), "{hidden}");
    }
    assert_eq!(state("8"), &State::Trash);
    assert!(survey.entries.iter().all(|entry| entry.id != "post 9"), "what says no status is not taken over");
    assert!(survey.notes.iter().any(|note| note.what == "posts that cannot be read" && note.words == "Post 9"));
}

#[test]
fn a_broken_post_stops_nothing() {
    let good = |id| post(id, "<wp:status>publish</wp:status>");
    let broken = "<item><title>Broken</title><content:encoded><![CDATA[never ends <wp:post_id>5</wp:post_id></content:encoded>\n</item>\n";
    let text = export(&format!("{}{broken}{}{}", good(1), good(2), good(3)));
    let found = survey(&text);
    let ids: Vec<&str> = found.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["post 1", "post 2", "post 3"]);
    assert_eq!(found.notes.iter().filter(|note| note.words == "Broken").count(), 1, "{:?}", found.notes);
    // Wherever the file is cut, what was whole before is there.
    for end in (0..text.len()).step_by(97).filter(|end| text.is_char_boundary(*end)) {
        let mut exports = Exports::default();
        exports.read("export.xml", &text.as_bytes()[..end]).expect("it can be read");
        let whole = text[..end].matches("</item>").count();
        let found = exports.finish(None, "2026-11-30 09:00").0;
        assert!(found.entries.len() + 1 >= whole, "cut at {end}: {} of {whole}", found.entries.len());
    }
}

#[test]
fn addresses_people_and_terms_are_found() {
    let more = "<wp:status>publish</wp:status><category domain=\"category\" nicename=\"housing\"><![CDATA[Housing &amp; land]]></category>\
        <wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>older</wp:meta_value></wp:postmeta>";
    let found = survey(&export(&post(7, more)));
    assert_eq!(found.entries[0].addresses, ["/2024/05/post-7/", "/?p=7", "/2024/05/older/"]);
    assert_eq!(
        (found.terms[0].name.as_str(), found.terms[0].addresses[0].as_str()),
        ("Housing & land", "/category/housing/")
    );
    assert_eq!(found.about.timezone.as_deref(), Some("Europe/London"));
}
