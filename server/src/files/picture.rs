//! From what a phone sends to what is kept: an upright JPEG of at most 400 KiB, without metadata.
//!
//! Invariant: nothing of the input but its pixels is in the output, so no place, time, device or
//! preview. What an image claims to be is checked before a pixel of it is decoded.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, RgbImage};

/// Largest image that is taken, in bytes. A photo of 50 megapixels has 8 to 12 MiB.
pub(crate) const IMAGE_BYTES_MAX: usize = 12 << 20;

/// Largest file that is kept, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 400 << 10;

/// What is kept is always of this type.
pub(crate) const MEDIA_TYPE: &str = "image/jpeg";

/// Most pixels of an image: more than the 8160 x 6120 of a phone's largest.
const PIXELS_MAX: u64 = 50_000_000;

/// Most bytes of an image as it is decoded: three to four a pixel.
const DECODED_BYTES_MAX: u64 = 4 * PIXELS_MAX;

/// Longest side of what is kept, in pixels, and the JPEG qualities: the first that fits is taken.
const SIDES_PIXELS: [u32; 6] = [2_048, 1_600, 1_280, 1_024, 640, 320];
const QUALITIES: [u8; 3] = [82, 70, 55];

/// Why something is no picture. The caller's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAPicture {
    /// What iPhones make by themselves.
    #[error(
        "HEIC and AVIF images are not read: send a JPEG (on an iPhone: Settings, Camera, Formats, \
         Most Compatible)"
    )]
    Heic,
    /// Another format, or no image.
    #[error("this is none of the images that are read: send a JPEG, PNG or WebP")]
    Unknown,
    /// The bytes do not hold what they begin with.
    #[error("this image is broken: send it again, whole")]
    Broken,
    /// More pixels than there may be.
    #[error("this image has {pixels} pixels: send one of at most {PIXELS_MAX}")]
    TooManyPixels {
        /// How many it says it has.
        pixels: u64,
    },
    /// More bytes a pixel than a photo has.
    #[error("this image has too many bits a pixel: send one of 8 bits a colour")]
    TooDeep,
}

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// A JPEG.
    pub(crate) bytes: Vec<u8>,
    /// In pixels.
    pub(crate) width: u32,
    /// In pixels.
    pub(crate) height: u32,
}

impl Picture {
    /// Reads, turns upright and makes small. Takes up to a second, and half a gigabyte of memory.
    ///
    /// # Errors
    ///
    /// [`NotAPicture`] says what would be right.
    pub(crate) fn of(image: &[u8]) -> Result<Self, NotAPicture> {
        let (image, orientation) = decode(image)?;
        for side in SIDES_PIXELS {
            let longest = image.width().max(image.height());
            let mut small =
                if longest > side { image.thumbnail(side, side) } else { image.clone() };
            small.apply_orientation(orientation);
            let small = on_white(&small);
            for quality in QUALITIES {
                let bytes = encode(&small, quality)?;
                if bytes.len() <= FILE_BYTES_MAX {
                    return Ok(Self { bytes, width: small.width(), height: small.height() });
                }
            }
        }
        unreachable!("320 pixels a side have less than 400 KiB before they are encoded")
    }
}

/// The image, and how it is to be turned. Nothing is allocated for pixels before their number is
/// known.
fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), NotAPicture> {
    let format = image::guess_format(bytes).map_err(|_| unread(bytes))?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(unread(bytes));
    }
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().map_err(|_| NotAPicture::Broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX {
        return Err(NotAPicture::TooManyPixels { pixels });
    }
    if decoder.total_bytes() > DECODED_BYTES_MAX {
        return Err(NotAPicture::TooDeep);
    }
    // Metadata that cannot be read turns nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|_| NotAPicture::Broken)?;
    Ok((image, orientation))
}

/// What to say of a format that is not read.
fn unread(bytes: &[u8]) -> NotAPicture {
    match bytes.get(4..12) {
        Some([b'f', b't', b'y', b'p', brand @ ..])
            if [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"]
                .iter()
                .any(|known| brand == known.as_slice()) =>
        {
            NotAPicture::Heic
        }
        Some(_) | None => NotAPicture::Unknown,
    }
}

/// A JPEG has no transparency: what shows through is white, as paper.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let clear = image.to_rgba8();
    RgbImage::from_fn(clear.width(), clear.height(), |x, y| {
        let [red, green, blue, alpha] = clear.get_pixel(x, y).0;
        let over = |colour: u8| {
            let mixed = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn encode(image: &RgbImage, quality: u8) -> Result<Vec<u8>, NotAPicture> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)
        // An image without pixels.
        .map_err(|_| NotAPicture::Broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgba, RgbaImage};

    fn png(image: &RgbaImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    fn read(picture: &Picture) -> RgbImage {
        image::load_from_memory_with_format(&picture.bytes, ImageFormat::Jpeg).unwrap().to_rgb8()
    }

    /// Noise compresses worst.
    fn noise(width: u32, height: u32) -> RgbaImage {
        let mut state = 1_u32;
        ImageBuffer::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [red, green, blue, _] = state.to_be_bytes();
            Rgba([red, green, blue, 255])
        })
    }

    #[test]
    fn what_is_kept_is_small_whatever_came_and_nothing_is_made_larger() {
        let large = Picture::of(&png(&noise(2_100, 1_260))).unwrap();
        assert!(large.bytes.len() <= FILE_BYTES_MAX);
        assert!(large.width < 2_100 && large.width > 300, "{}", large.width);
        let ratio = f64::from(large.width) / f64::from(large.height);
        assert!((ratio - 5.0 / 3.0).abs() < 0.02, "{ratio}");
        let small = Picture::of(&png(&noise(30, 20))).unwrap();
        assert_eq!((small.width, small.height), (30, 20));
    }

    #[test]
    fn what_shows_through_is_white() {
        let clear = ImageBuffer::from_pixel(16, 16, Rgba([0, 0, 0, 0]));
        let picture = read(&Picture::of(&png(&clear)).unwrap());
        assert!(picture.get_pixel(8, 8).0.iter().all(|colour| *colour > 250));
    }

    #[test]
    fn what_is_no_picture_is_told_what_would_be_right() {
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        assert_eq!(Picture::of(heic), Err(NotAPicture::Heic));
        for bytes in [&b""[..], b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"<svg/>", b"BM"] {
            assert_eq!(Picture::of(bytes), Err(NotAPicture::Unknown), "{bytes:?}");
        }
        let whole = png(&noise(40, 40));
        for length in [8, 40, whole.len() / 2] {
            assert_eq!(Picture::of(&whole[..length]), Err(NotAPicture::Broken), "{length}");
        }
    }

    #[test]
    fn a_bomb_is_refused_by_what_it_says_of_itself() {
        let mut header = png(&noise(1, 1));
        // Width and height stand in the first chunk; its checksum follows them.
        header[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        header[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let checksum = crc32(&header[12..29]);
        header[29..33].copy_from_slice(&checksum.to_be_bytes());
        let pixels = 60_000 * 60_000;
        assert_eq!(Picture::of(&header), Err(NotAPicture::TooManyPixels { pixels }));
    }

    /// PNG's checksum.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            })
        })
    }
}
