//! Which way a text is written, as the Unicode bidirectional algorithm's first strong letter says.

/// Whether a text begins in a script that is written from right to left. Letters alone decide:
/// digits and signs in front have no direction of their own.
pub(super) fn is_right_to_left(text: &str) -> bool {
    let strong = |letter: char| match letter {
        // Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms.
        '\u{5be}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}'
        | '\u{200f}' => {
            letter.is_alphabetic().then_some(true).or((letter == '\u{200f}').then_some(true))
        }
        _ => letter.is_alphabetic().then_some(false),
    };
    text.chars().find_map(strong).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::is_right_to_left;

    #[test]
    fn the_first_letter_that_has_a_direction_decides() {
        for text in ["العربية", "12. (فارسی) and more", "עברית", "\u{200f}123", "  «ﷺ»"]
        {
            assert!(is_right_to_left(text), "{text}");
        }
        for text in ["", "12", "Zeg العربية", "українська", "🌻 türkçe", "(i) فارسی"]
        {
            assert!(!is_right_to_left(text), "{text}");
        }
    }
}
