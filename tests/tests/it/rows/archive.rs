//! Rows about what is kept beside documents, and about taking a gathering elsewhere.

use std::collections::BTreeSet;

use oogst_tests::client::Client;
use oogst_tests::day::{Day, text};
use oogst_tests::http::Request;
use oogst_tests::photo::{self, LOCATION};
use oogst_tests::server::Server;

use crate::files::{add, read};

/// Goal: two phones without a signal take notes and a photo on a visit; with the signal both come
/// together, and nobody learns where the photo was made.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_6_notes_and_photos_taken_without_a_signal_merge_and_say_no_place() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wat zien we hier?"]).await;
    let (an, bo) = (day.join(&server, "An", 0).await, day.join(&server, "Bo", 0).await);
    let harvest = &day.groups[0].harvest;
    let mut phones = Vec::new();
    for member in [&an, &bo] {
        phones.push(Client::find(&server.sync_url(&member.token), harvest).await);
    }
    for (phone, notes) in phones.iter_mut().zip([["Hek staat open", "Kinderen"], ["Bus", "Fiets"]])
    {
        phone.leave().await;
        for note in notes {
            phone.add(note);
        }
    }
    for phone in &mut phones {
        phone.connect().await.unwrap();
        phone.saved().await.unwrap();
    }
    let heads = phones[1].document.get_heads();
    phones[0].reach(&heads).await.unwrap();
    let wanted = BTreeSet::from(["Hek staat open", "Kinderen", "Bus", "Fiets"].map(str::to_owned));
    let shown: BTreeSet<String> = phones[0].texts().into_iter().collect();
    assert_eq!(shown, wanted);

    let sent = photo::jpeg_with_location(640, 480);
    let holds = |bytes: &[u8]| bytes.windows(LOCATION.len()).any(|at| at == LOCATION.as_bytes());
    assert!(holds(&sent), "the phone says where it was");
    let added = add(&server, &day, &an.token, harvest, sent).await.expect(201);
    assert_eq!((&added["width"], &added["height"]), (&480.into(), &640.into()), "upright");
    let served = read(&server, &bo.token, &text(&added["id"])).await;
    assert_eq!(served.status, 200);
    assert_eq!(served.header("content-type"), Some("image/jpeg"));
    assert!(!holds(&served.body) && !served.body.windows(4).any(|at| at == b"Exif"));
    let upright = image::load_from_memory(&served.body).unwrap().to_luma8();
    let (top, bottom) = (upright.get_pixel(240, 20).0[0], upright.get_pixel(240, 620).0[0]);
    assert!(top < 60 && bottom > 190, "turned as the camera was held: {top} {bottom}");
    let lines = day.events(&server).await;
    let line = lines.iter().find(|line| line["type"] == "file.added").unwrap();
    assert_eq!(
        (&line["document"], &line["participant"]["name"]),
        (&added["document"], &"An".into())
    );
    for phone in &mut phones {
        phone.leave().await;
    }
    // What is on the disk is what is served: the original is nowhere.
    let data = server.data().join("files").join(&day.id).join(text(&added["id"]));
    assert_eq!(std::fs::read(data).unwrap(), served.body);
    let elsewhere = Request::new("GET", &format!("/api/files/{}", text(&added["document"])));
    assert_eq!(server.send(elsewhere.token(&an.token)).await.status, 404);
}
