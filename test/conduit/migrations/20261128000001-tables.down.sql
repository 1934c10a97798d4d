DROP TABLE follows, favorites, article_tags, tags, comments, articles, users;
