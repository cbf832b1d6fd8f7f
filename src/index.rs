//! Maps that keep insertion order and are quick to look up.
//!
//! Their hash is fast and the same in every run. It need not resist attack: what is in a site was written by its owners.

use indexmap::IndexMap;

/// A map from `K` to `V` in the order of insertion.
pub(crate) type Index<K, V> = IndexMap<K, V, foldhash::fast::FixedState>;
