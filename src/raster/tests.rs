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
