-- Portable on purpose: INTEGER, TEXT and BLOB columns; moments are seconds since 1970 in UTC; a state is a word.
-- What must happen once is a unique row: article (source, external_id), edition (newsletter_id, tick),
-- ledger (newsletter_id, article_id), intake (newsletter_id, article_id), delivery (edition_id, subscriber_id).

-- Facts about this database: the key that signs links, the epoch of the running daemon.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

-- How each configured source is doing. `cursor` is the source's own: validators, a position. `pause` is how long it was left
-- alone after its last success, in seconds; `host` the server that it was asked at; `ended` a hash of the place where its
-- publisher has ended it (410): there it is not asked again. `caught_up_at` is when it had been read to its end for the first time:
-- what comes after that is news.
CREATE TABLE source (
    name         TEXT PRIMARY KEY NOT NULL,
    cursor       TEXT NOT NULL DEFAULT '',
    pulled_at    INTEGER,
    succeeded_at INTEGER,
    changed_at   INTEGER,
    caught_up_at INTEGER,
    next_at      INTEGER NOT NULL DEFAULT 0,
    pause        INTEGER NOT NULL DEFAULT 0,
    host         TEXT,
    failures     INTEGER NOT NULL DEFAULT 0,
    error        TEXT,
    ended        TEXT,
    notes        TEXT NOT NULL DEFAULT ''
) STRICT;

-- Hubs that are to tell of changes of a source (WebSub). `token` names our end of it; `lease_until` is set once the hub has asked
-- back, `next_at` is when it is asked again.
CREATE TABLE source_hub (
    source      TEXT PRIMARY KEY NOT NULL,
    token       TEXT NOT NULL UNIQUE,
    hub         TEXT NOT NULL,
    topic       TEXT NOT NULL,
    next_at     INTEGER NOT NULL,
    failures    INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    lease_until INTEGER,
    notified_at INTEGER
) STRICT;

-- Where the walk through a feed's older pages stands: `position` is the source's own; NULL once there is nothing older.
CREATE TABLE backfill (
    source     TEXT PRIMARY KEY NOT NULL,
    position   TEXT,
    pages      INTEGER NOT NULL,
    articles   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- `seq` grows with every new article and whenever the tags of one change: a newsletter considers what lies
-- between the last seq it considered and the newest. `dated_at` is the published date, never after the first sight.
-- `source_key` is the source's name in small letters, in any alphabet, by which articles are found.
-- `fingerprint` is a hash of all that a source can change: a pull that brings nothing new writes nothing.
-- `version` grows with every change that readers can see: as long as it is the same, so is what they are shown of the article,
-- but for the hosts that its pictures come from (`article_picture`).
-- `retracted_at` is set while the publication has taken the article back: readers are shown nothing of it.
-- `has_pictures_noted` is 0 until it has been looked up which pictures the article shows, and again when it changes.
-- Articles with the same `story_id`, one of each source at most, tell the same story; it is the row of the first that was
-- found to have a twin, and NULL while there is none. `likeness` says how the article was found to be one.
CREATE TABLE article (
    id                INTEGER PRIMARY KEY,
    source            TEXT NOT NULL,
    source_key        TEXT NOT NULL,
    external_id       TEXT NOT NULL,
    public_id         TEXT NOT NULL UNIQUE,
    slug              TEXT NOT NULL UNIQUE,
    seq               INTEGER NOT NULL,
    url               TEXT,
    title             TEXT NOT NULL,
    authors           TEXT NOT NULL,
    biography         TEXT,
    summary           TEXT NOT NULL,
    html              TEXT NOT NULL,
    text              TEXT NOT NULL,
    image             TEXT,
    enclosures        TEXT NOT NULL DEFAULT '[]',
    language          TEXT,
    direction         TEXT NOT NULL CHECK (direction IN ('ltr', 'rtl')),
    published_at      INTEGER,
    published_at_from TEXT NOT NULL
        CHECK (published_at_from IN ('source', 'json_ld', 'meta', 'line', 'url', 'first_sight')),
    updated_at        INTEGER,
    dated_at          INTEGER NOT NULL,
    first_seen_at     INTEGER NOT NULL,
    changed_at        INTEGER NOT NULL,
    cuts              TEXT NOT NULL,
    fingerprint       BLOB NOT NULL,
    version           INTEGER NOT NULL DEFAULT 1,
    retracted_at      INTEGER,
    has_pictures_noted INTEGER NOT NULL DEFAULT 0,
    story_id          INTEGER REFERENCES article (id),
    likeness          TEXT,
    UNIQUE (source, external_id)
) STRICT;
CREATE UNIQUE INDEX article_seq ON article (seq);
CREATE INDEX article_story ON article (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX article_dated ON article (dated_at, id);
CREATE INDEX article_source ON article (source_key, id);
CREATE INDEX article_source_dated ON article (source_key, dated_at, id);
CREATE INDEX article_pictures ON article (dated_at, id) WHERE has_pictures_noted = 0;
CREATE INDEX article_retracted ON article (retracted_at, id) WHERE retracted_at IS NOT NULL;

-- Pictures that articles show (docs/pictures.md), by the addresses that they name. `kept` says that its files are there, `dropped`
-- that they were once and had to make room; what is `due` is fetched from `next_at` on. `needed_at` is when it was last asked for, or
-- came. `host` is the server that it is asked of.
CREATE TABLE picture (
    id        INTEGER PRIMARY KEY,
    url       TEXT NOT NULL UNIQUE,
    host      TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('due', 'kept', 'failed', 'dropped')),
    next_at   INTEGER NOT NULL,
    failures  INTEGER NOT NULL DEFAULT 0,
    error     TEXT,
    needed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_due ON picture (next_at) WHERE state = 'due';
CREATE INDEX picture_kept ON picture (needed_at, id) WHERE state = 'kept';

-- Which article shows which pictures, or has shown them: a mail that was sent still does.
CREATE TABLE article_picture (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    picture_id INTEGER NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, picture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_picture_picture ON article_picture (picture_id, article_id);

-- The files of pictures, which lie in a folder beside the database, one for each width. `hash` is that of what it holds; a row stays
-- when its file goes, for who asks for it by a mail that was sent.
CREATE TABLE picture_file (
    hash       TEXT NOT NULL,
    picture_id INTEGER NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('gif', 'jpeg', 'png', 'webp')),
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    is_there   INTEGER NOT NULL,
    PRIMARY KEY (hash, picture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_file_picture ON picture_file (picture_id, width);
CREATE INDEX picture_file_there ON picture_file (hash, bytes) WHERE is_there = 1;

-- `dated_at` is the article's, so that the newest articles of a tag are found without looking at all of them.
CREATE TABLE article_tag (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    tag        TEXT NOT NULL,
    tag_key    TEXT NOT NULL,
    dated_at   INTEGER NOT NULL,
    PRIMARY KEY (article_id, tag_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tag_dated ON article_tag (tag_key, dated_at, article_id);
CREATE INDEX article_tag_first ON article_tag (tag_key, article_id);

-- The same for the names of authors.
CREATE TABLE article_author (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    author     TEXT NOT NULL,
    author_key TEXT NOT NULL,
    dated_at   INTEGER NOT NULL,
    PRIMARY KEY (article_id, author_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_author_dated ON article_author (author_key, dated_at, article_id);
CREATE INDEX article_author_first ON article_author (author_key, article_id);

-- By which articles are found that may tell the same story: hashes of their addresses, and of what is typical of their texts.
CREATE TABLE article_key (
    key        INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_key_article ON article_key (article_id);

-- What an article said before it was changed, as far back as the store keeps it.
CREATE TABLE article_revision (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    replaced_at INTEGER NOT NULL,
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    html        TEXT NOT NULL
) STRICT;
CREATE INDEX article_revision_article ON article_revision (article_id, id);

-- Pages of articles of whose feed only a teaser is read (`full_text`): 'due' at `next_at`, 'taken' where the article has the page's
-- text, 'less' where the page gave no more than the feed, 'failed' where it is not asked for again. `fingerprint` is that of the
-- article whose page it is: once the feed says something else, it is asked for again. `taken_at`: since when the article has the
-- text of a page.
CREATE TABLE article_page (
    article_id  INTEGER PRIMARY KEY NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    state       TEXT NOT NULL CHECK (state IN ('due', 'taken', 'less', 'failed')),
    next_at     INTEGER NOT NULL,
    failures    INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    fingerprint BLOB NOT NULL,
    taken_at    INTEGER
) STRICT;
CREATE INDEX article_page_due ON article_page (next_at, article_id) WHERE state = 'due';

-- `considered_seq`: every article up to it has been considered; NULL until the first edition.
-- `last_tick` only moves forward, and to the moment at which `schedule` is changed. `waiting_tick` is due, and waits until the edition before it has gone out.
-- `version` grows with each change: what was composed from an older one is not published. `entered_seq`: every article up to it
-- has been looked at for the intake; NULL while its readers have never been able to choose.
CREATE TABLE newsletter (
    id             INTEGER PRIMARY KEY,
    slug           TEXT NOT NULL UNIQUE,
    schedule       TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    paused_at      INTEGER,
    considered_seq INTEGER,
    entered_seq    INTEGER,
    last_tick      INTEGER NOT NULL,
    waiting_tick   INTEGER,
    last_number    INTEGER NOT NULL DEFAULT 0,
    version        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What happened at a newsletter's ticks: an edition, or why there was none.
CREATE TABLE newsletter_event (
    id            INTEGER PRIMARY KEY,
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    tick          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('published', 'nothing_new', 'too_few', 'missed', 'waiting', 'paused')),
    detail        TEXT NOT NULL,
    UNIQUE (newsletter_id, tick, kind)
) STRICT;

-- Readers of a newsletter who want the same at the same time: docs/choices.md. `hour` and `time_zone` are 0 and empty where the
-- rhythm has none; `topics` are keys of tags in their order, each on a line. `schedule` is what its ticks were last reckoned by;
-- up to `position` the intake was looked at by its last tick, and there new readers begin. `outcome` is of that tick. AUTOINCREMENT: addresses
-- of pages name it.
CREATE TABLE reader_group (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    rhythm        TEXT NOT NULL CHECK (rhythm IN ('newsletter', 'each_article', 'daily', 'weekly')),
    hour          INTEGER NOT NULL,
    time_zone     TEXT NOT NULL,
    topics        TEXT NOT NULL,
    schedule      TEXT NOT NULL DEFAULT '',
    last_tick     INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    last_number   INTEGER NOT NULL DEFAULT 0,
    outcome       TEXT CHECK (outcome IN ('published', 'nothing_new', 'too_few', 'missed', 'waiting', 'paused')),
    UNIQUE (newsletter_id, rhythm, hour, time_zone, topics)
) STRICT;

-- `html` and `text` are the digest as rendered when it was published, with the slots of model::slot: every
-- attempt, today's or tomorrow's after an upgrade, sends the same bytes. `head` is the mail's header, kept by the
-- first attempt for the same reason. `finished_at` is set when no delivery is left that could still go out.
-- Its deliveries are written down part by part in the order of the subscribers' rows: those up to `queued_up_to` have
-- theirs, those after `queue_end` came later than the edition. `queued_up_to` is NULL once all have been looked at;
-- `audience` counts the deliveries that are there, `spread` is over how many seconds they are due. `send_until` is set
-- where an operator has said until when it is sent, in place of its age limit. `group_id` is 0 for the newsletter's own editions; one
-- of a group is for its readers with this `mark` and `own_number`, who have `next_mark` after it.
CREATE TABLE edition (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    group_id      INTEGER NOT NULL DEFAULT 0,
    number        INTEGER NOT NULL,
    tick          INTEGER NOT NULL,
    mark          INTEGER NOT NULL DEFAULT 0,
    own_number    INTEGER NOT NULL DEFAULT 0,
    next_mark     INTEGER NOT NULL DEFAULT 0,
    published_at  INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('sending', 'paused', 'stale', 'done', 'cancelled')),
    reason        TEXT,
    subject       TEXT NOT NULL,
    preheader     TEXT NOT NULL,
    html          TEXT NOT NULL,
    text          TEXT NOT NULL,
    head          TEXT,
    audience      INTEGER NOT NULL DEFAULT 0,
    spread        INTEGER NOT NULL DEFAULT 0,
    queued_up_to  INTEGER,
    queue_end     INTEGER NOT NULL,
    send_until    INTEGER,
    finished_at   INTEGER,
    UNIQUE (newsletter_id, group_id, tick, mark, own_number),
    UNIQUE (newsletter_id, group_id, number)
) STRICT;
CREATE INDEX edition_unfinished ON edition (state) WHERE finished_at IS NULL;
CREATE INDEX edition_queueing ON edition (id) WHERE queued_up_to IS NOT NULL;

-- While a sender is warmed up: who had not confirmed by then gets the edition earlier, who had gets it at `due_at`.
CREATE TABLE edition_wave (
    edition_id       INTEGER NOT NULL REFERENCES edition (id),
    confirmed_before INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    PRIMARY KEY (edition_id, confirmed_before)
) STRICT, WITHOUT ROWID;

-- The articles of a group's edition. Those of the newsletter's own ones are in the ledger.
CREATE TABLE edition_article (
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    position   INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (edition_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX edition_article_article ON edition_article (article_id);

-- The articles of a newsletter whose readers may choose, in the order in which they came to it: `position` is the article's seq
-- of that moment, and another one only where nobody had the article before its tags changed, or it was reinstated.
CREATE TABLE intake (
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    article_id    INTEGER NOT NULL REFERENCES article (id),
    position      INTEGER NOT NULL,
    PRIMARY KEY (newsletter_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX intake_position ON intake (newsletter_id, position);

-- The editor's ledger: what became of each article that a newsletter considered and chose. `edition_id` is the edition that held
-- it, or had no room for it; `twin_id` the article that
-- went out in the place of one that was passed over because it tells the same story.
CREATE TABLE ledger (
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    article_id    INTEGER NOT NULL REFERENCES article (id),
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'passed_over')),
    edition_id    INTEGER REFERENCES edition (id),
    position      INTEGER,
    reason        TEXT,
    twin_id       INTEGER REFERENCES article (id),
    at            INTEGER NOT NULL,
    PRIMARY KEY (newsletter_id, article_id),
    CHECK (state <> 'published' OR edition_id IS NOT NULL),
    CHECK (state <> 'waiting' OR edition_id IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_waiting ON ledger (newsletter_id, article_id) WHERE state = 'waiting';
CREATE INDEX ledger_edition ON ledger (edition_id, position) WHERE state = 'published';
CREATE INDEX ledger_article ON ledger (article_id);

-- Mailbox providers that are known by name, and the domains of subscribers: 0 is no known provider. A claim does not look at
-- addresses, and which provider a domain has can change without a look at all subscribers.
CREATE TABLE provider (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
-- `look_up_at`: when the domain's MX is asked for next, where the operator wants that; NULL: a provider names the domain.
-- `mx` is the server that it named last, NULL: none; `looked_up_at` is when it did, `failures` how often in a row since then
-- nobody answered.
CREATE TABLE domain (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    provider_id  INTEGER NOT NULL DEFAULT 0,
    look_up_at   INTEGER DEFAULT 0,
    looked_up_at INTEGER,
    failures     INTEGER NOT NULL DEFAULT 0,
    mx           TEXT
) STRICT;
CREATE INDEX domain_look_up ON domain (look_up_at);

-- Servers that take the mail of a provider, by their names or those above; empty where domains are not looked up.
CREATE TABLE provider_server (
    name        TEXT PRIMARY KEY NOT NULL,
    provider_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Providers that are left alone until some moment, because of what they said. `provider` is a name, or `@` and a domain.
CREATE TABLE provider_hold (
    provider TEXT PRIMARY KEY NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    reply    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- `language` is the one in which they want to be written to, where they said so. `address_at` is when the address was last changed or a change was stopped:
-- personal links from before no longer hold. `address_key` is the address in lower case; `address_hash` its keyed hash, which outlives it. AUTOINCREMENT: the
-- row of who was forgotten is never given to another, so that an old link cannot name a stranger.
CREATE TABLE subscriber (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    address         TEXT NOT NULL,
    address_key     TEXT NOT NULL UNIQUE,
    address_hash    BLOB NOT NULL UNIQUE,
    name            TEXT,
    created_at      INTEGER NOT NULL,
    address_at      INTEGER,
    language        TEXT,
    domain_id       INTEGER REFERENCES domain (id)
) STRICT;
CREATE INDEX subscriber_domain ON subscriber (domain_id);

-- `consent` says where the reader's consent comes from: the form, an import and what the operator wrote about it.
-- No edition whose tick lies before `paused_until` is sent to it; what it missed is sent later if `catches_up` is 1. `ended_why` is what the
-- reader said about leaving, in their own words. `group_id` is 0 for who wants the newsletter as it is; else every article of the intake up to
-- `mark` is dealt with, and behind it what own editions up to `own_number` held is left out. `wanted_at` is when they last showed that
-- they want it, after they confirmed it; `questions` how often they were asked since whether they do, and `asked_at` when last.
CREATE TABLE subscription (
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    state         TEXT NOT NULL CHECK (state IN ('pending', 'active', 'ended')),
    consent       TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    confirmed_at  INTEGER,
    ended_at      INTEGER,
    ended_by      TEXT,
    ended_why     TEXT,
    paused_until  INTEGER,
    catches_up    INTEGER NOT NULL DEFAULT 0,
    wanted_at     INTEGER,
    asked_at      INTEGER,
    questions     INTEGER NOT NULL DEFAULT 0,
    group_id      INTEGER NOT NULL DEFAULT 0,
    mark          INTEGER NOT NULL DEFAULT 0,
    own_number    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (newsletter_id, subscriber_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_subscriber ON subscription (subscriber_id);
CREATE INDEX subscription_state ON subscription (newsletter_id, state, subscriber_id);
CREATE INDEX subscription_group ON subscription (group_id, mark, own_number, subscriber_id) WHERE group_id > 0;

-- The feeds that readers of private newsletters have, each their own. An address names the row, and ends with it; AUTOINCREMENT: no
-- address ever names another's. One that was made before the subscription was confirmed last is over (src/store/private_feed.rs).
CREATE TABLE private_feed (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    made_at       INTEGER NOT NULL,
    UNIQUE (subscriber_id, newsletter_id)
) STRICT;

-- The record of consent: what was agreed to and taken back. Rows are added and never changed, but that `network` is set to
-- NULL after a month, and go with the subscriber. `form` is a page, the mail program or the operator; the words that stood there, or
-- the operator's, are kept once.
CREATE TABLE wording (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE consent (
    id            INTEGER PRIMARY KEY,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    newsletter_id INTEGER NOT NULL REFERENCES newsletter (id),
    at            INTEGER NOT NULL,
    act           TEXT NOT NULL CHECK (act IN
        ('requested', 'confirmed', 'added', 'imported', 'shaped', 'paused', 'resumed', 'ended', 'taken_back', 'kept')),
    form          TEXT NOT NULL,
    wording_id    INTEGER REFERENCES wording (id),
    network       TEXT
) STRICT;
CREATE INDEX consent_subscriber ON consent (subscriber_id, id);
CREATE INDEX consent_network ON consent (at) WHERE network IS NOT NULL;

-- Confirmation mails to be sent: the request answers at once, the sender takes them from here.
CREATE TABLE confirmation (
    subscriber_id INTEGER PRIMARY KEY NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    due_at        INTEGER NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX confirmation_due ON confirmation (due_at);

-- Other mails with one link each: the personal link, the question whether a new address is theirs, the word to the old one; the question
-- whether a newsletter is still wanted, which it names.
CREATE TABLE notice (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL CHECK (kind IN ('link', 'new_address', 'old_address', 'still_wanted')),
    newsletter_id INTEGER REFERENCES newsletter (id),
    due_at        INTEGER NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (subscriber_id, kind)
) STRICT;
CREATE INDEX notice_due ON notice (due_at);

-- An address that a reader wants to have in place of theirs. `changed_at` is NULL until it is confirmed; after it, the old
-- address can be had back for some days. Gone when neither can happen any more. AUTOINCREMENT: no link names another's change.
CREATE TABLE address_change (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL UNIQUE REFERENCES subscriber (id) ON DELETE CASCADE,
    old_address   TEXT NOT NULL,
    new_address   TEXT NOT NULL,
    asked_at      INTEGER NOT NULL,
    changed_at    INTEGER
) STRICT;

-- How much is left of the allowances of clients and mailboxes: docs/abuse.md. Keyed hashes, and when all of it is there again, in
-- milliseconds since 1970: what has passed says nothing any more.
CREATE TABLE allowance (
    key_hash BLOB PRIMARY KEY NOT NULL,
    full_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX allowance_full ON allowance (full_at);

-- Names by which programs send a request again (Idempotency-Key), hashed, for a day.
CREATE TABLE request (
    name_hash BLOB PRIMARY KEY NOT NULL,
    body_hash BLOB NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX request_at ON request (at);

CREATE TABLE suppression (
    address_hash BLOB PRIMARY KEY NOT NULL,
    address      TEXT,
    reason       TEXT NOT NULL CHECK (reason IN ('hard_bounce', 'soft_bounces', 'complaint', 'operator', 'forgotten')),
    detail       TEXT,
    at           INTEGER NOT NULL
) STRICT;

CREATE INDEX suppression_address ON suppression (address);

-- What operators did to suppressions: added, removed, imported. `address` is NULL once it asked to be forgotten.
CREATE TABLE suppression_event (
    id           INTEGER PRIMARY KEY,
    address_hash BLOB NOT NULL,
    address      TEXT,
    at           INTEGER NOT NULL,
    act          TEXT NOT NULL CHECK (act IN ('added', 'removed', 'imported')),
    detail       TEXT
) STRICT;
CREATE INDEX suppression_event_address ON suppression_event (address_hash, at);

-- What came back after a delivery, and what followed. `fingerprint` names the mail, so that it takes effect once however
-- often it is handed over. `edition_id` is NULL where a mail to unsubscribe names none; texts go when their reader asks to be forgotten.
CREATE TABLE report (
    id            INTEGER PRIMARY KEY,
    fingerprint   BLOB NOT NULL UNIQUE,
    at            INTEGER NOT NULL,
    edition_id    INTEGER,
    subscriber_id INTEGER NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('hard_bounce', 'soft_bounce', 'our_fault', 'delay', 'complaint', 'unsubscribe')),
    reason        TEXT NOT NULL,
    status        TEXT,
    diagnostic    TEXT,
    consequence   TEXT NOT NULL CHECK (consequence IN ('nothing', 'counted', 'suppressed', 'ended'))
) STRICT;
CREATE INDEX report_subscriber ON report (subscriber_id, edition_id);

-- One edition to one subscriber; states and who may change them: docs/delivery.md. `owner` is the epoch of the
-- daemon that claimed it; `attempt` is the fence: a late worker settles nothing. `uncertain` counts the attempts
-- whose final reply was not seen. `provider_id` is 0 for a provider that is not known by name. No list of more than two after
-- an IN stands here: SQLite makes a table in memory of it for each row that is written, and that costs more than the row.
CREATE TABLE delivery (
    edition_id    INTEGER NOT NULL REFERENCES edition (id),
    subscriber_id INTEGER NOT NULL,
    provider_id   INTEGER NOT NULL DEFAULT 0,
    state         TEXT NOT NULL CHECK (state = 'queued' OR state = 'leased' OR state = 'sending' OR state = 'sent' OR state = 'deferred'
        OR state = 'failed' OR state = 'uncertain' OR state = 'cancelled' OR state = 'expired'),
    attempt       INTEGER NOT NULL DEFAULT 0,
    uncertain     INTEGER NOT NULL DEFAULT 0,
    due_at        INTEGER NOT NULL,
    owner         INTEGER,
    lease_until   INTEGER,
    marked_at     INTEGER,
    settled_at    INTEGER,
    reply         TEXT,
    PRIMARY KEY (edition_id, subscriber_id)
) STRICT, WITHOUT ROWID;
-- By provider first: what waits for one that is held is not met while what others may have is looked for.
CREATE INDEX delivery_waiting ON delivery (edition_id, provider_id, due_at, subscriber_id) WHERE state IN ('queued', 'deferred');
CREATE INDEX delivery_open ON delivery (edition_id, subscriber_id) WHERE state = 'leased' OR state = 'sending' OR state = 'uncertain';
CREATE INDEX delivery_subscriber ON delivery (subscriber_id);

-- How many messages each relay that has a daily cap was handed on a day of the publication's zone. A row that is counted up:
-- no message costs a look at the deliveries of the day.
CREATE TABLE handed (
    relay    TEXT NOT NULL,
    day      TEXT NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (relay, day)
) STRICT, WITHOUT ROWID;

-- What feed readers were last told about a document: which bytes, and when they had last changed. A Last-Modified must
-- change with the bytes, also when no article did (another title in the configuration, an article that lost a tag).
CREATE TABLE document (
    path        TEXT PRIMARY KEY NOT NULL,
    hash        TEXT NOT NULL,
    modified_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last versions of a feed that readers were told of, so that who has one of them can be sent what came since (RFC 3229).
-- `entries` is a print of each entry, the newest first; as many versions of a path are kept as src/store/document.rs says.
CREATE TABLE document_version (
    path        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    entries     BLOB NOT NULL,
    PRIMARY KEY (path, hash)
) STRICT, WITHOUT ROWID;

-- What is asked of the hub (WebSub), until the callback has said that it means it.
CREATE TABLE hub_request (
    id            INTEGER PRIMARY KEY,
    topic         TEXT NOT NULL,
    callback      TEXT NOT NULL,
    host          TEXT NOT NULL,
    mode          TEXT NOT NULL CHECK (mode IN ('subscribe', 'unsubscribe')),
    secret        TEXT,
    lease_seconds INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    attempts      INTEGER NOT NULL
) STRICT;
CREATE INDEX hub_request_host ON hub_request (host);
CREATE INDEX hub_request_due ON hub_request (due_at);
CREATE UNIQUE INDEX hub_request_asked ON hub_request (topic, callback);

-- Who is told of changes of a feed, until when, and which version (`sent`, a hash) each was sent last. `due_at` and `attempts` are
-- of deliveries that did not go well.
CREATE TABLE hub_subscription (
    topic      TEXT NOT NULL,
    callback   TEXT NOT NULL,
    host       TEXT NOT NULL,
    secret     TEXT,
    expires_at INTEGER NOT NULL,
    sent       TEXT NOT NULL,
    due_at     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    PRIMARY KEY (topic, callback)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_subscription_host ON hub_subscription (host);
CREATE INDEX hub_subscription_expires ON hub_subscription (expires_at);

-- The archives of feeds (RFC 5005). A page holds the articles of its feed whose rows come after those of the page before it, up
-- to `last_id`; once written it is not moved, whatever becomes of the articles. Page 1 holds the oldest.
CREATE TABLE archive_page (
    feed    TEXT NOT NULL,
    number  INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (feed, number)
) STRICT, WITHOUT ROWID;

-- How often links were followed (docs/counts.md): sums, and nothing of who followed them. `edition_id` is 0 for pages that are of
-- no edition; `day` counts from 1970 in UTC, and is 0 once nobody asks for the day any more.
CREATE TABLE visit (
    edition_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    day        INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('person', 'uncertain', 'machine')),
    visits     INTEGER NOT NULL,
    PRIMARY KEY (edition_id, article_id, day, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_day ON visit (day) WHERE day > 0;
