//! The locale of an ICU collation as PostgreSQL 16 and newer keep it: as a language tag (`icu_language_tag` in
//! `pg_locale_icu.c`, `uloc_toLanguageTag`).
//!
//! Knows the case of subtags (RFC 5646, 2.1.1), ICU's old keywords and their keys (UTS #35), and that a key without a
//! value is true: older ICU versions write the value, newer ones leave it out, and both mean the same.

/// Values that are spelt differently: old and new.
type Respelt = &'static [(&'static str, &'static str)];

/// ICU's keywords for collations, with the keys of language tags and the values that are spelt differently there.
const KEYWORDS: &[(&str, &str, Respelt)] = &[
    (
        "collation",
        "co",
        &[
            ("dictionary", "dict"),
            ("phonebook", "phonebk"),
            ("traditional", "trad"),
        ],
    ),
    ("colalternate", "ka", &[("non-ignorable", "noignore")]),
    ("colbackwards", "kb", &[]),
    ("colcaselevel", "kc", &[]),
    ("colcasefirst", "kf", &[("no", "false")]),
    ("colnormalization", "kk", &[]),
    ("colnumeric", "kn", &[]),
    (
        "colstrength",
        "ks",
        &[
            ("primary", "level1"),
            ("secondary", "level2"),
            ("tertiary", "level3"),
            ("quaternary", "level4"),
            ("identical", "identic"),
        ],
    ),
];

/// The tag of a locale; `None` for a form that is not known here and is kept as it was written.
pub(super) fn language_tag(locale: &str) -> Option<String> {
    if locale.is_empty() {
        return Some("und".to_owned());
    }
    let lower = locale.to_ascii_lowercase();
    let (base, keywords) = lower.split_once('@').unwrap_or((&lower, ""));
    let mut subtags = base.split(['-', '_']);
    let language = subtags.next().filter(|language| is_word(language, 2, 8))?;
    let mut tag = vec![language.to_owned()];
    let mut keys = Vec::new();
    while let Some(subtag) = subtags.next() {
        match subtag {
            "u" => {
                keys = unicode_keys(&mut subtags)?;
                break;
            }
            // Other extensions are not taken apart.
            _ if subtag.len() < 2 => return None,
            _ if subtag.len() == 4 && subtag.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                let (first, rest) = subtag.split_at(1);
                tag.push([&first.to_ascii_uppercase(), rest].concat());
            }
            _ if subtag.len() < 4 => tag.push(subtag.to_ascii_uppercase()),
            _ => tag.push(subtag.to_owned()),
        }
    }
    for keyword in keywords.split(';').filter(|keyword| !keyword.is_empty()) {
        let (name, value) = keyword.split_once('=')?;
        let (_, key, values) = KEYWORDS.iter().find(|(known, ..)| *known == name.trim())?;
        let value = value.trim();
        let respelt = values.iter().find(|(old, _)| *old == value);
        keys.push(((*key).to_owned(), respelt.map_or(value, |(_, new)| new).to_owned()));
    }
    keys.sort();
    if !keys.is_empty() {
        tag.push("u".to_owned());
    }
    for (key, value) in keys {
        tag.push(key);
        if !["", "true", "yes"].contains(&value.as_str()) {
            tag.push(value);
        }
    }
    Some(tag.join("-"))
}

/// The keys of a Unicode extension with their values; `None` for attributes and further extensions.
fn unicode_keys<'a>(subtags: &mut impl Iterator<Item = &'a str>) -> Option<Vec<(String, String)>> {
    let mut keys: Vec<(String, String)> = Vec::new();
    for subtag in subtags {
        match (subtag.len(), keys.last_mut()) {
            (2, _) => keys.push((subtag.to_owned(), String::new())),
            (3..=8, Some((_, value))) => {
                if !value.is_empty() {
                    value.push('-');
                }
                value.push_str(subtag);
            }
            (..=8, _) | (9.., _) => return None,
        }
    }
    Some(keys)
}

fn is_word(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::language_tag;

    #[test]
    fn spellings_of_one_locale_have_one_tag() {
        for (written, tag) in [
            ("en-u-kn-true", "en-u-kn"),
            ("en@colNumeric=yes", "en-u-kn"),
            ("en_us", "en-US"),
            ("EN-us-u-KN-TRUE-ks-level1", "en-US-u-kn-ks-level1"),
            ("de@collation=phonebook", "de-u-co-phonebk"),
            ("und@colStrength=secondary;colNumeric=yes", "und-u-kn-ks-level2"),
            ("zh_Hans_CN", "zh-Hans-CN"),
            ("", "und"),
        ] {
            assert_eq!(language_tag(written).as_deref(), Some(tag), "{written}");
        }
    }

    #[test]
    fn values_that_differ_stay_apart_and_unknown_forms_stay_as_they_are() {
        assert_ne!(language_tag("en-u-kn"), language_tag("en-u-kn-false"));
        assert_ne!(language_tag("und-u-ks-level1"), language_tag("und-u-ks-level2"));
        assert_eq!(language_tag("en-x-private"), None);
        assert_eq!(language_tag("de@currency=EUR"), None);
    }
}
