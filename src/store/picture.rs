//! Pictures of articles: which are to be fetched, which are kept and in which files, and which had to make room. `docs/pictures.md`
//! has the rules.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};

use super::article::push_list;
use super::{Error, Sight, Store, setting};
use crate::model::article::ArticleId;
use crate::model::picture::{Picture, PictureKind, Pictures, Rendition, file_name};
use crate::model::time::Timestamp;

const NOTED: &str = "UPDATE article SET has_pictures_noted = 1
    WHERE id = $1 AND html = $2 AND coalesce(image, '') = coalesce($3, '')";
const ADD: &str = "INSERT INTO picture (url, host, state, next_at, needed_at) VALUES ($1, $2, 'due', $3, $3)
    ON CONFLICT (url) DO UPDATE SET needed_at = max(picture.needed_at, excluded.needed_at),
        next_at = CASE WHEN picture.state = 'dropped' THEN excluded.next_at ELSE picture.next_at END,
        state = CASE WHEN picture.state = 'dropped' THEN 'due' ELSE picture.state END
    RETURNING id";
const ADD_TO_ARTICLE: &str = "INSERT INTO article_picture (article_id, picture_id) VALUES ($1, $2)
    ON CONFLICT (article_id, picture_id) DO NOTHING";
const KEEP: &str =
    "UPDATE picture SET state = 'kept', failures = 0, error = NULL, needed_at = $2 WHERE id = $1";
const LEAVE_FILES: &str = "UPDATE picture_file SET is_there = 0 WHERE picture_id = $1 AND is_there = 1";
const KEEP_FILE: &str = "INSERT INTO picture_file (hash, picture_id, kind, width, height, bytes, is_there)
    VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (hash, picture_id) DO UPDATE SET is_there = 1";
const FAIL: &str = "UPDATE picture SET state = CASE WHEN $2 IS NULL THEN 'failed' ELSE 'due' END,
    next_at = coalesce($2, next_at), failures = failures + 1, error = $3 WHERE id = $1";
/// A file that is kept for several addresses is there once.
const BYTES: &str = "SELECT coalesce(sum(bytes), 0)
    FROM (SELECT DISTINCT hash, bytes FROM picture_file WHERE is_there = 1)";
const LEAST_NEEDED: &str = "SELECT id FROM picture WHERE state = 'kept' ORDER BY needed_at, id LIMIT 1";
const DROP: &str = "UPDATE picture SET state = 'dropped' WHERE id = $1";
const DROP_ALL: &str = "UPDATE picture SET state = 'dropped' WHERE state = 'kept'";
const LEAVE_ALL_FILES: &str = "UPDATE picture_file SET is_there = 0 WHERE is_there = 1";
const UNUSED_FILES: &str = "SELECT f.hash, f.kind FROM picture_file f WHERE f.picture_id = $1
    AND NOT EXISTS (SELECT 1 FROM picture_file o WHERE o.hash = f.hash AND o.is_there = 1)";
const FILES: &str = "SELECT hash, kind, bytes, picture_id FROM picture_file WHERE is_there = 1";
const FORGET_ORPHANS: &str = "DELETE FROM picture
    WHERE NOT EXISTS (SELECT 1 FROM article_picture o WHERE o.picture_id = picture.id)";
const FETCH_AGAIN: &str =
    "UPDATE picture SET state = 'due', next_at = $2, failures = 0 WHERE id = $1 AND state = 'kept'";
const FIND_FILE: &str = "SELECT f.picture_id, f.kind, f.bytes, f.is_there, p.url, p.needed_at,
        EXISTS (SELECT 1 FROM article_picture o JOIN article a ON a.id = o.article_id
            WHERE o.picture_id = p.id AND a.retracted_at IS NULL) AS is_shown
    FROM picture_file f JOIN picture p ON p.id = f.picture_id WHERE f.hash = $1
    ORDER BY is_shown DESC, f.is_there DESC LIMIT 1";
const NEED: &str = "UPDATE picture SET needed_at = $2 WHERE id = $1 AND needed_at < $2";
const STANDINGS: &str = "SELECT p.url, p.state, p.next_at, p.error,
        (SELECT count(*) FROM picture_file f WHERE f.picture_id = p.id AND f.is_there = 1) AS files,
        (SELECT coalesce(sum(f.bytes), 0) FROM picture_file f WHERE f.picture_id = p.id AND f.is_there = 1) AS bytes
    FROM article_picture o JOIN picture p ON p.id = o.picture_id WHERE o.article_id = $1 ORDER BY p.id";
const COUNTS: &str = "SELECT state, count(*) FROM picture GROUP BY state";

/// The row of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct PictureId(i64);

/// An article of which it is not known yet which pictures it shows.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Unpictured {
    id: ArticleId,
    /// Its body.
    pub html: String,
    /// Its own picture, as the row has it.
    image: Option<String>,
}

/// A picture that an article shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPicture {
    /// Its address.
    pub url: String,
    /// The server that it is asked of.
    pub host: String,
}

/// A picture that is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DuePicture {
    /// Its row.
    pub id: PictureId,
    /// Its address.
    pub url: String,
    /// The source of the newest article that shows it.
    pub source: String,
    /// How many times in a row it could not be had.
    pub failures: i64,
}

/// A picture's file that has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPictureFile {
    /// The picture in this width.
    pub rendition: Rendition,
    /// How large the file is.
    pub bytes: u64,
}

/// A file that should be in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileThere {
    /// Its name.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
    /// Of which picture.
    pub picture: PictureId,
}

/// A file that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AskedFile {
    /// Of which picture.
    pub picture_id: PictureId,
    /// What it is written in.
    pub kind: PictureKind,
    /// How large it is.
    #[sqlx(try_from = "i64")]
    pub bytes: u64,
    /// Whether it is in the folder.
    pub is_there: bool,
    /// Where the picture was found.
    pub url: String,
    /// When the picture was last asked for, to the day.
    pub needed_at: Timestamp,
    /// Whether an article shows it that is not retracted.
    pub is_shown: bool,
}

/// How it went with a picture of an article.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct PictureStanding {
    /// Where it is found.
    pub url: String,
    /// `due`, `kept`, `failed` or `dropped`.
    pub state: String,
    /// When it is to be fetched, if it is due.
    pub next_at: Timestamp,
    /// Why it could not be had.
    pub error: Option<String>,
    /// How many files of it there are.
    pub files: i64,
    /// How large they are together.
    pub bytes: i64,
}

impl Unpictured {
    /// The address of its own picture.
    pub fn own_picture(&self) -> Option<String> {
        let image: crate::model::article::Image = serde_json::from_str(self.image.as_deref()?).ok()?;
        Some(image.url)
    }
}

impl Store {
    /// Articles since a moment that somebody is shown and of which it is not known which pictures they show, the newest first.
    pub async fn unpictured(
        &self,
        since: Timestamp,
        sight: &Sight,
        limit: i64,
    ) -> Result<Vec<Unpictured>, Error> {
        let mut query = QueryBuilder::new(
            "SELECT a.id, a.html, a.image FROM article a WHERE a.has_pictures_noted = 0 AND a.retracted_at IS NULL",
        );
        query.push(" AND a.dated_at >= ").push_bind(since);
        sight.push(&mut query, "a");
        query.push(" ORDER BY a.dated_at DESC, a.id DESC LIMIT ").push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// Notes which pictures an article shows. If it has changed since it was looked at, it is looked at again.
    pub async fn note_pictures(
        &self,
        article: &Unpictured,
        pictures: &[NewPicture],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for NewPicture { url, host } in pictures {
            let add = sqlx::query_scalar(ADD).bind(url).bind(host).bind(now);
            let id: PictureId = add.fetch_one(&mut *transaction).await?;
            sqlx::query(ADD_TO_ARTICLE).bind(article.id).bind(id).execute(&mut *transaction).await?;
        }
        let noted = sqlx::query(NOTED).bind(article.id).bind(&article.html).bind(&article.image);
        noted.execute(&mut *transaction).await?;
        if !pictures.is_empty() {
            setting::raise(&mut transaction, setting::REVISION).await?; // some may have been kept already
        }
        Ok(transaction.commit().await?)
    }

    /// Pictures that are to be fetched now and that somebody is shown: of each server that of the newest article.
    pub async fn due_pictures(
        &self,
        now: Timestamp,
        sight: &Sight,
        limit: i64,
    ) -> Result<Vec<DuePicture>, Error> {
        let mut query = QueryBuilder::new(
            "WITH due AS (SELECT p.id, p.url, p.host, p.failures, max(a.id) AS article_id FROM picture p
                JOIN article_picture o ON o.picture_id = p.id JOIN article a ON a.id = o.article_id
                WHERE p.state = 'due' AND a.retracted_at IS NULL AND p.next_at <= ",
        );
        query.push_bind(now);
        sight.push(&mut query, "a");
        query.push(
            " GROUP BY p.id) SELECT d.id, d.url, a.source, d.failures FROM (SELECT due.*, row_number()
                OVER (PARTITION BY host ORDER BY article_id DESC, id) AS place FROM due) d
            JOIN article a ON a.id = d.article_id WHERE d.place = 1 ORDER BY d.article_id DESC LIMIT ",
        );
        query.push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// Keeps a picture whose files have been written.
    pub async fn keep_picture(
        &self,
        id: PictureId,
        files: &[NewPictureFile],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        sqlx::query(LEAVE_FILES).bind(id).execute(&mut *transaction).await?;
        for NewPictureFile { rendition, bytes } in files {
            let keep = sqlx::query(KEEP_FILE).bind(&rendition.hash).bind(id).bind(rendition.kind);
            let keep = keep.bind(rendition.width).bind(rendition.height).bind(signed(*bytes));
            keep.execute(&mut *transaction).await?;
        }
        sqlx::query(KEEP).bind(id).bind(now).execute(&mut *transaction).await?;
        setting::raise(&mut transaction, setting::REVISION).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that a picture could not be had; without a moment to try again it is given up.
    pub async fn fail_picture(
        &self,
        id: PictureId,
        why: &str,
        next_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.write.execute(sqlx::query(FAIL).bind(id).bind(next_at).bind(why)).await?;
        Ok(())
    }

    /// Drops those pictures that nobody has needed for longest, until files of so many bytes together have room within the limit.
    /// Returns the names of the files that are not needed any more.
    pub async fn make_room(&self, bytes: u64, limit: u64) -> Result<Vec<String>, Error> {
        let mut transaction = self.write.begin().await?;
        let mut unused = Vec::new();
        loop {
            let kept: i64 = sqlx::query_scalar(BYTES).fetch_one(&mut *transaction).await?;
            if kept.saturating_add(signed(bytes)) <= signed(limit) {
                break;
            }
            let least: Option<PictureId> =
                sqlx::query_scalar(LEAST_NEEDED).fetch_optional(&mut *transaction).await?;
            let Some(least) = least else { break };
            sqlx::query(DROP).bind(least).execute(&mut *transaction).await?;
            unused.extend(leave_files(&mut transaction, least).await?);
        }
        if !unused.is_empty() {
            setting::raise(&mut transaction, setting::REVISION).await?;
        }
        transaction.commit().await?;
        Ok(unused)
    }

    /// Drops all pictures. Returns whether there were any.
    pub async fn drop_pictures(&self) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let dropped = sqlx::query(DROP_ALL).execute(&mut *transaction).await?.rows_affected();
        if dropped == 0 {
            return Ok(false);
        }
        sqlx::query(LEAVE_ALL_FILES).execute(&mut *transaction).await?;
        setting::raise(&mut transaction, setting::REVISION).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets pictures of articles that are no more, and leaves the files of those that nobody is shown any more: should they be
    /// shown again, they are fetched again.
    pub async fn leave_unseen_pictures(&self, sight: &Sight, now: Timestamp) -> Result<(), Error> {
        let mut query = QueryBuilder::new(
            "SELECT p.id FROM picture p WHERE p.state = 'kept' AND NOT EXISTS (
                SELECT 1 FROM article_picture o JOIN article a ON a.id = o.article_id
                WHERE o.picture_id = p.id AND a.retracted_at IS NULL",
        );
        sight.push(&mut query, "a");
        query.push(")");
        let unseen: Vec<PictureId> = query.build_query_scalar().fetch_all(&self.read).await?;
        self.write.execute(sqlx::query(FORGET_ORPHANS)).await?;
        self.fetch_pictures_again(&unseen, now).await
    }

    /// Makes pictures due again whose files are not there, or not meant to be.
    pub async fn fetch_pictures_again(&self, pictures: &[PictureId], now: Timestamp) -> Result<(), Error> {
        if pictures.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write.begin().await?;
        for id in pictures {
            sqlx::query(FETCH_AGAIN).bind(id).bind(now).execute(&mut *transaction).await?;
            leave_files(&mut transaction, *id).await?;
        }
        setting::raise(&mut transaction, setting::REVISION).await?;
        Ok(transaction.commit().await?)
    }

    /// The files that should be there.
    pub async fn picture_files(&self) -> Result<Vec<FileThere>, Error> {
        let rows: Vec<(String, PictureKind, i64, PictureId)> =
            sqlx::query_as(FILES).fetch_all(&self.read).await?;
        let file = |(hash, kind, bytes, picture): (String, PictureKind, i64, PictureId)| FileThere {
            name: file_name(&hash, kind),
            bytes: bytes.unsigned_abs(),
            picture,
        };
        Ok(rows.into_iter().map(file).collect())
    }

    /// The file of this hash, if there is or was one.
    pub async fn find_picture_file(&self, hash: &str) -> Result<Option<AskedFile>, Error> {
        Ok(sqlx::query_as(FIND_FILE).bind(hash).fetch_optional(&self.read).await?)
    }

    /// Notes that a picture is needed.
    pub async fn need_picture(&self, id: PictureId, now: Timestamp) -> Result<(), Error> {
        self.write.execute(sqlx::query(NEED).bind(id).bind(now)).await?;
        Ok(())
    }

    /// How it went with the pictures of an article.
    pub async fn picture_standings(&self, of: ArticleId) -> Result<Vec<PictureStanding>, Error> {
        Ok(sqlx::query_as(STANDINGS).bind(of).fetch_all(&self.read).await?)
    }

    /// How many pictures there are in each state, and how many bytes of them.
    pub async fn picture_counts(&self) -> Result<(Vec<(String, i64)>, i64), Error> {
        let counts = sqlx::query_as(COUNTS).fetch_all(&self.read).await?;
        Ok((counts, sqlx::query_scalar(BYTES).fetch_one(&self.read).await?))
    }

    /// The pictures of articles that are kept.
    pub(super) async fn pictures_of(
        &self,
        ids: impl Iterator<Item = ArticleId>,
    ) -> Result<HashMap<ArticleId, Pictures>, Error> {
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(
            "SELECT o.article_id, p.url, f.hash, f.kind, f.width, f.height FROM article_picture o
            JOIN picture p ON p.id = o.picture_id AND p.state = 'kept'
            JOIN picture_file f ON f.picture_id = p.id AND f.is_there = 1 WHERE o.article_id IN (",
        );
        push_list(&mut query, ids.map(|id| id.0));
        query.push(") ORDER BY o.article_id, p.id, f.width");
        let rows: Vec<(ArticleId, String, String, PictureKind, u32, u32)> =
            query.build_query_as().fetch_all(&self.read).await?;
        let mut pictures: HashMap<ArticleId, Pictures> = HashMap::new();
        for (article, url, hash, kind, width, height) in rows {
            let Pictures(own) = pictures.entry(article).or_default();
            let rendition = Rendition { hash, kind, width, height };
            match own.last_mut().filter(|last| last.url == url) {
                Some(last) => last.renditions.push(rendition),
                None => own.push(Picture { url, renditions: vec![rendition] }),
            }
        }
        Ok(pictures)
    }
}

/// Leaves the files of a picture. Returns the names of those that no other has.
async fn leave_files(connection: &mut SqliteConnection, id: PictureId) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query(LEAVE_FILES).bind(id).execute(&mut *connection).await?;
    let files: Vec<(String, PictureKind)> =
        sqlx::query_as(UNUSED_FILES).bind(id).fetch_all(connection).await?;
    Ok(files.into_iter().map(|(hash, kind)| file_name(&hash, kind)).collect())
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
