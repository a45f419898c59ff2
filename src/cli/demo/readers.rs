//! The demo's subscribers: 25 invented people at domains that are kept for examples (RFC 2606).

use anyhow::Context as _;

use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::store::Store;

/// Where the consent of these people comes from.
const CONSENT: &str = "invented for the demo";

/// One subscriber of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// What they are called.
    pub name: &'static str,
    /// Where they get mail.
    pub address: &'static str,
    /// Slugs of what they subscribe to.
    pub newsletters: &'static [&'static str],
    /// Where their subscriptions stand when the demo begins.
    pub standing: Standing,
}

/// Where a reader's subscriptions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Confirmed: gets every edition.
    Active,
    /// Asked for, and never confirmed: gets nothing.
    Pending,
    /// Was active, and left: gets nothing.
    Left,
}

use Standing::{Active, Left, Pending};

const fn reader(name: &'static str, address: &'static str, newsletters: &'static [&'static str]) -> Reader {
    Reader { name, address, newsletters, standing: Active }
}

/// All of them.
pub const READERS: [Reader; 25] = [
    reader("Ada Winterbourne", "ada@example.org", &["daily", "weekly"]),
    reader("Bruno Okonjo", "bruno@example.org", &["daily"]),
    reader("Clementine Yarrow", "clementine.yarrow@example.net", &["weekly"]),
    reader("Dmitri Vantongeren", "dmitri@example.com", &["daily", "weekly"]),
    reader("Estelle Nakagami", "estelle@example.com", &["daily"]),
    reader("Fergus Holloway-Tate", "f.holloway@example.org", &["daily", "weekly"]),
    reader("Gudrun Aspinall", "gudrun@example.net", &["weekly"]),
    reader("Hamza Tlemsani", "hamza@example.org", &["arabic", "daily"]),
    reader("Iris Quartermain", "iris+courier@example.com", &["daily"]),
    reader("Jasper Lindqvist-Rowe", "jasper@example.org", &["daily"]),
    reader("Khadija Benzarti", "khadija@example.net", &["arabic"]),
    reader("Leopold Strand", "leo@example.com", &["weekly"]),
    reader("Mirela Copperfield", "mirela@example.org", &["daily", "weekly"]),
    reader("Nadim Sarrouj", "nadim@example.com", &["arabic", "weekly"]),
    reader("Octavia Penhaligon", "octavia@example.net", &["daily"]),
    reader("Piet Zonderland", "piet@example.org", &["daily", "weekly"]),
    Reader { standing: Pending, ..reader("Quentin Arkwright", "quentin@example.com", &["daily"]) },
    reader("Rania Haddouche", "rania@example.org", &["arabic"]),
    reader("Solveig Marchbanks", "solveig@example.net", &["daily", "weekly"]),
    reader("Tobias Underhay", "tobias@example.com", &["daily"]),
    Reader { standing: Left, ..reader("Ursula Fairweather", "ursula@example.org", &["daily", "weekly"]) },
    reader("Vikram Osterley", "vikram@example.com", &["weekly"]),
    reader("Wilhelmina Dace", "wilhelmina@example.net", &["daily"]),
    reader("Yusra Qabbaniyeh", "yusra@example.org", &["arabic", "daily", "weekly"]),
    reader("Zacharias Bellweather", "zacharias@example.org", &["daily", "weekly"]),
];

/// Who gets the editions of a newsletter.
pub fn audience(newsletter: &str) -> impl Iterator<Item = &'static Reader> {
    READERS.iter().filter(move |reader| reader.standing == Active && reader.newsletters.contains(&newsletter))
}

/// Enters everybody's subscriptions as they stand.
///
/// # Errors
/// If the database fails, or does not know a newsletter.
pub async fn enter(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    for reader in &READERS {
        for newsletter in reader.newsletters {
            subscribe(store, reader, newsletter, now).await?;
        }
    }
    Ok(())
}

async fn subscribe(store: &Store, reader: &Reader, newsletter: &str, now: Timestamp) -> anyhow::Result<()> {
    let address: EmailAddress = reader.address.parse()?;
    let id =
        store.find_newsletter(newsletter).await?.with_context(|| format!("no newsletter {newsletter}"))?.id;
    if reader.standing == Pending {
        return Ok(store.request_subscriptions(&address, &[id], CONSENT, now).await?);
    }
    store.add_subscription((&address, Some(reader.name)), id, CONSENT, now).await?;
    if reader.standing == Left {
        let subscriber = store.find_subscriber(&address).await?.context("who was just entered is gone")?;
        store.end_subscription(subscriber.id, id, "page", now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_reader_has_an_address_of_their_own_at_a_domain_for_examples() {
        let addresses: HashSet<_> = READERS.iter().map(|reader| reader.address).collect();
        assert_eq!(addresses.len(), READERS.len());
        for address in addresses {
            let (_, domain) = address.split_once('@').unwrap();
            assert!(["example.org", "example.com", "example.net"].contains(&domain), "{address}");
        }
    }

    #[test]
    fn one_has_left_and_one_has_never_confirmed() {
        let count = |standing| READERS.iter().filter(|reader| reader.standing == standing).count();
        assert_eq!((count(Active), count(Left), count(Pending)), (23, 1, 1));
        for newsletter in ["daily", "weekly", "arabic"] {
            assert!(audience(newsletter).count() >= 5, "{newsletter}");
            assert!(audience(newsletter).all(|reader| reader.standing == Active));
        }
    }
}
