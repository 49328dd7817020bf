//! Network addresses, UUIDs and bytes (`inet_net_pton.c`, `inet_net_ntop.c`, `mac.c`, `uuid.c`, `bytea.c`).
//! The addresses are plain values of the core library, which reaches no network.

use core::net::{Ipv4Addr, Ipv6Addr};

/// A UUID in lower case with its hyphens, when it is one in the usual form.
pub(super) fn uuid(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let digits: String = inner.chars().filter(|character| *character != '-').collect();
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    let parts = [&lower[..8], &lower[8..12], &lower[12..16], &lower[16..20], &lower[20..]];
    Some(parts.join("-"))
}

/// An address; the length of the network is left out when it is the whole address.
pub(super) fn inet(text: &str) -> Option<String> {
    let text = text.trim();
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let (shown, all) = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
        (Ok(address), _) => (address.to_string(), 32),
        (Err(_), Ok(address)) => (address.to_string(), 128),
        (Err(_), Err(_)) => return None,
    };
    Some(match bits {
        Some(bits) if bits > all => return None,
        Some(bits) if bits < all => format!("{shown}/{bits}"),
        Some(_) | None => shown,
    })
}

/// A network, with its length; parts of an old-style address that are left out are zero.
pub(super) fn cidr(text: &str) -> Option<String> {
    let text = text.trim();
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    if let Ok(address) = address.parse::<Ipv6Addr>() {
        let bits = bits.unwrap_or(128);
        return (bits <= 128).then(|| format!("{address}/{bits}"));
    }
    let mut parts = Vec::new();
    for part in address.split('.') {
        let is_digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.push(is_digits.then(|| part.parse::<u8>().ok()).flatten()?);
    }
    let given = parts.len();
    if given > 4 {
        return None;
    }
    let bits = match (bits, parts.first()) {
        (Some(bits), _) => bits,
        (None, _) if given == 4 => 32,
        // Without a length the class of the address has a part in it; two parts and more below class D are plain.
        (None, Some(first)) if *first < 192 && given >= 2 || *first < 128 => u8::try_from(given * 8).ok()?,
        (None, _) => return None,
    };
    parts.resize(4, 0);
    let shown: Vec<String> = parts.iter().map(u8::to_string).collect();
    (bits <= 32).then(|| format!("{}/{bits}", shown.join(".")))
}

/// A MAC address of six bytes with colons.
pub(super) fn macaddr(text: &str) -> Option<String> {
    let text = text.trim();
    let digits: String = text
        .chars()
        .filter(|character| !matches!(character, ':' | '-' | '.'))
        .collect();
    if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    let pairs: Vec<&str> = (0..6).filter_map(|index| lower.get(index * 2..index * 2 + 2)).collect();
    Some(pairs.join(":"))
}

/// Bytes in hexadecimal, from that or from the escape form.
pub(super) fn bytea(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    if let Some(digits) = text.strip_prefix("\\x") {
        let digits: String = digits.split_whitespace().collect();
        let is_hex = digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return is_hex.then(|| ["\\x", &digits.to_ascii_lowercase()].concat());
    }
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        match rest {
            [b'\\', after @ ..] => {
                bytes.push(b'\\');
                rest = after;
            }
            [high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7', after @ ..] => {
                bytes.push((high - b'0') * 64 + (middle - b'0') * 8 + (low - b'0'));
                rest = after;
            }
            _ => return None,
        }
    }
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(["\\x", &digits.concat()].concat())
}
