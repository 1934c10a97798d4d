SELECT studentdir.define('User', '{
  "username": {"type": "TEXT", "allowNull": false, "unique": {"msg": "has already been taken"},
    "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "email": {"type": "TEXT", "allowNull": false, "unique": {"msg": "has already been taken"},
    "validate": {"notNull": {"msg": "can''t be blank"}, "isEmail": {"msg": "is invalid"}}},
  "passwordHash": {"type": "TEXT", "allowNull": false, "hidden": true},
  "bio": "TEXT",
  "image": "TEXT",
  "following": {"type": "VIRTUAL", "params": ["me"],
    "as": {"$exists": {"association": "follows", "where": {"followerId": {"$param": "me"}}}}}
}', '{
  "scopes": {
    "account": {"attributes": ["id", "username", "email", "bio", "image"]},
    "profile": {"attributes": ["username", "bio", "image", "following"]}
  }
}');

SELECT studentdir.define('Article', '{
  "slug": {"type": "TEXT", "unique": true, "readOnly": true},
  "title": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "description": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "body": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "authorId": {"type": "INTEGER", "allowNull": false, "references": "User", "onDelete": "CASCADE"},
  "tagList": {"type": "VIRTUAL", "as": {"$list": {"association": "tags", "attribute": "name", "order": ["name"]}}},
  "favorited": {"type": "VIRTUAL", "params": ["me"],
    "as": {"$exists": {"association": "likes", "where": {"userId": {"$param": "me"}}}}},
  "favoritesCount": {"type": "VIRTUAL", "as": {"$count": "likes"}}
}', '{
  "scopes": {
    "one": {
      "attributes": ["slug", "title", "description", "body", "tagList", "createdAt", "updatedAt", "favorited", "favoritesCount"],
      "include": {"association": "author", "scope": "profile"}
    },
    "listed": {
      "attributes": ["slug", "title", "description", "tagList", "createdAt", "updatedAt", "favorited", "favoritesCount"],
      "include": {"association": "author", "scope": "profile"},
      "order": [["createdAt", "DESC"], ["id", "DESC"]]
    }
  }
}');

SELECT studentdir.define('Comment', '{
  "body": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "articleId": {"type": "INTEGER", "allowNull": false, "references": "Article", "onDelete": "CASCADE"},
  "authorId": {"type": "INTEGER", "allowNull": false, "references": "User", "onDelete": "CASCADE"}
}', '{
  "scopes": {
    "one": {
      "attributes": ["id", "createdAt", "updatedAt", "body"],
      "include": {"association": "author", "scope": "profile"},
      "order": ["id"]
    }
  }
}');

SELECT studentdir.define('Tag', '{
  "name": {"type": "TEXT", "allowNull": false, "unique": true, "validate": {"notEmpty": {"msg": "can''t be blank"}}}
}', '{"timestamps": false}');

SELECT studentdir.define('ArticleTag', '{
  "articleId": {"type": "INTEGER", "primaryKey": true, "references": "Article", "onDelete": "CASCADE"},
  "tagId": {"type": "INTEGER", "primaryKey": true, "references": "Tag", "onDelete": "CASCADE"}
}', '{"timestamps": false}');
SELECT studentdir.define('Favorite', '{
  "articleId": {"type": "INTEGER", "primaryKey": true, "references": "Article", "onDelete": "CASCADE"},
  "userId": {"type": "INTEGER", "primaryKey": true, "references": "User", "onDelete": "CASCADE"}
}', '{"timestamps": false}');
SELECT studentdir.define('Follow', '{
  "followedId": {"type": "INTEGER", "primaryKey": true, "references": "User", "onDelete": "CASCADE"},
  "followerId": {"type": "INTEGER", "primaryKey": true, "references": "User", "onDelete": "CASCADE"}
}', '{"timestamps": false}');
