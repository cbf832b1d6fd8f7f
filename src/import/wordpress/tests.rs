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

fn meta(key: &str, value: &str) -> String {
    format!(
        "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )
}

fn attachment(id: usize, name: &str, parent: usize) -> String {
    format!(
        "<item><title>{name}</title><link>https://example.org/{name}/</link><wp:post_id>{id}</wp:post_id><wp:status>inherit</wp:status>\
         <wp:post_parent>{parent}</wp:post_parent><wp:post_type>attachment</wp:post_type>\
         <wp:attachment_url>https://example.org/wp-content/uploads/2024/05/{name}</wp:attachment_url></item>\n"
    )
}

// Each was published before.
#[test]
fn files_that_only_secrets_name_belong_to_them() {
    let draft = "<wp:status>draft</wp:status>";
    let broken = "<item><title>Broken</title><content:encoded><![CDATA[see https://example.org/wp-content/uploads/2024/05/i.pdf [gallery ids=\"32\"]]]></content:encoded><wp:post_type>post</wp:post_type></item>\n";
    let items = [
        attachment(21, "a.pdf", 0),
        attachment(22, "b.pdf", 0),
        attachment(23, "c.pdf", 0),
        attachment(24, "d.pdf", 0),
        attachment(25, "e.pdf", 0),
        attachment(26, "f.pdf", 0),
        attachment(27, "g.pdf", 0),
        attachment(28, "loose.pdf", 0),
        attachment(29, "h.pdf", 999),
        attachment(30, "i.pdf", 0),
        attachment(32, "j.pdf", 0),
        post(
            1,
            &format!(
                "{draft}{}{}{}{}{}{}",
                meta("report", "21"),
                meta("_hidden_file", "https:\\/\\/example.org\\/wp-content\\/uploads\\/2024\\/05\\/b.pdf"),
                meta("files", "a:1:{i:0;i:23;}"),
                meta("_data", "[{\"id\":24,\"x\":\"y\"}]"),
                meta("path", "2024/05/e.pdf"),
                meta("link", "/wp-content/uploads/2024/05/f.pdf"),
            ),
        ),
        post(
            2,
            &format!(
                "<wp:status>publish</wp:status>{}",
                meta("report_file", "https://example.org/wp-content/uploads/2024/05/g.pdf")
            ),
        ),
        broken.to_owned(),
    ];
    let found = survey(&export(&items.concat()));
    let file = |name: &str| {
        found.files.iter().find(|file| file.address.ends_with(&format!("/{name}"))).unwrap_or_else(|| panic!("{name}"))
    };
    let hidden = found.entries.iter().find(|entry| entry.id == "post 1").expect("the draft");
    for name in ["a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf", "f.pdf"] {
        assert!(hidden.uses.contains(&file(name).address), "{name} in {:?}", hidden.uses);
    }
    for name in ["h.pdf", "i.pdf", "j.pdf"] {
        assert!(file(name).of.is_some(), "{name}");
    }
    assert_eq!(file("loose.pdf").of, None);
    assert_eq!(file("g.pdf").of, None);
    // An export that is cut short may lack the post that a file belongs to.
    let whole = export(&[attachment(28, "loose.pdf", 0), post(3, draft)].concat());
    let mut exports = Exports::default();
    exports.read("export.xml", &whole.as_bytes()[..whole.len() - 60]).expect("it can be read");
    assert!(exports.finish(None, "2026-11-30 09:00").0.files[0].of.is_some());
}

#[test]
fn posts_of_a_type_that_nobody_knows_are_hidden_unless_the_settings_say_otherwise() {
    let of = |kind: &str, public: &[String]| {
        let text = export(&post(1, "<wp:status>publish</wp:status>").replace(">post<", &format!(">{kind}<")));
        let mut exports = Exports::default();
        exports.set_public(public);
        exports.read("export.xml", text.as_bytes()).expect("it can be read");
        exports.finish(None, "2026-11-30 09:00").0.entries.remove(0).state
    };
    assert_eq!(of("publication", &[]), State::Public);
    assert!(matches!(of("acme_dossier", &[]), State::Hidden(why) if why.contains("public = [\"acme_dossier\"]")));
    assert_eq!(of("acme_dossier", &["acme_dossier".to_owned()]), State::Public);
}
