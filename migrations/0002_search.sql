-- Full-text search, which every database has its own of: this is SQLite's, and this file and src/store/search.rs are all
-- that knows it. The index holds no text of its own but points at the articles', and triggers keep it in step with them,
-- so that whatever writes articles, a restore from a backup too, cannot forget it.
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, authors, summary, text,
    content = 'article', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER article_search_insert AFTER INSERT ON article BEGIN
    INSERT INTO article_search (rowid, title, authors, summary, text)
    VALUES (new.id, new.title, new.authors, new.summary, new.text);
END;

CREATE TRIGGER article_search_delete AFTER DELETE ON article BEGIN
    INSERT INTO article_search (article_search, rowid, title, authors, summary, text)
    VALUES ('delete', old.id, old.title, old.authors, old.summary, old.text);
END;

CREATE TRIGGER article_search_update AFTER UPDATE OF title, authors, summary, text ON article BEGIN
    INSERT INTO article_search (article_search, rowid, title, authors, summary, text)
    VALUES ('delete', old.id, old.title, old.authors, old.summary, old.text);
    INSERT INTO article_search (rowid, title, authors, summary, text)
    VALUES (new.id, new.title, new.authors, new.summary, new.text);
END;
