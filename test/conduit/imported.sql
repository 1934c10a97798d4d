-- The same models over tables that are there already: import finds columns, types, keys and foreign keys, and what
-- tables cannot say is added to what it has found.  In the place of migrations/20261128000002-models.up.sql.
SELECT studentdir.import();

SELECT studentdir.define('User', ((d -> 'attributes')::jsonb || '{
  "username": {"type": "TEXT", "allowNull": false, "unique": {"msg": "has already been taken"},
    "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "email": {"type": "TEXT", "allowNull": false, "unique": {"msg": "has already been taken"},
    "validate": {"notNull": {"msg": "can''t be blank"}, "isEmail": {"msg": "is invalid"}}},
  "passwordHash": {"type": "TEXT", "allowNull": false, "hidden": true},
  "following": {"type": "VIRTUAL", "params": ["me"],
    "as": {"$exists": {"association": "follows", "where": {"followerId": {"$param": "me"}}}}}
}')::json, (d -> 'options')::jsonb || '{
  "scopes": {
    "account": {"attributes": ["id", "username", "email", "bio", "image"]},
    "profile": {"attributes": ["username", "bio", "image", "following"]}
  }
}')
  FROM studentdir.describe('User') AS d;

SELECT studentdir.define('Article', ((d -> 'attributes')::jsonb || '{
  "title": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "description": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "body": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}},
  "tagList": {"type": "VIRTUAL", "as": {"$list": {"association": "tags", "attribute": "name", "order": ["name"]}}},
  "favorited": {"type": "VIRTUAL", "params": ["me"],
    "as": {"$exists": {"association": "likes", "where": {"userId": {"$param": "me"}}}}},
  "favoritesCount": {"type": "VIRTUAL", "as": {"$count": "likes"}}
}')::json, (d -> 'options')::jsonb || '{
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
}')
  FROM studentdir.describe('Article') AS d;

SELECT studentdir.define('Comment', ((d -> 'attributes')::jsonb || '{
  "body": {"type": "TEXT", "allowNull": false, "validate": {"notNull": {"msg": "can''t be blank"}, "notEmpty": {"msg": "can''t be blank"}}}
}')::json, (d -> 'options')::jsonb || '{
  "scopes": {
    "one": {
      "attributes": ["id", "createdAt", "updatedAt", "body"],
      "include": {"association": "author", "scope": "profile"},
      "order": ["id"]
    }
  }
}')
  FROM studentdir.describe('Comment') AS d;

SELECT studentdir.define('Tag', ((d -> 'attributes')::jsonb || '{
  "name": {"type": "TEXT", "allowNull": false, "unique": true, "validate": {"notEmpty": {"msg": "can''t be blank"}}}
}')::json, (d -> 'options')::jsonb || '{"timestamps": false}')
  FROM studentdir.describe('Tag') AS d;
