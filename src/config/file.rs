//! The configuration file as text.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::excerpt::position;
use super::problem::{Errors, Fault};

/// A configuration is read whole: what is larger is another file by mistake.
const MOST_BYTES: u64 = 1024 * 1024;

/// The text of the file, without a byte order mark.
pub(super) fn read(path: &Path) -> Result<String, Errors> {
    let failed = |fault| Errors::of_file(path, fault);
    let bytes = bytes(path).map_err(failed)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| failed(not_utf8(bytes, error.valid_up_to())))?;
    Ok(text.to_owned())
}

fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(
            Fault::new("this is a directory").help("name the file in it: --config DIRECTORY/courant.toml")
        );
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Fault::new("this file is larger than 1 MiB, which no configuration is")
            .help("name the right file with --config"));
    }
    Ok(bytes)
}

fn unreadable(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::NotFound => Fault::new("there is no such file")
            .help("write one with `courant init`, or name yours with --config or COURANT_CONFIG"),
        io::ErrorKind::PermissionDenied => Fault::new("this file may not be read")
            .help("give the user that runs Courant the right to read it"),
        _ => Fault::new(format!("this file cannot be read: {error}")),
    }
}

fn not_utf8(bytes: &[u8], offset: usize) -> Fault {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Fault::new("this file is UTF-16").help("save it as UTF-8");
    }
    let valid = std::str::from_utf8(&bytes[..offset]).unwrap_or_default();
    let (line, column) = position(valid, offset);
    let byte = bytes.get(offset).copied().unwrap_or_default();
    Fault::new(format!("line {line}, column {column} holds the byte {byte:#04x}, which is not UTF-8"))
        .help("save the file as UTF-8")
}
