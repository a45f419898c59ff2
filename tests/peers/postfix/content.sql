-- Articles whose text is hard on a mail's way: leading dots, lines without end, every kind of letter.
CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, summary TEXT, html TEXT, author TEXT, tags TEXT, published_at);
INSERT INTO posts (title, summary, html, author, tags, published_at) VALUES
  ('. a headline that begins with a dot', '.' || char(10) || '..' || char(10) || '. dots at the beginning of lines',
   '<p>.</p><p>..</p><p>.' || char(13, 10) || '.</p>', 'Dot', 'news', unixepoch() - 3600),
  ('A line without end', replace(hex(zeroblob(2000)), '0', 'word'),
   '<p>' || replace(hex(zeroblob(2000)), '0', 'word') || '</p>', 'Long', 'news', unixepoch() - 7200),
  ('مقال بالعربية', 'نصّ من اليمين إلى اليسار، وفيه رقم 42.', '<p>نصّ من اليمين إلى اليسار.</p>', 'كاتب', 'news', unixepoch() - 10800),
  ('From the harbour: 🛥️ Überfahrt = 3 € — “quoted” &amp; café', 'From here on trailing spaces   ' || char(10) || 'From there',
   '<p>From here   </p><pre>  two  spaces  </pre>', 'Zoë', 'news', unixepoch() - 14400);
