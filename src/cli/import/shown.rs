//! The plan of an import, and the beginning of its report, in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::import::site::plan::{FieldPlan, KindPlan, MISSING, Plan};
use crate::import::site::report::Report;
use crate::import::site::survey::{Note, Place, Survey};

/// How many lines of one kind the plan shows.
const LISTED: usize = 10;

/// What `--plan` prints.
pub(super) fn plan(survey: &Survey, plan: &Plan) -> String {
    let mut out = String::new();
    let title = survey.about.title.as_deref().unwrap_or("a site without a title");
    let _ = writeln!(
        out,
        "{}: {title}\n{} entries, {} terms, {} people, {} files, {} menus\n\nWhat becomes what:",
        survey.program,
        survey.entries.len(),
        survey.terms.len(),
        survey.people.len(),
        survey.files.len(),
        survey.menus.len(),
    );
    for kind in &plan.kinds {
        let _ = writeln!(out, "\n  {}", kind_line(kind));
        if !kind.examples.is_empty() {
            let _ = writeln!(
                out,
                "    such as {}",
                kind.examples.iter().take(3).map(|title| format!("“{title}”")).collect::<Vec<_>>().join(", ")
            );
        }
        for field in &kind.fields {
            let _ = writeln!(out, "    {}", field_line(field));
        }
    }
    unseen(plan, &mut out);
    let kept = plan.pages.iter().filter(|page| page.permalink.is_some()).count();
    let _ = writeln!(
        out,
        "\nAddresses: {} pages; {kept} state their whole address; {} former addresses lead on.",
        plan.pages.len(),
        plan.redirects.len(),
    );
    let again = plan.pages.iter().filter(|page| page.is_earlier).count();
    if again > 0 {
        let _ = writeln!(out, "{again} of the pages are here already, and would be left as they are.");
    }
    hidden(plan, &mut out);
    notes(&plan.notes, &mut out);
    out.push('\n');
    out
}

/// The names of fields that are kept from readers, since nobody knows whether they saw them.
fn unseen_fields(plan: &Plan) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for field in plan.kinds.iter().flat_map(|kind| &kind.fields).filter(|field| field.is_unseen) {
        if !names.contains(&field.old.as_str()) {
            names.push(&field.old);
        }
    }
    names
}

/// The line of `site.toml` that makes fields of these names ones that readers see.
fn fields_setting(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| crate::import::site::plan::values::text(name)).collect();
    format!("fields = [{}]", quoted.join(", "))
}

fn unseen(plan: &Plan, out: &mut String) {
    let names = unseen_fields(plan);
    if !names.is_empty() {
        let _ = writeln!(
            out,
            "\nNobody can know here whether readers saw these fields, so they go to `internal_note`, which is never published. To show them,\n\
             write this line below `[import]` in site.toml, with those that readers may see:\n  {}",
            fields_setting(&names)
        );
    }
}

fn kind_line(kind: &KindPlan) -> String {
    let to = match &kind.kind {
        Some(of) => format!("{of} in {}", kind.collection),
        None => kind.collection.clone(),
    };
    let new = if kind.is_new { ", a new collection" } else { "" };
    let hidden = if kind.hidden == 0 { String::new() } else { format!("; {} hidden", kind.hidden) };
    format!("{} `{}` → {to}{new}{hidden}", kind.count, kind.old)
}

fn field_line(field: &FieldPlan) -> String {
    let example = if field.example.is_empty() { String::new() } else { format!("   {}", short(&field.example)) };
    match &field.new {
        Some(_) if field.is_unseen => {
            format!("{} → internal_note, which readers do not see, {} times{example}", field.old, field.count)
        }
        Some(new) => format!("{} → {new} ({}), {} times{example}", field.old, field.ty, field.count),
        None => format!("{} → left out, {} times{example}", field.old, field.count),
    }
}

fn short(text: &str) -> String {
    crate::import::losses::shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn hidden(plan: &Plan, out: &mut String) {
    let mut causes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (what, why) in &plan.hidden {
        causes.entry(why).or_default().push(what);
    }
    if causes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nHidden, and why:");
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, all)| std::cmp::Reverse(all.len()));
    for (why, all) in causes.iter().take(LISTED) {
        let _ = writeln!(
            out,
            "  {why} ({}): {}",
            all.len(),
            short(&all.iter().take(3).copied().collect::<Vec<_>>().join(", "))
        );
    }
    if causes.len() > LISTED {
        let _ = writeln!(out, "  and {} more reasons", causes.len() - LISTED);
    }
}

fn notes(notes: &[Note], out: &mut String) {
    let mut causes: BTreeMap<(&str, &str), Vec<&Note>> = BTreeMap::new();
    for note in notes {
        causes.entry((&note.what, &note.how)).or_default().push(note);
    }
    if causes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nLeft out, or not known:");
    let mut causes: Vec<_> = causes.into_iter().collect();
    // What is missing can still be found before anything is written.
    causes.sort_by_key(|((what, _), all)| (*what != MISSING, std::cmp::Reverse(all.len())));
    for ((what, how), all) in causes.iter().take(LISTED) {
        let _ = writeln!(out, "  {what} ({}): {how}", all.len());
        if *what == MISSING {
            for note in all.iter().take(LISTED) {
                let _ = writeln!(out, "    {}", note.words);
            }
            if all.len() > LISTED {
                let _ = writeln!(out, "    and {} more", all.len() - LISTED);
            }
        }
    }
    if causes.len() > LISTED {
        let _ = writeln!(out, "  and {} more causes", causes.len() - LISTED);
    }
}

/// The report of what the plan says; what becomes of texts is added as they are written.
pub(super) fn report(survey: &Survey, plan: &Plan) -> Report {
    let mut report = Report::default();
    let mut counts: BTreeMap<(&str, &str, Option<&str>), (usize, usize)> = BTreeMap::new();
    for page in plan.pages.iter().filter(|page| !page.is_earlier) {
        let old = survey.entries.get(page.entry).map_or("", |entry| entry.kind.as_str());
        let count = counts.entry((old, &page.collection, page.kind.as_deref())).or_default();
        count.0 += 1;
        count.1 += usize::from(!page.is_public());
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (all, _))| std::cmp::Reverse(*all));
    for ((old, collection, kind), (all, hidden)) in counts {
        let to = kind.map_or_else(|| collection.to_owned(), |kind| format!("{kind} in {collection}"));
        let hidden = if hidden == 0 { String::new() } else { format!(", {hidden} of them hidden") };
        report.taken(format!("{all} `{old}` → {to}{hidden}"));
    }
    let rows: usize = plan.rows.iter().map(|(_, rows)| rows.len()).sum();
    if rows > 0 {
        report.taken(format!("{rows} people and topics that were only words have rows of their own"));
    }
    if !plan.copies.is_empty() {
        report.taken(format!("{} pictures and documents", plan.copies.len()));
    }
    if !plan.redirects.is_empty() {
        report.taken(format!("{} former addresses lead on, by redirects.csv", plan.redirects.len()));
    }
    for (what, why) in &plan.hidden {
        report.hidden(what, why);
    }
    for field in plan.kinds.iter().flat_map(|kind| kind.fields.iter().map(move |field| (kind, field))) {
        let (kind, field) = field;
        if field.is_unseen {
            let why = "fields of which nobody knows whether readers saw them: they are in `internal_note`";
            let pages = if field.count == 1 { "1 page".to_owned() } else { format!("{} pages", field.count) };
            report.hidden(&format!("`{}` of `{}`, on {pages}", field.old, kind.old), why);
        }
    }
    for note in &plan.notes {
        report.note(&note.what, &note.how, place(&note.place), &note.words);
    }
    report
}

fn place(place: &Place) -> String {
    match (place.file.as_str(), place.line) {
        ("", _) => String::new(),
        (file, 0) => file.to_owned(),
        (file, line) => format!("{file}:{line}"),
    }
}

/// What to do next.
pub(super) fn next(report: &mut Report, survey: &Survey, plan: &Plan) {
    report.next("`pamphlet serve --open` shows the site; `pamphlet check` says what it still needs, `pamphlet check --fix` corrects what is certain.");
    report.next("Save the sitemap of the old site, and run `pamphlet addresses --from-sitemap sitemap.xml`: it says whether an address is lost.");
    if !plan.hidden.is_empty() {
        report.next(
            "What is hidden has `status = \"draft\"` or `publish_at`: take the line out of what readers may have.",
        );
    }
    let unseen = unseen_fields(plan);
    if !unseen.is_empty() {
        report.next(format!(
            "Fields that readers may not have seen are in `internal_note`. For those that they may see, write `{}` below `[import]` in site.toml, and import again into an empty folder that has this site.toml.",
            fields_setting(&unseen)
        ));
    }
    if survey.program != "WordPress" {
        report.next("Shortcodes that are shown as they were written: say in `[import.shortcodes]` of site.toml what they become, and import again into an empty folder that has this site.toml.");
    }
}
