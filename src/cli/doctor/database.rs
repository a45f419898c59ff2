//! The database, as the doctor looks at it.

use std::path::Path;

use crate::model::doctor::{Finding, Group};
use crate::model::time::Timestamp;
use crate::store::{self, Error, Store};

const CONTENTS: &str = "contents";

/// Looks at the database; one that is sound is left open for what comes after.
pub(super) async fn examine(database: &Path, now: Timestamp) -> (Vec<Finding>, Option<Store>) {
    let place = database.display();
    let group = Group::Database;
    let only = |finding: Finding| (vec![finding], None);
    let broken = match store::check(database).await {
        Ok(broken) => broken,
        Err(Error::Absent(_)) => {
            return only(group.yellow(
                CONTENTS,
                format!("there is no {place} yet"),
                "the daemon makes it: `courant run`",
            ));
        }
        Err(error) => {
            let remedy = "put [database] url right, or put a backup back with `courant db restore`";
            return only(group.red(CONTENTS, format!("{error}"), remedy));
        }
    };
    if !broken.is_empty() {
        let shown: Vec<String> = broken.iter().take(3).map(|finding| finding.detail.clone()).collect();
        let message = format!("{place} is not sound: {}", shown.join("; "));
        return only(group.red(
            CONTENTS,
            message,
            "see `courant db check`; put a backup back with `courant db restore`",
        ));
    }
    match Store::open(database, now).await {
        Ok(store) => (vec![group.green(CONTENTS, format!("{place} is sound"))], Some(store)),
        Err(error) => only(group.red(
            CONTENTS,
            format!("{error}"),
            "let the user that runs this command read and write it",
        )),
    }
}
