//! Photos as phones send them, with everything that a camera writes beside the pixels.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, Rgb, RgbImage};

/// What stands in the place of a photo's location: what must never come out again.
pub const LOCATION: &str = "51.0543N 3.7174E Gent";

/// A picture that is dark on the left and light on the right.
#[must_use]
pub fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([20, 20, 20]) } else { Rgb([230, 230, 230]) }
    })
}

/// A JPEG whose camera was held upright: its pixels lie on their side, and it says so (EXIF
/// orientation 6). It also says where it was made.
#[must_use]
pub fn jpeg_with_location(width: u32, height: u32) -> Vec<u8> {
    let mut plain = Vec::new();
    let pixels = picture(width, height);
    JpegEncoder::new(&mut plain)
        .encode(pixels.as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    let exif = exif();
    let length = u16::try_from(exif.len() + 2).unwrap();
    let mut photo = plain[..2].to_vec();
    photo.extend([0xff, 0xe1]);
    photo.extend(length.to_be_bytes());
    photo.extend(exif);
    photo.extend(&plain[2..]);
    photo
}

/// A picture in another format.
#[must_use]
pub fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture(width, height).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// An EXIF segment: a TIFF with two directories, the second of which is the location's.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut entry = Vec::new();
        entry.extend(tag.to_le_bytes());
        entry.extend(kind.to_le_bytes());
        entry.extend(count.to_le_bytes());
        entry.extend(value.to_le_bytes());
        entry
    };
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(entry(0x0112, 3, 1, 6));
    let second = 8 + 2 + 2 * 12 + 4;
    tiff.extend(entry(0x8825, 4, 1, second));
    tiff.extend([0; 4]);
    tiff.extend(1_u16.to_le_bytes());
    let length = u32::try_from(LOCATION.len()).unwrap();
    tiff.extend(entry(0x001c, 7, length, second + 2 + 12 + 4));
    tiff.extend([0; 4]);
    tiff.extend(LOCATION.as_bytes());
    [b"Exif\0\0".as_slice(), &tiff].concat()
}
