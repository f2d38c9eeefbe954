//! A token that anything but apps names is nobody's to take: it stays with its role and its grants, in
//! either form, however it is named and wherever that stands.

use super::support::run::run;
use super::support::small::{self, OWNER, ROLE, TOKEN, grant, item, list, small};
use super::support::surgery::Parts;
use super::support::xml::item_with;

const NAME: &str = "Workspace App - tree";

/// The small project with another category.
fn with(category: &str) -> Parts {
    let mut parts = small();
    let begin = "<itemtype><name>categories</name><items>";
    let data = small::data().replacen(begin, &format!("{begin}{category}"), 1);
    parts.part("data.xml").fill(data.as_bytes());
    parts
}

/// A category of one item with these attributes.
fn category(name: &str, attributes: &[(&str, &str)]) -> Parts {
    let one = item("1", "things", attributes, "");
    with(&item(name, "categories", &[], &list("things", &one)))
}

/// An automation whose action has a parameter.
fn automation(parameter: &str, value: &str) -> Parts {
    let parameter = item(parameter, "param", &[("value", value)], "");
    let node = item("n", "node", &[], &list("param", &parameter));
    let one = item("a", "automations", &[], &list("node", &node));
    with(&item(
        "automation",
        "categories",
        &[],
        &list("automations", &one),
    ))
}

/// What is said, and what becomes of `data.xml`, in a form.
fn upgrade(parts: &Parts, form: &str) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a.fsproject"), parts.build()).unwrap();
    let words = [
        "migrate",
        "--verify",
        "full",
        "--form",
        form,
        "--format",
        "json",
        "-o",
        "b",
        "a.fsproject",
    ];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let verified = run(folder.path(), &["verify", "a.fsproject", "b"]);
    assert_eq!(verified.code, 0, "{}", verified.text());
    let findings = outcome.archive()["findings"].as_array().unwrap().clone();
    let codes = findings
        .iter()
        .map(|it| it["code"].as_str().unwrap().to_owned());
    let upgraded = Parts::parse(&fs_err::read(folder.path().join("b")).unwrap());
    let data = upgraded.entries.iter().find(|it| it.name == b"data.xml");
    (codes.collect(), data.unwrap().text())
}

fn is_kept(what: &str, parts: &Parts) {
    for form in ["staged", "final"] {
        let (codes, data) = upgrade(parts, form);
        let has = |code: &str| codes.iter().any(|it| it == code);
        assert!(has("token-used-elsewhere"), "{what}, {form}: {codes:?}");
        assert!(!has("token-retired"), "{what}, {form}: {codes:?}");
        for kept in [
            format!("<name>{TOKEN}</name><type>user_tokens"),
            format!("<name>{ROLE}</name><type>roles"),
            grant(ROLE, &["NAMEDCONNECTIONS_RUN"]),
            grant(ROLE, &["SHAREDRESOURCE_READ"]),
        ] {
            assert!(data.contains(&kept), "{what}, {form}: {kept} is gone");
        }
    }
}

#[test]
fn a_token_stays_that_is_named_in_any_category_by_any_of_its_names() {
    let key_in_text = format!("uses {TOKEN}, see there");
    let json = format!("{{\"auth\": {{\"tokenName\": \"{NAME}\"}}}}");
    let line = format!("mira/{NAME}");
    let role = format!("token:mira.{NAME}");
    let capitals = TOKEN.to_uppercase();
    for (name, attributes) in [
        ("webhook", &[("token", NAME), ("ownerid", OWNER)][..]),
        ("webhook", &[("token", NAME), ("owner", "mira")]),
        ("webhook", &[("token", NAME)]),
        ("webhook", &[("apitoken", NAME)]),
        ("webhook", &[("TokenName", NAME)]),
        ("webhook", &[("token", "Work&#115;pace App - tree")]),
        ("webhook", &[("tokenid", TOKEN)]),
        ("webhook", &[("tokenid", &capitals)]),
        ("publication", &[("token", &line)]),
        ("schedule", &[("note", &key_in_text)]),
        ("schedule", &[("role", &role)]),
        ("anything", &[("settings", &json)]),
        ("server_things", &[("tokenname", NAME)]),
    ] {
        is_kept(
            &format!("{name} {attributes:?}"),
            &category(name, attributes),
        );
    }
    is_kept(
        "a parameter of an automation",
        &automation("fme_token", NAME),
    );
    is_kept(
        "a message of an automation",
        &automation("BODY", &key_in_text),
    );
}

#[test]
fn a_token_stays_that_is_named_in_a_text_whatever_that_is_written_in() {
    let digits = TOKEN.replace('-', "");
    let name = "Workspace%20App%20-%20tree";
    for value in [
        format!("https://host/fmedatastreaming/r/tree.fmw?fmetoken={name}&amp;a=b"),
        format!(
            "to=https%3A%2F%2Fhost%2F%3Ftoken%3D{}",
            name.replace('%', "%25")
        ),
        "token=Workspace+App+-+tree".to_owned(),
        format!("url: https://host/\ntoken: {NAME}\n"),
        format!("&lt;auth&gt;&lt;token&gt;{NAME}&lt;/token&gt;&lt;/auth&gt;"),
        format!("[{{\"name\": \"fmetoken\", \"value\": \"{NAME}\"}}]"),
        format!("{{\"url\": \"https://host/?token\\u003d{name}\"}}"),
        "FMETOKEN&lt;equal&gt;Workspace&lt;space&gt;App&lt;space&gt;-&lt;space&gt;tree".to_owned(),
        digits.clone(),
        format!("%7B{digits}%7D"),
        format!("{{{}}}", TOKEN.to_uppercase()),
        format!("urn:uuid:{TOKEN}"),
    ] {
        is_kept(&value, &category("webhook", &[("settings", &value)]));
    }
    let pair = [("name", "FMETOKEN"), ("value", NAME)];
    is_kept("a pair", &category("notification", &pair));
}

#[test]
fn identifier_entries_in_a_category_nobody_knows_are_refused() {
    let entry = [
        ("appIdentifier", OWNER),
        ("permissions", "NAMEDCONNECTIONS_RUN"),
    ];
    let entry = item("Parks", "connectionPermissions", &entry, "");
    let entries = list("connectionPermissions", &entry);
    for token in [None, Some("S3CR3T"), Some(NAME)] {
        let token = token.map(|token| ("token", token));
        let attributes: Vec<_> = [("name", "bot")].into_iter().chain(token).collect();
        let bot = item("1", "bots", &attributes, &entries);
        let parts = with(&item("server_bots", "categories", &[], &list("bots", &bot)));
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("a.fsproject"), parts.build()).unwrap();
        for form in ["staged", "final"] {
            let planned = run(
                folder.path(),
                &["plan", "-vv", "--form", form, "a.fsproject"],
            );
            assert_eq!(planned.code, 3, "{token:?}: {}", planned.stderr);
            assert!(
                planned.stderr.contains("identifier entries"),
                "{}",
                planned.stderr
            );
            assert!(!planned.text().contains("S3CR3T"), "{}", planned.stderr);
        }
    }
}

#[test]
fn a_token_goes_that_is_only_talked_about() {
    for (name, attributes) in [
        ("webhook", &[("description", NAME)][..]),
        ("webhook", &[("token", "another"), ("ownerid", OWNER)]),
        ("webhook", &[("token", "Workspace App - tree 2")]),
        ("webhook", &[("note", "token: Workspace App - trees")]),
        ("webhook", &[("note", "see Workspace App - tree")]),
        ("webhook", &[("tokenvalue", NAME)]),
    ] {
        let (codes, data) = upgrade(&category(name, attributes), "final");
        assert!(codes.iter().any(|it| it == "token-retired"), "{codes:?}");
        assert!(!data.contains(TOKEN), "{name} {attributes:?}");
    }
}

#[test]
fn a_role_stays_whose_key_stands_elsewhere_and_its_token_goes() {
    let (codes, data) = upgrade(&category("subscription", &[("group", ROLE)]), "final");
    assert!(codes.iter().any(|it| it == "role-kept"), "{codes:?}");
    assert!(codes.iter().any(|it| it == "token-retired"), "{codes:?}");
    assert!(!data.contains(TOKEN));
    assert!(data.contains(&grant(ROLE, &["SHAREDRESOURCE_READ"])));
}

#[test]
fn a_projects_item_stays_whose_user_only_a_role_that_stays_tells() {
    let mut parts = category("subscription", &[("group", ROLE)]);
    let named = [
        ("itemtype", "USERTOKEN"),
        ("itemscope", "mira"),
        ("itemname", NAME),
    ];
    let named = list("project_items", &item("", "project_items", &named, ""));
    let project = list("projects", &item("p", "projects", &[], &named));
    let project = item("project", "categories", &[], &project);
    let begin = "<itemtype><name>categories</name><items>";
    let users = list("users", &item(OWNER, "users", &[("username", "mira")], ""));
    parts.part("data.xml").edit(|data| {
        assert!(data.contains(&users));
        let data = data.replacen(&users, "", 1);
        data.replacen(begin, &format!("{begin}{project}"), 1)
    });
    let (codes, data) = upgrade(&parts, "final");
    assert!(codes.iter().any(|it| it == "token-retired"), "{codes:?}");
    assert!(data.contains("USERTOKEN"));
}

#[test]
fn an_app_in_a_list_that_nobody_knows_is_verified_in_its_category() {
    let mut parts = small();
    parts.part("data.xml").edit(|data| {
        let list = "<itemtype><name>server_apps</name>";
        assert!(data.contains(list));
        data.replacen(list, "<itemtype><name>our_apps</name>", 1)
    });
    for form in ["staged", "final"] {
        let (_, data) = upgrade(&parts, form);
        assert!(data.contains("<name>connectionPermissions</name>"));
    }
}

#[test]
fn what_another_users_webhook_names_is_that_users_token() {
    let eve = "eeeeeeee-0000-4000-8000-00000000000e";
    let mut parts = category("webhook", &[("token", NAME), ("ownerid", eve)]);
    let tokens = "<itemtype><name>user_tokens</name><items>";
    let token = [("name", NAME), ("userid", eve)];
    let token = item("t", "user_tokens", &token, "");
    let data = parts.part("data.xml").text();
    let data = data.replacen(tokens, &format!("{tokens}{token}"), 1);
    parts.part("data.xml").fill(data.as_bytes());
    let (codes, data) = upgrade(&parts, "final");
    assert!(codes.iter().any(|it| it == "token-retired"), "{codes:?}");
    assert!(!data.contains(TOKEN));
}

#[test]
fn a_token_that_could_do_more_than_its_app_needs_is_retired_with_a_warning() {
    let on = |category: &str, name: &str, permissions: &[&str]| {
        let grants = list("role_permissions", &grant(ROLE, permissions));
        let on = item(name, "app_resources", &[], &grants);
        item(
            category,
            "app_resource_categories",
            &[],
            &list("app_resources", &on),
        )
    };
    let general = |category: &str, permissions: &[&str]| {
        let grants = list("role_permissions", &grant(ROLE, permissions));
        item(category, "app_resource_categories", &[], &grants)
    };
    for (more, category) in [
        (
            false,
            on(
                "Repositories",
                "R",
                &["REPOSITORY_READ", "REPOSITORY_EXECUTE"],
            ),
        ),
        (false, on("ServerApps", small::APP, &["APPS_READ"])),
        (false, on("ServerApps", "tree", &["APPS_READ"])),
        (false, on("Services", "fmedataupload", &["SERVER_ALL"])),
        (false, general("RunWorkspace", &["ACCESS_RUNWORKSPACE"])),
        (true, on("Repositories", "Secret", &["REPOSITORY_READ"])),
        (
            true,
            on(
                "Repositories",
                "R",
                &["REPOSITORY_READ", "REPOSITORY_WRITE"],
            ),
        ),
        (true, on("Automations", "a", &["AUTOMATIONS_READ"])),
        (true, on("Anything", "x", &["what nobody knows"])),
        (true, general("Repositories", &["CREATE_REPOSITORIES"])),
        (true, general("Users", &["ADMIN_USERS"])),
    ] {
        let mut parts = small();
        let data = small::data();
        let connections = item_with(&data, "<name>NamedConnections</name>");
        let data = data.replace(&connections, &(connections.clone() + &category));
        parts.part("data.xml").fill(data.as_bytes());
        let (codes, _) = upgrade(&parts, "final");
        let warned = codes.iter().any(|it| it == "token-held-more");
        assert_eq!(warned, more, "{category}");
        let (codes, _) = upgrade(&parts, "staged");
        assert!(
            !codes.iter().any(|it| it == "token-held-more"),
            "{category}"
        );
    }
}
