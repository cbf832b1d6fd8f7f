//! Files as text for the tests of this folder.

use super::Sources;
use crate::path::SitePath;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) struct Files(BTreeMap<SitePath, String>);

impl Files {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let path = |name| SitePath::new(name).expect("inside the site");
        Self(files.iter().map(|(name, text)| (path(name), (*text).to_owned())).collect())
    }
}

impl Sources for Files {
    fn text(&self, file: &SitePath) -> Option<Cow<'_, str>> {
        self.0.get(file).map(|text| Cow::Borrowed(text.as_str()))
    }
}
