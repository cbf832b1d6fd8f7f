//! Drawings → the same picture on every machine.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use super::*;

fn ink(png: &[u8]) -> usize {
    let picture = image::load_from_memory(png).expect("a PNG").into_rgb8();
    picture.pixels().filter(|point| point.0 != [255, 255, 255]).count()
}

fn lettered(text: &str, family: &str) -> Vec<u8> {
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"100\"><rect width=\"400\" height=\"100\" fill=\"#fff\"/>\
         <text x=\"10\" y=\"70\" font-family=\"'{family}'\" font-weight=\"600\" font-size=\"60\">{text}</text></svg>"
    );
    png(&svg, (400, 100), Some(&Typefaces::new([]))).expect("a drawing")
}

#[test]
fn letters_are_drawn_in_the_programs_own_typefaces() {
    assert!(ink(&lettered("Tŷ ŵ", "Source Serif 4")) > 500);
    assert_ne!(lettered("Rent", "Source Serif 4"), lettered("Rent", "Source Sans 3"));
}

/// If this fails, drawings come out differently: raise [`FORM`], so that their names change.
#[test]
fn the_version_of_the_rasteriser_is_that_of_its_bytes() {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&lettered("Tŷ ŵ: “£5”", "Source Serif 4")).update(&lettered("Rent", "Source Sans 3"));
    assert_eq!((FORM, &hasher.finalize().to_hex()[..16]), (2, "f7c8a0d20120c7c6"));
}

#[test]
fn what_is_asked_for_and_not_there_is_set_in_another_typeface() {
    assert_eq!(lettered("Rent", "Nobody’s Grotesk"), lettered("Rent", "Source Serif 4"));
    let typefaces = Typefaces::new([]);
    assert_eq!(typefaces.missing("Tŷ Gŵyr, “£5” – Ελλάδα, Україна…"), None);
    assert_eq!(typefaces.missing("Report 増"), Some('増'));
    let wide = typefaces.width("Where the pound goes", "Source Serif 4", 600);
    assert!((9.0..12.0).contains(&wide), "{wide}");
}

#[test]
fn a_drawing_reads_no_file_of_the_machine() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let black = folder.path().join("black.svg");
    let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>";
    std::fs::write(&black, svg).expect("a file");
    let shows = |address: &str| {
        let asking = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\" fill=\"#fff\"/>\
             <image width=\"9\" height=\"9\" href=\"{address}\"/></svg>"
        );
        ink(&png(&asking, (9, 9), None).expect("a drawing"))
    };
    assert_eq!(shows(black.to_str().expect("a path")), 0);
    assert_eq!(shows(&format!("file://{}", black.display())), 0);
    assert_eq!(
        shows(&format!("data:image/svg+xml,{}", svg.replace('<', "%3C").replace('>', "%3E").replace('"', "'"))),
        81
    );
}

/// A PNG shows what was drawn, in whichever way it is encoded. Seen to fail with every colour taken for opaque.
#[test]
fn what_is_encoded_is_what_was_drawn() {
    let gradient = |opacity: &str| {
        format!(
            "<linearGradient id=\"g\"><stop stop-color=\"#012\" stop-opacity=\"{opacity}\"/><stop offset=\"1\" stop-color=\"#fed\"/>\
             </linearGradient><rect width=\"400\" height=\"9\" fill=\"url(#g)\"/>"
        )
    };
    let flat =
        "<rect width=\"40\" height=\"9\" fill=\"#123\"/><circle cx=\"60\" cy=\"4\" r=\"4\" fill=\"#fff\"/>".to_owned();
    for (drawing, colours) in [(flat, 3), (gradient("1"), 2), (gradient("0.2"), 6)] {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"9\">{drawing}</svg>");
        let mut pixmap = Pixmap::new(400, 9).expect("a size");
        resvg::render(&understood(&svg, None).expect("a drawing"), Transform::identity(), &mut pixmap.as_mut());
        let png = encoded(pixmap.clone()).expect("it can be encoded");
        assert_eq!(png[25], colours, "indexed, RGB, RGBA");
        let decoded = image::load_from_memory(&png).expect("a PNG").into_rgba8();
        assert!(decoded.into_raw() == pixmap.take_demultiplied(), "{svg}");
    }
}

#[test]
fn a_run_of_pixels_ends_where_the_next_is_another() {
    for length in [1, 2, 63, 64, 65, 66, 128, 129, 130, 200] {
        let mut points = [7, 8, 9, 255].repeat(length);
        assert_eq!(repeats(&points), length - 1, "to the end");
        points.extend([7, 8, 9, 254]);
        points.extend([7, 8, 9, 255].repeat(100));
        assert_eq!(repeats(&points), length - 1, "up to another");
    }
}

/// A few lines can describe what takes hours to draw. Each was seen to take more than ten seconds without its limit, or to end the
/// program.
#[test]
fn what_would_take_minutes_is_not_drawn() {
    let refused = |inside: &str| {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\">{inside}</svg>");
        png(&svg, (64, 64), None).expect_err("too much to draw")
    };
    let nested = format!("{}{}", "<g>".repeat(20_000), "</g>".repeat(20_000));
    assert_eq!(refused(&nested), "more than 200 elements are inside one another");
    let region = "filterUnits=\"userSpaceOnUse\" x=\"-90000\" y=\"-90000\" width=\"180000\" height=\"180000\"";
    let blur = format!(
        "<filter id=\"f\" {region}><feGaussianBlur stdDeviation=\"9000\"/></filter><rect width=\"9\" height=\"9\" filter=\"url(#f)\"/>"
    );
    assert_eq!(refused(&blur), "an effect (`filter`) covers far more than the drawing");
    let mut patterns = "<rect id=\"p0\" width=\"9\" height=\"9\"/>".to_owned();
    for n in 1..20 {
        let fill = format!("<rect width=\"9\" height=\"9\" fill=\"url(#p{})\"/>", n - 1);
        let size = "width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\"";
        patterns.push_str(&format!("<pattern id=\"p{n}\" {size}>{}</pattern>", fill.repeat(4)));
    }
    patterns.push_str("<rect width=\"90\" height=\"90\" fill=\"url(#p19)\"/>");
    assert_eq!(refused(&patterns), "it would take minutes to draw: its elements repeat one another too often");
    let uses = "<rect id=\"a\" width=\"9\" height=\"9\"/>".to_owned() + &"<use href=\"#a\"/>".repeat(1_001);
    assert_eq!(refused(&uses), "more than 1000 elements `use` others");
}
