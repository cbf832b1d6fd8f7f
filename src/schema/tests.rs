//! Whole tables through [`read_values`]: one case for each kind of fault, and what must hold for any input.

use super::*;
use crate::data;
use crate::diagnostic::{Code, Diagnostic, Found, Severity, line_column};
use crate::markdown::{HtmlPolicy, Options};
use crate::path::SitePath;
use proptest::prelude::*;

const FIELDS: &str = r#"
subtitle = "text"
kind = { type = "enum(report|briefing|press)", help = "what it is", label = "Kind", required = true }
people = "list(ref(people))"
findings = { type = "list(prose)", max = 2, warn_over = 1 }
contact = { type = "ref(people)", required_if = { kind = "press" } }
lead = "prose"
note = { type = "text", max = 5 }
tel = "tel"
email = "email"
since = "date"
place = "either(ref(located), record{name: text!})"
"#;

fn declared() -> Fields {
    let raw = data::toml(&SitePath::root(), FIELDS, 0);
    let own = fields(&raw.value, &SitePath::root());
    assert!(raw.faults.is_empty() && own.faults.is_empty());
    let mut all = Fields::default();
    for (name, field) in base().iter().chain(Trait::Citable.fields()) {
        all.insert(name.clone(), field.clone());
    }
    for name in ["start", "end"] {
        all.insert(name.into(), Field { required: false, ..Trait::Timed.fields()[name].clone() });
    }
    all.extend(own.value);
    all
}

fn read_in(name: &str, text: &str, stage: Stage) -> Found<Values> {
    let file = SitePath::new(name).expect("inside");
    let raw = match file.ending().as_str() {
        "csv" => {
            let found = data::csv(&file, text, 0);
            let RawKind::List(rows) = found.value.kind else { panic!("rows") };
            Found::new(rows.into_iter().next().expect("a row"), found.faults)
        }
        "json" => data::json(&file, text, 0),
        "yaml" => data::yaml(&file, text, 0),
        _ => data::toml(&file, text, 0),
    };
    let fields = declared();
    let zone = zone("Europe/London").expect("bundled");
    let options = Options { extensions: true, smart_punctuation: true, html: HtmlPolicy::Sanitise };
    let reading = Reading {
        file: &file,
        text,
        zone: &zone,
        markdown: &options,
        blocks: &Blocks::default(),
        label: "report",
        stage,
    };
    let mut faults = raw.faults;
    let values = read_values(&raw.value, &fields, &reading).into_value(&mut faults);
    Found::new(values, faults)
}

use crate::data::RawKind;

fn shown(text: &str, fault: &Diagnostic) -> String {
    let span = fault.span.as_ref().expect("a place");
    let (line, _) = line_column(text, span.start);
    format!("{}:{} {}: {}", line, &text[span.start..span.end], fault.code.as_str(), fault.message)
}

/// The faults of a report in TOML with a title, a kind and these lines.
fn said(lines: &str) -> Vec<String> {
    let text = format!("title = \"A\"\nkind = \"report\"\n{lines}");
    let found = read_in("content/a.md", &text, Stage::Public);
    found.faults.iter().map(|fault| shown(&text, fault)).collect()
}

fn help(lines: &str) -> String {
    let text = format!("title = \"A\"\nkind = \"report\"\n{lines}");
    read_in("content/a.md", &text, Stage::Public).faults[0].help.clone().unwrap_or_default()
}

#[test]
fn values_stand_in_the_order_of_the_declaration_with_defaults() {
    let text = "kind = \"report\"\ntitle = \" A\\ttale \"\nweight = 3\npeople = \"jane\"\nsince = 2026-05-14\n";
    let found = read_in("content/a.md", text, Stage::Public);
    assert_eq!(found.faults, []);
    let names: Vec<&str> = found.value.keys().map(|name| &**name).collect();
    assert_eq!(names, ["title", "status", "weight", "sample", "noindex", "kind", "people", "since"]);
    assert_eq!(found.value["title"].value, Value::Text("A tale".into()));
    assert_eq!(found.value["title"].span, 24..35);
    assert_eq!(found.value["status"].value, Value::Text("published".into()));
    assert_eq!(found.value["status"].span, text.len()..text.len());
    let Value::List(people) = &found.value["people"].value else { panic!("a list") };
    assert_eq!(people[0].value, Value::Ref("jane".into()));
    assert!(Condition(vec![("kind".into(), vec!["press".into(), "report".into()])]).holds(&found.value));
    assert!(!Condition(vec![("kind".into(), vec!["press".into()])]).holds(&found.value));
}

#[test]
fn a_day_with_a_time_of_day_is_the_day_in_the_sites_zone() {
    for (written, day) in [
        ("2026-05-14 10:00:00", "2026-05-14"),
        ("2026-05-14T00:00:00Z", "2026-05-14"),
        ("\"2026-05-14 9:00:40 -0400\"", "2026-05-14"),
        ("\"2026-05-14 23:30:00 -5\"", "2026-05-15"),
        ("2026-05-13T23:30:00Z", "2026-05-14"),
    ] {
        let lines = format!("since = {written}\n");
        assert_eq!(said(&lines), [""; 0], "{lines}");
        let text = format!("title = \"A\"\nkind = \"report\"\n{lines}");
        let found = read_in("content/a.md", &text, Stage::Public);
        let Value::Date(date, Some(_)) = &found.value["since"].value else { panic!("{lines}") };
        assert_eq!(date.to_string(), day, "{lines}");
    }
}

#[test]
fn what_means_one_thing_is_read() {
    for (lines, name, expected) in [
        ("subtitle = 12\n", "subtitle", "12"),
        ("subtitle = 5.50\n", "subtitle", "5.50"),
        ("kind = \"Report\"\n", "kind", "report"),
        ("kind = \"REPORT\"\n", "kind", "report"),
    ] {
        let text = format!("title = \"A\"\n{lines}");
        let found = read_in("content/a.md", &text, Stage::Public);
        assert_eq!(found.value[name].value, Value::Text(expected.into()), "{lines}");
    }
    let text = "title = \"A\"\nkind = \"report\"\nstart = 2026-05-14T10:00:00\nend = \"12:00\"\n";
    let found = read_in("content/a.md", text, Stage::Public);
    assert_eq!(found.faults, []);
    let Value::DateTime(end) = &found.value["end"].value else { panic!("a time") };
    assert_eq!(end.to_string(), "2026-05-14T12:00:00+01:00[Europe/London]");
    assert_eq!(said("draft = false\n"), ["3:draft unknown-field: a report has no field `draft`"]);
    for lines in ["draft = false\n", "published = true\n", "embargo = \"\"\n", "private = \"no\"\n"] {
        let text = format!("title = \"A\"\nkind = \"report\"\n{lines}");
        let fault = &read_in("content/a.md", &text, Stage::Public).faults[0];
        assert_eq!((fault.severity, fault.is_binding), (Severity::Warning, false), "{lines}");
    }
    // A status is read as it is written.
    assert_eq!(said("status = \"Published\"\n").len(), 1);
}

#[test]
fn each_fault_has_its_code_and_words() {
    for (lines, expected) in [
        ("autors = []\n", "3:autors unknown-field: a report has no field `autors`"),
        ("weight = \"heavy\"\n", "3:\"heavy\" wrong-type: `weight` must be a whole number, but this is text"),
        ("subtitle = true\n", "3:true wrong-type: `subtitle` must be text, but this is true or false"),
        ("topics = [1]\n", "3:1 wrong-type: `topics` must be the name of an entry, but this is a whole number"),
        ("status = \"publishd\"\n", "3:\"publishd\" not-allowed-value: `status` cannot be `publishd`"),
        (
            "date = 14/05/26\n",
            "3:14/05/26 bad-date: I cannot read `14/05/26` as a date; write the year first: 2026-05-14",
        ),
        (
            "date = \"14 May 2026\"\n",
            "3:\"14 May 2026\" bad-date: I cannot read `14 May 2026` as a date; write the year first: 2026-05-14",
        ),
        (
            "publish_at = 2026-05-14\n",
            "3:2026-05-14 bad-date: `publish_at` needs a time of day as well; write the hour too, such as 2026-05-14 09:30",
        ),
        (
            "publish_at = 2026-03-29T01:30:00\n",
            "3:2026-03-29T01:30:00 time-in-clock-change: on 29 March 2026 the clocks in Europe/London go forward and 01:30 does not exist; write 00:30 or 02:30",
        ),
        (
            "isbn = \"978-0-306-40615-8\"\n",
            "3:\"978-0-306-40615-8\" bad-identifier: `978-0-306-40615-8` is not an ISBN: its check digit should be 7, not 8, so some figure in it is wrong",
        ),
        ("email = \"jane\"\n", "3:\"jane\" bad-email: I cannot read `jane` as an e-mail address"),
        (
            "tel = \"call us\"\n",
            "3:\"call us\" bad-tel: I cannot read `call us` as a telephone number: it has characters that cannot be dialled",
        ),
        ("lang = \"english\"\n", "3:\"english\" bad-lang: I cannot read `english` as a language code"),
        ("note = \"too long\"\n", "3:\"too long\" too-long: `note` has 8 characters; at most 5 are allowed"),
        ("findings = [\"a\", \"b\"]\n", "3:[\"a\", \"b\"] long-text: `findings` has 2 items; it is best kept to 1"),
        (
            "findings = [\"a\", \"b\", \"c\"]\n",
            "3:[\"a\", \"b\", \"c\"] too-long: `findings` has 3 items; at most 2 are allowed",
        ),
        (
            "image = \"images/bridge.jpg\"\n",
            "3:\"images/bridge.jpg\" image-without-description: `bridge.jpg` has no description; write what it shows, or mark it decorative",
        ),
        (
            "start = 2026-05-14T10:00:00\nend = 2026-05-14T09:00:00\n",
            "4:2026-05-14T09:00:00 end-before-start: the end, Thursday 14 May 2026 at 09:00, London time (BST), is not after the start, Thursday 14 May 2026 at 10:00, London time (BST)",
        ),
        (
            "[source]\nurl = \"example.org\"\ntitle = \"S\"\n",
            "4:\"example.org\" bad-url: I cannot read `example.org` as a web address: it does not begin with `https://`",
        ),
        ("[source]\nurl = \"https://example.org\"\n", "3:[source] missing-field: this part of `source` has no `title`"),
        (
            "place = 3\n",
            "3:3 wrong-type: `place` must be the name of an entry in `located`, or a group of fields, but this is a whole number",
        ),
        ("place = { nam = \"Hall\", name = \"Hall\" }\n", "3:nam unknown-field: `place` has no field `nam`"),
    ] {
        assert_eq!(said(lines), [expected], "{lines}");
    }
}

#[test]
fn sound_values_are_not_blamed() {
    let lines = "date = 2026-05-14\npublish_at = 2026-05-14T00:01:00\nupdated = 2026-05-14 00:01:00\n\
        start = 2026-05-14\nend = 2026-05-14\ndoi = \"10.1234/abc\"\ncontact = \"\"\n\
        authors = [\"jane\", { name = \"Ada\", orcid = \"0000-0002-1825-0097\" }]\n\
        image = { file = \"a.jpg\", decorative = true }\nplace = { name = \"Hall\" }\nfiles = { file = \"a.pdf\" }\n";
    assert_eq!(said(lines), [""; 0]);
}

#[test]
fn help_says_what_to_do() {
    assert_eq!(help("autors = []\n"), "did you mean `authors`?");
    assert_eq!(help("subtitle = true\n"), "put it in quotation marks: `subtitle = \"true\"`");
    assert_eq!(help("status = \"publishd\"\n"), "did you mean `published`?");
    assert_eq!(help("status = \"new\"\n"), "it may be `draft`, `published`, `withdrawn`");
}

#[test]
fn what_is_missing_is_a_warning_in_a_draft() {
    let text = "---\ntitle: A\n---\n";
    let file = SitePath::new("content/a.md").expect("inside");
    let raw = data::yaml(&file, &text[4..13], 4);
    let fields = declared();
    let zone = zone("Europe/London").expect("bundled");
    let options = Options { extensions: true, smart_punctuation: true, html: HtmlPolicy::Sanitise };
    for (stage, severity) in [(Stage::Public, Severity::Error), (Stage::Draft, Severity::Warning)] {
        let reading = Reading {
            file: &file,
            text,
            zone: &zone,
            markdown: &options,
            blocks: &Blocks::default(),
            label: "event",
            stage,
        };
        let found = read_values(&raw.value, &fields, &reading);
        assert_eq!(found.faults.len(), 1);
        let fault = &found.faults[0];
        assert_eq!(shown(text, fault), "2: missing-field: this event has no `kind`");
        assert_eq!(fault.help.as_deref(), Some("what it is: `kind: report`"));
        assert_eq!(fault.severity, severity);
    }
    let press = "title = \"A\"\nkind = \"press\"\n";
    let found = read_in("content/a.md", press, Stage::Public);
    assert_eq!(
        found.faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>(),
        ["this report has no `contact`"]
    );
}

#[test]
fn a_line_below_a_group_is_said_to_belong_to_it() {
    let lines = "\n[[corrections]]\ndate = 2026-05-14\ntext = \"A figure was wrong.\"\nimage = \"a.jpg\"\n";
    assert_eq!(
        said(lines),
        [
            "7:image unknown-field: `image` stands below `[[corrections]]`, so it belongs to that correction; move it above line 4"
        ]
    );
    let lines = "[source]\ntitle = \"S\"\n# [no heading]\nsubtitle = \"x\"\n";
    assert_eq!(
        said(lines),
        [
            "6:subtitle unknown-field: `subtitle` stands below `[source]`, so it belongs to `source`; move it above line 3"
        ]
    );
}

#[test]
fn long_titles_and_summaries_have_codes_of_their_own() {
    let text = format!("title = \"{}\"\nsummary = \"{}\"\nkind = \"report\"\n", "é".repeat(66), "b".repeat(161));
    let found = read_in("content/a.md", &text, Stage::Public);
    let said: Vec<(&str, &str)> =
        found.faults.iter().map(|fault| (fault.code.as_str(), fault.message.as_str())).collect();
    assert_eq!(
        said,
        [
            ("long-title", "the title has 66 characters; search engines show about 65"),
            ("long-summary", "the summary has 161 characters; search engines show about 160"),
        ]
    );
}

#[test]
fn cells_of_a_table_are_read_as_their_fields_want() {
    let text =
        "title;kind;weight;date;people;sample;lead;email\n\"A; B\";report;3;2026-05-14;\"jane; joe\";true;*x*;bad\n";
    let found = read_in("content/a.csv", text, Stage::Public);
    assert_eq!(
        found.faults.iter().map(|fault| shown(text, fault)).collect::<Vec<_>>(),
        ["2:bad bad-email: I cannot read `bad` as an e-mail address"]
    );
    assert_eq!(found.value["title"].value, Value::Text("A; B".into()));
    assert_eq!(found.value["weight"].value, Value::Int(3));
    assert_eq!(found.value["sample"].value, Value::Bool(true));
    let Value::List(people) = &found.value["people"].value else { panic!("a list") };
    let places: Vec<&str> = people.iter().map(|person| &text[person.span.clone()]).collect();
    assert_eq!(places, ["jane", "joe"]);
}

#[test]
fn one_slip_of_spelling_is_one_message() {
    let text = "title = “Wealth”\nkind = report\n";
    let found = read_in("content/a.md", text, Stage::Public);
    assert_eq!(
        found.faults.iter().map(|fault| shown(text, fault)).collect::<Vec<_>>(),
        [
            "1:“Wealth” toml-syntax: the title begins with a curly quotation mark, which Word makes; type a straight one",
            "2:report toml-syntax: the kind has no quotation marks round it",
        ]
    );
    assert_eq!(found.value["title"].value, Value::Text("Wealth".into()));
    assert_eq!(found.value["kind"].value, Value::Text("report".into()));
}

fn places_are_sound(text: &str, found: &Found<Values>) -> Result<(), TestCaseError> {
    fn walk(text: &str, values: &Values) -> bool {
        let inside = |span: &Range<usize>| text.get(span.clone()).is_some();
        values.values().all(|placed| {
            inside(&placed.span)
                && match &placed.value {
                    Value::List(items) => items.iter().all(|item| inside(&item.span)),
                    Value::Record(values) => walk(text, values),
                    _ => true,
                }
        })
    }
    for fault in &found.faults {
        let spans = fault.span.iter().chain(fault.labels.iter().map(|(span, _)| span));
        for span in spans {
            prop_assert!(text.get(span.start..span.end).is_some(), "{fault:?}");
        }
    }
    prop_assert!(walk(text, &found.value));
    Ok(())
}

/// A line that an author may write, right or wrong.
fn a_line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "title",
        "kind",
        "authors",
        "date",
        "corrections",
        "image",
        "isbn",
        "place",
        "people",
        "lead",
        "source",
        "tel",
        "é",
    ]);
    let value = prop::sample::select(vec![
        "\"x\"",
        "“é”",
        "report",
        "14/05/26",
        "2026-03-29T01:30:00",
        "[\"a\", 1]",
        "{ name = \"é\" }",
        "[",
        "\"",
        "1.5",
        "true",
        "{ file = 3 }",
        "a: b",
        "*é*",
        "",
        "\"a\\u00e9 *b*\"",
        "'''é",
        "99999999999999999999",
        "\t",
        "[[1], {a = 2}]",
        "&x é",
        "!é x",
    ]);
    let sign = prop::sample::select(vec![" = ", ": ", "=", ":", " ", ",", ";", "\n[", "\n[[", "\n  - ", "\n\t"]);
    (name, sign, value).prop_map(|(name, sign, value)| format!("{name}{sign}{value}\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_input_makes_it_fall_and_all_places_lie_in_the_file(
        lines in prop::collection::vec(a_line(), 0..7),
        noise in "\\PC{0,6}",
        at in 0_usize..200,
        ending in prop::sample::select(vec!["md", "yaml", "json"]),
    ) {
        let mut text = lines.concat();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.insert_str(at, &noise);
        let found = read_in(&format!("content/a.{ending}"), &text, Stage::Public);
        places_are_sound(&text, &found)?;
    }
}

#[test]
fn a_comment_that_looks_like_a_value_of_a_field_about_secrecy_is_a_binding_error() {
    let head = "title: A\nlang: en\n";
    for lines in [
        "status: # draft\n",
        "status:   #  draft\n",
        "status:\n# draft\n",
        "status:\n  # draft\n\nsummary: x\n",
        "status: ~ # draft\n",
        "status: #draft\n",
        "status: published #draft\n",
        "status: published # draft\n",
        "status: \"published\" # Draft\n",
        "date: 2027-01-04 #22:00\n",
        "date: 2027-01-04 # 22:00\n",
        "date: 2027-01-04 # 4pm\n",
        "date: 2027-01-04 # 2027-02-04\n",
        "publish_at: # 2027-01-04 22:00\n",
        "publish_at:\n# 4 January 2027, 22:00\n",
        "publish_at: 2027-01-04 09:00 # 22:00\n",
    ] {
        let text = format!("{head}{lines}");
        let found = read_in("content/a.yaml", &text, Stage::Public);
        let binding = found.faults.iter().filter(|fault| fault.is_binding && fault.severity == Severity::Error);
        let binding: Vec<_> = binding.filter(|fault| fault.code == Code::YamlComment).collect();
        assert_eq!(binding.len(), 1, "{lines}: {:?}", found.faults);
        let help = binding[0].help.as_deref().unwrap_or_default();
        assert!(!help.contains("\"2027-01-04 #"), "{help}");
    }
    for lines in [
        "status: draft # until May\n",
        "status: published # was a draft until May\n",
        "status: # nothing yet\n",
        "status:\n# the day of the launch\ndate: 2026-05-14\n",
        "date: 2026-05-14 # the launch\n",
        "date: 2026-05-14 # Thursday\n",
        "date: 2026-05-14\n# 22:00\n",
        "date: 2026-05-14 # was 2026-05-10\n",
        "status: published\n# draft\n",
        "status: draft # draft\n",
        "status: draft # published\n",
        "summary: x # draft\n",
        "status: \"published\"\n#status: draft\n",
    ] {
        let text = format!("{head}{lines}");
        let found = read_in("content/a.yaml", &text, Stage::Public);
        let faults: Vec<_> = found.faults.iter().filter(|fault| fault.code == Code::YamlComment).collect();
        assert!(faults.is_empty(), "{lines}: {faults:?}");
    }
}

#[test]
fn either_takes_each_of_its_kinds() {
    for (types, lines, faults) in [
        ("either(url, email)", "k = \"x@y.org\"", 0),
        ("either(url, email)", "k = \"https://example.org/\"", 0),
        ("either(email, url)", "k = \"https://example.org/\"", 0),
        ("either(date, text)", "k = \"in spring\"", 0),
        ("either(date, text)", "k = \"2026-05-14\"", 0),
        ("either(date, text)", "k = 2026-05-14", 0),
        ("either(list(text), date)", "k = \"2026-05-14\"", 0),
        ("either(url, email)", "k = \"nothing\"", 1),
        ("either(int, date)", "k = \"soon\"", 1),
    ] {
        let found = read_declared(types, lines);
        assert_eq!(found.faults.len(), faults, "{types} {lines}: {:?}", found.faults);
        assert_eq!(found.value.iter().count(), 1 - faults, "{types} {lines}");
    }
}

/// One field `k` of the type `ty`.
fn read_declared(ty: &str, text: &str) -> Found<Values> {
    let file = SitePath::new("content/a.toml").expect("inside");
    let declared = data::toml(&SitePath::root(), &format!("k = {ty:?}"), 0);
    let own = fields(&declared.value, &SitePath::root());
    assert!(own.faults.is_empty(), "{:?}", own.faults);
    let options = Options { extensions: true, smart_punctuation: true, html: HtmlPolicy::Sanitise };
    let reading = Reading {
        file: &file,
        text,
        zone: &zone("Europe/London").expect("bundled"),
        markdown: &options,
        blocks: &Blocks::default(),
        label: "report",
        stage: Stage::Public,
    };
    read_values(&data::toml(&file, text, 0).value, &own.value, &reading)
}
