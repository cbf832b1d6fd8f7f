//! Images that entries show → their facts, and the renditions they are published in.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Collection, Config, TEXT_RENDITION};
use crate::diagnostic::{Code, Diagnostic, Found};
use crate::images::{self, Image, ImageKind, ImageMemory, RenditionSet, Unfit};
use crate::path::{Address, SitePath};
use crate::schema::{Focus, Name};
use crate::source::Tree;

/// An image that public entries show.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) image: Arc<Image>,
    /// The address its file would have if published unchanged.
    pub(crate) own: Address,
    /// The renditions it is asked for in, each once, with what stays in view.
    pub(crate) renditions: Vec<Use>,
}

/// A rendition, and what stays in view in it: the middle, if the rendition cuts nothing.
pub(crate) type Use = (Name, Focus);

impl Picture {
    /// Whether both are the same in every respect.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.image, &other.image) && self.own == other.own && self.renditions == other.renditions
    }

    /// Whether it is published in its own form and size.
    fn is_as_it_is(&self) -> bool {
        match self.image.form {
            ImageKind::Moving => true,
            ImageKind::Drawing => false,
            ImageKind::Photograph | ImageKind::Graphic | ImageKind::Transparent => self.renditions.is_empty(),
        }
    }

    /// Its address, if it is published as one file: a drawing, or a picture in its own form.
    pub(crate) fn address(&self) -> Option<Address> {
        match self.image.form {
            ImageKind::Drawing => Some(images::drawing_address(&self.own, &self.image.hash)),
            _ => self.is_as_it_is().then(|| images::bare_address(&self.own, &self.image.hash)),
        }
    }

    /// The image in one of its renditions; `None` if it has none of that name, or is published in one form only.
    pub(crate) fn shown(&self, config: &Config, file: &SitePath, name: &str, focus: Focus) -> Option<RenditionSet> {
        let focus = in_view(config, name, focus);
        if self.address().is_some() || !self.is_used_as(name, focus) {
            return None;
        }
        Some(images::shown(&self.image, file, &self.own, config.renditions.get(name)?, focus))
    }

    fn is_used_as(&self, name: &str, focus: Focus) -> bool {
        self.renditions.iter().any(|(known, point)| **known == *name && *point == focus)
    }

    /// Every rendition it has.
    pub(crate) fn all_shown(&self, config: &Config, file: &SitePath) -> impl Iterator<Item = RenditionSet> {
        self.renditions.iter().filter_map(move |(name, focus)| self.shown(config, file, name, *focus))
    }
}

impl super::Site {
    /// The addresses of the files and pictures that an entry makes public.
    #[cfg(feature = "publish")]
    pub(crate) fn published_by(&self, ix: super::Ix) -> Vec<Address> {
        let Some(finding) = &self.findings[ix.0 as usize] else { return Vec::new() };
        let mut all: Vec<Address> = finding.files.iter().map(|(_, address)| address.clone()).collect();
        for (file, picture) in &finding.pictures {
            // In what form it is published depends on all that show it.
            let picture = self.pictures.get(file).unwrap_or(picture);
            all.extend(picture.address());
            let shown = picture.all_shown(&self.config, file);
            all.extend(shown.flat_map(|set| set.all().map(|variant| variant.address.clone()).collect::<Vec<_>>()));
        }
        all
    }
}

/// The renditions of images in texts: one, or none if the theme declares none.
pub(super) fn of_texts(config: &Config) -> Vec<Use> {
    let declared = config.renditions.contains_key(TEXT_RENDITION);
    declared.then(|| (Name::from(TEXT_RENDITION), Focus::default())).into_iter().collect()
}

/// The renditions of images in a field: those it names, else all but that of texts.
pub(super) fn of_field(config: &Config, collection: &Collection, field: &str, focus: Focus) -> Vec<Use> {
    let named = collection.fields.get(field).and_then(|field| field.renditions.as_ref());
    let names: Vec<Name> = match named {
        Some(names) => names.iter().filter(|name| config.renditions.contains_key(&***name)).cloned().collect(),
        None => {
            config.renditions.keys().filter(|name| *name != TEXT_RENDITION).map(|name| name.as_str().into()).collect()
        }
    };
    names.into_iter().map(|name| (name.clone(), in_view(config, &name, focus))).collect()
}

/// What stays in view in a rendition.
fn in_view(config: &Config, name: &str, focus: Focus) -> Focus {
    let is_cut = config.renditions.get(name).is_some_and(|one| one.ratio.is_some());
    if is_cut { focus } else { Focus::default() }
}

/// The image in the file `path`, which would have the address `own`; faults have no place yet.
pub(super) fn look(
    tree: &Tree,
    images: &ImageMemory,
    path: &SitePath,
    own: &Address,
    renditions: &[Use],
) -> Found<Option<Picture>> {
    let Some(file) = tree.get(path) else { return Found::clean(None) };
    match images.look(tree, file) {
        Ok(image) => {
            let moves = (image.form == ImageKind::Moving).then(|| {
                Diagnostic::new(
                    Code::MovingImage,
                    format!(
                        "`{}` is animated, and readers cannot stop it; it is published in its own size",
                        file.path.name()
                    ),
                )
                .help("show a still picture, or link to a video that readers can start and stop")
            });
            let picture = Picture { image, own: own.clone(), renditions: renditions.to_vec() };
            Found::new(Some(picture), moves.into_iter().collect())
        }
        Err(unfit) => {
            let code = match &unfit {
                Unfit::TooLarge(..) => Code::ImageTooLarge,
                _ => Code::ImageUnreadable,
            };
            let (message, help) = unfit.message(path.name());
            Found::new(None, vec![Diagnostic::new(code, message).help(help)])
        }
    }
}

/// Adds a use of an image to those known.
pub(super) fn add(pictures: &mut BTreeMap<SitePath, Picture>, file: SitePath, picture: Picture) {
    match pictures.get_mut(&file) {
        None => {
            pictures.insert(file, picture);
        }
        Some(known) => {
            let new = picture.renditions.into_iter().filter(|one| !known.renditions.contains(one));
            known.renditions.extend(new.collect::<Vec<_>>());
        }
    }
}
