//! A run that cannot look whether it is to stop ends all the same.
#![cfg(unix)]

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::support::run::command;
use super::support::small::{self, APP, small};
use super::support::xml::item_with;

/// So many apps make more of a document than a pipe takes.
const APPS: usize = 500;

#[test]
fn a_run_whose_result_nobody_takes_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut parts = small();
    let data = small::data();
    let app = item_with(&data, "<type>server_apps</type>");
    let apps = (0..APPS).map(|n| {
        let own = app.replace(APP, &format!("app-{n}"));
        own.replace("<value>tree<", &format!("<value>tree {n}<"))
    });
    let data = data.replace(&app, &apps.collect::<String>());
    parts.part("data.xml").fill(data.as_bytes());
    fs_err::write(folder.path().join("a.fsproject"), parts.build()).unwrap();
    for signal in ["-INT", "-TERM"] {
        let words = ["plan", "--quiet", "--format", "json", "a.fsproject"];
        let mut run = command(folder.path(), &words)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Once something is there, all is there that will be until it is taken.
        let mut first = [0];
        let out = run.stdout.as_mut().unwrap();
        out.read_exact(&mut first).unwrap();
        let id = run.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        let mut waited = 0;
        let status = loop {
            if let Some(status) = run.try_wait().unwrap() {
                break status;
            }
            waited += 1;
            assert!(waited < 6000, "{signal}: it does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(130), "{signal}");
    }
}
