//! A share image or an icon → its picture, drawn for a page or for the site.

use tera::Context;

use super::Output;
use crate::cards::{self, Card, Design};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::icons::{self, Icon};
use crate::media::data_address;
use crate::path::Address;
use crate::raster;
use crate::routes;
use crate::schema::legible;
use crate::site::{Ix, Site};
use crate::template::{self, Renderer, map};

/// The share image of `card`, which is published at `address`.
pub(super) fn share_image(renderer: &Renderer, card: &Card, address: &Address) -> Found<Option<Output>> {
    let asked = &renderer.asked;
    let (site, Some(design)) = (&asked.site, &asked.routes.design) else { return Found::clean(None) };
    let made = site.images.kept(&design.key(site, card), || {
        let svg = drawing(renderer, design, card, address)?;
        let typefaces = design.typefaces(site, &asked.routes.assets);
        raster::png(&svg, cards::SIZE, Some(typefaces)).map_err(|why| vec![undrawn(design, address, &why)])
    });
    match made {
        Ok(bytes) => Found::clean(Some(Output::Bytes(bytes))),
        Err(faults) => Found::new(None, faults),
    }
}

/// The picture of a chart.
pub(super) fn chart(renderer: &Renderer, ix: Ix, nth: usize) -> Found<Option<Output>> {
    let asked = &renderer.asked;
    let (site, Some(design)) = (&asked.site, &asked.routes.design) else { return Found::clean(None) };
    let Some(chart) = site.chart_at(ix, nth) else { return Found::clean(None) };
    let made = site.images.kept(&routes::chart_key(design, site, ix, chart), || {
        let (svg, (width, height)) = template::chart_picture(asked, chart);
        let typefaces = design.typefaces(site, &asked.routes.assets);
        raster::png(&svg, (width * 2, height * 2), Some(typefaces))
    });
    match made {
        Ok(bytes) => Found::clean(Some(Output::Bytes(bytes))),
        Err(why) => {
            let message = format!("the picture of the chart `#{}` cannot be drawn: {why}", chart.id);
            let fault = Diagnostic::new(Code::ChartData, message).span(Span::file(&chart.file));
            Found::new(None, vec![fault.help("show fewer rows")])
        }
    }
}

/// Whether the share image of `card` could be drawn.
pub(super) fn prove(renderer: &Renderer, card: &Card, address: &Address) -> Found<Option<Output>> {
    let asked = &renderer.asked;
    let Some(design) = &asked.routes.design else { return Found::clean(None) };
    let proven = drawing(renderer, design, card, address)
        .and_then(|svg| raster::prove(&svg, None).map_err(|why| vec![undrawn(design, address, &why)]));
    Found::new(None, proven.err().unwrap_or_default())
}

fn undrawn(design: &Design, address: &Address, why: &str) -> Diagnostic {
    let message = format!("what the template `{}` makes is not a drawing: {why}", design.settings.template);
    let mut fault = Diagnostic::new(Code::TemplateFault, message)
        .help("it must make an SVG with a root element `<svg xmlns=\"http://www.w3.org/2000/svg\">`");
    fault.page = Some(address.to_string());
    fault
}

/// The SVG that the template makes for `card`.
fn drawing(renderer: &Renderer, design: &Design, card: &Card, address: &Address) -> Result<String, Vec<Diagnostic>> {
    let asked = &renderer.asked;
    let (site, language) = (&asked.site, asked.language());
    let fit = &design.settings.title;
    let typefaces = design.typefaces(site, &asked.routes.assets);
    let set = cards::set(&card.title, fit, |text| typefaces.width(text, &fit.typeface, fit.weight));
    let colours = site.config.tokens.colours.iter();
    let colours = map(colours.map(|(name, colour)| (name.replace('-', "_"), colour.light.to_string().into())));
    let icon = icons::drawing(&site.tree, &site.config);
    let icon = (!icon.is_empty()).then(|| data_address(icons::DRAWING, icon.as_bytes()));
    let (width, height) = cards::SIZE;
    let mut context = Context::new();
    context.insert_value(
        "title",
        map([
            ("text", card.title.as_str().into()),
            ("lines", set.lines.into()),
            ("size", set.size.into()),
            ("typeface", fit.typeface.as_str().into()),
            ("weight", fit.weight.into()),
        ]),
    );
    let drawing = card
        .drawing
        .as_ref()
        .map(|drawn| template::drawn_bytes(asked, drawn).map(|bytes| data_address("drawing.svg", &bytes)));
    context.insert_value("drawing", drawing.transpose()?.into());
    context.insert_value("kind", card.kind.as_deref().into());
    context.insert_value("site", language.title.as_str().into());
    context.insert_value("organisation", language.organisation.name.as_str().into());
    context.insert_value("short_name", language.organisation.short_name.as_deref().into());
    context.insert_value("lang", (&*language.code).into());
    context.insert_value("dir", if language.is_right_to_left { "rtl" } else { "ltr" }.into());
    context.insert_value("colours", colours);
    context.insert_value("logo", logo(renderer).into());
    context.insert_value("icon", icon.into());
    context.insert_value("width", width.into());
    context.insert_value("height", height.into());
    let svg = renderer.draw(&design.settings.template, &context, address)?;
    Ok(legible(&svg).into_owned())
}

/// The organisation's logo as a `data:` address.
fn logo(renderer: &Renderer) -> Option<String> {
    let asked = &renderer.asked;
    let (name, _) = asked.site.config.organisation.logo.as_ref()?;
    let file = asked.routes.assets.file(name)?;
    let bytes = asked.site.tree.bytes(asked.site.tree.get(file)?).ok()?;
    Some(data_address(file.name(), &bytes))
}

/// An icon of the site.
pub(super) fn icon(site: &Site, icon: Icon) -> Found<Option<Output>> {
    let (drawing, ground) = (icons::drawing(&site.tree, &site.config), icons::ground(&site.config));
    match site.images.kept(&icon.key(&drawing, ground), || icon.bytes(&drawing, ground)) {
        Ok(bytes) => Found::clean(Some(Output::Bytes(bytes))),
        Err(why) => {
            let message = format!("no icons can be made from `{}`: {why}", icons::DRAWING);
            let fault = Diagnostic::new(Code::ImageUnreadable, message);
            let fault = match icons::file(&site.tree, &site.config) {
                Some(file) => fault.span(Span::file(&file.path)),
                None => fault,
            };
            Found::new(None, vec![fault.help("save it again as plain SVG from the program that drew it")])
        }
    }
}
