//! The places to publish to, one module for each kind.

mod folder;
mod s3;
mod sftp;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod testing;

pub(crate) use folder::Folder;
pub(crate) use s3::{ObjectStore, StoreSettings};
pub(crate) use sftp::{Sftp, SftpSettings};

/// Our clock: the seconds since 1970 at the moment it is asked.
pub(crate) type Clock = std::sync::Arc<dyn Fn() -> i64 + Send + Sync>;
