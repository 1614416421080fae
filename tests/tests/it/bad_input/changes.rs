//! Changes that are well encoded and must not get in.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, Change, ExpandedChange, ROOT};
use oogst_tests::client::object;
use oogst_tests::hostile::{altered, bomb, change, letter, message};

use super::Scene;

/// Lets the villain send one change as its own.
async fn sends(scene: &mut Scene, code: u16, chunk: Vec<u8>) {
    let harvest = scene.harvest();
    let data = message(vec![chunk]);
    scene.refuses(code, async |villain| villain.line().sync(&harvest, &data).await).await;
}

fn edited(scene: &mut Scene, edit: impl FnOnce(&mut AutoCommit)) -> Vec<u8> {
    change(&mut scene.villain.document, edit).raw_bytes().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_breaks_the_shape() {
    type Edit = fn(&mut AutoCommit);
    let edits: [(&str, Edit); 5] = [
        ("an unknown key", |copy| copy.put(ROOT, "wachtwoord", 1).unwrap()),
        ("a wrong type", |copy| copy.put(ROOT, "schema", "een").unwrap()),
        ("a map of the template deleted", |copy| copy.delete(ROOT, "insights").unwrap()),
        ("an item's key that is no UUID", |copy| {
            let insights = object(copy, &ROOT, "insights");
            copy.put_object(&insights, "eerste", automerge::ObjType::Map).unwrap();
        }),
        ("a category outside its list", |copy| {
            let insights = object(copy, &ROOT, "insights");
            let item = uuid::Uuid::new_v4().to_string();
            let item = copy.put_object(&insights, item, automerge::ObjType::Map).unwrap();
            copy.put(&item, "category", "roddel").unwrap();
        }),
    ];
    for (what, edit) in edits {
        println!("{what}");
        let mut scene = Scene::open().await;
        let chunk = edited(&mut scene, edit);
        sends(&mut scene, 1008, chunk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insight_in_somebody_elses_name() {
    let mut scene = Scene::open().await;
    let other = scene.day.join(&scene.server, "Onschuld", 0).await;
    let chunk = edited(&mut scene, |copy| {
        let insights = object(copy, &ROOT, "insights");
        let item = uuid::Uuid::new_v4().to_string();
        let item = copy.put_object(&insights, item, automerge::ObjType::Map).unwrap();
        copy.put(&item, "author", other.id.as_str()).unwrap();
    });
    sends(&mut scene, 1008, chunk).await;
}

/// A change under an actor that another participant wrote with: well-formed, next in its row.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_actor() {
    let mut scene = Scene::open().await;
    let theirs = scene.honest[0].document.get_actor().clone();
    let heads = scene.honest[0].document.get_heads();
    scene.villain.reach(&heads).await.unwrap();
    let chunk = edited(&mut scene, |copy| {
        copy.set_actor(theirs);
        let title = object(copy, &ROOT, "title");
        copy.splice_text(&title, 0, 0, "gestolen").unwrap();
    });
    sends(&mut scene, 1008, chunk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_operations_in_a_hundred_bytes() {
    let mut scene = Scene::open().await;
    let head = scene.villain.document.get_heads()[0];
    sends(&mut scene, 1009, bomb(head)).await;
}

/// The element exists, but the change says that it has not seen it.
#[tokio::test(flavor = "multi_thread")]
async fn a_reference_into_a_concurrent_change() {
    let mut scene = Scene::open().await;
    let past = scene.villain.document.get_heads();
    let item = scene.honest[0].add("gelijktijdig");
    scene.honest[0].saved().await.unwrap();
    let heads = scene.honest[0].document.get_heads();
    scene.villain.reach(&heads).await.unwrap();
    let later = change(&mut scene.villain.document, |copy| {
        let insights = object(copy, &ROOT, "insights");
        let insight = object(copy, &insights, &item.to_string());
        let body = object(copy, &insight, "text");
        copy.splice_text(&body, 3, 0, "x").unwrap();
    });
    let chunk = altered(&later, |change: &mut ExpandedChange| change.deps = past);
    sends(&mut scene, 1008, chunk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_ten_million_operations_ahead() {
    let mut scene = Scene::open().await;
    let honest = letter(&mut scene.villain.document);
    let far = honest.start_op().get() + 10_000_000;
    let chunk = altered(&honest, |change| change.start_op = far.try_into().unwrap());
    sends(&mut scene, 1008, chunk).await;
}

/// Whole documents are what panics automerge: clients send single changes.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_chunk() {
    let mut scene = Scene::open().await;
    letter(&mut scene.villain.document);
    let mut copy = scene.villain.document.fork();
    let title = object(&copy, &ROOT, "title");
    copy.splice_text(&title, 0, 0, "x").unwrap();
    sends(&mut scene, 1008, copy.save()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_more_than_a_mebibyte() {
    let mut scene = Scene::open().await;
    let chunk = edited(&mut scene, |copy| {
        let noise: String = (0..1_200_000_u32)
            .map(|n| {
                char::from(b'a' + u8::try_from(n.wrapping_mul(2_654_435_761) >> 27).unwrap() % 26)
            })
            .collect();
        copy.put(ROOT, "chosen", noise).unwrap();
    });
    assert!(Change::from_bytes(chunk.clone()).is_ok());
    sends(&mut scene, 1009, chunk).await;
}

/// One text may take in a hundred thousand characters, over all its life.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_over_its_limit() {
    let mut scene = Scene::open().await;
    let item = scene.villain.add("x").to_string();
    let page = "y".repeat(33_333);
    for _ in 0..3 {
        scene.villain.edit(|document| write(document, &item, &page));
        scene.villain.saved().await.unwrap();
    }
    let chunk = edited(&mut scene, |copy| write(copy, &item, "z"));
    sends(&mut scene, 1009, chunk).await;
}

fn write(document: &mut AutoCommit, item: &str, words: &str) {
    let insights = object(document, &ROOT, "insights");
    let insight = object(document, &insights, item);
    let body = object(document, &insight, "text");
    document.splice_text(&body, 0, 0, words).unwrap();
}
