//! `pamphlet init`: a small site that builds as it is, with a sample of each thing that an organisation publishes.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use icu_locale::Locale;
use jiff::Span;
use jiff::tz::TimeZone;

use super::Exit;
use super::args::InitArgs;
use super::new::quoted;
use super::session::{Session, clock, shown};
use crate::config::Base;
use crate::{source, store};

/// The files of a new site, with `{…}` to fill in.
const FILES: &[(&str, &str)] = &[
    ("site.toml", include_str!("starter/site.toml")),
    ("content/index.md", include_str!("starter/index.md")),
    ("content/about/index.md", include_str!("starter/about.md")),
    ("content/about/values.md", include_str!("starter/values.md")),
    ("content/about/achievements.md", include_str!("starter/achievements.md")),
    ("content/about/sources.md", include_str!("starter/sources.md")),
    ("content/what-we-do.md", include_str!("starter/work.md")),
    ("content/contact.md", include_str!("starter/contact.md")),
    ("content/accessibility.md", include_str!("starter/accessibility.md")),
    ("content/press.md", include_str!("starter/press.md")),
    ("content/privacy.md", include_str!("starter/privacy.md")),
    ("content/themes/our-first-theme.md", include_str!("starter/theme.md")),
    ("content/people/sample-person.md", include_str!("starter/person.md")),
    ("content/publications/sample-report.md", include_str!("starter/report.md")),
    ("content/events/sample-event.md", include_str!("starter/event.md")),
];

/// Runs the command.
pub(super) fn run(session: &Session, typed: &InitArgs) -> Exit {
    let folder = &typed.folder;
    if folder.read_dir().is_ok_and(|mut inside| inside.next().is_some()) || folder.is_file() {
        session.wrong(&format!("{} is not empty; nothing was written", shown(folder)), "name a new folder");
        return Exit::Usage;
    }
    let base = match &typed.base_url {
        Some(given) => with_scheme(given),
        None => BASE.to_owned(),
    };
    if let Err(message) = Base::parse(&base) {
        session.wrong(&message, "or leave it out: it is `base_url` in site.toml, and easy to change until you publish");
        return Exit::Usage;
    }
    if let Some(code) = typed.lang.iter().find(|code| !is_language(code)) {
        session.wrong(
            &format!("`{code}` is not a language that I can add to English"),
            "write its code, such as `cy` for Welsh or `fr` for French",
        );
        return Exit::Usage;
    }
    let known = source::built_in_themes();
    if !known.contains(&typed.theme) {
        let themes: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        session.wrong(&format!("no design is called `{}`", typed.theme), &format!("write {}", themes.join(" or ")));
        return Exit::Usage;
    }
    let name = answer(typed.name.as_deref(), "What is your organisation called?", "Our Think Tank");
    // The zone does not matter: it is a day that people look at and may change.
    let today = clock().to_zoned_datetime(TimeZone::UTC).date();
    let next_year = today.checked_add(Span::new().years(1)).unwrap_or(today);
    let email = match &typed.email {
        Some(email) => format!("email = {}", quoted(email)),
        None => "# email = \"info@example.org\"".to_owned(),
    };
    let fill = |text: &str| {
        text.replace("{title}", &quoted(&name))
            .replace("{today}", &today.to_string())
            .replace("{today_in_words}", &today.strftime("%-d %B %Y").to_string())
            .replace("{next_year}", &next_year.to_string())
            .replace("{base}", &quoted(&base))
            .replace("{email}", &email)
            .replace("{theme}", &quoted(&typed.theme))
            .replace("{languages}", &languages(&typed.lang, &name))
    };
    let mut files: Vec<(String, &str)> = FILES.iter().map(|(path, text)| ((*path).to_owned(), *text)).collect();
    for code in &typed.lang {
        let home =
            if code == "cy" { include_str!("starter/index.cy.md") } else { include_str!("starter/index.other.md") };
        files.push((format!("content/index.{code}.md"), home));
    }
    // With the settings a folder becomes a site, so they come last.
    files.sort_by_key(|(path, _)| path == "site.toml");
    let place = |path: &str| folder.join(path.split('/').collect::<PathBuf>());
    let is_welsh = typed.lang.iter().any(|code| code == "cy");
    let whole = |path: &str, text: &str| match path {
        "site.toml" if is_welsh => fill(&with_welsh_menus(text)),
        _ => fill(text),
    };
    let files: Vec<(PathBuf, String)> = files.iter().map(|(path, text)| (place(path), whole(path, text))).collect();
    if let Err(refusal) = store::new_files(&files) {
        return session.refused(&refusal);
    }
    session.print(&format!("{}\n", folder.display()));
    session.say(&format!(
        "The site is ready. Go into the folder with `cd {}`, build it with `pamphlet build`, and begin pages with\n\
         `pamphlet new`, such as: pamphlet new report \"Who owns the high street?\"\n\
         What says `sample = true` is there to show how it is done: delete it when you have something of your own.\n\
         The site's address and your e-mail address belong in site.toml; pages say \"Say here …\" where your own words belong.",
        folder.display()
    ));
    Exit::Fine
}

/// The address of a site that does not have one yet.
const BASE: &str = "https://www.example.org/";

/// An address as people say it, `www.example.org`, as a browser needs it.
fn with_scheme(given: &str) -> String {
    let given = given.trim();
    let host = given.split('/').next().unwrap_or_default();
    match host.contains('.') && !host.contains([':', ' ', '@']) {
        true => format!("https://{given}"),
        false => given.to_owned(),
    }
}

/// Whether a code names a language other than the site's own, which is English.
fn is_language(code: &str) -> bool {
    let short = code.split('-').next().unwrap_or(code);
    (2..4).contains(&short.len()) && short != "en" && code.parse::<Locale>().is_ok()
}

/// The settings of further languages.
fn languages(codes: &[String], name: &str) -> String {
    let one = |code: &String| {
        format!("[languages.{code}]\n# What the site is called in this language.\ntitle = {}\n\n", quoted(name))
    };
    codes.iter().map(one).collect()
}

/// The lines of the menus of a new site, and what they are called in Welsh.
const WELSH_MENUS: &[(&str, &str)] = &[
    ("About", "Amdanom ni"),
    ("What we do", "Ein gwaith"),
    ("Themes", "Themâu"),
    ("Publications", "Cyhoeddiadau"),
    ("Events", "Digwyddiadau"),
    ("Contact", "Cysylltu"),
    ("People", "Pobl"),
    ("Our values", "Ein gwerthoedd"),
    ("What we have achieved", "Ein llwyddiannau"),
    ("Sources", "Ffynonellau"),
    ("Press", "Y wasg"),
    ("Accessibility", "Hygyrchedd"),
    ("Privacy", "Preifatrwydd"),
];

/// The settings of a new site with the Welsh names of its menus.
fn with_welsh_menus(settings: &str) -> String {
    WELSH_MENUS.iter().fold(settings.to_owned(), |settings, (title, welsh)| {
        let line = format!("title = \"{title}\"\n");
        settings.replace(&line, &format!("{line}titles = {{ cy = \"{welsh}\" }}\n"))
    })
}

/// What was typed, else what is answered on a terminal, else the usual value.
fn answer(given: Option<&str>, question: &str, usual: &str) -> String {
    if let Some(given) = given {
        return given.to_owned();
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return usual.to_owned();
    }
    let mut err = std::io::stderr();
    let _ = write!(err, "{question} [{usual}] ");
    let _ = err.flush();
    let mut line = String::new();
    let _ = std::io::stdin().lock().read_line(&mut line);
    match line.trim() {
        "" => usual.to_owned(),
        answer => answer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::FILES;

    /// Whoever warns of placeholders that go public finds them all in one list, a line each: how they begin.
    ///
    /// Seen to fail with a sentence of a page, and with a line of the list, changed.
    #[test]
    fn every_placeholder_of_a_new_site_is_listed() {
        let listed: Vec<&str> = include_str!("starter/placeholders.txt").lines().collect();
        let texts: Vec<&str> = FILES
            .iter()
            .map(|(_, text)| *text)
            .chain([include_str!("starter/index.cy.md"), include_str!("init.rs"), include_str!("new.rs")])
            .collect();
        for line in &listed {
            assert!(texts.iter().any(|text| text.contains(line)), "nothing begins with {line:?}");
        }
        // Samples are labelled as such, and these pages are whole as they are.
        let whole = ["content/accessibility.md", "content/privacy.md", "site.toml"];
        for (path, text) in FILES.iter().filter(|(path, text)| !whole.contains(path) && !text.contains("sample = true"))
        {
            assert!(listed.iter().any(|line| text.contains(line)), "{path} has no listed placeholder");
        }
    }
}
