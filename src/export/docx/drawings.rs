//! Pictures with their words.

use super::body::{WIDTH, Writer};
use super::runs::{Style, mark, run};
use super::xml::Xml;
use crate::export::Picture;
use crate::import::document::Image;
use crate::import::marks::Mark;

/// English Metric Units in a twentieth of a point, and in a pixel of a screen.
const OF_TWENTIETH: u64 = 635;
const OF_PIXEL: u64 = 9_525;
/// How high a picture may be, in twentieths of a point.
const HEIGHT: u32 = 7_000;

impl Writer<'_> {
    /// A picture of the text; where there is none, its words say so.
    pub(super) fn image(&mut self, image: &Image, out: &mut Xml) {
        let what =
            Mark::Image { file: image.file.clone(), title: image.title.clone(), is_decorative: image.decorative };
        mark(&what, out);
        match (self.around.picture)(&image.file) {
            Ok(picture) => self.picture(&picture, &image.file, &image.alt, image.decorative, out),
            Err(why) => {
                // Its words are to be translated all the same.
                run(&image.alt, Style::default(), out);
                self.lacks.push(format!("the picture `{}` is not in the file: {why}; its words are", image.file));
            }
        }
        mark(&Mark::End, out);
    }

    pub(super) fn picture(&mut self, picture: &Picture, name: &str, alt: &str, is_decorative: bool, out: &mut Xml) {
        let at = self.media.iter().position(|known| known == picture).unwrap_or_else(|| {
            self.media.push(picture.clone());
            self.media.len() - 1
        });
        let id = self.relation("image", &format!("media/picture-{}.{}", at + 1, picture.ending), false);
        self.drawings += 1;
        let number = self.drawings.to_string();
        let (width, height) = size(picture);
        let extent = [("cx", width.as_str()), ("cy", height.as_str())];
        let about = [("id", number.as_str()), ("name", name), ("descr", alt)];
        out.push("<w:r><w:rPr><w:noProof/></w:rPr><w:drawing>");
        out.open("wp:inline", &[("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")]);
        out.empty("wp:extent", &extent);
        out.push("<wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>");
        if is_decorative {
            out.open("wp:docPr", &about);
            out.push(
                "<a:extLst><a:ext uri=\"{C183D7F6-B498-43B3-948B-1728B52AA6E4}\"><adec:decorative \
                 xmlns:adec=\"http://schemas.microsoft.com/office/drawing/2017/decorative\" val=\"1\"/></a:ext></a:extLst>",
            );
            out.close("wp:docPr");
        } else {
            out.empty("wp:docPr", &about);
        }
        out.push("<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr><a:graphic>");
        out.push(
            "<a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>",
        );
        out.empty("pic:cNvPr", &about[..2]);
        out.push("<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>");
        out.empty("a:blip", &[("r:embed", &id)]);
        out.push("<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>");
        out.empty("a:ext", &extent);
        out.push("</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>");
        out.push("</wp:inline></w:drawing></w:r>");
    }
}

/// How large a picture is shown: as it is, or as wide as the lines.
fn size(picture: &Picture) -> (String, String) {
    let (width, height) = (u64::from(picture.width.max(1)), u64::from(picture.height.max(1)));
    let (most, highest) = (u64::from(WIDTH) * OF_TWENTIETH, u64::from(HEIGHT) * OF_TWENTIETH);
    let (mut w, mut h) = (width * OF_PIXEL, height * OF_PIXEL);
    if w > most {
        (w, h) = (most, (most * height / width).max(1));
    }
    if h > highest {
        (w, h) = ((highest * width / height).max(1), highest);
    }
    (w.to_string(), h.to_string())
}
