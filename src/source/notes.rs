//! What a pull has to tell its operator, bounded however bad the source is.

/// The most lines that one pull reports.
const MAX_NOTES: usize = 20;

/// The longest line, in characters.
const MAX_LENGTH: usize = 300;

/// Lines for the operator, each once.
#[derive(Debug, Default)]
pub(super) struct Notes {
    lines: Vec<String>,
    left_out: usize,
}

impl Notes {
    /// Adds a line, unless it is there already.
    pub fn add(&mut self, line: impl AsRef<str>) {
        let line: String = line.as_ref().chars().take(MAX_LENGTH).collect();
        if self.lines.contains(&line) {
            return;
        }
        if self.lines.len() < MAX_NOTES {
            self.lines.push(line);
        } else {
            self.left_out += 1;
        }
    }

    /// The lines, and how many more there were.
    pub fn into_lines(mut self) -> Vec<String> {
        if self.left_out > 0 {
            self.lines.push(format!("and {} more like these", self.left_out));
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_kept_once_and_there_are_not_too_many() {
        let mut notes = Notes::default();
        for number in 0..100 {
            notes.add(format!("line {}", number % 50));
        }
        let lines = notes.into_lines();
        assert_eq!(lines.len(), MAX_NOTES + 1);
        assert_eq!(lines.last().map(String::as_str), Some("and 60 more like these"));
    }
}
