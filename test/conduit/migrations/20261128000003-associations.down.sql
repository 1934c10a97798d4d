DELETE FROM studentdir.association WHERE model IN ('User', 'Article', 'Comment', 'Tag');
