//! A guard around sled, which panics on many damaged files and may never come back from others.
//!
//! What happens behind it becomes one error: a panic is not printed, its words are kept.

use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::super::LogError;

/// Longest that opening a small store may take, and how many bytes more a second buys: far more
/// than a slow disk needs.
const OPEN_PATIENCE: Duration = Duration::from_secs(30);
const BYTES_PER_SECOND_MIN: u64 = 16 << 20;

thread_local! {
    /// Whether this thread is behind the guard: its panics are ours to tell.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Leaves the printing of panics as it is, but for those behind the guard.
fn keep_quiet_behind_it() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                print(panic);
            }
        }));
    });
}

/// Calls sled, whose panics on damaged files become an error as well.
pub(super) fn guarded<T>(
    directory: &Path,
    call: impl FnOnce() -> sled::Result<T>,
) -> Result<T, LogError> {
    keep_quiet_behind_it();
    let before = GUARDED.replace(true);
    let done = std::panic::catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(before);
    let damaged =
        |what, source| Err(LogError::Damaged { directory: directory.into(), what, source });
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(source))) if source.raw_os_error().is_some() => {
            Err(LogError::Io { directory: directory.into(), doing: "read the log", source })
        }
        Ok(Err(error)) => damaged("the store says so itself", Some(error.into())),
        Err(panic) => damaged("the store failed on it", words(&*panic)),
    }
}

/// As [`guarded`], on a thread of its own that is left behind when it does not come back.
/// `bytes` is the size of what is opened.
pub(super) fn guarded_in_time<T: Send + 'static>(
    directory: &Path,
    bytes: u64,
    call: impl FnOnce() -> sled::Result<T> + Send + 'static,
) -> Result<T, LogError> {
    let patience = OPEN_PATIENCE + Duration::from_secs(bytes / BYTES_PER_SECOND_MIN);
    within(directory, patience, call)
}

fn within<T: Send + 'static>(
    directory: &Path,
    patience: Duration,
    call: impl FnOnce() -> sled::Result<T> + Send + 'static,
) -> Result<T, LogError> {
    let (tell, told) = sync_channel(1);
    let of = directory.to_owned();
    let thread = std::thread::Builder::new().name("oogst-log-open".into());
    // Nobody may be listening any more.
    let thread = thread.spawn(move || drop(tell.send(guarded(&of, call))));
    thread.map_err(|source| LogError::Io {
        directory: directory.into(),
        doing: "start a thread that opens the log",
        source,
    })?;
    told.recv_timeout(patience).unwrap_or_else(|why| {
        let what = match why {
            RecvTimeoutError::Timeout => "the store did not open in time",
            RecvTimeoutError::Disconnected => "the store's thread ended",
        };
        Err(LogError::Damaged { directory: directory.into(), what, source: None })
    })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> Option<io::Error> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).map(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn what_fails_behind_the_guard_becomes_an_error_with_its_words() {
        let directory = Path::new("data");
        let panics = || -> sled::Result<()> { panic!("tried to serialize Uninitialized") };
        let error = within(directory, OPEN_PATIENCE, panics).unwrap_err();
        assert!(error.to_string().contains("the store failed on it"), "{error}");
        assert_eq!(error.source().unwrap().to_string(), "tried to serialize Uninitialized");
        assert_eq!(within(directory, OPEN_PATIENCE, || Ok(7)).unwrap(), 7);
    }

    #[test]
    fn a_store_that_never_opens_is_given_up() {
        let (hold, held) = sync_channel::<()>(1);
        let waits = move || {
            held.recv().ok();
            Ok(())
        };
        let error = within(Path::new("data"), Duration::from_millis(20), waits).unwrap_err();
        assert!(error.to_string().contains("did not open in time"), "{error}");
        drop(hold);
    }
}
