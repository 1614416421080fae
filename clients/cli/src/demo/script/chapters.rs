//! What of the programme is run: a block a turn of the day, so that the replay has chapters. They
//! are called as a kick-off day's blocks are in the day's language.

/// Everybody comes in.
pub const WELCOME: &str = "Welkom";
/// The regions bring their questions, which become themes.
pub const QUESTIONS: &str = "Vragen van elke regio";
/// Five of them are chosen.
pub const CHOICE: &str = "Thema’s kiezen";
/// Every group deepens one.
pub const MORNING: &str = "Van thema naar leervraag";
/// The guests come.
pub const NOON: &str = "Lunch";
/// They think along.
pub const AFTERNOON: &str = "Gasten denken mee";
/// Everybody says how they want to be named.
pub const CLOSING: &str = "Afronden";

/// All of them, in their order.
pub const CHAPTERS: [&str; 7] = [WELCOME, QUESTIONS, CHOICE, MORNING, NOON, AFTERNOON, CLOSING];
