//! The `oogst` program against the real server: what it prints, what it exits with.

use oogst_tests::cli::{Running, printed, run};
use oogst_tests::client::Client;
use oogst_tests::day::Day;
use oogst_tests::proxy::Proxy;
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::until;
use tempfile::TempDir;

mod load;
mod played;
mod secured;

fn url(address: std::net::SocketAddr) -> String {
    format!("http://{address}")
}

/// Adds an insight over a socket of its own, and waits until it is on disk.
async fn write(server: &Server, day: &Day, name: &str, text: &str) {
    let member = day.join(server, name, 0).await;
    let mut client = Client::find(&server.sync_url(&member.token), &day.groups[0].harvest).await;
    client.add(text);
    client.saved().await.unwrap();
    client.leave().await;
}

/// Waits until the wall says of an insight that nobody is writing in it.
async fn rested(server: &Server, day: &Day, text: &str) {
    let rests = || async {
        let wall = day.wall(server).await;
        let insights = wall["groups"][0]["insights"].as_array().unwrap().clone();
        insights.iter().any(|one| one["text"] == text && one["settled"] == true).then_some(())
    };
    until("an insight that rests", rests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_opened_joined_and_taken_home() {
    let server = Server::with(&["--verbosity", "trace"]).await;
    let folder = TempDir::new().unwrap();
    let (at, path) = (url(server.address), |name: &str| folder.path().join(name));
    let (key, chief, me) = (path("key"), path("chief"), path("me"));
    std::fs::write(&key, format!("{OPERATOR_KEY}\n")).unwrap();
    let [key, chief, me] = [&key, &chief, &me].map(|path| path.to_str().unwrap());

    let open = ["open", "Startdag", "--group", "Tafel 1=Wie is er niet?", "--group", "Tafel 2"];
    let day = ["--date", "2026-11-21", "--operator-key-file", key, "--token-file", chief];
    let opened = run(&[&open[..], &day].concat(), &[("OOGST_SERVER", &at)]).await.done();
    let participant = printed(&opened, "participant");
    let (code, link) = participant.split_once(' ').unwrap();
    assert_eq!(link, format!("{at}/j/{code}"));
    assert_eq!(printed(&opened, "facilitator's token"), format!("kept in {chief}"));
    assert!(!opened.contains(OPERATOR_KEY), "{opened}");

    let join = ["join", code, "An", "--group", "tafel 1", "--server", &at, "--token-file", me];
    let joined = run(&join, &[]).await.done();
    assert!(printed(&joined, "group").ends_with(" Tafel 1"), "{joined}");
    assert_eq!(printed(&joined, "return code").split(['-', ' ']).count(), 4, "{joined}");
    let again = run(&join, &[]).await.failed(1);
    assert!(again.contains("never overwritten"), "{again}");

    let harvest = "# Startdag\n\n## Wie is er niet?\n\n## Tafel 2\n";
    let export = ["export", "--token-file", me];
    assert_eq!(run(&export, &[]).await.done(), harvest);
    let file = path("oogst.md");
    let written = ["-o", file.to_str().unwrap(), "--attribution", "name"];
    assert_eq!(run(&[&export[..], &written].concat(), &[]).await.done(), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), harvest);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "nothing half is left");

    let begins: [(&str, &[u8]); 4] =
        [("html", b"<!"), ("csv", b""), ("json", b"{"), ("docx", b"PK")];
    for (format, begin) in begins {
        let file = path(format);
        let written = ["--format", format, "-o", file.to_str().unwrap()];
        run(&[&export[..], &written].concat(), &[]).await.done();
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(begin) && bytes.len() > 20, "{format}: {bytes:?}");
    }

    let archive = path("day.jsonl");
    let archived = ["archive", archive.to_str().unwrap(), "--token-file", chief];
    assert_eq!(run(&archived, &[]).await.done(), "");
    let text = std::fs::read_to_string(&archive).unwrap();
    assert!(text.lines().last().unwrap().contains("\"line\":\"end\""), "{text}");
    let refused = ["archive", archive.to_str().unwrap(), "--token-file", me];
    assert!(run(&refused, &[]).await.failed(1).contains("403"), "a participant's token");
    assert_eq!(std::fs::read_to_string(&archive).unwrap(), text, "what was there stays");

    // The token alone does, too, with its gathering; it is in no line that the server logs.
    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(me).unwrap()).unwrap();
    let (token, gathering) = (kept["token"].as_str().unwrap(), kept["gathering"].as_str().unwrap());
    let variables = [("OOGST_TOKEN", token), ("OOGST_SERVER", &at)];
    assert_eq!(run(&["export", "--gathering", gathering], &variables).await.done(), harvest);
    assert!(!server.log().contains(token) && !server.log().contains(OPERATOR_KEY));
    assert!(server.log().contains("export."), "it says what was asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_is_one_picture_of_what_rests() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie is er niet?", "Wat kost het?"]).await;
    write(&server, &day, "An", "Ga naar hen toe, met koffie en zonder dia's").await;
    let (at, gathering) = (url(server.address), day.id.as_str());
    let once = ["watch", "--once", "--gathering", gathering, "--server", &at];
    let variables = [("OOGST_TOKEN", day.facilitator.as_str())];
    rested(&server, &day, "Ga naar hen toe, met koffie en zonder dia's").await;
    let wide = run(&[&once[..], &["--width", "70"]].concat(), &variables).await.done();
    assert_eq!(
        wide,
        "Startdag\n\
         Groep 1                           │ Groep 2\n\
         Wie is er niet?                   │ Wat kost het?\n\
         1 insight                         │ 0 insights\n\
         - Ga naar hen toe, met koffie en  │\n\
         \u{20} zonder dia's                    │\n"
    );
    let narrow = run(&[&once[..], &["--width", "40"]].concat(), &variables).await.done();
    assert!(narrow.contains("\n\nGroep 2\nWat kost het?\n"), "{narrow}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_is_followed_over_a_line_that_breaks() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address).await;
    let day = Day::open(&server, &["Wie is er niet?"]).await;
    let (at, gathering) = (url(proxy.address), day.id.as_str());
    let arguments = ["watch", "--gathering", gathering, "--server", &at];
    let mut watch = Running::start(&arguments, &[("OOGST_TOKEN", day.facilitator.as_str())]);
    write(&server, &day, "An", "Ga naar hen toe").await;
    assert_eq!(watch.line().await.unwrap(), "+ Groep 1: Ga naar hen toe");

    proxy.cut();
    write(&server, &day, "Bo", "Luister eerst").await;
    rested(&server, &day, "Luister eerst").await;
    proxy.restore();
    assert_eq!(watch.line().await.unwrap(), "+ Groep 1: Luister eerst");

    watch.interrupt();
    assert_eq!(watch.line().await, None, "nothing is told twice");
    let (status, complaints) = watch.end().await;
    assert_eq!(status.code(), Some(0));
    let told: Vec<_> = complaints.lines().collect();
    assert_eq!(told, ["oogst: no connection: trying again", "oogst: connected again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_at_fault_is_told_so_in_one_line() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie is er niet?"]).await;
    let at = url(server.address);
    let wrong = "wrong-key-0123456789abcdef0123456789";

    let line = run(&["open", "X", "--server", &at], &[("OOGST_OPERATOR_KEY", wrong)]).await;
    let line = line.failed(1);
    assert!(line.contains("401") && !line.contains(wrong), "{line}");
    let line = run(&["open", "X", "--server", &at], &[]).await.failed(2);
    assert!(line.contains("--operator-key-file"), "{line}");
    let line = run(&["join", "0000-0000", "An", "--server", &at], &[]).await.failed(1);
    assert!(line.contains("code"), "{line}");
    let line = run(&["export", "--server", &at], &[]).await.failed(2);
    assert!(line.contains("--token-file"), "{line}");
    let foreign = ["watch", "--server", &at, "--gathering", "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f"];
    let line = run(&foreign, &[("OOGST_TOKEN", day.facilitator.as_str())]).await.failed(1);
    assert!(line.contains("404") && !line.contains(&day.facilitator), "{line}");

    // A port where nobody listens: one that was free a moment ago, and is held closed.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let line = run(&["join", "0000-0000", "An", "--server", &url(closed)], &[]).await.failed(1);
    assert!(line.contains("is the server running"), "{line}");

    let code = day.codes["participant"].as_str().unwrap();
    let seated = run(&["join", code, "An", "--group", "Tafel 9", "--server", &at], &[]).await;
    assert!(seated.out.contains("return code: "), "what is told once is told first: {seated:?}");
    assert!(seated.failed(1).contains("the groups are Groep 1"));

    for (arguments, named) in [
        (["watch", "--server", "oogst.example"], "oogst.example"),
        (["export", "--format", "papyrus"], "papyrus"),
        (["join", "X", "--nam=An"], "--nam"),
    ] {
        let run = run(&arguments, &[]).await;
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains(named), "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn help_names_every_command_and_says_of_each_option_what_it_is_without_it() {
    let mut commands = vec![Vec::new()];
    while let Some(command) = commands.pop() {
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = run(&arguments, &[]).await.done();
        let name = command.join(" ");
        if let Some(below) = help.split("Commands:").nth(1) {
            let below = below.split("Options:").next().unwrap().lines();
            let names = below.filter_map(|line| line.split_whitespace().next());
            let names = names.filter(|name| *name != "help");
            commands.extend(names.map(|name| [&command[..], &[name.to_owned()]].concat()));
            continue;
        }
        let mut options: Vec<String> = Vec::new();
        for line in help.split("Options:").nth(1).unwrap().lines() {
            // `- md: …` is a value of the option above.
            let first = line.trim_start().starts_with('-') && !line.trim_start().starts_with("- ");
            match options.last_mut() {
                Some(option) if !first => option.push_str(line),
                _ => options.push(line.to_owned()),
            }
        }
        let is_own = |option: &&String| option.contains("--") && !option.contains("--help");
        let own: Vec<_> = options.iter().filter(is_own).collect();
        assert!(!own.is_empty(), "{name}: {help}");
        for option in own {
            assert!(option.contains("[default: "), "{name}: {option}");
        }
    }
}
