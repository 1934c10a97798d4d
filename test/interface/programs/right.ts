import type { Models, Options, PlayerCreate, Result, Schemas, Where } from './models.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

export async function programs(db: Schemas['public']): Promise<void> {
  // default answers
  const students = await db.students_find_all();
  const name: string = students[0]!.name;
  const cohort: string | null = students[0]!.cohort;
  const id: number = students[0]!.id;

  // narrowed by attributes
  const some = await db.students_find_all({ attributes: ['id', 'name'], order: [['name', 'DESC']], limit: 5 });
  same<(typeof some)[number], { id: number; name: string }>(true);
  const renamed = await db.students_list({ attributes: ['id', ['name', 'called'], [{ $fn: ['lower', { $col: 'name' }] }, 'lower']], order: ['called'] });
  const called: string = renamed[0]!.called;
  const without = await db.students_find_all({ attributes: { exclude: ['email', 'cohort'] } });
  same<keyof (typeof without)[number], 'id' | 'name' | 'createdAt' | 'updatedAt'>(true);
  const more = await db.students_find_all({ attributes: { include: [[{ $count: 'x' }, 'n']] } });
  const n: unknown = more[0]!.n;
  const kept: string = more[0]!.name;

  // values of associated records and in JSON, by plain paths
  const paths = await db.posts_find_all({ attributes: ['id', 'User.name', ['User.email', 'mail'], 'User.Posts.id'] });
  same<Pick<(typeof paths)[number], 'id' | 'User.name' | 'mail'>, { id: number; 'User.name': string | null; mail: string | null }>(true);
  const levels = await db.players_find_all({ attributes: { include: ['meta.level', '$team.name$', 'meta.list[0]'] } });
  const teamName: string | null = levels[0]!['team.name'];
  const level: unknown = levels[0]!['meta.level'];

  // groups, by keys of attributes too
  await db.students_find_all({ attributes: [[{ $fn: ['lower', { $col: 'cohort' }] }, 'c'], [{ $agg: ['count'] }, 'n']], group: ['c'], having: { n: { $gt: 1 } } });
  await db.posts_find_all({ attributes: ['User.name', [{ $agg: ['count'] }, 'n']], group: ['User.name'] });

  // include, nested
  const users = await db.users_find_all({ include: 'Posts' });
  const title: string = users[0]!.Posts[0]!.title;
  const posts = await db.posts_find_all({ attributes: ['id'], include: { association: 'User', attributes: ['name'], include: [{ association: 'Posts', attributes: ['title'], limit: 1 }] } });
  same<(typeof posts)[number], { id: number; User: { name: string; Posts: { title: string }[] } | null }>(true);
  const both = await db.players_find_all({ include: ['team', { association: 'games', where: { title: { $like: 'A%' } }, attributes: ['title'] }] });
  const team: string | undefined = both[0]!.team?.name;
  const game: string = both[0]!.games[0]!.title;
  const all = await db.teams_find_all({ include: { all: true } });
  const players: number = all[0]!.players.length;
  const withPosts = await db.user_with_posts(1);
  const first: string = withPosts[0]!.Posts[0]!.title;
  const every = await db.users_with_posts({ attributes: ['id'] });
  same<keyof (typeof every)[number], 'id' | 'Posts'>(true);

  // conditions
  await db.players_find_all({ where: { number: { $gte: 1, $in: [1, 2] }, goals: '5', position: 'goal', active: true, email: null, name: { $iLike: { $any: ['a%', 'b%'] } } } });
  await db.players_find_all({ where: { $or: [{ number: 5 }, { $not: { tags: { $contains: ['a'] } } }], '$team.name$': 'Reds', 'meta.a.b': { $gt: 1 } } });
  await db.players_find_all({ where: { createdAt: { $gt: new Date() }, name: { $param: 'name' } } }, { name: 'Ada' });
  await db.players_count({ where: { born: { $between: ['2000-01-01', '2001-01-01'] } } });
  await db.players_count({ where: { name: { $in: { $col: 'tags' } }, number: { $gt: { $any: { $col: 'meta' } } } } });
  const where: Where<'Player'> = { number: [1, 2, 3] };
  const options: Options<'Player'> = { where, order: ['name', ['number', 'DESC NULLS LAST'], [{ $col: 'name' }, 'ASC']], paranoid: false };
  await db.players_find_and_count_all({ limit: 1, names: { rows: 'players' } }).then(({ count, players }) => count + players[0]!.number);
  await db.players_find_and_count_all({ where, limit: 10 }).then(({ count, rows }) => count + rows[0]!.number);

  // writing
  const data: PlayerCreate = { name: 'Ada', number: 7, goals: 5, born: new Date(), secret: 's', meta: { any: ['thing'] } };
  const [player] = await db.player_create(data, { returning: ['id', 'name'] });
  same<typeof player, { id: number; name: string }>(true);
  await db.players_bulk_create([{ name: 'Bob', number: 8 }, { name: 'Cy', number: 9, position: 'goal' }], { ignoreDuplicates: true });
  await db.player_update(1, { name: 'Ada L.', 'meta.a': 1 }, { set: { goals: { $add: [{ $col: 'goals' }, 1] } } });
  const changed: string = await db.players_update({ active: false }, { where: { number: 7 } });
  await db.players_bulk_update([{ id: 1, name: 'x' }]);
  await db.player_increment(1, { number: 1 });
  const [{ record, created } = { record: undefined, created: false }] = await db.student_find_or_create({ where: { email: 'a@example.org' }, defaults: { name: 'A' } });
  await db.player_destroy(1);
  await db.players_restore({ where: { name: 'Ada' } });
  await db.user_add_posts(1, [1, 2]);
  const linked: boolean = await db.user_has_posts(1, [1]);
  await db.seat_find_by_pk({ row: 1, place: 'A' });
  await db.seat_update({ row: 1, place: 'A' }, { taken: true });
  await db.user_create({ name: 'Grace', Posts: [{ title: 'x' }] }, { include: 'Posts' });

  // hidden and computed attributes are there for those who name them
  const secrets = await db.players_find_all({ attributes: ['secret', 'matches', 'note'] });
  const secret: string | null = secrets[0]!.secret;
  const matches: number = secrets[0]!.matches;
  const goals: string = (await db.players_find_all())[0]!.goals;
  const odd: string | null = (await db['odd things_find_all']())[0]!['first name'];

  type Row = Result<'Student', readonly ['id'], undefined>;
  same<Row, { id: number }>(true);
  const key: Models['Seat']['key'] = { row: 1, place: 'B' };
  void [teamName, level, name, cohort, id, called, n, kept, title, team, game, players, first, changed, record, created, linked, secret, matches, goals, odd, key, options];
}
