//! Restoring a staged archive gives every app what restoring its source would: by a small model of
//! what Safe documents of the transfer (app → token → role → Connection grants → app), which shares
//! nothing with the program and knows nothing of its forms.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;

use super::support::archives;
use super::support::corpus;
use super::support::dom::{self, Item};
use super::support::run::run;

/// What a server does with itemtypes that it does not know.
#[derive(Debug, Clone, Copy)]
enum Unknown {
    /// It passes over them.
    Ignored,
    /// It keeps them, and they count.
    Kept,
}

/// Connections and permissions of each app, by category and key.
type Permissions = BTreeMap<(String, String), BTreeMap<String, BTreeSet<String>>>;

#[test]
fn a_staged_archive_restores_to_the_same_permissions_as_its_source() {
    let mut carried = 0;
    for archive in archives().chain(corpus::cases().into_iter().flatten()) {
        let folder = tempfile::tempdir().unwrap();
        let Some(staged) = staged(folder.path(), &archive) else {
            continue;
        };
        let source = document(&archive);
        for unknown in [Unknown::Ignored, Unknown::Kept] {
            let expected = restored(&source, unknown);
            let name = archive.display();
            assert_eq!(restored(&staged, unknown), expected, "{name} {unknown:?}");
            carried += expected.values().map(BTreeMap::len).sum::<usize>();
        }
    }
    assert!(carried > 20, "{carried}");
}

/// So that the test above can fail: this is what it guards against.
#[test]
fn an_archive_with_old_stamps_and_without_tokens_restores_to_none() {
    let archive = super::support::fixtures::folder().join("parks-2.99.fsproject");
    let mut tree = document(&archive);
    let all = restored(&tree, Unknown::Ignored);
    assert!(all.values().any(|connections| !connections.is_empty()));
    let security = tree.category("security").unwrap();
    let tokens = security.children("user_tokens");
    let names = tokens.map(|token| token.value("name").to_owned()).collect();
    dom::retire(&mut tree, &names);
    let none = restored(&tree, Unknown::Ignored);
    assert!(none.values().all(BTreeMap::is_empty), "{none:?}");
}

/// The `data.xml` of the staged archive; none where nothing changes or the archive is refused.
fn staged(folder: &Path, archive: &Path) -> Option<Item> {
    let words = ["migrate", "-q", "-o", "up", archive.to_str().unwrap()];
    let outcome = run(folder, &words);
    assert!(matches!(outcome.code, 0 | 3), "{}", outcome.stderr);
    let up = folder.join("up");
    up.exists().then(|| document(&up))
}

fn document(archive: &Path) -> Item {
    let bytes = fs_err::read(archive).unwrap();
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("data.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    dom::read(&text)
}

/// What every app has after FME Flow's own transfer.
fn restored(tree: &Item, unknown: Unknown) -> Permissions {
    let none = Item::default();
    let category = |name| {
        tree.children("categories")
            .find(|it: &&Item| it.name == name)
    };
    let security = category("security").unwrap_or(&none);
    let kinds = [
        ("server_app", "server_apps"),
        ("server_automation_app", "server_automation_apps"),
        ("server_ar_app", "server_ar_apps"),
    ];
    let mut permissions = Permissions::new();
    for (kind, list) in kinds {
        for app in category(kind).unwrap_or(&none).children(list) {
            let mut held = transferred(app, security);
            if matches!(unknown, Unknown::Kept) {
                for entry in app.children("connectionPermissions") {
                    let words = entry.value("permissions").split(',').map(str::to_owned);
                    held.entry(entry.name.clone()).or_default().extend(words);
                }
            }
            permissions.insert((kind.to_owned(), app.name.clone()), held);
        }
    }
    permissions
}

/// What an app's token may do with Connections.
fn transferred(app: &Item, security: &Item) -> BTreeMap<String, BTreeSet<String>> {
    let name = app.value("token");
    let tokens = security.children("user_tokens");
    let named: Vec<&Item> = tokens
        .filter(|token| !name.is_empty() && token.value("name") == name)
        .collect();
    let owned = named
        .iter()
        .find(|token| token.value("userid") == app.value("ownerid"));
    let token = match (owned, &named[..]) {
        (Some(owned), _) => *owned,
        (None, [only]) => only,
        _ => return BTreeMap::new(),
    };
    let registered = token.children("user_role_registrations");
    let roles: BTreeSet<&str> = registered.map(|role| &*role.name).collect();
    let categories = security.children("app_resource_categories");
    let connections = categories.filter(|category| category.name == "NamedConnections");
    let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for connection in connections.flat_map(|category| category.children("app_resources")) {
        let grants = connection.children("role_permissions");
        for grant in grants.filter(|grant| roles.contains(&*grant.name)) {
            let words = grant.children("permissions").map(|word| word.name.clone());
            let words = words.flat_map(|word| match &*word {
                "NAMEDCONNECTIONS_ALL" => vec![
                    "NAMEDCONNECTIONS_RUN".to_owned(),
                    "NAMEDCONNECTIONS_WRITE".to_owned(),
                ],
                _ => vec![word],
            });
            held.entry(connection.name.clone())
                .or_default()
                .extend(words);
        }
    }
    held.retain(|_, words| !words.is_empty());
    held
}
