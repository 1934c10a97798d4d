-- A town of readers: 500 users, 5,000 articles, 50,000 favorites, 400 comments; the same in each run.
INSERT INTO users (username, email, password_hash, bio, image)
SELECT 'user' || i, 'user' || i || '@example.org', 'none', CASE WHEN i % 3 > 0 THEN 'I write about number ' || i END,
       CASE WHEN i % 4 > 0 THEN 'https://example.org/' || i || '.png' END
  FROM generate_series(1, 500) i;
INSERT INTO tags (name) SELECT 'tag' || i FROM generate_series(1, 100) i;
INSERT INTO articles (title, description, body, author_id, created_at, updated_at)
SELECT 'Article number ' || i, 'What there is to say of ' || i, repeat('Lorem ipsum dolor sit amet. ', 40), 1 + i * 7 % 500,
       timestamptz '2026-01-01 00:00:00+00' + i / 2 * interval '61.5 seconds', timestamptz '2026-06-01 12:00:00.5+00'
  FROM generate_series(1, 5000) i;
INSERT INTO article_tags (article_id, tag_id)
SELECT DISTINCT i, 1 + (i * j * 13 + j) % 100 FROM generate_series(1, 5000) i, generate_series(0, 3) j WHERE (i + j) % 4 > 0;
INSERT INTO favorites (article_id, user_id)
SELECT 1 + (n * 31 + n / 5000) % 5000, 1 + n / 100 FROM generate_series(0, 49999) n;
INSERT INTO follows (followed_id, follower_id)
SELECT 1 + (i * 3 + j * 17) % 500, i FROM generate_series(1, 500) i, generate_series(1, 20) j WHERE (i * 3 + j * 17) % 500 <> i - 1;
INSERT INTO comments (body, article_id, author_id)
SELECT 'Comment ' || i, 1 + i % 40, 1 + i * 11 % 500 FROM generate_series(1, 400) i;
