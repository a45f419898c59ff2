//! Fields: `Name: value` lines, as headers and the bodies of reports have them (RFC 5322 §2.2).

/// Fields in order, names in lower case, values on one line.
pub(super) type Fields = Vec<(String, String)>;

/// The fields at the beginning of a text, up to its first blank line.
pub(super) fn header(text: &str) -> Fields {
    groups(text).into_iter().next().unwrap_or_default()
}

/// The groups of fields that blank lines part; what is no field is left out.
pub(super) fn groups(text: &str) -> Vec<Fields> {
    let mut groups: Vec<Fields> = Vec::new();
    let mut is_parted = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            is_parted = true;
            continue;
        }
        let is_folded = line.starts_with([' ', '\t']) && !is_parted;
        match (is_folded, field(line.trim_start())) {
            (true, _) => continue_last(groups.last_mut(), line),
            (false, Some(field)) if is_parted => groups.push(vec![field]),
            (false, Some(field)) => groups.last_mut().into_iter().for_each(|group| group.push(field.clone())),
            (false, None) => continue,
        }
        is_parted = false;
    }
    groups
}

/// The first field of this name.
pub(super) fn find<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn continue_last(group: Option<&mut Fields>, line: &str) {
    if let Some((_, value)) = group.and_then(|group| group.last_mut()) {
        value.push(' ');
        value.push_str(line.trim());
    }
}

fn field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty()
        && name.trim_end().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_name.then(|| (name.trim_end().to_ascii_lowercase(), value.trim().to_owned()))
}
