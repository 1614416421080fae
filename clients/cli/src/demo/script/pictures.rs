//! What people take photos of during the day: drawn here, a letter a patch of colour.

/// A photo, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What is to be seen.
    pub of: &'static str,
    /// Red, green and blue of each of the [`PAINTS`].
    pub colours: [[u8; 3]; 4],
    /// Rows of equal length, from the top.
    pub rows: &'static [&'static str],
}

/// What a patch is painted with, in the order of a picture's colours.
pub const PAINTS: [char; 4] = ['.', 'o', '#', '*'];

/// The bench at the bus stop.
pub const BENCH: Picture = Picture {
    of: "het bankje aan de bushalte",
    colours: [[205, 228, 240], [176, 132, 84], [84, 58, 36], [70, 140, 70]],
    rows: &[
        "........................",
        "........................",
        "..####################..",
        "..#oooooooooooooooooo#..",
        "..####################..",
        "....##............##....",
        "..####################..",
        "..#oooooooooooooooooo#..",
        "..####################..",
        "....##............##....",
        "....##............##....",
        "....##............##....",
        "************************",
        "************************",
    ],
};

/// The cake, for half of what worked out.
pub const CAKE: Picture = Picture {
    of: "de taart",
    colours: [[250, 240, 220], [255, 190, 205], [120, 60, 40], [230, 90, 60]],
    rows: &[
        "........................",
        "......*.....*.....*.....",
        "......#.....#.....#.....",
        "......#.....#.....#.....",
        "...##################...",
        "...#oooooooooooooooo#...",
        "...#oo*ooo*ooo*ooo*o#...",
        "...#oooooooooooooooo#...",
        "...##################...",
        "...#****************#...",
        "...#****************#...",
        "...##################...",
        ".######################.",
        "........................",
    ],
};

/// What the children want to see.
pub const FIRE_ENGINE: Picture = Picture {
    of: "de brandweerwagen",
    colours: [[225, 232, 238], [90, 100, 110], [30, 30, 34], [205, 40, 35]],
    rows: &[
        "........................",
        "......................##",
        "....................##..",
        "..................##....",
        "..##############*#......",
        "..#*************#**##...",
        "..#*************#..*#...",
        "..#*************#..*##..",
        "..#******************#..",
        "..#*******************#.",
        "..#####################.",
        "....#oo#........#oo#....",
        "....####........####....",
        "oooooooooooooooooooooooo",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_rectangle_of_known_paints() {
        for picture in [BENCH, CAKE, FIRE_ENGINE] {
            let width = picture.rows[0].chars().count();
            for row in picture.rows {
                assert_eq!(row.chars().count(), width, "{}: {row}", picture.of);
                assert!(row.chars().all(|letter| PAINTS.contains(&letter)), "{row}");
            }
        }
    }
}
