//! What is drawn of an entry → its SVG, and its values for templates of pages.

use std::sync::PoisonError;

use tera::{Context, Kwargs, TeraResult, Value};

use super::functions::{by_id, unknown};
use super::values::{escaped, map, safe};
use super::{TemplateContext, fault, geometry, load, picture};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::drawings::Drawn;
use crate::images;
use crate::schema::Focus;
use crate::site::Ix;

/// The bytes of a drawing, cleaned like any other.
pub(crate) fn bytes(asked: &TemplateContext, drawn: &Drawn) -> Result<Vec<u8>, Vec<Diagnostic>> {
    asked.site.images.kept(&drawn.key, || {
        let svg = geometry::shortened(&written(asked, drawn)?);
        images::clean(svg.trim()).ok_or_else(|| vec![no_drawing(asked, drawn)])
    })
}

/// What the template makes of a drawing's facts.
fn written(asked: &TemplateContext, drawn: &Drawn) -> Result<String, Vec<Diagnostic>> {
    let site = &asked.site;
    let (Some(templates), Some(drawing)) =
        (asked.directives.get(), site.config.drawings.iter().find(|one| one.name == drawn.name))
    else {
        return Ok(String::new());
    };
    let loaded = templates.drawings.get_or_init(|| load::drawings(site));
    let tera = loaded.as_ref().map_err(|fault| vec![fault.clone()])?;
    let colours = site.config.tokens.colours.iter();
    let palettes = drawing.palettes.iter().map(|(name, colours)| (name.clone(), Value::from(colours.clone())));
    let mut context = Context::new();
    context.insert_value("of", Value::from_serializable(&drawn.facts));
    context.insert_value("shape", drawn.shape.as_str().into());
    context.insert_value("width", drawn.width.into());
    context.insert_value("height", drawn.height.into());
    context.insert_value("palettes", map(palettes));
    context.insert_value(
        "colours",
        map(colours.map(|(name, colour)| (name.replace('-', "_"), colour.light.to_string().into()))),
    );
    let name = load::find(tera, &templates.prefixes, &drawing.template);
    let made = tera.render(&name, &context);
    made.map_err(|error| vec![fault::diagnostic(&error, site, (&name, None), &drawn.address)])
}

fn no_drawing(asked: &TemplateContext, drawn: &Drawn) -> Diagnostic {
    let drawing = asked.site.config.drawings.iter().find(|one| one.name == drawn.name);
    let template = drawing.map_or(drawn.name.as_str(), |one| &one.template);
    let file = load::file_of(&asked.site, template);
    let message = format!("what the template `{template}` makes is not a drawing");
    let mut fault = Diagnostic::new(Code::TemplateFault, message)
        .help("it must make an SVG with a root element `<svg xmlns=\"http://www.w3.org/2000/svg\">`");
    fault.span = file.map(|file| Span::file(&file));
    fault.page = Some(drawn.address.to_string());
    fault
}

/// `drawing(of=entry, shape="wide")`: what is drawn of an entry where there is no picture; nothing if its collection has no drawing.
pub(super) fn function(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let of = kwargs.must_get::<Value>("of")?;
    let id = of.get_from_path("id").and_then(Value::as_str).unwrap_or_default();
    let Some(ix) = by_id(asked, id) else { return Ok(Value::none()) };
    let Some(drawing) = asked.site.config.drawing_of(&asked.site.entry(ix).id.collection) else {
        return Ok(Value::none());
    };
    let shape = match kwargs.get::<&str>("shape")? {
        Some(shape) => shape,
        None => drawing.shapes.keys().next().map_or("", String::as_str),
    };
    // A list may hold entries of several collections: one whose drawing lacks the shape has its own first one.
    let all = asked.site.config.drawings.iter().flat_map(|one| one.shapes.keys());
    let shape = match drawing.shapes.keys().next() {
        Some(first) if !drawing.shapes.contains_key(shape) && all.clone().any(|name| *name == *shape) => first,
        _ if !drawing.shapes.contains_key(shape) => return Err(unknown("shape", shape, all.map(String::as_str))),
        _ => shape,
    };
    let Some(Shown { href, width, height, class }) = shown(asked, ix, shape) else { return Ok(Value::none()) };
    let words = kwargs.get::<&str>("class")?.map(|class| format!(" class=\"{}\"", escaped(class)));
    let words = picture::Words {
        alt: "",
        title: "",
        attributes: words.as_deref().unwrap_or_default(),
        focus: Focus::default(),
        sizes: None,
    };
    let mut html = String::new();
    picture::image_element(&href, (width, height), &words, &mut html);
    Ok(map([
        ("href", href.into()),
        ("width", width.into()),
        ("height", height.into()),
        ("class", class.into()),
        ("html", safe(&html)),
    ]))
}

/// What a page shows of a drawing: its address, its size in pixels, and the `class` of its root element.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    href: String,
    width: u32,
    height: u32,
    class: String,
}

/// What pages show of the drawing of an entry; `None` if nothing is drawn of it. A list may show one entry on hundreds of pages.
fn shown(asked: &TemplateContext, ix: Ix, shape: &str) -> Option<Shown> {
    let known = || asked.drawn.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (ix, shape.to_owned());
    if let Some(shown) = known().get(&key) {
        return shown.clone();
    }
    let shown = asked.routes.drawn(&asked.site, ix, shape).map(|drawn| {
        // A drawing that cannot be made is reported where it would be published.
        let bytes = bytes(asked, &drawn).unwrap_or_default();
        Shown {
            href: asked.site.config.base.file_href(drawn.address.as_str()),
            width: drawn.width,
            height: drawn.height,
            class: class_of(&bytes).unwrap_or_default(),
        }
    });
    known().insert(key, shown.clone());
    shown
}

fn class_of(svg: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(svg).ok()?;
    let root = text.get(text.find("<svg")?..)?;
    let root = root.get(..root.find('>')?)?;
    let value = root.split_once(" class=\"")?.1;
    Some(value.get(..value.find('"')?)?.to_owned())
}
