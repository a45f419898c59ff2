//! Saving: what a source gives, each article once, however often the source shows it.

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{FromRow, Row as _, SqliteConnection};

use super::{Error, Store, article_page, label, newcomer, revision, setting, story};
use crate::extract::teaser;
use crate::model::article::{ArticleId, Content, DateOrigin, label_key};
use crate::model::story::Sketch;
use crate::model::time::Timestamp;

const FIND_STORED: &str = "SELECT id, fingerprint, published_at, published_at_from, first_seen_at
    FROM article WHERE source = $1 AND external_id = $2";
pub(super) const NEXT_SEQ: &str = "SELECT coalesce(max(seq), 0) + 1 FROM article";
const LAST_ID: &str = "SELECT coalesce(max(id), 0) FROM article";
const IS_SLUG_TAKEN: &str = "SELECT count(*) FROM article WHERE slug = $1";
const INSERT: &str = "INSERT INTO article (source, external_id, public_id, slug, seq, first_seen_at, changed_at,
        title, authors, biography, summary, html, text, url, image, language, direction,
        published_at, published_at_from, updated_at, dated_at, cuts, fingerprint,
        enclosures, source_key)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24)
    RETURNING id";
const UPDATE: &str = "UPDATE article SET version = version + 1, changed_at = $2,
        title = $3, authors = $4, biography = $5, summary = $6, html = $7, text = $8, url = $9, image = $10,
        language = $11, direction = $12, published_at = $13, published_at_from = $14, updated_at = $15,
        dated_at = $16, cuts = $17, fingerprint = $18, enclosures = $19, has_pictures_noted = 0
    WHERE id = $1";
/// Newsletters that have had their first edition pass over what is history; one that has not will take the newest.
const PASS_OVER: &str = "INSERT INTO ledger (newsletter_id, article_id, state, reason, at)
    SELECT n.id, a.id, 'passed_over', 'it is older than the source and came with a backfill', $3
    FROM newsletter n, article a WHERE n.considered_seq IS NOT NULL AND a.source = $1 AND a.external_id = $2
    ON CONFLICT (newsletter_id, article_id) DO NOTHING";

/// What became of the articles of a pull.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// Seen for the first time.
    pub new: usize,
    /// Known, with another text or other facts.
    pub changed: usize,
    /// Known, and as before.
    pub unchanged: usize,
    /// Of the new ones, those that newsletters passed over: their source is new, and they were there before the last edition.
    pub passed_over: usize,
}

#[derive(FromRow)]
struct Stored {
    id: ArticleId,
    fingerprint: Vec<u8>,
    published_at: Option<Timestamp>,
    published_at_from: DateOrigin,
    first_seen_at: Timestamp,
}

/// When an article was published, how that is known, and where it stands among the others.
struct Dating {
    published_at: Timestamp,
    origin: DateOrigin,
    dated_at: Timestamp,
}

impl Store {
    /// Keeps what a source gave, each article under the source's own name for it, in one transaction.
    ///
    /// The same article with another text is an update: its row, its public id and its address stay, and what it
    /// said before is kept as a revision. An article that no source dates is dated by the first sight of it.
    pub async fn save_articles(
        &self,
        source: &str,
        articles: &[(String, Content)],
        now: Timestamp,
    ) -> Result<Saved, Error> {
        let mut transaction = self.write.begin().await?;
        let mut saved = Saved::default();
        let before: ArticleId = sqlx::query_scalar(LAST_ID).fetch_one(&mut *transaction).await?;
        for (external_id, content) in articles {
            self.save_article(&mut transaction, (source, external_id), content, now, &mut saved).await?;
        }
        saved.passed_over = newcomer::pass_over(&mut transaction, (source, before), now).await?;
        if saved.new + saved.changed > 0 {
            setting::raise(&mut transaction, setting::REVISION).await?;
        }
        transaction.commit().await?;
        Ok(saved)
    }

    /// Keeps articles that are older than what pulls of a source bring: history, no news. No newsletter that has had its
    /// first edition takes them up, and what is known already stays as it is, because a later pull knew better.
    pub async fn save_older_articles(
        &self,
        source: &str,
        articles: &[(String, Content)],
        now: Timestamp,
    ) -> Result<Saved, Error> {
        let mut transaction = self.write.begin().await?;
        let mut saved = Saved::default();
        for (external_id, content) in articles {
            if find_stored(&mut transaction, source, external_id).await?.is_some() {
                saved.unchanged += 1;
                continue;
            }
            let fingerprint = fingerprint(content);
            self.add_article(&mut transaction, (source, external_id), (content, &fingerprint), now).await?;
            saved.new += 1;
            let pass_over = sqlx::query(PASS_OVER).bind(source).bind(external_id).bind(now);
            pass_over.execute(&mut *transaction).await?;
        }
        if saved.new > 0 {
            setting::raise(&mut transaction, setting::REVISION).await?;
        }
        transaction.commit().await?;
        Ok(saved)
    }

    async fn save_article(
        &self,
        connection: &mut SqliteConnection,
        (source, external_id): (&str, &str),
        content: &Content,
        now: Timestamp,
        saved: &mut Saved,
    ) -> Result<(), Error> {
        let fingerprint = fingerprint(content);
        match find_stored(connection, source, external_id).await? {
            Some(stored) if stored.fingerprint == fingerprint => saved.unchanged += 1,
            Some(stored) => {
                let whole = self.completed(connection, stored.id, content).await?;
                let content = whole.as_ref().unwrap_or(content);
                update(connection, (&stored, source), content, &fingerprint, now).await?;
                saved.changed += 1;
            }
            None => {
                self.add_article(connection, (source, external_id), (content, &fingerprint), now).await?;
                saved.new += 1;
            }
        }
        Ok(())
    }

    /// What a source says of an article whose text came from its page, with that text.
    async fn completed(
        &self,
        connection: &mut SqliteConnection,
        id: ArticleId,
        content: &Content,
    ) -> Result<Option<Content>, Error> {
        if !article_page::is_taken(connection, id).await? {
            return Ok(None);
        }
        let known = self.find_article(id).await?;
        Ok(known.and_then(|known| teaser::completed(content, &known.content)))
    }

    async fn add_article(
        &self,
        connection: &mut SqliteConnection,
        (source, external_id): (&str, &str),
        (content, fingerprint): (&Content, &[u8]),
        now: Timestamp,
    ) -> Result<(), Error> {
        let public_id = self.key.uuid(&format!("article:{source}\0{external_id}"));
        insert(connection, (source, external_id, &public_id), content, fingerprint, now).await
    }
}

fn fingerprint(content: &Content) -> Vec<u8> {
    let text = serde_json::to_vec(content).expect("a content has only text keys");
    Sha256::digest(text).to_vec()
}

async fn find_stored(
    connection: &mut SqliteConnection,
    source: &str,
    external_id: &str,
) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query_as(FIND_STORED).bind(source).bind(external_id).fetch_optional(connection).await
}

async fn insert(
    connection: &mut SqliteConnection,
    (source, external_id, public_id): (&str, &str, &str),
    content: &Content,
    fingerprint: &[u8],
    now: Timestamp,
) -> Result<(), Error> {
    let seq: i64 = sqlx::query_scalar(NEXT_SEQ).fetch_one(&mut *connection).await?;
    let slug = free_slug(connection, &content.title, seq).await?;
    let dating = Dating::of(content, None, now);
    let query =
        sqlx::query(INSERT).bind(source).bind(external_id).bind(public_id).bind(slug).bind(seq).bind(now);
    let row = bind_content(query, content, &dating, fingerprint)
        .bind(label_key(source))
        .fetch_one(&mut *connection)
        .await?;
    let id: ArticleId = row.try_get(0)?;
    label::insert(connection, id, content, dating.dated_at).await?;
    story::place_new(connection, (id, source), &Sketch::of(content, dating.dated_at)).await
}

async fn update(
    connection: &mut SqliteConnection,
    (stored, source): (&Stored, &str),
    content: &Content,
    fingerprint: &[u8],
    now: Timestamp,
) -> Result<(), Error> {
    revision::keep(connection, stored.id, content, now).await?;
    let dating = Dating::of(content, Some(stored), now);
    let query = sqlx::query(UPDATE).bind(stored.id).bind(now);
    bind_content(query, content, &dating, fingerprint).execute(&mut *connection).await?;
    label::replace(connection, stored.id, content, dating.dated_at).await?;
    story::place_again(connection, (stored.id, source), &Sketch::of(content, dating.dated_at)).await
}

/// Gives an article a text that its source does not carry. Returns false if its source does not say any more what it said when
/// its fingerprint was this one.
pub(super) async fn complete(
    connection: &mut SqliteConnection,
    (source, external_id): (&str, &str),
    (content, fingerprint): (&Content, Option<&[u8]>),
    now: Timestamp,
) -> Result<bool, Error> {
    let stored = find_stored(connection, source, external_id).await?;
    let Some(stored) = stored.filter(|stored| Some(stored.fingerprint.as_slice()) == fingerprint) else {
        return Ok(false);
    };
    update(connection, (&stored, source), content, &stored.fingerprint, now).await?;
    Ok(true)
}

/// Binds what a source can change, in the order in which [`INSERT`] and [`UPDATE`] end.
fn bind_content<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    content: &Content,
    dating: &Dating,
    fingerprint: &[u8],
) -> Query<'q, Sqlite, SqliteArguments> {
    query
        .bind(&content.title)
        .bind(content.authors.join("\n"))
        .bind(&content.biography)
        .bind(&content.summary)
        .bind(&content.html)
        .bind(&content.text)
        .bind(&content.url)
        .bind(json(content.image.as_ref()))
        .bind(&content.language)
        .bind(content.direction.as_str())
        .bind(dating.published_at)
        .bind(dating.origin)
        .bind(content.updated_at)
        .bind(dating.dated_at)
        .bind(json(Some(&content.cuts)))
        .bind(fingerprint)
        .bind(json(Some(&content.enclosures)))
}

impl Dating {
    /// An article that nothing dates keeps its first sight.
    fn of(content: &Content, stored: Option<&Stored>, now: Timestamp) -> Self {
        let (published_at, origin) = match (content.published_at, stored) {
            (Some(published), _) => (published, content.published_at_from),
            (None, Some(stored)) => {
                (stored.published_at.unwrap_or(stored.first_seen_at), stored.published_at_from)
            }
            (None, None) => (now, DateOrigin::FirstSight),
        };
        let first_seen_at = stored.map_or(now, |stored| stored.first_seen_at);
        Self { published_at, origin, dated_at: published_at.min(first_seen_at) }
    }
}

/// A name for the article's page that no other has: of its title, with `seq` behind it where that is taken.
async fn free_slug(connection: &mut SqliteConnection, title: &str, seq: i64) -> Result<String, sqlx::Error> {
    let mut slug = slug::slugify(title.chars().take(80).collect::<String>());
    slug.truncate(80);
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        return Ok(format!("article-{seq}"));
    }
    let taken: i64 = sqlx::query_scalar(IS_SLUG_TAKEN).bind(slug).fetch_one(connection).await?;
    Ok(if taken == 0 { slug.to_owned() } else { format!("{slug}-{seq}") })
}

fn json<T: Serialize>(value: Option<&T>) -> Option<String> {
    value.map(|value| serde_json::to_string(value).expect("these types have only text keys"))
}
