//! Maps that keep the order in which they were filled, and are asked often.
//!
//! Their hashes are quick and always the same. They guard against nobody: what stands in a site was written by its owners.

use indexmap::IndexMap;

/// A map from `K` to `V` in the order of insertion.
pub(crate) type Index<K, V> = IndexMap<K, V, foldhash::fast::FixedState>;
