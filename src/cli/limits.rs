//! How limits are raised on the command line.

use clap::Args;

use crate::limits::{Limit, Limits};

/// Limits of what is read.
#[derive(Debug, Args)]
pub(super) struct LimitArgs {
    /// Believe more of an archive that was refused for a limit: project-yml, value, workspace-line
    /// or text, in bytes, such as value=1M; may be given several times
    #[arg(long, value_name = "NAME=BYTES", value_parser = raised)]
    limit: Vec<(Limit, u64)>,
}

impl LimitArgs {
    /// Those that were given, as they are given.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        let given = self.limit.iter();
        given.map(|(limit, bytes)| format!("{}={bytes}", limit.as_str()))
    }

    /// All of them, those that were given as they were given.
    pub(super) fn limits(&self) -> Limits {
        let given = self.limit.iter();
        given.fold(Limits::default(), |limits, (limit, bytes)| {
            limits.with(*limit, *bytes)
        })
    }
}

fn raised(text: &str) -> Result<(Limit, u64), String> {
    let Some((name, bytes)) = text.split_once('=') else {
        return Err("a limit is given as NAME=BYTES".to_owned());
    };
    let Some(limit) = Limit::ALL.into_iter().find(|it| it.as_str() == name) else {
        let known = Limit::ALL.map(Limit::as_str).join(", ");
        return Err(format!("no limit is called {name:?}; there are {known}"));
    };
    let bytes = size(bytes).ok_or("bytes are a number, with k, M or G behind it for 1024s")?;
    Ok((limit, bytes))
}

/// `10`, `20k`, `2M`: powers of 1024.
fn size(text: &str) -> Option<u64> {
    let shift = match text.chars().last()? {
        'k' | 'K' => 10,
        'M' => 20,
        'G' => 30,
        _ => return text.parse().ok(),
    };
    let number: u64 = text.get(..text.len() - 1)?.parse().ok()?;
    number.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let value = |bytes: &str| raised(&format!("value={bytes}")).map(|(_, bytes)| bytes);
        assert_eq!(value("100"), Ok(100));
        assert_eq!(value("64k"), Ok(65_536));
        assert_eq!(value("1M"), Ok(1_048_576));
        for wrong in ["", "k", "-1", "1.5M", "1MB", "99999999999G", "ü"] {
            assert!(value(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn of_limits_given_twice_the_last_one_counts() {
        let args = LimitArgs {
            limit: vec![(Limit::Value, 1), (Limit::ProjectYml, 2), (Limit::Value, 3)],
        };
        let expected = Limits {
            value: 3,
            project_yml: 2,
            ..Limits::default()
        };
        assert_eq!(args.limits(), expected);
    }
}
