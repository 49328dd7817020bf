//! A sign of life on standard error while a stage takes longer than a second.
//!
//! Only on a terminal: a log has no use for it. Knows nothing of what is being done.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a stage may take before it is mentioned, and how often it is mentioned from then on.
const PATIENCE: Duration = Duration::from_secs(1);

/// A stage that is under way; it is over when the value is dropped.
pub struct Stage {
    /// Dropped to end the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Stage {
    /// Begins a stage. The words are shown with the seconds that it has taken, on one line that is taken away in the end.
    pub fn begin(words: &'static str) -> Stage {
        if !io::stderr().is_terminal() {
            return Stage {
                end: None,
                thread: None,
            };
        }
        let (end, ended) = mpsc::channel::<()>();
        let start = Instant::now();
        let show = move || {
            let mut shown = false;
            while ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = write!(io::stderr(), "\r{words} … {} s ", start.elapsed().as_secs());
                shown = true;
            }
            if shown {
                let _ = write!(io::stderr(), "\r\u{1b}[2K");
            }
        };
        Stage {
            end: Some(end),
            thread: thread::Builder::new().spawn(show).ok(),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
