//! The vault on a directory of its own.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

fn opened(data: &Path) -> Vault {
    Vault::open(data, Box::new(|error| eprintln!("{error}"))).unwrap()
}

fn named(name: &str) -> Person {
    Person { name: name.into(), ..Person::default() }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const GATHERING: GatheringId = GatheringId::new(Uuid::from_u128(1));

async fn created(vault: &Vault) -> (Codes, Admitted) {
    let facilitator = ParticipantId::new(id(2));
    vault.create_gathering(GATHERING, facilitator, named("Fien")).await.unwrap()
}

#[tokio::test]
async fn who_was_let_in_is_known_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    let (codes, facilitator) = created(&vault).await;
    let an = vault.join(GATHERING, named("An"), None).await.unwrap();
    assert!(an.is_new && an.token.len() == 64);
    // No close: what was told is on the disk already.
    let again = opened(data.path());
    assert_eq!(again.by_code(codes.participant), Some((GATHERING, Role::Participant)));
    assert_eq!(again.by_code(codes.facilitator), Some((GATHERING, Role::Facilitator)));
    assert_eq!(again.by_token(&an.token), Some(an.member));
    assert_eq!(again.by_token(&facilitator.token), Some(facilitator.member));
    let typed = an.return_code.to_uppercase().replace('-', " ");
    assert_eq!(again.by_return_code(&typed), Some(an.member));
    assert_eq!(again.name(GATHERING, an.member.participant).as_deref(), Some("An"));
    assert_eq!(again.codes(GATHERING), Some(codes));
    assert_eq!(again.by_token("no such token"), None);
}

#[tokio::test]
async fn an_earlier_token_gives_the_same_participant_back() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    created(&vault).await;
    let an = vault.join(GATHERING, named("An"), None).await.unwrap();
    let again = vault.join(GATHERING, named("Anna"), Some(&an.token)).await.unwrap();
    assert_eq!((again.member, &again.token, again.is_new), (an.member, &an.token, false));
    assert_eq!(vault.name(GATHERING, an.member.participant).as_deref(), Some("An"));
    let stranger = vault.join(GATHERING, named("Bo"), Some("not a token")).await.unwrap();
    assert_ne!(stranger.member, an.member);
    let phone = vault.come_back(&an.return_code).await.unwrap();
    assert_eq!((phone.member, phone.is_new), (an.member, false));
    assert_ne!(phone.token, an.token);
    assert_eq!(vault.by_token(&an.token), vault.by_token(&phone.token), "both devices stay");
    assert_eq!(vault.by_return_code(&again.return_code), Some(an.member));
}

#[tokio::test]
async fn revoked_is_out_and_erased_is_gone_from_the_disk() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    created(&vault).await;
    let an = vault.join(GATHERING, named("An Peeters"), None).await.unwrap();
    vault.rename(an.member, "Anke Peeters".into()).await.unwrap();
    vault.revoke(an.member).await.unwrap();
    assert_eq!(vault.by_token(&an.token), None);
    assert!(matches!(vault.come_back(&an.return_code).await, Err(VaultError::Unknown)));
    let who = an.member.participant;
    assert_eq!(vault.name(GATHERING, who).as_deref(), Some("Anke Peeters"));
    vault.erase(an.member).await.unwrap();
    vault.erase(an.member).await.unwrap();
    assert_eq!(vault.name(GATHERING, who), None);
    for file in fs::read_dir(data.path().join("people")).unwrap() {
        let file = file.unwrap();
        assert!(!fs::read_to_string(file.path()).unwrap().contains("Peeters"));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn secrets_are_not_in_the_files() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    let (_, facilitator) = created(&vault).await;
    let file = data.path().join(format!("people/{GATHERING}.json"));
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains("Fien"));
    assert!(!text.contains(&facilitator.token) && !text.contains(&facilitator.return_code));
}

/// Goal: a crash between writing and renaming costs nothing that was told.
/// Method: put the leftover of such a crash beside the roll.
#[tokio::test]
async fn a_leftover_of_a_crash_is_no_roll() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    let (_, facilitator) = created(&vault).await;
    vault.close();
    let leftover = data.path().join(format!("people/.{GATHERING}.json.new"));
    fs::write(&leftover, b"{\"format\": 1, \"cod").unwrap();
    let vault = opened(data.path());
    assert_eq!(vault.by_token(&facilitator.token), Some(facilitator.member));
    vault.join(GATHERING, named("An"), None).await.unwrap();
    assert!(!leftover.exists());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    created(&vault).await;
    vault.close();
    let refused = || Vault::open(data.path(), Box::new(|_| ())).unwrap_err();
    let file = data.path().join(format!("people/{GATHERING}.json"));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    assert!(matches!(refused(), VaultError::Damaged { path, .. } if path == file));
    fs::write(&file, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
    assert!(matches!(refused(), VaultError::Newer { found: 2, newest: 1, .. }));
    fs::rename(&file, data.path().join("people/copy.json")).unwrap();
    fs::write(data.path().join("people/copy.json"), text).unwrap();
    assert!(matches!(refused(), VaultError::Stranger { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_joins_share_their_writes_and_none_is_lost() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    created(&vault).await;
    let joins: Vec<_> = (0..500)
        .map(|number| {
            let vault = vault.clone();
            tokio::spawn(
                async move { vault.join(GATHERING, named(&format!("P{number}")), None).await },
            )
        })
        .collect();
    let mut tokens = Vec::new();
    for join in joins {
        tokens.push(join.await.unwrap().unwrap());
    }
    let again = opened(data.path());
    assert_eq!(again.people(GATHERING).len(), 501);
    assert!(tokens.iter().all(|an| again.by_token(&an.token) == Some(an.member)));
}

/// Goal: whoever cannot be kept is not let in, and the process is told to end.
#[tokio::test]
async fn a_failed_write_lets_nobody_in() {
    let data = tempfile::tempdir().unwrap();
    let (told, ends) = std::sync::mpsc::sync_channel(4);
    let fatal = move |error: &VaultError| told.send(error.to_string()).unwrap();
    let vault = Vault::open(data.path(), Box::new(fatal)).unwrap();
    created(&vault).await;
    fs::remove_dir_all(data.path().join("people")).unwrap();
    let refused = vault.join(GATHERING, named("An"), None).await;
    assert!(matches!(refused, Err(VaultError::Stopping)));
    assert!(ends.recv().unwrap().starts_with("could not write"));
    let later = vault.join(GATHERING, named("Bo"), None).await;
    assert!(matches!(later, Err(VaultError::Stopping)));
}

#[test]
fn a_secret_is_made_once_and_kept_for_its_owner() {
    let data = tempfile::tempdir().unwrap();
    let (made, is_new) = keep_secret(data.path(), "operator-key").unwrap();
    assert!(is_new && made.len() == 64);
    assert_eq!(keep_secret(data.path(), "operator-key").unwrap(), (made, false));
    let mode = fs::metadata(data.path().join("operator-key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_mark_is_kept_with_the_name_and_erased_with_it() {
    let data = tempfile::tempdir().unwrap();
    let vault = opened(data.path());
    created(&vault).await;
    let an = vault.join(GATHERING, named("An"), None).await.unwrap().member;
    let mark = Mark { is_of: Some(true), is_credited: Some(true) };
    vault.mark(an, mark, true).await.unwrap();
    let again = opened(data.path());
    assert_eq!(again.marked(GATHERING), BTreeSet::from([an.participant]));
    again.erase(an).await.unwrap();
    assert!(again.marked(GATHERING).is_empty());
    assert!(matches!(again.mark(an, mark, true).await, Err(VaultError::Unknown)));
    let file = fs::read_to_string(data.path().join(format!("people/{GATHERING}.json"))).unwrap();
    assert!(!file.contains("target_group"));
}
