//! Resources: their folders, and values that name one.

use memchr::memmem;

/// What the names of all Resources begin with (seen).
const PREFIX: &str = "FME_SHAREDRESOURCE_";

/// The name under which FME Flow shows one of its own Resources (documented); none for a Resource
/// that someone connected.
pub fn folder_of(resource: &str) -> Option<&'static str> {
    Some(match resource.strip_prefix(PREFIX)? {
        "BACKUP" => "Backup",
        "DASHBOARD" => "Dashboards",
        "DATA" => "Data",
        "ENGINE" => "Engine",
        "LOG" => "Logs",
        "SYSTEM" => "System",
        "TEMP" => "Temp",
        _ => return None,
    })
}

/// The Resources that `text` names as the beginning of a path: `$(FME_SHAREDRESOURCE_DATA)/Output`,
/// as it stands or in the words that FME writes for signs (both seen). A workspace also lists all of
/// them without using any (seen), which is not this.
pub fn resources_in(text: &[u8]) -> impl Iterator<Item = &str> {
    let found = memmem::find_iter(text, PREFIX);
    found.filter_map(|at| {
        let (before, name) = text.split_at_checked(at)?;
        let opens: [&[u8]; 3] = [b"$(", b"<openparen>", b"&lt;openparen&gt;"];
        if !opens.iter().any(|open| before.ends_with(open)) {
            return None;
        }
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let end = name.iter().position(|byte| !is_of_name(byte))?;
        let name = str::from_utf8(name.get(..end)?).ok()?;
        (name.len() > PREFIX.len()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_resource_in_every_spelling() {
        for path in [
            "$(FME_SHAREDRESOURCE_DATA)/Output",
            "\"a\" \"$(FME_SHAREDRESOURCE_DATA)&lt;solidus&gt;b\"",
            "<dollar><openparen>FME_SHAREDRESOURCE_DATA<closeparen>",
            "&lt;dollar&gt;&lt;openparen&gt;FME_SHAREDRESOURCE_DATA&lt;closeparen&gt;",
        ] {
            let found: Vec<_> = resources_in(path.as_bytes()).collect();
            assert_eq!(found, ["FME_SHAREDRESOURCE_DATA"], "{path}");
        }
    }

    #[test]
    fn a_list_of_all_resources_uses_none() {
        for text in [
            "UID=\":GlobalParameterMgr:FME_SHAREDRESOURCE_BACKUP\"",
            "GUI IGNORE NO_EDIT OPTIONAL DIRNAME_SRC FME_SHAREDRESOURCE_DATA FME Flow Data",
            "$(FME_SHAREDRESOURCE_)",
            "$(FME_SHAREDRESOURCE_DATA",
        ] {
            assert_eq!(resources_in(text.as_bytes()).count(), 0, "{text}");
        }
    }
}
