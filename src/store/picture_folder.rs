//! The folder with the files of pictures, beside the database. It is no part of backups: what is not there is fetched again.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Error, Store, open};

/// How the names of files end that are not whole yet.
const PARTIAL: &str = "partial";

/// The folder. A file has its name once it is whole and on the disk.
#[derive(Clone, Debug)]
pub struct PictureFolder(PathBuf);

impl Store {
    /// The folder with the files of pictures, which need not be there.
    pub fn picture_folder(&self) -> PictureFolder {
        PictureFolder(open::beside(&self.path, "pictures"))
    }
}

impl PictureFolder {
    /// Where the file of this name is.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// If the disk does not take it; nothing of it is then left but what [`PictureFolder::names`] tells of.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path_of(name);
        let partial = open::beside(&path, PARTIAL);
        let written =
            make(&self.0).and_then(|()| write(&partial, bytes)).and_then(|()| fs::rename(&partial, &path));
        written.map_err(|source| Error::File { what: "written", path, source })
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// If it is there and stays.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.path_of(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::File { what: "removed", path, source })
            }
            _ => Ok(()),
        }
    }

    /// The names of all files that are there, whole or not, and how large they are.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn names(&self) -> Result<HashMap<String, u64>, Error> {
        self.list().map_err(|source| Error::File { what: "read", path: self.0.clone(), source })
    }

    fn list(&self) -> io::Result<HashMap<String, u64>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
            entries => entries?,
        };
        let mut names = HashMap::new();
        for entry in entries {
            let entry = entry?;
            let file = entry.metadata()?;
            if let (true, Ok(name)) = (file.is_file(), entry.file_name().into_string()) {
                names.insert(name, file.len());
            }
        }
        Ok(names)
    }
}

/// Makes the folder, which only its owner may read, as the database.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.recursive(true).create(folder)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
