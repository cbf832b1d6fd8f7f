//! Whatever a table holds, its drawing is well-formed and within its box, and the same each time.

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::read::number;
use super::*;
use crate::data;
use crate::path::SitePath;

fn table(rows: Vec<String>, columns: Vec<Vec<Option<f64>>>, along: Along) -> Table {
    let series = (1..).zip(columns).map(|(n, values)| Series { name: format!("Series {n}"), values }).collect();
    Table { below: rows.clone(), rows, along, series, decimals: 1 }
}

fn chart<'a>(kind: Kind, table: &'a Table, direction: Direction, emphasis: Option<usize>, width: Width) -> Chart<'a> {
    Chart {
        kind,
        table,
        emphasis,
        direction,
        width,
        written: &|value| format!("{value:.1}"),
        on_scale: &|value| format!("{value}"),
    }
}

/// What is wrong with a drawing.
fn wrong(panel: &Panel) -> Vec<String> {
    let mut wrong = Vec::new();
    let height = f64::from(panel.height);
    let whole = format!("<svg>{}</svg>", panel.svg);
    let mut reader = Reader::from_str(&whole);
    let mut open = 0;
    loop {
        let (element, is_open) = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(element)) => (element, true),
            Ok(Event::Empty(element)) => (element, false),
            Ok(Event::End(_)) => {
                open -= 1;
                continue;
            }
            Ok(_) => continue,
            Err(error) => {
                wrong.push(format!("{error}"));
                break;
            }
        };
        open += i32::from(is_open);
        let name = element.name().as_ref().to_owned();
        for attribute in element.attributes() {
            let Ok(attribute) = attribute else {
                wrong.push(format!("an attribute of {name}"));
                continue;
            };
            let key = attribute.key.as_ref().to_owned();
            let value = attribute.value.to_string();
            // Down, places are `em` on a page and pixels in a picture.
            let number: Option<f64> = match value.strip_suffix("em") {
                Some(ems) => ems.parse::<f64>().ok().map(|ems| ems * svg::LETTER),
                None => value.trim_end_matches('%').parse().ok(),
            };
            let most = match key.as_str() {
                "x" | "x1" | "x2" | "cx" | "width" => 100.0,
                "y" | "y1" | "y2" | "cy" | "height" => height,
                _ => continue,
            };
            if !number.is_some_and(|number| (-0.05..=most + 0.05).contains(&number)) {
                wrong.push(format!("{name} {key}={value} of {most}"));
            }
        }
    }
    if open != 0 {
        wrong.push("elements are open".to_owned());
    }
    wrong.extend(
        ["NaN", "inf"].iter().filter(|word| panel.svg.contains(&format!("\"{word}"))).map(|word| (*word).to_owned()),
    );
    wrong
}

fn any_number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        2 => Just(None),
        2 => Just(Some(0.0)),
        8 => (-1_000.0..1_000.0f64).prop_map(Some),
        2 => (-9e14..9e14f64).prop_map(Some),
        2 => (-1e-9..1e-9f64).prop_map(Some),
        1 => (9e14..9.000_000_1e14f64).prop_map(Some),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(Kind::ALL.map(|(kind, ..)| kind).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_table_is_drawn_within_its_box(
        kind in any_kind(),
        names in proptest::collection::vec("\\PC{0,70}", 0..12),
        columns in proptest::collection::vec(proptest::collection::vec(any_number(), 12), 0..7),
        emphasis in proptest::option::of(0usize..12),
        is_along in any::<bool>(),
        is_mirrored in any::<bool>(),
    ) {
        let count = names.len();
        let columns = columns.into_iter().map(|mut column| { column.truncate(count); column }).collect();
        let along = if is_along { Along::Places((0..count).map(|n| n as f64 * 1.7).collect()) } else { Along::Names };
        let table = table(names, columns, along);
        let direction = if is_mirrored { Direction::RightToLeft } else { Direction::LeftToRight };
        let one = chart(kind, &table, direction, emphasis, Width::Fluid);
        let drawn = draw(&one);
        for panel in &drawn.panels {
            prop_assert!(wrong(panel).is_empty(), "{:?}\n{}", wrong(panel), panel.svg);
        }
        prop_assert_eq!(&drawn, &draw(&one));
        let frame = Frame {
            title: "A title & more", measure: "<measure>", below: &["A source".to_owned()],
            paper: "#fff".into(), ink: "#000".into(), quiet: "#555".into(), rule: "#ccc".into(),
            series: vec!["#a00".into(); MOST_SERIES], serif: "Source Serif 4", sans: "Source Sans 3",
        };
        let (svg, (_, height)) = picture(&one, &frame);
        let whole = Panel { title: None, svg: String::new(), height, before: 0, behind: Behind::Nothing };
        prop_assert!(wrong(&whole).is_empty());
        let mut reader = Reader::from_str(&svg);
        while !matches!(reader.read_event().map_err(|error| TestCaseError::fail(error.to_string()))?, Event::Eof) {}
        prop_assert!(!said(kind, &table, &|value| value.to_string()).is_empty());
    }

    #[test]
    fn any_data_file_gives_a_table_or_a_fault(text in "\\PC{0,40}(\n[\\PC,;\t]{0,30}){0,8}", kind in any_kind()) {
        let file = SitePath::new("content/a.csv").expect("a path within a site");
        let rows = data::csv(&file, &text, 0);
        let asked = Columns { kind, x: None, y: None, highlight: None, text: &file, at: 0..0 };
        let sheet = Sheet { file: &file, rows: &rows.value, separator: data::separator(&text) };
        let read = read(sheet, &asked);
        prop_assert_eq!(read.value.is_none(), !read.faults.is_empty());
        for fault in rows.faults.iter().chain(&read.faults) {
            let span = fault.span.as_ref().expect("a place");
            prop_assert!(text.get(span.start..span.end).is_some());
        }
    }
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let read = |written: &str, separator| number(written, separator).ok().flatten();
    for (written, separator, value) in [
        ("1234.5", ',', 1234.5),
        ("1,234", ',', 1234.0),
        ("1,234,567.25", ',', 1_234_567.25),
        ("1.234.567,25", ';', 1_234_567.25),
        ("12,5", ';', 12.5),
        ("−30.2", ',', -30.2),
        ("-0", ',', 0.0),
        ("38%", ',', 38.0),
        ("£1.5", ',', 1.5),
        ("1 234", ',', 1234.0),
        ("٣٨٫٥", ',', 38.5),
        (".5", ',', 0.5),
    ] {
        assert_eq!(read(written, separator).map(|(value, _)| value), Some(value), "{written}");
    }
    for unknown in ["", "–", "n/a", "N/A", "…", ".."] {
        assert_eq!(number(unknown, ','), Ok(None), "{unknown}");
    }
    for wrong in
        ["much", "12,5", "1,23", "1.234", "NaN", "inf", "1e5", "5-6", "12 people", "1.2.3", "9999999999999999", "1/2"]
    {
        let separator = if wrong == "1.234" { ';' } else { ',' };
        assert!(number(wrong, separator).is_err(), "{wrong}");
    }
}

#[test]
fn units_stand_where_they_belong() {
    for (number, unit, gap, written) in [
        ("43", "%", "", "43%"),
        ("43", "%", "\u{a0}", "43\u{a0}%"),
        ("−1.5", "£m", "", "−£1.5m"),
        ("12", "people", "", "12\u{a0}people"),
        ("12", "", "", "12"),
    ] {
        assert_eq!(with_unit(number, unit, gap), written);
    }
}

#[test]
fn what_is_proposed_tells_kind_and_trend() {
    let rows = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let percent = |value: f64| format!("{value}%");
    let bars = table(rows(&["Town", "Region"]), vec![vec![Some(38.0), Some(22.0)]], Along::Names);
    assert_eq!(said(Kind::Bar, &bars, &percent), "Bar chart of 2 rows. Town is highest at 38%, Region lowest at 22%.");
    let lines = table(rows(&["2021", "2025"]), vec![vec![Some(22.0), Some(43.0)]], Along::Places(vec![2021.0, 2025.0]));
    assert_eq!(said(Kind::Line, &lines, &percent), "Line chart from 2021 to 2025. Series 1 rises from 22% to 43%.");
}
