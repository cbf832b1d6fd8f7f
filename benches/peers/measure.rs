//! Commands → how long each took and how much memory it held; interleaved, so that whatever else the machine does
//! falls on all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::contenders::Program;

/// One program with its site.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) program: Program,
    pub(crate) site: PathBuf,
}

/// What was measured of one contender.
#[derive(Default)]
pub(crate) struct Figures {
    times: Vec<Duration>,
    /// The most memory held, in KiB; 0 where the system does not tell.
    pub(crate) memory: u64,
    /// Where its last output lies, if it was kept.
    pub(crate) output: PathBuf,
}

impl Figures {
    pub(crate) fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        times[times.len() / 2].as_secs_f64()
    }
}

/// What becomes of outputs.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Outputs {
    /// Each run has a fresh folder, and none is deleted before all is over: ext4 is slow to make files for some seconds
    /// after many were deleted.
    Kept,
    /// Each run has a fresh folder, which is deleted after it: on a memory file system it would take up memory.
    Deleted,
    /// Each run builds over the output of the one before.
    Again,
}

/// Builds with each contender in turn, `runs` times.
pub(crate) fn compare(contenders: &[Contender], folder: &Path, outputs: Outputs, runs: usize) -> Vec<Figures> {
    fs::create_dir_all(folder).unwrap();
    let mut figures: Vec<Figures> = contenders.iter().map(|_| Figures::default()).collect();
    // The first run is not counted: it warms the caches, and its memory is watched, which would disturb the clock.
    for run in 0..=runs {
        for (nth, (one, figures)) in contenders.iter().zip(&mut figures).enumerate() {
            let number = if outputs == Outputs::Again { 0 } else { run };
            let output = folder.join(format!("{nth}-{number}"));
            if outputs != Outputs::Again {
                // What an earlier run has kept would make the next one another.
                let _ = fs::remove_dir_all(one.site.join(".pamphlet"));
            }
            settle();
            let command = one.program.build(&one.site, &output);
            if run == 0 {
                figures.memory = peak_memory(command);
            } else {
                figures.times.push(timed(command));
            }
            if outputs == Outputs::Deleted {
                fs::remove_dir_all(&output).unwrap();
            }
            figures.output = output;
        }
    }
    figures
}

/// Lets the disk finish what the run before has left to it.
fn settle() {
    #[cfg(unix)]
    let _ = Command::new("sync").status();
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn timed(mut command: Command) -> Duration {
    let begun = Instant::now();
    let status = quiet(&mut command).status().unwrap();
    let time = begun.elapsed();
    assert!(status.success(), "{command:?} failed");
    time
}

/// The most memory that a command holds, in KiB.
fn peak_memory(mut command: Command) -> u64 {
    let mut child = quiet(&mut command).spawn().unwrap();
    let mut peak = 0;
    loop {
        let told = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{command:?} failed");
            return peak;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
