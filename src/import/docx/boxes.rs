//! What is drawn around words: lines and grounds of paragraphs, tables of one cell, text boxes → a callout or a quotation, which is a
//! guess and said as one.

use super::assemble::{self, Role, is_quotation, quotation, role};
use super::body::{Flow, Para, Reader};
use super::ground::{is_white, shade};
use super::styles::Styles;
use super::xml::Element;
use crate::import::document::{Block, is_blank};

/// What is drawn around a paragraph.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Frame {
    #[default]
    None,
    /// Lines all around it, or a ground of its own.
    Box,
    /// A line at its left side alone, as quotations have.
    Bar,
}

/// What is drawn around a paragraph with these properties.
pub(super) fn frame(properties: &Element, style: Option<&str>, styles: &Styles) -> Frame {
    let lines = properties.child("w:pBdr").or_else(|| styles.lines(style));
    let is_drawn = |side: &str| {
        let line = lines.and_then(|lines| lines.child(side)).and_then(Element::val);
        line.is_some_and(|line| !matches!(line, "nil" | "none"))
    };
    let [left, right, top, bottom] = ["w:left", "w:right", "w:top", "w:bottom"].map(is_drawn);
    let ground = shade(properties).or_else(|| styles.ground(style));
    if left && right && top && bottom || ground.is_some_and(|ground| !is_white(ground)) {
        Frame::Box
    } else if left && !right && !top && !bottom {
        Frame::Bar
    } else {
        Frame::None
    }
}

/// Makes one block of the paragraphs that stand in one frame.
pub(super) fn grouped(reader: &mut Reader<'_>, flow: Vec<Flow>) -> Vec<Flow> {
    /// How many paragraphs can be framed before it is the design of a document of which most are.
    const MANY: usize = 8;
    let framed = |one: &Flow| matches!(one, Flow::Para(para) if para.frame != Frame::None && !is_blank(&para.text));
    let said = flow.iter().filter(|one| matches!(one, Flow::Para(para) if !is_blank(&para.text))).count();
    let count = flow.iter().filter(|one| framed(one)).count();
    if count == 0 || count > MANY && count * 2 > said {
        return flow;
    }
    let mut out = Vec::with_capacity(flow.len());
    let mut group: Vec<Para> = Vec::new();
    for one in flow {
        match one {
            // An empty line in a frame parts paragraphs of it.
            Flow::Para(para) if is_blank(&para.text) && !group.is_empty() && para.frame == group[0].frame => {
                group.push(para);
            }
            Flow::Para(para) if can_be_framed(reader, &para) => {
                if group.first().is_some_and(|first| first.frame != para.frame) {
                    close(reader, &mut group, &mut out);
                }
                group.push(para);
            }
            other => {
                close(reader, &mut group, &mut out);
                out.push(other);
            }
        }
    }
    close(reader, &mut group, &mut out);
    out
}

fn can_be_framed(reader: &Reader<'_>, para: &Para) -> bool {
    let role = role(reader, para, true);
    para.frame != Frame::None
        && !is_blank(&para.text)
        && para.size < para.usual_size + 8
        && matches!(role, Role::Text | Role::Guess(_) | Role::Item(..) | Role::Continued)
}

/// Ends a group.
fn close(reader: &mut Reader<'_>, group: &mut Vec<Para>, out: &mut Vec<Flow>) {
    let all = std::mem::take(group);
    let said: Vec<&Para> = all.iter().filter(|para| !is_blank(&para.text)).collect();
    // A line alone with a band behind it is a heading that is to be seen.
    let is_heading = matches!(said.as_slice(), [one] if matches!(role(reader, one, true), Role::Guess(_)));
    let Some(first) = said.first().filter(|_| !is_heading) else {
        out.extend(all.into_iter().map(Flow::Para));
        return;
    };
    let (place, is_bar) = (first.place.clone(), first.frame == Frame::Bar);
    let what = if is_bar { "words beside a line" } else { "words with lines around them or a ground of their own" };
    let mut after = Vec::new();
    let inside = all.into_iter().map(|mut para| {
        after.append(&mut para.after);
        Flow::Para(para)
    });
    let inside = inside.collect();
    let blocks = assemble::blocks(reader, inside, false);
    out.push(Flow::Block(framed(reader, blocks, (what, place), is_bar)));
    out.extend(after.into_iter().map(Flow::Block));
}

/// What words in a frame become, which the report says with the other spelling; `is_bar` for those that look like a quotation.
pub(super) fn framed(
    reader: &mut Reader<'_>,
    blocks: Vec<Block>,
    (what, place): (&str, String),
    is_bar: bool,
) -> Block {
    let has_callout = (reader.wishes.blocks)("callout");
    let is_quotation = is_quotation(&blocks);
    let how = match (is_quotation || is_bar, has_callout) {
        (true, true) => {
            "I guess that it is a quotation: if it is a box, write a line `:::callout` above it, a line `:::` below, and take away the signs `>`"
        }
        (false, true) => {
            "I guess that it is a box (`:::callout`): if it is a quotation, write `>` before each of its lines, and take away `:::callout` and `:::`"
        }
        (_, false) => "it is a quotation, since the site has no box: take away the signs `>` if it is none",
    };
    reader.losses.changed(what, how, place, "");
    match is_quotation || is_bar || !has_callout {
        true => quotation(blocks),
        false => Block::Directive { name: "callout".to_owned(), attributes: Vec::new(), blocks },
    }
}
