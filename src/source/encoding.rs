//! Bytes that should be text.

use encoding_rs::WINDOWS_1252;

/// UTF-8, with bytes that do not belong to it read as windows-1252, which is what they nearly always are.
pub(super) fn utf8_with_strays(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| mend_utf8(error.as_bytes()))
}

/// The same for bytes that are known not to be UTF-8.
pub(super) fn mend_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let (strays, _) = WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
        text.push_str(&strays);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_not_utf_8_is_windows_1252() {
        assert_eq!(utf8_with_strays(b"caf\xc3\xa9 caf\xe9 \x93so\x94".to_vec()), "café café “so”");
        assert_eq!(utf8_with_strays("naïve 日本".as_bytes().to_vec()), "naïve 日本");
    }
}
