//! A picture of the script as a photo that a phone sends: a PNG, its pixels not compressed.

use super::script::{PAINTS, Picture};

/// How many pixels wide and high a patch of a picture is.
pub const PATCH_PIXELS: usize = 8;

/// Bytes that a row of a patch takes, at two bits a pixel.
const PATCH_BYTES: usize = PATCH_PIXELS / 4;

/// One photo: [`PATCH_PIXELS`] a letter, both ways.
///
/// # Panics
///
/// Where the picture is larger than 65,535 bytes of pixels: those of the script are a tenth of it.
#[must_use]
pub fn png(picture: &Picture) -> Vec<u8> {
    let width = picture.rows.first().map_or(0, |row| row.chars().count()) * PATCH_PIXELS;
    let height = picture.rows.len() * PATCH_PIXELS;
    let size = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX).to_be_bytes();
    // Two bits a pixel, each a place in the palette; not interlaced.
    let header = [&size(width)[..], &size(height), &[2, 3, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    push(&mut file, b"IHDR", &header);
    push(&mut file, b"PLTE", &picture.colours.concat());
    push(&mut file, b"IDAT", &stored(&pixels(picture)));
    push(&mut file, b"IEND", &[]);
    file
}

/// Every row of pixels, with the byte before it that says that it is not filtered.
fn pixels(picture: &Picture) -> Vec<u8> {
    let mut pixels = Vec::new();
    for row in picture.rows {
        let mut line = vec![0];
        for letter in row.chars() {
            let colour = PAINTS.iter().position(|paint| *paint == letter).unwrap_or(0);
            // The same two bits four times over.
            let four = u8::try_from(colour * 0b0101_0101).unwrap_or(0);
            line.extend([four; PATCH_BYTES]);
        }
        pixels.extend(line.repeat(PATCH_PIXELS));
    }
    pixels
}

/// Bytes as zlib has them that are not compressed: one block.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a picture of the script is small");
    let mut stream = vec![0x78, 0x01, 1];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(bytes);
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

fn push(file: &mut Vec<u8>, kind: &[u8; 4], bytes: &[u8]) {
    file.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    let begin = file.len();
    file.extend(kind);
    file.extend(bytes);
    let sum = checksum(&file[begin..]);
    file.extend(sum.to_be_bytes());
}

/// CRC-32, bit by bit: a photo is small.
fn checksum(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            sum >> 1 ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::super::script::BENCH;
    use super::*;

    #[test]
    fn a_photo_is_a_png_whose_last_chunk_is_the_one_that_all_of_them_end_with() {
        let file = png(&BENCH);
        assert!(file.starts_with(b"\x89PNG"));
        assert!(file.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"));
        assert!(file.len() < 6_000, "{}", file.len());
    }
}
