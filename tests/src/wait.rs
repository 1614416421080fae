//! Waiting on conditions: a bounded poll, and one deadline that is generous on a slow machine.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long a condition may take on a loaded machine before the test fails.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// How long between two looks.
const POLL: Duration = Duration::from_millis(20);

/// Waits until `look` gives a value.
///
/// # Panics
///
/// After [`DEADLINE`], naming `what`.
pub async fn until<T, F, Fut>(what: &str, mut look: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let start = Instant::now();
    loop {
        if let Some(value) = look().await {
            return value;
        }
        assert!(start.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        tokio::time::sleep(POLL).await;
    }
}

/// Gives what `work` gives.
///
/// # Panics
///
/// After [`DEADLINE`], naming `what`.
pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, work)
        .await
        .unwrap_or_else(|_| panic!("waited {DEADLINE:?} in vain: {what}"))
}
