//! Many measurements of one thing, in few numbers.

use std::time::Duration;

/// The part of `values` that `percent` of them do not exceed; nothing of none.
#[must_use]
pub fn percentile(values: &mut [Duration], percent: usize) -> Option<Duration> {
    values.sort_unstable();
    let at = (values.len() * percent / 100).min(values.len().checked_sub(1)?);
    values.get(at).copied()
}

/// The value in the middle; nothing of none.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// In milliseconds.
#[must_use]
pub const fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// A whole number with a comma at each thousand, rounded: `20,431`.
#[must_use]
pub fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number <= -0.5 { format!("-{text}") } else { text }
}

/// A count as a number to reckon with.
#[must_use]
pub fn count(number: usize) -> f64 {
    // No count of ours comes near to four thousand million.
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_comma_at_each_thousand() {
        let grouped: Vec<_> = [0.4, 999.6, 1_234_567.0, -12_000.0].map(grouped).into();
        assert_eq!(grouped, ["0", "1,000", "1,234,567", "-12,000"]);
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut values: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut values, 50), Some(Duration::from_millis(51)));
        assert_eq!(percentile(&mut values, 100), Some(Duration::from_millis(100)));
        assert_eq!(percentile(&mut [], 50), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    }
}
