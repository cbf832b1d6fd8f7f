//! A drawing (SVG) → why it is too much to draw, if it is.
//!
//! A few lines of SVG can describe a picture that takes hours: elements within elements a hundred thousand deep, patterns of
//! patterns, a blur over a region as large as a town. So the text is looked at before it is understood, and what is to be
//! drawn is added up before anything is.

use super::repeats;
use quick_xml::events::Event;
use resvg::tiny_skia::Transform;
use resvg::usvg::{Group, ImageKind, Node, Paint, Path, Tree};

/// How many elements may be within each other.
const DEEPEST: usize = 200;

/// How many elements may repeat others.
const MOST_USES: usize = 1_000;

/// How many elements there may be.
const MOST_ELEMENTS: usize = 200_000;

/// How many elements there may be with those that are repeated.
const MOST_REPEATED: u64 = 1_000_000;

/// How many pixels may be drawn in all, the same one several times if several things are drawn there: some seconds.
const MOST_PIXELS: f64 = 3e9;

/// How many pixels one effect may cover.
const LARGEST_EFFECT: f64 = 2e7;

/// What drawing something takes though it covers nothing, in pixels.
const LEAST: f64 = 500.0;

/// What a pattern or a drawing within the drawing takes besides, since it is drawn on a canvas of its own.
const CANVAS: f64 = 50_000.0;

/// Why the text of a drawing is not even read, whoever draws it.
pub(crate) fn of_depth(svg: &str) -> Result<(), String> {
    counted(svg).map(|_| ())
}

/// Why the text of a drawing that is drawn here is not even read.
pub(super) fn of_text(svg: &str) -> Result<(), String> {
    let (uses, elements) = counted(svg)?;
    if uses > MOST_USES {
        return Err(format!("more than {MOST_USES} elements `use` others"));
    }
    if elements > MOST_ELEMENTS {
        return Err(format!("it has more than {MOST_ELEMENTS} elements"));
    }
    if repeats::of(svg.strip_prefix('\u{feff}').unwrap_or(svg)) > MOST_REPEATED {
        return Err("it would take minutes to draw: its elements repeat one another too often".to_owned());
    }
    Ok(())
}

/// How many elements repeat others, and how many there are.
fn counted(svg: &str) -> Result<(usize, usize), String> {
    let mut reader = quick_xml::Reader::from_str(svg.strip_prefix('\u{feff}').unwrap_or(svg));
    let (mut depth, mut uses, mut elements) = (0_usize, 0, 0);
    // What is no XML is reported by who understands the drawing.
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Eof => break,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Start(tag) | Event::Empty(tag) => {
                elements += 1;
                uses += usize::from(tag.local_name().as_ref() == "use");
                depth += usize::from(matches!(event, Event::Start(_)));
                if depth > DEEPEST {
                    return Err(format!("more than {DEEPEST} elements are inside one another"));
                }
            }
            _ => {}
        }
    }
    Ok((uses, elements))
}

/// Why a drawing that has been understood is not drawn on a canvas of this many pixels, at `place`.
pub(super) fn of_work(tree: &Tree, place: Transform, canvas: (u32, u32)) -> Result<(), String> {
    let canvas = f64::from(canvas.0) * f64::from(canvas.1);
    let scale = f64::from(place.get_scale().0 * place.get_scale().1).abs();
    Work { canvas, left: MOST_PIXELS }.group(tree.root(), scale, 0)
}

struct Work {
    canvas: f64,
    left: f64,
}

impl Work {
    fn add(&mut self, pixels: f64) -> Result<(), String> {
        self.left -= pixels + LEAST;
        if self.left < 0.0 {
            return Err("it would take minutes to draw: it repeats patterns or effects too often".to_owned());
        }
        Ok(())
    }

    /// `scale` is how many pixels a unit of the group's drawing covers.
    fn group(&mut self, group: &Group, scale: f64, depth: usize) -> Result<(), String> {
        if depth > DEEPEST * 4 {
            return Err("too many elements repeat each other".to_owned());
        }
        let own = group.abs_transform().get_scale();
        let own = f64::from(own.0 * own.1).abs() * scale;
        for filter in group.filters() {
            let region = filter.rect();
            let pixels = f64::from(region.width()) * f64::from(region.height()) * own;
            if pixels > LARGEST_EFFECT {
                return Err("an effect (`filter`) covers far more than the drawing".to_owned());
            }
            self.add(pixels * 10.0 * f64::from(u32::try_from(filter.primitives().len()).unwrap_or(u32::MAX)))?;
        }
        if group.should_isolate() {
            self.add(self.canvas)?;
        }
        if let Some(mask) = group.mask() {
            self.add(self.canvas)?;
            self.group(mask.root(), scale, depth + 1)?;
            if let Some(mask) = mask.mask() {
                self.group(mask.root(), scale, depth + 1)?;
            }
        }
        if let Some(clip) = group.clip_path() {
            self.add(self.canvas)?;
            self.group(clip.root(), scale, depth + 1)?;
            if let Some(clip) = clip.clip_path() {
                self.group(clip.root(), scale, depth + 1)?;
            }
        }
        for node in group.children() {
            match node {
                Node::Group(inner) => {
                    self.add(0.0)?;
                    self.group(inner, scale, depth + 1)?;
                }
                Node::Path(path) => self.path(path, scale, depth)?,
                Node::Text(text) => self.group(text.flattened(), scale, depth + 1)?,
                Node::Image(image) => {
                    self.add(self.canvas + CANVAS)?;
                    if let ImageKind::SVG(tree) = image.kind() {
                        self.group(tree.root(), scale, depth + 1)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn path(&mut self, path: &Path, scale: f64, depth: usize) -> Result<(), String> {
        let around = path.abs_bounding_box();
        self.add((f64::from(around.width()) * f64::from(around.height()) * scale).min(self.canvas))?;
        let fill = path.fill().map(|fill| fill.paint());
        let stroke = path.stroke().map(|stroke| stroke.paint());
        for paint in fill.into_iter().chain(stroke) {
            if let Paint::Pattern(pattern) = paint {
                let tile = pattern.rect();
                let pixels = f64::from(tile.width()) * f64::from(tile.height()) * scale;
                if pixels > LARGEST_EFFECT {
                    return Err("a pattern covers far more than the drawing".to_owned());
                }
                self.add(pixels + CANVAS)?;
                self.group(pattern.root(), scale, depth + 1)?;
            }
        }
        Ok(())
    }
}
