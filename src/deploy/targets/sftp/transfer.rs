//! Bytes to and from the server.

use std::io::SeekFrom;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::{Bytes, BytesMut};
use openssh_sftp_client::file::File;
use tokio::io::AsyncSeek as _;
use tokio::task::JoinSet;

use super::Sftp;
use super::link::{Fault, Link};
use super::words::{self, Why};

/// What every server takes and gives in one packet.
const PACKET: u32 = 32 * 1024;

/// How many packets of one file are under way at once.
const WINDOW: usize = 64;

/// How often a file is renamed whose folder somebody removes at the same moment.
const RENAMES: usize = 4;

/// What readers need: the web server has another account.
const FOR_READERS: u16 = 0o644;

impl Sftp {
    /// A whole file; `None` if there is none, or a folder.
    pub(super) async fn read(&self, link: &Arc<Link>, at: &str) -> Result<Option<Vec<u8>>, Fault> {
        let mut file = match link.wait(link.sftp().open(at)).await {
            Ok(file) => file,
            Err(Fault::Missing) => return Ok(None),
            Err(fault) => return Err(self.explained(link, fault, "read", at).await),
        };
        link.count(1);
        let mut first = file.clone();
        let (metadata, begun) =
            tokio::join!(link.wait(file.metadata()), read_part(link, &mut first, 0, PACKET as usize));
        let metadata = metadata?;
        if metadata.file_type().is_some_and(|kind| kind.is_dir()) {
            return Ok(None);
        }
        let mut bytes = match begun {
            Ok(bytes) => bytes,
            Err(fault) => return Err(self.explained(link, fault, "read", at).await),
        };
        let size = usize::try_from(metadata.len().unwrap_or(0)).map_err(|_| Fault::Failed)?;
        let mut parts: Vec<Option<Vec<u8>>> = Vec::new();
        let mut reading = JoinSet::new();
        let mut waiting = (bytes.len()..size).step_by(PACKET as usize).enumerate();
        loop {
            while reading.len() < WINDOW
                && let Some((number, offset)) = waiting.next()
            {
                let (link, mut file) = (Arc::clone(link), file.clone());
                let wanted = (size - offset).min(PACKET as usize);
                parts.push(None);
                reading
                    .spawn(async move { (number, wanted, read_part(&link, &mut file, offset as u64, wanted).await) });
            }
            let Some(read) = reading.join_next().await else { break };
            let (number, wanted, part) = read.map_err(|_| Fault::Lost)?;
            match part {
                Ok(part) if part.len() == wanted => parts[number] = Some(part),
                // Somebody shortens it in place.
                Ok(_) => return Err(words::failed(&self.settings, "read", at, &Why::Unknown).into()),
                Err(fault) => return Err(self.explained(link, fault, "read", at).await),
            }
        }
        bytes.extend(parts.into_iter().flatten().flatten());
        Ok(Some(bytes))
    }

    /// Writes a new file, for which `path` stands in messages. What does not become whole is taken away again.
    pub(super) async fn write(&self, link: &Arc<Link>, at: &str, bytes: Bytes, path: &str) -> Result<(), Fault> {
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let written = self.write_whole(link, at, bytes, path).await;
        if let Err(Fault::Problem(_)) = &written {
            let _ = link.wait(link.fs().remove_file(at)).await;
        }
        written
    }

    async fn write_whole(&self, link: &Arc<Link>, at: &str, bytes: Bytes, path: &str) -> Result<(), Fault> {
        let mut options = link.sftp().options();
        let mut file = match link.wait(options.write(true).create_new(true).open(at)).await {
            Ok(file) => file,
            Err(fault) => return Err(self.explained(link, fault, "write", path).await),
        };
        let mut first = file.clone();
        let rest = bytes.len().min(PACKET as usize);
        let sets_mode = self.needs_mode.get() == Some(&true);
        // These go out together, in this order.
        let (begun, mode) = tokio::join!(biased; write_part(link, &mut first, 0, bytes.slice(..rest)), async {
            if sets_mode { link.wait(file.set_permissions(FOR_READERS.into())).await } else { Ok(()) }
        });
        drop(first);
        // A server may have its own mind about modes.
        if let Err(Fault::Lost) = mode {
            return Err(Fault::Lost);
        }
        let mut written = begun;
        if written.is_ok() && rest < bytes.len() {
            written = write_rest(link, &file, &bytes, rest).await;
        }
        let closed = match written {
            Ok(()) => link.wait(file.close()).await,
            Err(fault) => Err(fault),
        };
        match closed {
            Ok(()) => self.look_at_first(link, at).await,
            // Nothing else fails so: servers have one word for a full disk, a used-up share and much else.
            Err(Fault::Failed) => Err(words::failed(&self.settings, "write", path, &Why::NoRoom).into()),
            Err(fault) => Err(self.explained(link, fault, "write", path).await),
        }
    }

    /// The first file that was written tells the server's time, and what mode new files have there.
    async fn look_at_first(&self, link: &Link, at: &str) -> Result<(), Fault> {
        if self.needs_mode.get().is_some() {
            return Ok(());
        }
        let mut fs = link.fs();
        let metadata = link.wait(fs.symlink_metadata(at)).await?;
        if let Some(time) = metadata.modified() {
            self.note_clock(i64::from(time.into_raw()));
        }
        let mode = metadata.permissions().map(|mode| mode.as_raw().bits() & 0o777);
        let needs_mode = mode != Some(u32::from(FOR_READERS));
        if needs_mode && let Err(Fault::Lost) = link.wait(fs.set_permissions(at, FOR_READERS.into())).await {
            return Err(Fault::Lost);
        }
        self.needs_mode.get_or_init(|| needs_mode);
        Ok(())
    }

    /// Renames a finished file to its place, whose folder is made if it is missing.
    pub(super) async fn settle(&self, link: &Arc<Link>, temporary: &str, to: &str) -> Result<(), Fault> {
        let settled = self.rename(link, temporary, to).await;
        if let Err(Fault::Problem(_)) = &settled {
            let _ = link.wait(link.fs().remove_file(temporary)).await;
        }
        settled
    }

    async fn rename(&self, link: &Arc<Link>, temporary: &str, to: &str) -> Result<(), Fault> {
        for _ in 0..RENAMES {
            let fault = match link.wait(link.fs().rename(temporary, to)).await {
                Ok(()) => return Ok(()),
                Err(fault) => fault,
            };
            let folder = to.rfind('/').map(|end| &to[..end]);
            match (fault, folder) {
                (Fault::Missing, Some(folder)) => self.make_folder(link, folder, 0o755).await?,
                (fault @ (Fault::Failed | Fault::Denied), _) => match link.wait(link.fs().symlink_metadata(to)).await {
                    Ok(there) if there.file_type().is_some_and(|kind| kind.is_dir()) => {
                        // An empty folder makes way.
                        match link.wait(link.fs().remove_dir(to)).await {
                            Ok(()) => {}
                            Err(Fault::Lost) => return Err(Fault::Lost),
                            Err(_) => return Err(words::in_the_way(&self.settings, to, true).into()),
                        }
                    }
                    Err(Fault::Lost) => return Err(Fault::Lost),
                    _ => return Err(self.explained(link, fault, "write", to).await),
                },
                (fault, _) => return Err(self.explained(link, fault, "write", to).await),
            }
        }
        Err(words::failed(&self.settings, "write", to, &Why::Unknown).into())
    }

    /// Makes a second file of the first: a second name for it, else a copy that the server makes, else one over the line.
    pub(super) async fn double(&self, link: &Arc<Link>, from: &str, temporary: &str, to: &str) -> Result<bool, Fault> {
        match link.wait(link.fs().hard_link(from, temporary)).await {
            Ok(()) => {}
            Err(Fault::Lost) => return Err(Fault::Lost),
            Err(_) => match link.wait(link.fs().symlink_metadata(from)).await {
                Ok(there) if there.file_type().is_some_and(|kind| kind.is_dir()) => return Ok(false),
                Ok(_) => {
                    if !self.duplicate(link, from, temporary).await? {
                        let Some(bytes) = self.read(link, from).await? else { return Ok(false) };
                        self.write(link, temporary, bytes.into(), to).await?;
                    }
                }
                Err(Fault::Missing) => return Ok(false),
                Err(fault) => return Err(self.explained(link, fault, "read", from).await),
            },
        }
        self.settle(link, temporary, to).await?;
        // Two names of one file stay two when one is renamed over the other.
        match link.wait(link.fs().remove_file(temporary)).await {
            Err(Fault::Lost) => Err(Fault::Lost),
            _ => Ok(true),
        }
    }

    /// Lets the server copy a file to a new one; false if it cannot.
    async fn duplicate(&self, link: &Arc<Link>, from: &str, temporary: &str) -> Result<bool, Fault> {
        if !link.sftp().support_copy() {
            return Ok(false);
        }
        let mut options = link.sftp().options();
        let (Ok(mut one), Ok(mut other)) = tokio::join!(
            link.wait(link.sftp().open(from)),
            link.wait(options.write(true).create_new(true).open(temporary))
        ) else {
            return Ok(false);
        };
        link.count(1);
        let mode = link.wait(other.set_permissions(FOR_READERS.into())).await;
        let copied = link.wait(one.copy_all_to(&mut other)).await;
        let closed = link.wait(other.close()).await;
        match (mode, copied, closed) {
            (Err(Fault::Lost), _, _) | (_, Err(Fault::Lost), _) | (_, _, Err(Fault::Lost)) => Err(Fault::Lost),
            (_, Ok(()), Ok(())) => Ok(true),
            _ => {
                let _ = link.wait(link.fs().remove_file(temporary)).await;
                Ok(false)
            }
        }
    }
}

async fn write_rest(link: &Arc<Link>, file: &File, bytes: &Bytes, from: usize) -> Result<(), Fault> {
    let mut writing = JoinSet::new();
    let mut waiting = (from..bytes.len()).step_by(PACKET as usize);
    loop {
        while writing.len() < WINDOW
            && let Some(offset) = waiting.next()
        {
            let (link, mut file) = (Arc::clone(link), file.clone());
            let part = bytes.slice(offset..bytes.len().min(offset + PACKET as usize));
            writing.spawn(async move { write_part(&link, &mut file, offset as u64, part).await });
        }
        match writing.join_next().await {
            None => return Ok(()),
            Some(written) => written.map_err(|_| Fault::Lost)??,
        }
    }
}

async fn write_part(link: &Link, file: &mut File, offset: u64, mut part: Bytes) -> Result<(), Fault> {
    let mut at = offset;
    while !part.is_empty() {
        Pin::new(&mut *file).start_seek(SeekFrom::Start(at)).map_err(|_| Fault::Failed)?;
        let written = link.wait(file.write_zero_copy(&[part.clone()])).await?;
        part = part.slice(written..);
        at += written as u64;
    }
    Ok(())
}

/// Up to so many bytes; fewer at the end of the file only.
async fn read_part(link: &Link, file: &mut File, offset: u64, wanted: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes: Vec<u8> = Vec::new();
    while bytes.len() < wanted {
        Pin::new(&mut *file).start_seek(SeekFrom::Start(offset + bytes.len() as u64)).map_err(|_| Fault::Failed)?;
        let room = u32::try_from(wanted - bytes.len()).unwrap_or(PACKET);
        match link.wait(file.read(room, BytesMut::new())).await? {
            Some(read) => bytes.extend_from_slice(&read),
            None => break,
        }
    }
    Ok(bytes)
}
