//! The ends of the process that are right: a failed sync, a broken invariant.
//!
//! What was acknowledged is in the log and synced, so ending loses nothing; going on could.

use std::panic::AssertUnwindSafe;

/// Exit code of a process that stopped itself because it could not keep its promise.
const EXIT_CODE: i32 = 1;

/// Ends the process with one line that says why. Never retried, never unwound: a destructor
/// that writes could make things worse.
pub fn end(why: &dyn std::error::Error) -> ! {
    let mut causes = String::new();
    let mut source = why.source();
    while let Some(cause) = source {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!("stopping: {why}{causes}");
    std::process::exit(EXIT_CODE)
}

/// Runs a thread's work; a panic in it is our bug and ends the process instead of leaving it
/// half alive.
pub(crate) fn end_on_panic(thread: &'static str, work: impl FnOnce()) {
    if std::panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
        tracing::error!(thread, "stopping: a bug was met; the log is safe");
        std::process::abort();
    }
}
