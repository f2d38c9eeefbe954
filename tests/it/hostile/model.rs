//! A well-formed `data.xml` that makes no sense: items twice, references to nothing or in circles.

use super::super::support::small::{self, APP, OWNER, ROLE, TOKEN, grant, item, list};
use super::super::support::xml::item_with;
use super::Fate::{Refused, Upgraded};
use super::{cases, with};

fn data(change: impl FnOnce(String) -> String) -> Vec<u8> {
    with(|it| it.part("data.xml").fill(change(small::data()).as_bytes()))
}

fn replaced(mark: &str, text: &str) -> Vec<u8> {
    data(|data| {
        assert!(data.contains(mark), "no {mark}");
        data.replace(mark, text)
    })
}

/// The item that holds `mark`, twice.
fn twice(mark: &str) -> Vec<u8> {
    data(|data| {
        let item = item_with(&data, mark);
        data.replacen(&item, &item.repeat(2), 1)
    })
}

/// More in the itemtype that begins with `mark`.
fn more(mark: &str, text: &str) -> Vec<u8> {
    replaced(mark, &format!("{mark}{text}"))
}

/// An attribute, as `data.xml` has it.
fn attribute(name: &str, value: &str) -> String {
    format!("<attribute><name>{name}</name><type>string</type><value>{value}</value></attribute>")
}

const NO_PERMISSION: &str =
    "a permission whose name is not made of capital letters, digits and underscores";
const BLANKS: &str = "a name or a value with blanks around it";
const LINES: &str = "a name or a value on lines of its own";
const INVISIBLE: &str = "a name of FME Flow's own with the invisible character";
const CAPITALS: &str = "which FME Flow writes in other capitals";
const REGISTRATION: &str = "<type>user_role_registrations</type>";
const ROLES: &str = "<itemtype><name>roles</name><items>";
const TOKENS: &str = "<itemtype><name>user_tokens</name><items>";
const USERS: &str = "<itemtype><name>users</name><items>";
const APPS: &str = "<itemtype><name>server_apps</name><items>";

/// An automation that sends a long message.
fn automation() -> String {
    let message = item("BODY", "param", &[("value", &"x".repeat(90_000))], "");
    let node = item("n", "node", &[], &list("param", &message));
    let automation = item("a", "automations", &[], &list("node", &node));
    item(
        "automation",
        "categories",
        &[],
        &list("automations", &automation),
    )
}

cases! {
    an_app_that_is_there_twice: Refused("an app with the key of the one at byte"), || twice("<type>server_apps</type>");
    a_token_that_is_there_twice: Refused("a token with the key of the one at byte"), || twice("<type>user_tokens</type>");
    a_role_that_is_there_twice: Refused("a role with the key of the one at byte"), || twice("<type>roles</type>");
    a_user_that_is_there_twice: Refused("a user with the key of the one at byte"), || twice("<type>users</type>");
    a_grant_that_is_there_twice: Upgraded, || twice("<type>role_permissions</type>");
    a_permission_that_is_there_twice: Upgraded, || twice("<type>permissions</type>");
    a_connection_that_is_there_twice: Upgraded, || twice("<name>Parks</name>");
    a_registration_that_is_there_twice: Upgraded, || twice(REGISTRATION);
    a_category_that_is_there_twice: Upgraded, || twice("<name>NamedConnections</name>");
    security_that_is_there_twice: Refused("a token with the key of the one at byte"), || twice("<name>security</name>");
    an_attribute_that_is_there_twice: Refused("an item with two attributes called token"),
        || replaced("<attribute><name>tokenvalue", &(attribute("token", "x") + "<attribute><name>tokenvalue"));
    an_attribute_without_a_name: Refused("an attribute whose value comes before its name"),
        || replaced("<attribute><name>tokenvalue</name>", "<attribute>");
    an_attribute_without_a_value: Upgraded, || replaced("<value>SECRET-value</value>", "");
    an_attribute_with_two_names: Refused("an attribute with two names"),
        || replaced("<name>tokenvalue</name>", "<name>tokenvalue</name><name>x</name>");
    an_attribute_whose_value_comes_first: Refused("an attribute whose value comes before its name"), || replaced(
        "<name>tokenvalue</name><type>string</type><value>SECRET-value</value>",
        "<value>SECRET-value</value><name>tokenvalue</name>",
    );
    an_item_without_a_name: Refused("an item whose content comes before its name"),
        || replaced(&format!("<name>{APP}</name>"), "");
    an_item_with_two_names: Refused("an item with two names"),
        || replaced(&format!("<name>{APP}</name>"), &format!("<name>{APP}</name><name>x</name>"));
    an_item_with_an_empty_name: Upgraded, || replaced(&format!("<name>{APP}</name>"), "<name></name>");
    an_itemtype_without_a_name: Refused("an itemtype whose items come before its name"),
        || replaced("<name>server_apps</name>", "");
    an_itemtype_with_two_names: Refused("an itemtype with two names"),
        || replaced("<name>server_apps</name>", "<name>server_apps</name><name>x</name>");
    an_itemtype_without_items: Upgraded, || more(APPS.trim_end_matches("<items>"), "");
    an_empty_itemtype: Upgraded, || replaced(TOKENS, &format!("<itemtype><name>e</name><items></items></itemtype>{TOKENS}"));
    an_app_without_attributes: Refused("has no attributes"), || more(APPS, &item("bare", "server_apps", &[], ""));
    an_app_without_an_owner: Upgraded, || data(|data| {
        let app = item_with(&data, "<type>server_apps</type>");
        data.replace(&app, &app.replace(&attribute("ownerid", OWNER), ""))
    });
    an_app_whose_owner_is_nobody: Upgraded, || data(|data| {
        let app = item_with(&data, "<type>server_apps</type>");
        data.replace(&app, &app.replace(OWNER, "aaaaaaaa-0000-4000-8000-0000000000ff"))
    });
    an_app_whose_token_is_not_there: Upgraded, || data(|data| {
        let app = item_with(&data, "<type>server_apps</type>");
        data.replace(&app, &app.replace("Workspace App - tree", "nobody"))
    });
    a_token_whose_user_is_nobody: Upgraded, || data(|data| {
        let token = item_with(&data, "<type>user_tokens</type>");
        data.replace(&token, &token.replace(OWNER, "aaaaaaaa-0000-4000-8000-0000000000ff"))
    });
    a_token_without_a_user: Upgraded, || data(|data| {
        data.replace(&attribute("userid", OWNER), "")
    });
    a_token_without_a_role: Upgraded, || data(|data| {
        let registration = item_with(&data, REGISTRATION);
        data.replace(&list("user_role_registrations", &registration), "").replace("<itemtypes></itemtypes>", "")
    });
    a_registration_of_a_role_that_is_not_there: Upgraded,
        || replaced(&format!("<name>{ROLE}</name>{REGISTRATION}"), &format!("<name>ghost</name>{REGISTRATION}"));
    a_grant_of_a_role_that_is_not_there: Upgraded,
        || replaced(&format!("<name>{ROLE}</name><type>role_permissions"), "<name>ghost</name><type>role_permissions");
    a_grant_without_permissions: Upgraded,
        || replaced(&item("NAMEDCONNECTIONS_RUN", "permissions", &[], ""), "");
    a_permission_that_nobody_knows: Upgraded, || replaced("NAMEDCONNECTIONS_RUN", "NAMEDCONNECTIONS_EVIL");
    a_permission_with_a_comma: Refused(NO_PERMISSION), || replaced("NAMEDCONNECTIONS_RUN", "A,NAMEDCONNECTIONS_WRITE");
    a_permission_with_tags: Refused(NO_PERMISSION), || replaced("NAMEDCONNECTIONS_RUN", "&lt;/value&gt;&lt;item&gt;");
    a_permission_without_a_name: Refused(NO_PERMISSION),
        || replaced("<name>NAMEDCONNECTIONS_RUN<", "<name><");
    a_permission_in_small_letters: Refused(NO_PERMISSION), || replaced("NAMEDCONNECTIONS_RUN", "namedconnections_run");
    a_permission_with_blanks_around_it: Refused(BLANKS), || replaced("<name>NAMEDCONNECTIONS_RUN<", "<name> NAMEDCONNECTIONS_RUN<");
    a_category_with_blanks_around_it: Refused(BLANKS), || replaced("<name>security<", "<name>\n security\n<");
    a_security_category_with_blanks_around_it: Refused(BLANKS),
        || replaced("<name>NamedConnections<", "<name>NamedConnections <");
    an_itemtype_with_blanks_around_it: Refused(BLANKS), || replaced("<name>user_tokens<", "<name>\tuser_tokens<");
    an_attribute_with_blanks_around_it: Refused(BLANKS), || replaced("<name>ownerid<", "<name>ownerid\n<");
    a_key_on_a_line_of_its_own: Refused(LINES), || replaced(&format!("<name>{TOKEN}<"), &format!("<name>\n  {TOKEN}\n<"));
    a_value_on_a_line_of_its_own: Refused(LINES),
        || replaced("<value>Workspace App - tree<", "<value>\n  Workspace App - tree\n<");
    a_boolean_with_blanks_around_it: Refused(BLANKS), || replaced(
        "<name>is_enabled</name><type>string</type><value>true<",
        "<name>is_enabled</name><type>boolean</type><value> true<",
    );
    a_category_with_an_invisible_character: Refused(INVISIBLE), || replaced("<name>security<", "<name>security\u{200b}<");
    a_security_category_with_an_invisible_character: Refused(INVISIBLE),
        || replaced("<name>NamedConnections<", "<name>Named\u{2060}Connections<");
    an_itemtype_with_an_invisible_character: Refused(INVISIBLE),
        || replaced("<name>server_apps<", "<name>\u{feff}server_apps<");
    an_attribute_with_an_invisible_character: Refused(INVISIBLE), || replaced("<name>ownerid<", "<name>owner\u{ad}id<");
    a_category_in_other_capitals: Refused(CAPITALS), || replaced("<name>security<", "<name>Security<");
    a_category_of_apps_in_other_capitals: Refused(CAPITALS), || replaced("<name>server_app<", "<name>Server_App<");
    a_security_category_in_other_capitals: Refused(CAPITALS),
        || replaced("<name>NamedConnections<", "<name>namedConnections<");
    an_itemtype_in_other_capitals: Refused(CAPITALS), || replaced("<name>user_tokens<", "<name>USER_TOKENS<");
    an_attribute_in_other_capitals: Refused(CAPITALS), || replaced("<name>ownerid<", "<name>ownerID<");
    a_name_with_an_element_in_it: Refused("a name with an element in it"), || replaced("<name>Parks<", "<name>Pa<b>r</b>ks<");
    a_value_with_an_element_in_it: Refused("a value with an element in it"),
        || replaced("<value>tree</value>", "<value>tr<b/>ee</value>");
    a_registration_in_capitals: Upgraded,
        || replaced(&format!("<name>{ROLE}</name>{REGISTRATION}"), &format!("<name>{}</name>{REGISTRATION}", ROLE.to_uppercase()));
    an_owner_in_capitals: Upgraded, || replaced(OWNER, &OWNER.to_uppercase());
    a_role_that_is_there_twice_in_other_capitals: Refused("a role with the key of the one at byte"),
        || more(ROLES, &item(&ROLE.to_uppercase(), "roles", &[("name", "x"), ("isinternal", "true")], ""));
    an_attribute_with_two_values: Refused("an attribute with two values"),
        || replaced("<value>Workspace App - tree</value>", "<value>Workspace App - tree</value><value>x</value>");
    two_lists_of_attributes: Refused("an item with two lists of attributes"),
        || replaced("</attributes><itemtypes>", "</attributes><attributes></attributes><itemtypes>");
    a_document_without_categories: Refused("a package without categories"),
        || replaced("<name>categories</name>", "<name>category</name>");
    a_long_value_of_an_automation: Upgraded, || more("<itemtype><name>categories</name><items>", &automation());
    a_connection_with_tags_in_its_name: Upgraded, || replaced("Parks", "&lt;/name&gt;&amp;amp;&lt;item&gt;");
    a_connection_with_control_characters: Upgraded, || replaced("Parks", "Pa\u{202e}rks\u{200b}\t");
    a_connection_without_a_name: Upgraded, || replaced("<name>Parks</name>", "<name></name>");
    a_role_that_is_registered_on_itself: Upgraded, || data(|data| {
        let role = item_with(&data, "<type>roles</type>");
        let itself = list("user_role_registrations", &item(ROLE, "user_role_registrations", &[], ""));
        let circle = role.replace("</item>", &format!("<itemtypes>{itself}</itemtypes></item>"));
        data.replace(&role, &circle)
    });
    roles_in_a_circle: Upgraded, || {
        let on = |role| list("user_role_registrations", &item(role, "user_role_registrations", &[], ""));
        let a = item("role-a", "roles", &[("name", "a"), ("isinternal", "true")], &on("role-b"));
        let b = item("role-b", "roles", &[("name", "b"), ("isinternal", "true")], &on("role-a"));
        more(ROLES, &(a + &b))
    };
    a_role_with_the_key_of_a_token: Upgraded, || replaced(ROLE, TOKEN);
    a_role_with_the_key_of_an_app: Upgraded, || replaced(ROLE, APP);
    a_user_with_the_key_of_the_role: Upgraded, || more(USERS, &item(ROLE, "users", &[("username", "u")], ""));
    a_user_who_has_the_tokens_role: Upgraded, || {
        let role = list("user_role_registrations", &item(ROLE, "user_role_registrations", &[], ""));
        more(USERS, &item("u", "users", &[("username", "u")], &role))
    };
    a_token_without_a_name: Upgraded, || more(TOKENS, &item("t", "user_tokens", &[("userid", OWNER)], ""));
    a_token_of_the_same_name_by_another: Upgraded, || more(
        TOKENS,
        &item("t", "user_tokens", &[("name", "Workspace App - tree"), ("userid", "u")], ""),
    );
    booleans_that_are_none: Upgraded, || replaced("<value>true</value>", "<value>TRUE</value>");
    a_date_that_is_none: Upgraded, || replaced("Sat-13-Oct-2035 11:00:00 PM", "32-13-2035");
    a_date_of_the_year_zero: Upgraded, || replaced("Sat-13-Oct-2035", "Sat-13-Oct-0000");
    a_date_of_the_year_99999: Upgraded, || replaced("Sat-13-Oct-2035", "Sat-13-Oct-99999");
    a_name_of_nothing_but_blanks: Upgraded, || replaced("<value>tree</value>", "<value>   </value>");
    a_workspace_that_climbs_out: Upgraded, || replaced("<value>w.fmw</value>", "<value>../../../etc/passwd</value>");
    a_name_that_forges_a_log_line: Upgraded,
        || replaced("<value>tree</value>", "<value>tree\nFri-01-Jan-2100 01:00:00.000 AM   ERROR   x : y</value>");
    a_thousand_apps_of_one_token: Upgraded, || data(|data| {
        let app = item_with(&data, "<type>server_apps</type>");
        let apps: String = (0..1000).map(|n| app.replace(APP, &format!("app-{n}")).replace("<value>tree<", &format!("<value>tree {n}<"))).collect();
        data.replace(&app, &apps)
    });
    a_thousand_grants_of_one_role: Upgraded, || data(|data| {
        let connection = item_with(&data, "<name>Parks</name>");
        let more: String = (0..1000).map(|n| connection.replace("Parks", &format!("c{n}"))).collect();
        data.replace(&connection, &more)
    });
    a_thousand_roles_of_one_token: Upgraded, || data(|data| {
        let one = item_with(&data, REGISTRATION);
        let many: String = (0..1000).map(|n| one.replace(ROLE, &format!("r{n}"))).collect();
        data.replace(&one, &many)
    });
    grants_in_odd_places: Upgraded, || more(ROLES, &grant("ghost", &["NAMEDCONNECTIONS_RUN"]));
    categories_within_categories: Upgraded, || more(
        "<itemtype><name>categories</name><items>",
        &item("x", "categories", &[], &list("categories", &item("server_app", "categories", &[], ""))),
    );
}
