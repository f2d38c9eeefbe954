//! Names of months and halves of the day, as Java's `SimpleDateFormat` writes them with `MMM` and `a`
//! in the language of the server's system (seen with Java 17, by CLDR and by the older names of the
//! JRE: English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Norwegian, Swedish,
//! Finnish, Japanese, Chinese, Korean). Slavic names are left out: `lis` is October in one and November
//! in another.

/// By month, in lower case and without full stops. No name is in two months.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "jän",
        "janv",
        "ene",
        "gen",
        "tammik",
        "tammikuuta",
        "一月",
        "1月",
        "1월",
    ],
    &[
        "feb",
        "févr",
        "fev",
        "helmik",
        "helmikuuta",
        "二月",
        "2月",
        "2월",
    ],
    &[
        "mar",
        "mär",
        "märz",
        "mars",
        "mrt",
        "maalisk",
        "maaliskuuta",
        "三月",
        "3月",
        "3월",
    ],
    &[
        "apr",
        "avr",
        "abr",
        "huhtik",
        "huhtikuuta",
        "四月",
        "4月",
        "4월",
    ],
    &[
        "may",
        "mai",
        "mag",
        "maj",
        "mei",
        "toukok",
        "toukokuuta",
        "五月",
        "5月",
        "5월",
    ],
    &[
        "jun",
        "june",
        "juni",
        "juin",
        "giu",
        "kesäk",
        "kesäkuuta",
        "六月",
        "6月",
        "6월",
    ],
    &[
        "jul",
        "july",
        "juli",
        "juil",
        "juill",
        "lug",
        "heinäk",
        "heinäkuuta",
        "七月",
        "7月",
        "7월",
    ],
    &[
        "aug", "août", "ago", "elok", "elokuuta", "八月", "8月", "8월",
    ],
    &[
        "sep",
        "sept",
        "set",
        "syysk",
        "syyskuuta",
        "九月",
        "9月",
        "9월",
    ],
    &[
        "oct",
        "okt",
        "ott",
        "out",
        "lokak",
        "lokakuuta",
        "十月",
        "10月",
        "10월",
    ],
    &["nov", "marrask", "marraskuuta", "十一月", "11月", "11월"],
    &[
        "dec",
        "dez",
        "déc",
        "dic",
        "des",
        "jouluk",
        "joulukuuta",
        "十二月",
        "12月",
        "12월",
    ],
];

/// Before noon, in lower case, without full stops and blanks. The longer German and Portuguese ones
/// are of other releases of CLDR.
const MORNING: [&str; 10] = [
    "am",
    "vorm",
    "fm",
    "ap",
    "manhã",
    "damanhã",
    "formiddag",
    "午前",
    "上午",
    "오전",
];

/// From noon on.
const AFTERNOON: [&str; 10] = [
    "pm",
    "nachm",
    "em",
    "ip",
    "tarde",
    "datarde",
    "eftermiddag",
    "午後",
    "下午",
    "오후",
];

/// The month of this name, 1 to 12.
pub(super) fn month(name: &str) -> Option<i8> {
    let name = bare(name);
    (1..)
        .zip(MONTHS)
        .find_map(|(month, names)| names.contains(&&*name).then_some(month))
}

/// Whether this is the name of the half of the day that begins at noon.
pub(super) fn is_afternoon(name: &str) -> Option<bool> {
    let name = bare(name);
    if MORNING.contains(&&*name) {
        Some(false)
    } else {
        AFTERNOON.contains(&&*name).then_some(true)
    }
}

fn bare(name: &str) -> String {
    let kept = name.chars().filter(|it| *it != '.' && !it.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_means_two_things() {
        let all: Vec<_> = MONTHS.concat();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(MORNING.iter().all(|name| !AFTERNOON.contains(name)));
    }
}
