//! What the tests of servers share: a clock, a line that breaks, and a server that says what it is told to.
#![allow(clippy::disallowed_methods)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::thread;

use super::Clock;

/// The environment's word on a server to test with. Without one, a test has nothing to do, and says so.
pub(super) fn named(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok().filter(|value| !value.is_empty());
    if value.is_none() {
        eprintln!("not tested: {variable} names no server (tests/publishing/run starts them)");
    }
    value
}

/// A clock that is so many seconds ahead of the right one.
pub(super) fn clock(ahead: i64) -> Clock {
    Arc::new(move || now() + ahead)
}

pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A name that no other run uses.
pub(super) fn own_name(name: &str) -> String {
    format!("{name}-{:08x}", getrandom::u32().expect("the system gives random numbers"))
}

/// A port on which nobody listens.
pub(super) fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it has a number").port()
}

/// A line to a server that breaks after some bytes, in both directions together.
pub(super) struct Line {
    pub(super) port: u16,
    connections: Arc<AtomicUsize>,
}

impl Line {
    /// The first `breaking` connections break, each after `bytes`; later ones do not.
    pub(super) fn new(to: SocketAddr, breaking: usize, bytes: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it has a number").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for near in listener.incoming() {
                let (Ok(near), Ok(far)) = (near, TcpStream::connect(to)) else { continue };
                let number = count.fetch_add(1, Ordering::Relaxed);
                let left = Arc::new(AtomicI64::new(if number < breaking { bytes } else { i64::MAX }));
                for (from, into) in [(&near, &far), (&far, &near)] {
                    let (from, into) = (from.try_clone().expect("a socket"), into.try_clone().expect("a socket"));
                    let left = Arc::clone(&left);
                    thread::spawn(move || pass_on(from, into, &left));
                }
            }
        });
        Self { port, connections }
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

fn pass_on(mut from: TcpStream, mut into: TcpStream, left: &AtomicI64) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = from.read(&mut buffer) {
        let before = left.fetch_sub(read as i64, Ordering::Relaxed);
        let may = usize::try_from(before.clamp(0, read as i64)).unwrap_or(0);
        if read == 0 || into.write_all(&buffer[..may]).is_err() || may < read {
            break;
        }
    }
    let _ = into.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

/// A server that gives these answers, one for each request, the last one for all that follow.
pub(super) fn saying(answers: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it has a number").port();
    thread::spawn(move || {
        for (number, connection) in listener.incoming().enumerate() {
            let Ok(mut connection) = connection else { continue };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            // The tests' requests have no bodies, or short ones that come with their heads.
            while !request.windows(4).any(|four| four == b"\r\n\r\n") {
                match connection.read(&mut buffer) {
                    Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
                    _ => break,
                }
            }
            let answer = answers.get(number).or(answers.last()).copied().unwrap_or_default();
            let _ = connection.write_all(answer.as_bytes());
            let _ = connection.shutdown(Shutdown::Write);
            while connection.read(&mut buffer).is_ok_and(|read| read > 0) {}
        }
    });
    port
}
