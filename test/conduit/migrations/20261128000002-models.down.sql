SELECT studentdir.undefine(name) FROM studentdir.model
 WHERE name IN ('User', 'Article', 'Comment', 'Tag', 'ArticleTag', 'Favorite', 'Follow');
