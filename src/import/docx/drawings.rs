//! What was drawn into a document: pictures with their words and crops, text boxes, charts, diagrams.

use image::{DynamicImage, ImageFormat};

use super::assemble;
use super::body::Reader;
use super::boxes;
use super::ground::{Ground, of_shape};
use super::metafile;
use super::spoken::spoken;
use super::xml::Element;
use crate::import::document::{Block, File, Image, Inline, is_blank};
use crate::import::drawing::{self, Drawing};
use crate::import::html::watched;
use crate::import::markdown::address;
use crate::import::marks::Mark;

/// How many pictures a page may bring along.
const MOST_PICTURES: usize = 1_000;

impl Reader<'_> {
    /// `<w:drawing>`: DrawingML.
    pub(super) fn drawing(&mut self, drawing: &Element, line: &mut Vec<Inline>) {
        for shape in drawing.elements().filter(|one| matches!(one.name.as_str(), "wp:inline" | "wp:anchor")) {
            if self.hides_shape(shape) {
                continue;
            }
            let properties = shape.child("wp:docPr");
            let alt = properties.and_then(|one| one.get("descr")).unwrap_or_default().trim().to_owned();
            let title = properties.and_then(|one| one.get("title")).unwrap_or_default().trim().to_owned();
            let alt = if alt.is_empty() { title } else { alt };
            let alt = self.without_paths(alt);
            let is_decorative = properties.is_some_and(|one| {
                one.below("adec:decorative").any(|one| matches!(one.get("val"), Some("1" | "true")))
            });
            // A picture that went out from here is known; one that only shows a chart is not taken back.
            match self.open_marks.last() {
                Some(Mark::Image { .. }) => {
                    line.push(Inline::Image(Image {
                        file: String::new(),
                        alt,
                        title: String::new(),
                        decorative: false,
                    }));
                    continue;
                }
                Some(Mark::Shown(_)) => continue,
                _ => {}
            }
            let Some(data) = shape.at(&["a:graphic", "a:graphicData"]) else { continue };
            if let Some(video) = shape.below("wp15:webVideoPr").next() {
                self.video(video, &alt, line);
                continue;
            }
            let start = line.len();
            self.graphic(data, &alt, is_decorative, line);
            self.clicked(properties, start, line);
        }
    }

    /// A video of the Web that Word plays: a link to it. The picture before it is that of its host.
    fn video(&mut self, video: &Element, alt: &str, line: &mut Vec<Inline>) {
        let source = ["src=\"", "src='"].iter().find_map(|mark| {
            let (_, rest) = video.get("embeddedHtml")?.split_once(mark)?;
            rest.split(['"', '\'']).next().filter(|to| !to.is_empty())
        });
        let Some(source) = source else { return self.undrawn("a video", alt) };
        let to = watched(source);
        let place = self.place();
        let how = "it is a link: pages here load nothing from others. The picture before it is left out";
        self.losses.changed("a video of the Web", how, place, &format!("{alt} {to}"));
        let words = if alt.is_empty() { to.clone() } else { alt.to_owned() };
        self.link(address(&to), vec![Inline::Text(words)], line);
    }

    /// Puts the link that somebody set on a drawing around what is in the line from `start` on.
    fn clicked(&mut self, properties: Option<&Element>, start: usize, line: &mut Vec<Inline>) {
        let link = properties.and_then(|one| one.child("a:hlinkClick")).and_then(|link| link.get("r:id"));
        let Some(to) = link.and_then(|id| self.related.get(id)).map(|one| one.target.clone()) else { return };
        let shown = line.split_off(start.min(line.len()));
        if is_blank(&shown) {
            line.extend(shown);
            let place = self.place();
            self.losses.left("a link on a drawing", "write it as a link with words if readers need it", place, &to);
            return;
        }
        self.link(address(&to), shown, line);
    }

    fn graphic(&mut self, data: &Element, alt: &str, is_decorative: bool, line: &mut Vec<Inline>) {
        let mut found = false;
        for one in data.elements() {
            found = true;
            if self.hides_shape(one) {
                continue;
            }
            match one.name.as_str() {
                "pic:pic" => {
                    let blip = one.at(&["pic:blipFill", "a:blip"]);
                    // A drawing has a picture of points beside it for older programs.
                    let vector =
                        blip.and_then(|blip| blip.below("asvg:svgBlip").next()).and_then(|svg| svg.get("r:embed"));
                    let vector = vector.filter(|id| !self.has_unseen_words(id));
                    let inside = vector.or_else(|| blip.and_then(|blip| blip.get("r:embed")));
                    let link = blip.and_then(|blip| blip.get("r:link"));
                    let crop = one.at(&["pic:blipFill", "a:srcRect"]).map(crop).unwrap_or_default();
                    self.picture(inside.or(link), alt, is_decorative, crop, line);
                }
                "c:chart" => match one.get("r:id").and_then(|id| self.related.get(id)).map(|one| one.target.clone()) {
                    Some(part) => self.chart(&part, alt),
                    None => self.undrawn("a chart", alt),
                },
                "dgm:relIds" => self.diagram(one),
                "wps:wsp" => self.shape(one, alt),
                "wpg:wgp" | "wpg:grpSp" | "wpc:wpc" => self.graphic(one, alt, is_decorative, line),
                "mc:AlternateContent" => {
                    if let Some(chosen) = one.child("mc:Choice").or(one.child("mc:Fallback")) {
                        self.graphic(chosen, alt, is_decorative, line);
                    }
                }
                name if name.ends_with("Pr") || matches!(name, "wpc:bg" | "wpc:whole") => {}
                _ => self.undrawn("a drawing", &format!("{alt} {}", spoken(one))),
            }
        }
        if !found {
            self.undrawn("a drawing", alt);
        }
    }

    fn undrawn(&mut self, what: &str, words: &str) {
        let place = self.place();
        self.losses.left(
            what,
            "save it in Word as a picture (right-click), and put that beside the page",
            place,
            words,
        );
    }

    /// A shape: with words it is a box, without it is a line or an arrow.
    fn shape(&mut self, shape: &Element, alt: &str) {
        match shape.at(&["wps:txbx", "w:txbxContent"]) {
            Some(content) => self.text_box(content, of_shape(shape)),
            None => self.undrawn("a drawn shape", alt),
        }
    }

    fn text_box(&mut self, content: &Element, ground: Option<Ground>) {
        let (outer, marks) = (std::mem::take(&mut self.after), std::mem::take(&mut self.bookmarks));
        let fields = std::mem::take(&mut self.fields);
        let begins = self.begins.clone();
        let flow = self.on(ground, content);
        let mut blocks = assemble::blocks(self, flow, false);
        (self.begins, self.fields, self.bookmarks) = (begins, fields, marks);
        blocks.append(&mut self.after);
        self.after = outer;
        if blocks.is_empty() {
            return;
        }
        let place = self.place();
        let is_plain = blocks.iter().all(|block| matches!(block, Block::Directive { .. }));
        if is_plain {
            self.losses.changed("a text box around a figure", "the figure stands below the paragraph", place, "");
            self.after.append(&mut blocks);
        } else {
            let block = boxes::framed(self, blocks, ("a text box, which stands below its paragraph now", place), false);
            self.after.push(block);
        }
    }

    /// SmartArt: its words as a list.
    fn diagram(&mut self, ids: &Element) {
        let part = ids.get("r:dm").and_then(|id| self.related.get(id)).map(|one| one.target.clone());
        let root = part.and_then(|part| self.package.xml(&part).ok().flatten());
        let Some(root) = root else { return self.undrawn("a diagram (SmartArt)", "") };
        let points =
            root.below("dgm:pt").filter(|point| !matches!(point.get("type"), Some("pres" | "parTrans" | "sibTrans")));
        let items: Vec<Vec<Block>> = points
            .map(spoken)
            .filter(|words| !words.is_empty())
            .map(|words| vec![Block::Paragraph(vec![Inline::Text(words)])])
            .collect();
        let place = self.place();
        if items.is_empty() {
            return self.undrawn("a diagram (SmartArt)", "");
        }
        self.losses.changed(
            "a diagram (SmartArt)",
            "its words are a list; save the diagram as a picture if its form matters",
            place,
            "",
        );
        self.after.push(Block::List { start: None, items });
    }

    /// `<w:pict>` and `<w:object>`: drawings as Word 2003 made them.
    pub(super) fn vml(&mut self, pict: &Element, line: &mut Vec<Inline>) {
        if self.hides_vml(pict) {
            return;
        }
        let mut found = false;
        for image in pict.below("v:imagedata") {
            found = true;
            let alt = pict.below("v:shape").find_map(|shape| shape.get("alt")).unwrap_or_default().to_owned();
            let alt = self.without_paths(alt);
            let share = |name: &str| {
                image.get(name).and_then(|value| {
                    let value = value.trim();
                    value.strip_suffix('f').map_or_else(
                        || value.parse::<f64>().ok(),
                        |part| part.parse::<f64>().ok().map(|part| part / 65536.0),
                    )
                })
            };
            let crop = [share("cropleft"), share("croptop"), share("cropright"), share("cropbottom")]
                .map(|side| side.unwrap_or(0.0));
            self.picture(image.get("r:id").or(image.get("r:href")), &alt, false, crop, line);
        }
        for content in pict.below("w:txbxContent") {
            found = true;
            self.text_box(content, Some(Ground::Unknown));
        }
        if let Some(object) = pict.below("o:OLEObject").next() {
            found = true;
            let place = self.place();
            let kind = object.get("ProgID").unwrap_or("an unknown program").to_owned();
            self.losses.left(
                "an embedded object",
                "only its picture is taken over; a formula or a table must be written anew",
                place,
                &kind,
            );
        }
        let words: Vec<&str> = pict.below("v:textpath").filter_map(|path| path.get("string")).collect();
        if !words.is_empty() {
            let place = self.place();
            self.losses.left(
                "drawn words (WordArt)",
                "write them as text if readers need them",
                place,
                &words.join(" "),
            );
        } else if !found
            && pict.below("v:shape").chain(pict.below("v:rect")).chain(pict.below("v:line")).next().is_some()
        {
            let is_rule = pict.below("v:rect").any(|rect| matches!(rect.get("o:hr"), Some("t" | "true")));
            match is_rule {
                true => self.after.push(Block::Rule),
                false => self.undrawn("a drawn shape", ""),
            }
        }
    }

    /// The name that a picture of the file, or what is shown of it, has beside the page; `None` if it cannot be shown, which is said.
    fn beside(&mut self, target: &str, alt: &str, crop: [f64; 4]) -> Option<String> {
        let key = format!("{target} {crop:?}");
        if let Some(file) = self.taken.get(&key) {
            return Some(file.clone());
        }
        let place = self.place();
        let Some(mut bytes) = self.package.bytes(target).map(<[u8]>::to_vec) else {
            self.undrawn("a picture that the file does not hold", alt);
            return None;
        };
        if self.files.len() >= MOST_PICTURES {
            self.losses.left("a picture", "a page can bring along 1,000: split the document", place, alt);
            return None;
        }
        let named = || target.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let kind = kind_of(&bytes);
        let mut ending = kind.clone().or_else(named).unwrap_or_default();
        if kind.is_none() && matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp") {
            self.undrawn("a picture whose file is damaged", &format!("{target} {alt}"));
            return None;
        }
        if crop.iter().any(|side| *side > 0.0005) {
            let Some(shown) = cropped(&bytes, crop) else {
                self.losses.left(
                    "a cropped picture that cannot be cut here",
                    "cut it, save it as PNG, and put it beside the page",
                    place,
                    alt,
                );
                return None;
            };
            (bytes, ending) = (shown, "png".to_owned());
            let what = "only what Word shows of it is beside the page";
            self.losses.changed("a cropped picture", what, place.clone(), alt);
        }
        if matches!(ending.as_str(), "emf" | "wmf")
            && let Some(drawn) = metafile::svg(&bytes)
        {
            (bytes, ending) = (drawn, "svg".to_owned());
            let what = "it is beside the page as SVG: compare it with Word's";
            self.losses.changed("a drawing in the form of Windows", what, place.clone(), alt);
        }
        if !matches!(ending.as_str(), "png" | "jpg" | "gif" | "webp" | "svg" | "emf" | "wmf") {
            self.losses.left(
                "a picture of a kind that browsers do not show",
                "save it as PNG, and put it beside the page",
                place,
                &format!("{target} {alt}"),
            );
            return None;
        }
        if ending == "svg" {
            match drawing::harmless(&bytes) {
                Drawing::Harmless => {}
                Drawing::Cleaned { text, gone } => {
                    let how = "what could run or load something was taken out of it: compare it with Word's";
                    self.losses.changed("a drawing (SVG)", how, place, &gone);
                    bytes = text.into_bytes();
                }
                Drawing::Refused => {
                    let how = "it cannot be read and may run something: save it as PNG, and put it beside the page";
                    self.losses.left("a drawing (SVG)", how, place, &format!("{target} {alt}"));
                    return None;
                }
            }
        }
        let name = format!("picture-{}.{ending}", self.files.len() + 1);
        self.files.push(File { name: name.clone(), bytes });
        self.taken.insert(key, name.clone());
        Some(name)
    }

    /// A picture of the file goes beside the page.
    fn picture(&mut self, id: Option<&str>, alt: &str, is_decorative: bool, crop: [f64; 4], line: &mut Vec<Inline>) {
        let place = self.place();
        let Some(target) = id.and_then(|id| self.related.get(id)).cloned() else {
            return self.undrawn("a picture that the file does not hold", alt);
        };
        if target.is_outside {
            self.losses.left(
                "a picture that lies elsewhere",
                "put its file beside the page",
                place,
                &format!("{} {alt}", target.target),
            );
            return;
        }
        let Some(file) = self.beside(&target.target, alt, crop) else { return };
        self.losses.carried("pictures");
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        if alt.contains("Description automatically generated") || alt.contains("AI-generated content may be incorrect")
        {
            self.losses.changed(
                "words for a picture that Word guessed",
                "they are taken over: write what the picture shows",
                place,
                &alt,
            );
        } else if alt.is_empty() && !is_decorative {
            self.losses.changed(
                "a picture without words for those who cannot see it",
                "write in its square brackets what it shows",
                place,
                &file,
            );
        }
        let alt = if is_decorative { String::new() } else { alt };
        line.push(Inline::Image(Image { file, alt, title: String::new(), decorative: is_decorative }));
    }
}

/// How much of each side is cut off, as a share.
fn crop(rect: &Element) -> [f64; 4] {
    ["l", "t", "r", "b"].map(|side| {
        let value = rect.get(side).unwrap_or("0");
        let share = value.strip_suffix('%').map_or_else(
            || value.parse::<f64>().map(|part| part / 100_000.0),
            |part| part.parse::<f64>().map(|part| part / 100.0),
        );
        share.unwrap_or(0.0).max(0.0)
    })
}

/// The part of a picture that is shown, as PNG; what is cut off is not in it.
fn cropped(bytes: &[u8], [left, top, right, bottom]: [f64; 4]) -> Option<Vec<u8>> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(20_000), Some(20_000), Some(512 << 20));
    reader.limits(limits);
    let whole: DynamicImage = reader.decode().ok()?;
    let (width, height) = (f64::from(whole.width()), f64::from(whole.height()));
    let (x, y) = ((width * left).round(), (height * top).round());
    let (w, h) = ((width * (1.0 - right)).round() - x, (height * (1.0 - bottom)).round() - y);
    if w < 1.0 || h < 1.0 {
        return None;
    }
    let part = whole.crop_imm(x as u32, y as u32, w as u32, h as u32);
    let mut out = std::io::Cursor::new(Vec::new());
    part.write_to(&mut out, ImageFormat::Png).ok()?;
    Some(out.into_inner())
}

/// What a picture is, by its first bytes.
fn kind_of(bytes: &[u8]) -> Option<String> {
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpg",
        [b'G', b'I', b'F', b'8', ..] => "gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        [1, 0, 0, 0, ..] if bytes.get(40..44) == Some(&b" EMF"[..]) => "emf",
        [0xd7, 0xcd, 0xc6, 0x9a, ..] => "wmf",
        _ => return None,
    };
    Some(kind.to_owned())
}
