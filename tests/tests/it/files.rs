//! Images beside documents: who may add and see one, and what is refused.

use image::ImageFormat;
use oogst_tests::day::{Day, text};
use oogst_tests::http::{Answer, Request};
use oogst_tests::photo;
use oogst_tests::server::{OPERATOR_KEY, Server};

/// Adds an image to a document.
pub(crate) async fn add(
    server: &Server,
    day: &Day,
    token: &str,
    document: &str,
    image: Vec<u8>,
) -> Answer {
    let path = format!("/api/gatherings/{}/files?document={document}", day.id);
    let request = Request::new("POST", &path).token(token);
    server.send(request.body("application/octet-stream", image)).await
}

/// Reads a file.
pub(crate) async fn read(server: &Server, token: &str, file: &str) -> Answer {
    server.send(Request::new("GET", &format!("/api/files/{file}")).token(token)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_the_rights_of_its_document() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Een", "Twee"]).await;
    let other = Day::open(&server, &["Elders"]).await;
    let (an, bo) = (day.join(&server, "An", 0).await, day.join(&server, "Bo", 1).await);
    let stranger = other.join(&server, "Vreemde", 0).await;
    let harvest = &day.groups[0].harvest;
    let image = || photo::encoded(300, 200, ImageFormat::Png);

    let added = add(&server, &day, &an.token, harvest, image()).await.expect(201);
    let file = text(&added["id"]);
    for token in [an.token.as_str(), &bo.token, &day.facilitator, OPERATOR_KEY] {
        let served = read(&server, token, &file).await;
        assert_eq!(served.status, 200);
        assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(served.header("content-disposition"), Some("inline"));
        let cache = served.header("cache-control").unwrap();
        assert!(cache.contains("private") && cache.contains("immutable"), "{cache}");
        assert_eq!(served.header("vary"), Some("Authorization, Cookie"));
        assert_eq!(served.body.len() as u64, added["length_bytes"].as_u64().unwrap());
    }
    let (foreign, unknown) = (
        read(&server, &stranger.token, &file).await,
        read(&server, &stranger.token, "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f").await,
    );
    assert_eq!((foreign.status, foreign.text()), (404, unknown.text()));
    assert_eq!(read(&server, "nobody's", &file).await.status, 401);
    assert_eq!(read(&server, &an.token, "..%2f..%2foperator-key").await.status, 404);

    let refused = add(&server, &day, &bo.token, harvest, image()).await;
    assert_eq!(refused.status, 403, "another group's harvest: {}", refused.text());
    assert_eq!(add(&server, &day, OPERATOR_KEY, harvest, image()).await.status, 403);
    let foreign = add(&server, &day, &stranger.token, harvest, image()).await;
    assert_eq!(foreign.status, 404);
    let elsewhere = add(&server, &day, &an.token, &other.groups[0].harvest, image()).await;
    assert_eq!(elsewhere.status, 404);
    day.freeze(&server, 0, true).await;
    assert_eq!(add(&server, &day, &an.token, harvest, image()).await.status, 403, "locked");
}

/// Goal: an image costs its sender alone, whatever it claims to be.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_images_are_refused_and_leave_nothing() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Een"]).await;
    let an = day.join(&server, "An", 0).await;
    let harvest = &day.groups[0].harvest;
    let png = photo::encoded(64, 64, ImageFormat::Png);
    let mut wide = photo::encoded(64, 64, ImageFormat::Jpeg);
    let frame = wide.windows(2).position(|at| at == [0xff, 0xc0]).unwrap();
    // Height and width of the frame: 60,000 each.
    wide[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    let webp = photo::encoded(64, 64, ImageFormat::WebP);
    let refused = [
        ("an empty body", Vec::new(), 415),
        ("a page", b"<html><script>alert(1)</script>".to_vec(), 415),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 415),
        ("an animation", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), 415),
        ("an iPhone's own", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), 415),
        ("a cut PNG", png[..png.len() / 2].to_vec(), 400),
        ("a cut WebP", webp[..webp.len() / 2].to_vec(), 400),
        ("60,000 x 60,000 pixels", wide, 400),
        ("a JPEG's first bytes", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), 400),
        ("13 MiB", vec![0xff; 13 << 20], 413),
    ];
    let before = server.resident_kib();
    for (what, image, status) in refused {
        let answer = add(&server, &day, &an.token, harvest, image).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
    }
    assert!(server.resident_kib() < before + (64 << 10), "nothing was allocated for pixels");
    let path = format!("/api/gatherings/{}/files?document={harvest}&x=1", day.id);
    let odd = server.send(Request::new("POST", &path).token(&an.token)).await;
    assert_eq!(odd.status, 400, "an unknown parameter");
    let incoming = std::fs::read_dir(server.data().join("files/incoming")).unwrap();
    assert_eq!(incoming.count(), 0);
    assert!(!server.data().join("files").join(&day.id).exists());
    assert!(day.events(&server).await.iter().all(|line| line["type"] != "file.added"));
    add(&server, &day, &an.token, harvest, webp).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gathering_has_room_for_so_many_files() {
    let server = Server::with(&["--files-per-gathering-max", "2"]).await;
    let day = Day::open(&server, &["Een"]).await;
    let an = day.join(&server, "An", 0).await;
    let image = || photo::encoded(64, 64, ImageFormat::Jpeg);
    let harvest = &day.groups[0].harvest;
    for _ in 0..2 {
        add(&server, &day, &an.token, harvest, image()).await.expect(201);
    }
    let full = add(&server, &day, &an.token, harvest, image()).await;
    assert_eq!(full.status, 409, "{}", full.text());
    assert!(full.text().contains("at most 2 files"), "{}", full.text());
    let incoming = std::fs::read_dir(server.data().join("files/incoming")).unwrap();
    assert_eq!(incoming.count(), 0, "what was refused is gone");
}
