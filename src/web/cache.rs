//! Documents kept in memory: made once when something changed, compressed once when somebody asks for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderValue;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::answer::tag;
use super::coding::Coding;
use super::ready::Said;
use crate::model::time::Timestamp;
use crate::render::feed::Print;

/// How many characters the hash of a document has.
pub const HASH_LENGTH: usize = 24;

/// Below this many bytes compression saves nothing.
const WORTH_PACKING: usize = 400;

/// What an entry costs apart from its document.
const OVERHEAD: usize = 2048;

/// What a document was made from: the store's revision, and how often the configuration was read.
pub type Stamp = (i64, u64);

/// What of the store a document is made from, as a hash: made from the same by the same settings, it is the same.
pub type Basis = [u8; 32];

/// A document as it is served.
#[derive(Debug)]
pub struct Document {
    /// All of it.
    pub body: Bytes,
    /// Its media type.
    pub kind: &'static str,
    /// Names its bytes.
    pub hash: String,
    /// When it last changed, where that is said.
    pub modified: Option<Timestamp>,
    /// The same as a header has it.
    pub modified_header: Option<HeaderValue>,
    /// Of each entry, the newest first, if it is a feed of which is told what came since.
    pub entries: Vec<Print>,
    /// Whether nothing is meant to change in it any more.
    pub is_closed: bool,
    /// The moment in its form, in whose place each visitor gets that of theirs.
    pub moment: Option<String>,
    /// Its tag in each coding.
    tags: [HeaderValue; 3],
    is_being_packed: AtomicBool,
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
    /// What was said with it the last time.
    said: Mutex<Option<Arc<Said>>>,
}

/// The most recently used documents, up to a number of bytes.
#[derive(Debug)]
pub struct Cache {
    limit: AtomicUsize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<String, Entry>,
    bytes: usize,
    /// Grows with every use.
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    stamp: Stamp,
    basis: Option<Basis>,
    document: Arc<Document>,
    last_used: u64,
}

impl Document {
    /// A document with these bytes.
    pub fn new(body: impl Into<Bytes>, kind: &'static str) -> Self {
        let body = body.into();
        let hash = hash(&body);
        Self {
            body,
            kind,
            tags: [Coding::Identity, Coding::Gzip, Coding::Brotli].map(|coding| tag(&hash, coding)),
            hash,
            modified: None,
            modified_header: None,
            entries: Vec::new(),
            is_closed: false,
            moment: None,
            is_being_packed: AtomicBool::new(false),
            gzip: OnceCell::new(),
            brotli: OnceCell::new(),
            said: Mutex::default(),
        }
    }

    /// The same document, said to have last changed at a moment.
    pub fn last_modified(self, modified: Timestamp) -> Self {
        let header = HeaderValue::try_from(modified.to_http_date()).expect("a date is ASCII");
        Self { modified: Some(modified), modified_header: Some(header), ..self }
    }

    /// The same document, with these entries.
    pub fn with_entries(self, entries: Vec<Print>) -> Self {
        Self { entries, ..self }
    }

    /// The same document, which is closed or not.
    pub fn closed(self, is_closed: bool) -> Self {
        Self { is_closed, ..self }
    }

    /// The same document, in whose form this moment stands.
    pub fn sent_at(self, moment: String) -> Self {
        Self { moment: Some(moment), ..self }
    }

    /// Its bytes in a coding with another moment in its form. These are made for one visitor, and so packed in a hurry.
    pub fn bytes_sent_at(&self, moment: &str, coding: Coding) -> Bytes {
        let own = self.moment.as_deref().unwrap_or_default();
        let page = std::str::from_utf8(&self.body).unwrap_or_default();
        let at = page.find(own).filter(|_| own.len() == moment.len());
        let mut body = self.body.to_vec();
        if let Some(at) = at {
            body[at..at + own.len()].copy_from_slice(moment.as_bytes());
        }
        if coding == Coding::Gzip { Coding::gzip_in_a_hurry(&body).into() } else { body.into() }
    }

    /// The coding in which a client that likes these, the best first, gets it. Brotli takes its time: until it is there the
    /// client is not kept waiting.
    pub fn coding(&self, liked: &[Coding]) -> Coding {
        if self.body.len() < WORTH_PACKING {
            return Coding::Identity;
        }
        let is_there = |coding: &&Coding| **coding != Coding::Brotli || self.brotli.initialized();
        liked.iter().find(is_there).copied().unwrap_or(Coding::Identity)
    }

    /// Whether a client that likes these would get a smaller document if somebody made it.
    pub fn lacks(&self, liked: &[Coding]) -> bool {
        self.body.len() >= WORTH_PACKING
            && self.moment.is_none()
            && liked.first() == Some(&Coding::Brotli)
            && !self.brotli.initialized()
    }

    /// Takes it upon the caller to pack it; false if somebody else does.
    pub fn begin_packing(&self) -> bool {
        !self.is_being_packed.swap(true, Ordering::Relaxed)
    }

    /// Gives that up again.
    pub fn put_off_packing(&self) {
        self.is_being_packed.store(false, Ordering::Relaxed);
    }

    /// Its bytes in a coding, made once.
    pub async fn bytes(&self, coding: Coding) -> Bytes {
        let cell = match coding {
            Coding::Identity => return self.body.clone(),
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
        };
        let body = self.body.clone();
        let packed = cell.get_or_init(|| async move {
            let plain = body.clone();
            let packed = tokio::task::spawn_blocking(move || Bytes::from(coding.encode(&plain))).await;
            packed.expect("compressing does not panic")
        });
        packed.await.clone()
    }

    /// Its strong tag in a coding.
    pub fn tag(&self, coding: Coding) -> HeaderValue {
        self.tags[coding as usize].clone()
    }

    /// Its bytes in a coding, if they were made already.
    pub fn find_bytes(&self, coding: Coding) -> Option<Bytes> {
        match coding {
            Coding::Identity => Some(self.body.clone()),
            Coding::Gzip => self.gzip.get().cloned(),
            Coding::Brotli => self.brotli.get().cloned(),
        }
    }

    /// Remembers what is said with it.
    pub fn say(&self, said: Said) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(said));
    }

    /// What was said with it the last time, if that is remembered.
    pub fn said(&self) -> Option<Arc<Said>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_same_as(&self, other: &Self) -> bool {
        self.hash == other.hash && self.modified == other.modified && self.is_closed == other.is_closed
    }

    fn weight(&self) -> usize {
        self.body.len() * 2 + self.entries.len() * Print::BYTES + OVERHEAD
    }
}

impl Cache {
    /// A cache that keeps about `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit: AtomicUsize::new(limit), kept: Mutex::default() }
    }

    /// Keeps about `limit` bytes from now on.
    pub fn resize(&self, limit: usize) {
        self.limit.store(limit, Ordering::Relaxed);
        self.lock().evict(limit);
    }

    /// The document of this name, if it was made from the same.
    pub fn find(&self, name: &str, stamp: Stamp) -> Option<Arc<Document>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let uses = kept.uses;
        let entry = kept.entries.get_mut(name).filter(|entry| entry.stamp == stamp)?;
        entry.last_used = uses;
        Some(Arc::clone(&entry.document))
    }

    /// The document of this name, if what it was made from is still what there is, whatever else has changed.
    pub fn renew(&self, name: &str, stamp: Stamp, basis: Basis) -> Option<Arc<Document>> {
        let mut kept = self.lock();
        let is_same = |entry: &&mut Entry| entry.stamp.1 == stamp.1 && entry.basis == Some(basis);
        let entry = kept.entries.get_mut(name).filter(is_same)?;
        entry.stamp = stamp;
        Some(Arc::clone(&entry.document))
    }

    /// Keeps a document, and returns the one to serve: what was kept before, if its bytes are the same, with the
    /// validators and the compressed bytes that it has.
    pub fn keep(
        &self,
        name: &str,
        (stamp, basis): (Stamp, Option<Basis>),
        document: Document,
    ) -> Arc<Document> {
        let mut kept = self.lock();
        kept.uses += 1;
        let before = kept.entries.remove(name).map(|entry| entry.document);
        kept.bytes -= before.as_ref().map_or(0, |before| before.weight());
        let same = before.filter(|before| before.is_same_as(&document));
        let document = same.unwrap_or_else(|| Arc::new(document));
        kept.bytes += document.weight();
        let entry = Entry { stamp, basis, document: Arc::clone(&document), last_used: kept.uses };
        kept.entries.insert(name.to_owned(), entry);
        kept.evict(self.limit.load(Ordering::Relaxed));
        document
    }

    /// About how many bytes it keeps.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Lets the least recently used go, down to nine tenths, so that the search for them is rare.
    fn evict(&mut self, limit: usize) {
        if self.bytes <= limit {
            return;
        }
        let mut ages: Vec<(u64, String)> =
            self.entries.iter().map(|(name, entry)| (entry.last_used, name.clone())).collect();
        ages.sort_unstable();
        for (_, name) in ages {
            if self.bytes <= limit / 10 * 9 {
                break;
            }
            if let Some(entry) = self.entries.remove(&name) {
                self.bytes -= entry.document.weight();
            }
        }
    }
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes)[..HASH_LENGTH / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::new(text.to_owned(), "text/plain")
    }

    #[test]
    fn a_document_is_kept_until_something_changes() {
        let cache = Cache::new(1_000_000);
        let first = cache.keep("a", ((1, 0), None), document("one"));
        assert!(Arc::ptr_eq(&cache.find("a", (1, 0)).unwrap(), &first));
        assert!(cache.find("a", (2, 0)).is_none() && cache.find("a", (1, 1)).is_none());
        assert!(cache.find("b", (1, 0)).is_none());
        let second = cache.keep("a", ((2, 0), None), document("one"));
        assert!(Arc::ptr_eq(&second, &first), "the same bytes are the same document");
        assert!(!Arc::ptr_eq(&cache.keep("a", ((3, 0), None), document("two")), &first));
    }

    #[test]
    fn a_document_is_kept_on_while_what_it_is_made_from_is_the_same() {
        let cache = Cache::new(1_000_000);
        let first = cache.keep("a", ((1, 0), Some([1; 32])), document("one"));
        assert!(cache.renew("a", (2, 0), [2; 32]).is_none() && cache.renew("b", (2, 0), [1; 32]).is_none());
        assert!(cache.renew("a", (2, 1), [1; 32]).is_none(), "it is to be made by other settings");
        assert!(Arc::ptr_eq(&cache.renew("a", (2, 0), [1; 32]).unwrap(), &first));
        assert!(Arc::ptr_eq(&cache.find("a", (2, 0)).unwrap(), &first));
        cache.keep("a", ((3, 0), None), document("one"));
        assert!(cache.renew("a", (4, 0), [1; 32]).is_none(), "nobody knows what it is made from");
    }

    #[tokio::test]
    async fn nobody_waits_for_brotli_and_who_likes_it_gets_it_once_it_is_there() {
        use Coding::{Brotli, Gzip, Identity};
        let document = document(&"All the news that fits. ".repeat(100));
        assert_eq!(document.coding(&[Brotli, Gzip, Identity]), Gzip);
        assert_eq!(document.coding(&[Brotli, Identity]), Identity);
        assert!(document.lacks(&[Brotli, Gzip]) && !document.lacks(&[Gzip, Brotli]));
        assert!(document.begin_packing() && !document.begin_packing());
        let packed = document.bytes(Brotli).await;
        assert!(packed.len() < document.bytes(Gzip).await.len());
        assert_eq!(document.coding(&[Brotli, Gzip, Identity]), Brotli);
        assert!(!document.lacks(&[Brotli, Gzip]));
    }

    #[test]
    fn the_least_recently_used_goes_first_and_the_limit_holds() {
        let cache = Cache::new(10 * (OVERHEAD + 2));
        for name in 0..100 {
            cache.keep(&name.to_string(), ((1, 0), None), document("x"));
            assert!(cache.find("0", (1, 0)).is_some(), "{name}");
            assert!(cache.bytes() <= 10 * (OVERHEAD + 2));
        }
        assert!(cache.find("1", (1, 0)).is_none() && cache.find("99", (1, 0)).is_some());
        cache.resize(2 * (OVERHEAD + 2));
        assert!(cache.bytes() <= 2 * (OVERHEAD + 2) && cache.find("99", (1, 0)).is_some());
    }
}
