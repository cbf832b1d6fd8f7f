//! `pamphlet init`: a small site that builds as it is, with a sample of each thing that an organisation publishes.

use std::io::{BufRead, IsTerminal, Write};

use jiff::Span;
use jiff::tz::TimeZone;

use super::Exit;
use super::args::InitArgs;
use super::new::quoted;
use super::session::{Session, clock, shown};
use crate::config::Base;
use crate::store;

/// The files of a new site, with `{…}` to fill in.
const FILES: &[(&str, &str)] = &[
    ("site.toml", include_str!("starter/site.toml")),
    ("content/index.md", include_str!("starter/index.md")),
    ("content/about/index.md", include_str!("starter/about.md")),
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
    let name = answer(typed.name.as_deref(), "What is your organisation called?", "Our Think Tank");
    let base = loop {
        let base = answer(typed.base_url.as_deref(), "What will the site's address be?", "https://www.example.org/");
        match Base::parse(&base) {
            Ok(_) => break base,
            Err(message) => {
                session.wrong(&message, "such as https://www.example.org/");
                if typed.base_url.is_some() || !std::io::stdin().is_terminal() {
                    return Exit::Usage;
                }
            }
        }
    };
    let email = answer(typed.email.as_deref(), "Which e-mail address may readers write to?", "info@example.org");
    // The zone does not matter: it is a day that people look at and may change.
    let today = clock().to_zoned_datetime(TimeZone::UTC).date();
    let next_year = today.checked_add(Span::new().years(1)).unwrap_or(today);
    for (path, text) in FILES {
        let is_toml = path.ends_with(".toml");
        let fill = |value: &str| if is_toml { quoted(value) } else { value.to_owned() };
        let text = text
            .replace("{name}", &fill(&name))
            .replace("{today}", &today.to_string())
            .replace("{today_in_words}", &today.strftime("%-d %B %Y").to_string())
            .replace("{next_year}", &next_year.to_string())
            .replace("{title}", &quoted(&name))
            .replace("{base}", &fill(&base))
            .replace("{email}", &fill(&email));
        let mut place = folder.clone();
        place.extend(path.split('/'));
        if let Err(refusal) = store::new_file(&place, &text) {
            return session.refused(&refusal);
        }
    }
    session.print(&format!("{}\n", folder.display()));
    session.say(&format!(
        "The site is ready. Go into the folder with `cd {}`, build it with `pamphlet build`, and begin pages with\n\
         `pamphlet new`, such as: pamphlet new report \"Who owns the high street?\"\n\
         What says `sample = true` is there to show how it is done: delete it when you have something of your own.",
        folder.display()
    ));
    Exit::Fine
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
